"""How tests come in without the door: a session as signing in makes it, second factor passed, for tests about else.

It neither ends nor is covered, so that a test can move the clock by months; who sits there was proved for good. What
tests about sessions need, `sign_in` makes as it is in earnest.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

import clock
from accounts import factors, policy, sessions
from accounts.models import Session, User
from accounts.models.sessions import SessionStore
from tests.cast import PASSWORD
from vault import keys

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
# In base 32; what an app would hold.
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def stays_in(user: User) -> None:
    """The sessions of whoever came through the door neither end nor are covered any more."""
    Session.objects.filter(account=user).update(ends_at=NEVER, active_at=NEVER)


def session_of(user: User) -> str:
    """The number of a new session. One row, written at once: thousands of tests begin with it."""
    row = Session(session_key=get_random_string(32), account=user, expire_date=NEVER, ends_at=NEVER)
    # Whoever signs in has the policy read, which is at hand from then on.
    policy.get(sessions.HOURS, agency=user.agency)
    row.active_at = row.proved_at = NEVER
    row.second_factor_at = clock.now()
    row.session_data = SessionStore().encode(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    row.save(force_insert=True)
    return str(row.session_key)


def force_login(client: Client, user: User, backend: str | None = None) -> None:
    """In place of the client's own, in every test."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)


def enrolled(user: User) -> User:
    """With an app. Tests that sign or come through the door call it; the next code is `code_of`."""
    if not factors.of(user):
        # A key that an earlier test made, and that was undone with it, may still be at hand.
        keys.forget_cached()
        factors.make_key(user)
        factors.add_app(user, SEED)
    return user


def code_of(user: User, *, seconds: int = 0) -> str:
    """A code that is good for so long yet and was not used: up to three without moving the clock."""
    (row,) = (row for row in factors.of(enrolled(user)) if row.type == factors.APP)
    then = int(clock.now().timestamp() + seconds) // factors.PERIOD
    step = max(then - factors.STEPS_ASIDE, row.data.get("last_step", -1) + 1)
    return factors.code_at(SEED, step)


def proof_of(user: User) -> dict[str, str]:
    """What whoever signs types besides."""
    return {"password": PASSWORD, "code": code_of(user)}


def sign_in(client: Client, user: User) -> None:
    """Through the door, with everything that ends a session and covers it."""
    enrolled(user)
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(user)}).status_code == 302
