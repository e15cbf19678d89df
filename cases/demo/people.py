"""The demo's agencies and accounts."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts import factors
from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.demo.directory import said_by
from vault import keys

ZONES = {"XA": "Europe/Vienna", "XB": "Europe/Chisinau", "XC": "Europe/Athens"}

# code, name, country, kind
AGENCIES = (
    ("arvania-social", "Social Service of Arvania, Lindau district", "XA", AgencyKind.SOCIAL_SERVICE),
    ("arvania-north", "Social Service of Arvania, Northern district", "XA", AgencyKind.SOCIAL_SERVICE),
    ("arvania-shelter", "Harbour House shelter", "XA", AgencyKind.SHELTER),
    ("arvania-clinic", "Lindau children’s clinic", "XA", AgencyKind.CLINIC),
    ("arvania-legal", "Legal Aid Lindau", "XA", AgencyKind.LEGAL_AID),
    ("arvania-hotline", "Child helpline of Arvania", "XA", AgencyKind.HOTLINE),
    ("arvania-panel", "Best-interests panel of Arvania", "XA", AgencyKind.PANEL),
    ("arvania-panel-court", "Guardianship court, Lindau", "XA", AgencyKind.PANEL),
    ("arvania-statistics", "Statistics office of Arvania", "XA", AgencyKind.STATISTICS),
    ("arvania-operator", "Operator of this installation", "XA", AgencyKind.OPERATOR),
    ("arvania-escorts", "Escort service of Arvania", "XA", AgencyKind.ESCORTS),
    ("arvania-focal", "Focal point of Arvania", "XA", AgencyKind.FOCAL_POINT),
    ("belmora-social", "Social Service of Belmora", "XB", AgencyKind.SOCIAL_SERVICE),
    ("belmora-consulate", "Consulate of Belmora in Lindau", "XB", AgencyKind.CONSULATE),
    ("belmora-focal", "Focal point of Belmora", "XB", AgencyKind.FOCAL_POINT),
    ("belmora-village", "Children’s village of Belmora", "XB", AgencyKind.OUTSIDE),
    ("corvia-house", "Children’s house of Corvia", "XC", AgencyKind.SHELTER),
)
DESKS = {"arvania-hotline": "arvania-social"}

# username, name, role, agency, language
ACCOUNTS = (
    ("ana", "Ana Kovar", Role.CASE_WORKER, "arvania-social", "en"),
    ("boris", "Борис Лем", Role.CASE_WORKER, "arvania-social", "ru"),
    ("carla", "Carla Venn", Role.CASE_WORKER, "arvania-social", "en"),
    ("sami", "Sami Arden", Role.SUPERVISOR, "arvania-social", "en"),
    ("vera", "Вера Сайко", Role.SUPERVISOR, "arvania-social", "ru"),
    ("petra", "Petra Holm", Role.SERVICE_PROVIDER, "arvania-shelter", "en"),
    ("dr-mila", "Dr Mila Ross", Role.SERVICE_PROVIDER, "arvania-clinic", "en"),
    ("lex", "Lex Aumann", Role.SERVICE_PROVIDER, "arvania-legal", "en"),
    ("tomas", "Tomas Belic", Role.SERVICE_PROVIDER, "belmora-social", "en"),
    ("konsul", "Irina Konsul", Role.CONSULAR_OFFICER, "belmora-consulate", "en"),
    ("pia", "Pia Storm", Role.PANEL_MEMBER, "arvania-panel", "en"),
    ("pavel", "Павел Гранд", Role.PANEL_MEMBER, "arvania-panel-court", "ru"),
    ("paula", "Paula Meer", Role.PANEL_MEMBER, "arvania-legal", "en"),
    ("omar", "Omar Nils", Role.CASE_WORKER, "arvania-north", "en"),
    ("nora", "Nora Feld", Role.SUPERVISOR, "arvania-north", "en"),
    ("aida", "Aida Tann", Role.DATA_PROTECTION_OFFICER, "arvania-social", "en"),
    ("stella", "Stella Quist", Role.ANALYST, "arvania-statistics", "en"),
    ("hotline", "Helpline, night shift", Role.INTAKE, "arvania-hotline", "en"),
    ("eskort", "Erik Skort", Role.ESCORT, "arvania-escorts", "en"),
    ("fokus", "Fedor Fokus", Role.FOCAL_POINT, "belmora-focal", "en"),
    ("fanni", "Fanni Korr", Role.FOCAL_POINT, "arvania-focal", "en"),
    ("cora", "Cora Lind", Role.SERVICE_PROVIDER, "corvia-house", "en"),
    ("admin", "Adam Min", Role.ADMINISTRATOR, "arvania-operator", "en"),
)


def demo_password() -> str:
    """One password for all demo accounts, another in every installation; nothing has to be kept."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"demo accounts", hashlib.sha256).digest()
    word = base64.b32encode(mac[:10]).decode().lower()
    return "-".join(word[start : start + 4] for start in range(0, len(word), 4))


def demo_seed(username: str) -> str:
    """What an authenticator app needs to show this account's codes, in base 32. Another in every installation."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"demo app {username}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:20]).decode()


def _enrol(accounts: Sequence[User]) -> None:
    keys.create_many(account.pk for account in accounts)
    for account in accounts:
        factors.add_app(account, demo_seed(account.username))


def make_people() -> dict[str, User]:
    """Agencies and accounts, each unless it is there already; by username."""
    agencies: dict[str, Agency] = {}
    for code, name, country, kind in AGENCIES:
        agencies[code], _made = Agency.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "country": country,
                "kind": kind,
                "time_zone": ZONES[country],
                "desk": agencies.get(DESKS.get(code, "")),
                **said_by(code),
            },
        )
    known = {user.username: user for user in User.objects.select_related("agency")}
    missing = [account for account in ACCOUNTS if account[0] not in known]
    # Slow on purpose, so once: all have the same password, and everybody here is told it.
    password = make_password(demo_password()) if missing else ""
    for username, name, role, agency, language in missing:
        account = User.objects.create_account(
            username, None, name=name, role=role, agency=agencies[agency], language=language
        )
        account.password = password
        account.save(update_fields=["password"])
        known[username] = account
    _enrol([known[username] for username, *_rest in missing])
    return known
