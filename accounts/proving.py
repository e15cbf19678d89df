"""Whoever signs proves once more who they are: a session that was left open signs nothing."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import AuditEvent, User

PROVED, FAILED = "account.proved_again", "account.proof_failed"
# So many tries within the time, as at the door (`ACCOUNT_RATE_LIMITS`).
MOST_TRIES = 5
WITHIN_SECONDS = 300
# One row in so much time tells as much as a thousand would.
FAILURES_RECORDED_EVERY = timedelta(minutes=15)


def prove_again(user: User, password: str) -> None:
    """Returns when this is the account's own password, and writes it down; else raises Invalid for `password`.

    Called before the write that it is for, never inside it: a refusal takes the write back, and its own trace must
    stay. Every try counts, also one that comes at the same moment as another.
    """
    tries = f"proof:{user.pk}"
    if _counted(tries) > MOST_TRIES:
        raise Invalid("password", _("Too many tries. Wait five minutes, then try once more."))
    # Not the method of the account: that one may write a new digest of the password on the way.
    if not (user.may_sign_in and check_password(password, user.password)):
        _record_failure(user)
        raise Invalid("password", _("This is not your password. Nothing was signed."))
    cache.delete(tries)
    with transaction.atomic():
        record(user, PROVED, user)


def _counted(tries: str) -> int:
    """How many tries it is with this one."""
    if cache.add(tries, 1, WITHIN_SECONDS):
        return 1
    try:
        return int(cache.incr(tries))
    except ValueError:
        # The time ran out between the two.
        return 1


@transaction.atomic
def _record_failure(user: User) -> None:
    since = clock.now() - FAILURES_RECORDED_EVERY
    if not AuditEvent.objects.filter(target_id=user.pk, at__gt=since, verb=FAILED).exists():
        record(user, FAILED, user)
