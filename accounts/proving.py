"""Whoever signs proves once more who they are: a session that was left open signs nothing.

To take something away, to send it, or to uncover a page, the password is enough, or a passkey. To sign, and to change
the second factor itself, that is asked besides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts import factors, limits
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import AuditEvent, User

PROVED, FAILED = "account.proved_again", "account.proof_failed"
# So many tries within the time, as at the door (`ACCOUNT_RATE_LIMITS`).
MOST_TRIES = 5
WITHIN_SECONDS = 300
# One row in so much time tells as much as a thousand would.
FAILURES_RECORDED_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Proof:
    """What somebody brings. `passkey` is a browser's answer to the challenge of this session."""

    password: str = ""
    code: str = ""
    passkey: Any = None


def prove_again(user: User, proof: Proof) -> None:
    """Returns when it is the account's own password or passkey, and writes it down; else raises Invalid.

    An account that signs in at its agency's provider only has no password; in its place a code counts then.
    Called before the write that it is for, never inside it: a refusal takes the write back, and its own trace must
    stay. Every try counts, also one that comes at the same moment as another.
    """
    with _one_try(user):
        if proof.passkey:
            _require_passkey(user, proof)
        elif user.has_usable_password():
            _require_password(user, proof, _("This is not your password."))
        else:
            _require_code(user, proof.password, "password")


def prove_for_signature(user: User, proof: Proof) -> None:
    """Password and second factor, or raises Invalid for the field that is wrong. As `prove_again` otherwise.

    A code counts for ten minutes: on a bad line it may wait for longer than it is shown.
    """
    with _one_try(user):
        if user.has_usable_password():
            _require_password(user, proof, _("This is not your password. Nothing was signed."))
        _require_factor(user, proof, late=factors.STEPS_ON_THE_ROAD)


def prove_with_factor(user: User, proof: Proof) -> None:
    """For a change of the second factor: password, and the one that there is. As `prove_for_signature` otherwise.

    No code of earlier: whoever changes it sits at a line that works.
    """
    with _one_try(user):
        if user.has_usable_password():
            _require_password(user, proof, _("This is not your password."))
        _require_factor(user, proof)


@contextmanager
def _one_try(user: User) -> Iterator[None]:
    """Counts before anybody looks, and forgets the count after success."""
    tries = f"proof:{user.pk}"
    _count(tries, "password")
    try:
        yield
    except Invalid:
        _record_failure(user)
        raise
    limits.forget(tries)
    with transaction.atomic():
        record(user, PROVED, user)


def _count(tries: str, field: str) -> None:
    if limits.counted(tries, WITHIN_SECONDS) > MOST_TRIES:
        raise Invalid(field, _("Too many tries. Wait five minutes, then try once more."))


def _codes_of(user: User) -> str:
    """Codes have a count of their own: whoever knows the password alone would begin anew with it each time."""
    return f"code:{user.pk}"


def _require_password(user: User, proof: Proof, sentence: str) -> None:
    # Not the method of the account: that one may write a new digest of the password on the way.
    if not (user.may_sign_in and check_password(proof.password, user.password)):
        raise Invalid("password", sentence)


def _require_factor(user: User, proof: Proof, *, late: int = 0) -> None:
    if proof.passkey:
        _require_passkey(user, proof)
    else:
        _require_code(user, proof.code, "code", late=late)


def _require_code(user: User, code: str, field: str, *, late: int = 0) -> None:
    _count(_codes_of(user), field)
    if not user.may_sign_in or factors.accepts(user, code, late=late) is None:
        raise Invalid(
            field, _("This code is not right, or was used already. Wait until your app shows the next one.")
        )
    limits.forget(_codes_of(user))


def _require_passkey(user: User, proof: Proof) -> None:
    if not user.may_sign_in or factors.passkey_of(user, proof.passkey) is None:
        raise Invalid("passkey", _("The passkey was not recognised. Try once more."))
    limits.forget(_codes_of(user))


@transaction.atomic
def _record_failure(user: User) -> None:
    since = clock.now() - FAILURES_RECORDED_EVERY
    if not AuditEvent.objects.filter(target_id=user.pk, at__gt=since, verb=FAILED).exists():
        record(user, FAILED, user)
