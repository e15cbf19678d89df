"""The second factor of an account: an app that shows codes, passkeys, and recovery codes for when both are gone.

allauth keeps the rows and knows the algorithms. What is ours: seeds are sealed under a data key of the account, time
is what `clock` says, and a code that was taken once is never taken again, even after the broker lost its memory.
"""

import base64
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import models, transaction

import clock
from accounts.models import User
from vault import keys
from vault.errors import SealBroken
from vault.sealing import seal, unseal

APP, CODES, PASSKEY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
    Authenticator.Type.WEBAUTHN,
)
# RFC 6238 5.2: one step of 30 seconds to either side, for clocks that differ and lines that are slow.
PERIOD, STEPS_ASIDE = 30, 1
# A signature that waited for the line: its code was right when it was typed, so many steps ago at most.
STEPS_ON_THE_ROAD = 20
SEPARATOR = ":"
# The kind of what a page shows before the app has proved that it has it.
SHOWN = "shown"


def sealed(user: User, kind: str, secret: str) -> str:
    """Text for the library's row: it opens for this account and this kind only. Raises KeyMissing."""
    ciphertext = seal(user.pk, _context(kind), secret.encode())
    return SEPARATOR.join((str(user.pk), kind, base64.b64encode(ciphertext).decode()))


def opened(user: User, kind: str, text: str) -> str:
    """Raises SealBroken for what was not sealed for this account and kind, or was altered."""
    owner, _separator, rest = text.partition(SEPARATOR)
    of_kind, _separator, ciphertext = rest.partition(SEPARATOR)
    if (owner, of_kind) != (str(user.pk), kind):
        raise SealBroken("The seed of a second factor was sealed for another account.")
    return unseal(user.pk, _context(kind), base64.b64decode(ciphertext)).decode()


def opened_text(text: str) -> str:
    """For the library, which knows no account where it opens one. Whose it is was asked before (`opened`)."""
    owner, kind, ciphertext = text.split(SEPARATOR)
    return unseal(UUID(owner), _context(kind), base64.b64decode(ciphertext)).decode()


def _context(kind: str) -> str:
    return f"accounts.factor.{kind}"


def of(user: User) -> list[Authenticator]:
    """Apps and passkeys, oldest first."""
    return list(Authenticator.objects.filter(user=user).exclude(type=CODES).order_by("pk"))


def codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    row = Authenticator.objects.filter(user=user, type=CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def with_passkey(accounts: models.QuerySet[User]) -> models.QuerySet[User]:
    """With `has_passkey`, in the statement that brings the account: what covers a page offers it."""
    return accounts.annotate(has_passkey=models.Exists(_passkeys(models.OuterRef("pk"))))


def has_passkey(user: User) -> bool:
    known = getattr(user, "has_passkey", None)
    return bool(_passkeys(user.pk).exists() if known is None else known)


def _passkeys(account: Any) -> Any:
    return Authenticator.objects.filter(user=account, type=PASSKEY)


def has_any(user: User) -> bool:
    """Recovery codes alone are none: they are what is left when the others are lost."""
    return bool(Authenticator.objects.filter(user=user, type__in=(APP, PASSKEY)).exists())


def add_app(user: User, secret: str) -> Authenticator:
    """`secret` in base 32, as the app has it. Called inside a write."""
    return _add(user, APP, {"secret": sealed(user, APP, secret)})


def add_recovery_codes(user: User) -> list[str]:
    """New ones, shown once; the old ones end. Called inside a write."""
    Authenticator.objects.filter(user=user, type=CODES).delete()
    seed = sealed(user, CODES, RecoveryCodes.generate_seed())
    row = _add(user, CODES, {"seed": seed, "used_mask": 0})
    return cast(list[str], RecoveryCodes(row).get_unused_codes())


def add_passkey(user: User, name: str, credential: Any) -> Authenticator:
    """A passkey holds no secret here: its public key lies as it is. Called inside a write."""
    return _add(user, PASSKEY, {"name": name, "credential": credential})


def _add(user: User, kind: str, data: Any) -> Authenticator:
    row = Authenticator(user=user, type=kind, data=data, created_at=clock.now())
    row.save()
    return row


def make_key(user: User) -> None:
    """Before the write that seals a seed: the key store is another database and commits at once."""
    keys.create(user.pk)


@transaction.atomic
def accepts(user: User, code: str, *, late: int = 0) -> Authenticator | None:
    """What the code belongs to, the app or the recovery codes. It is used up by that, and so are all before it.

    With `late`, a code of so many steps more ago counts as well.

    Two at the same moment wait for each other, so that the second finds it used.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=(APP, CODES))
    by_kind = {row.type: row for row in rows.order_by("pk")}
    wanted = "".join(code.split())
    for kind, accept in _ACCEPT.items():
        row = by_kind.get(kind)
        if row is not None and accept(user, row, wanted, late):
            row.last_used_at = clock.now()
            row.save(update_fields=["data", "last_used_at"])
            return row
    return None


def _app_accepts(user: User, row: Authenticator, code: str, late: int) -> bool:
    step = step_of(
        opened(user, APP, row.data["secret"]), code, late=late, after=row.data.get("last_step", -1)
    )
    if step is None:
        return False
    row.data["last_step"] = step
    return True


def step_of(secret: str, code: str, *, late: int = 0, after: int = -1) -> int | None:
    """The step of time, of those near now and after the last one used, to which the code belongs."""
    now = step_now()
    for step in range(max(after + 1, now - STEPS_ASIDE - late), now + STEPS_ASIDE + 1):
        if compare_user_code(actual=code, expected=code_at(secret, step)):
            return step
    return None


def step_now() -> int:
    return int(clock.now().timestamp()) // PERIOD


def code_at(secret: str, step: int) -> str:
    return cast(str, totp.format_hotp_value(totp.hotp_value(secret, step)))


def _codes_accept(user: User, row: Authenticator, code: str, _late: int) -> bool:
    opened(user, CODES, row.data["seed"])
    codes = RecoveryCodes(row)
    if not codes.validate_code(code):
        return False
    row.data = codes.instance.data
    return True


_ACCEPT: dict[str, Callable[[User, Authenticator, str, int], bool]] = {
    APP: _app_accepts,
    CODES: _codes_accept,
}


def passkey_of(user: User, answer: Any) -> Authenticator | None:
    """With which passkey of the account a browser answered this session's challenge.

    The library wants the request in its context (`allauth.core.context`), where the challenge lies.
    """
    if not isinstance(answer, dict):
        return None
    try:
        webauthn.parse_authentication_response(answer)
        found: Authenticator = webauthn.complete_authentication(user, answer)
    except (ValidationError, InvalidSignature, ValueError, TypeError, KeyError):
        return None
    return found


def passkey_options(user: User) -> Any:
    """What a browser is asked; the challenge is kept in the session and good once."""
    return webauthn.begin_authentication(user)


def new_passkey_options(user: User) -> Any:
    return webauthn.begin_registration(user, False)


def is_new_passkey(credential: Any) -> bool:
    """Whether it answers this session's challenge, and whoever made it was asked for a finger or a number."""
    if not isinstance(credential, dict):
        return False
    try:
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, InvalidSignature, ValueError, TypeError, KeyError):
        return False
    return bool(made.is_user_verified())
