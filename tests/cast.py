"""The people of every test: who owns a case, who helps, who watches over it, who must see nothing."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.access import Role
from accounts.models import Agency, AgencyKind, User

PASSWORD = "grey-heron-at-dawn"


@dataclass(frozen=True)
class Cast:
    """`ana`, `ben`, `sami`, `vera` and `aida` share an agency; the hotline reports to its desk."""

    ana: User
    ben: User
    sami: User
    vera: User
    aida: User
    petra: User
    omar: User
    hotline: User
    stella: User
    admin: User
    konsul: User
    tomas: User
    eskort: User
    pia: User
    fokus: User


def _agency(code: str, country: str, kind: AgencyKind, desk: Agency | None = None) -> Agency:
    return Agency(
        code=code,
        name=code.replace("-", " ").capitalize(),
        country=country,
        kind=kind,
        time_zone={"XA": "Europe/Vienna", "XB": "Europe/Chisinau"}[country],
        languages=["en", "ru"],
        duty_phone="+00 100",
        desk=desk,
    )


def _account(username: str, role: Role, agency: Agency) -> User:
    account = User(username=username, name=username.capitalize(), role=role, agency=agency)
    account.password = _hashed()
    return account


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def assemble() -> Cast:
    """In two statements: nearly every test begins with these people."""
    cast = _people()
    accounts = [getattr(cast, name) for name in cast.__dataclass_fields__]
    agencies = dict.fromkeys(account.agency for account in accounts)
    Agency.objects.bulk_create(agencies)
    User.objects.bulk_create(accounts)
    return cast


def _people() -> Cast:
    social = _agency("arvania-social", "XA", AgencyKind.SOCIAL_SERVICE)
    return Cast(
        ana=_account("ana", Role.CASE_WORKER, social),
        ben=_account("ben", Role.CASE_WORKER, social),
        sami=_account("sami", Role.SUPERVISOR, social),
        vera=_account("vera", Role.SUPERVISOR, social),
        aida=_account("aida", Role.DATA_PROTECTION_OFFICER, social),
        petra=_account("petra", Role.SERVICE_PROVIDER, _agency("arvania-shelter", "XA", AgencyKind.SHELTER)),
        omar=_account("omar", Role.CASE_WORKER, _agency("arvania-north", "XA", AgencyKind.SOCIAL_SERVICE)),
        hotline=_account(
            "hotline", Role.INTAKE, _agency("arvania-hotline", "XA", AgencyKind.HOTLINE, desk=social)
        ),
        stella=_account("stella", Role.ANALYST, _agency("arvania-counts", "XA", AgencyKind.STATISTICS)),
        admin=_account("admin", Role.ADMINISTRATOR, _agency("operator", "XA", AgencyKind.OPERATOR)),
        konsul=_account("konsul", Role.CONSULAR_OFFICER, _agency("belmora-post", "XB", AgencyKind.CONSULATE)),
        tomas=_account(
            "tomas", Role.SERVICE_PROVIDER, _agency("belmora-social", "XB", AgencyKind.SOCIAL_SERVICE)
        ),
        eskort=_account("eskort", Role.ESCORT, _agency("arvania-escorts", "XA", AgencyKind.ESCORTS)),
        pia=_account("pia", Role.PANEL_MEMBER, _agency("arvania-panel", "XA", AgencyKind.PANEL)),
        fokus=_account("fokus", Role.FOCAL_POINT, _agency("belmora-focal", "XB", AgencyKind.FOCAL_POINT)),
    )
