"""What is known of a browser that is signed in, and when that ends. Each change is one statement on its row."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

import clock
from accounts import policy
from accounts.live import look_again
from accounts.models import Session, User

# How exactly it is known when somebody last did something. Who comes back is not locked out for it.
ACTIVE_EVERY = timedelta(seconds=60)
# In the data of the session: that the second factor was shown, for one change of it.
SHOWN = "factor.shown"
SHOWN_FOR = timedelta(minutes=10)
# The keys of the policy.
HOURS, LOCK, PROOF = "session.hours", "session.lock_minutes", "session.proof_minutes"


def begin(session: SessionBase, user: User, *, second_factor: bool) -> None:
    """Somebody has signed in: the number of the session is new, and its end is settled now."""
    now = clock.now()
    session.save()
    _write(
        session,
        account=user,
        ends_at=now + timedelta(hours=policy.get(HOURS, agency=user.agency)),
        second_factor_at=now if second_factor else None,
        proved_at=now,
        active_at=now,
        locked_at=None,
    )


def row_of(session: SessionBase) -> Session | None:
    """As it was when the request began, or was changed here since; None for a session that nobody keeps."""
    session.is_empty()  # Reads it, if nobody has yet.
    found: Session | None = getattr(session, "row", None)
    return found


def has_second_factor(session: SessionBase) -> bool:
    row = row_of(session)
    return row is not None and row.second_factor_at is not None


def second_factor_passed(session: SessionBase) -> None:
    _write(session, second_factor_at=clock.now())


def is_locked(session: SessionBase, user: User) -> bool:
    row = row_of(session)
    return row is not None and row_is_locked(row, user, clock.now())


def row_is_locked(row: Session, user: User, now: datetime) -> bool:
    """By hand, or because nobody did anything for so long."""
    if row.locked_at is not None or row.active_at is None:
        return True
    return now - row.active_at >= lock_after(user) + ACTIVE_EVERY


def lock_after(user: User) -> timedelta:
    return timedelta(minutes=policy.get(LOCK, agency=user.agency))


def keep_active(session: SessionBase) -> None:
    """Somebody did something. Not by a page that asks for itself."""
    row, now = row_of(session), clock.now()
    if row is not None and row.active_at is not None and now - row.active_at >= ACTIVE_EVERY:
        _write(session, active_at=now)


def lock(session: SessionBase) -> None:
    factor_shown_used(session)
    _write(session, locked_at=clock.now())


def unlock(session: SessionBase, user: User) -> None:
    """Who sits there was proved. The sockets of the account look at what they were not told."""
    now = clock.now()
    _write(session, locked_at=None, active_at=now, proved_at=now)
    look_again(user)


def proved(session: SessionBase) -> None:
    _write(session, proved_at=clock.now())


def was_proved_lately(session: SessionBase, user: User) -> bool:
    row = row_of(session)
    within = timedelta(minutes=policy.get(PROOF, agency=user.agency))
    return row is not None and row.proved_at is not None and clock.now() - row.proved_at < within


def factor_shown(session: SessionBase) -> None:
    """The second factor was asked for one change of itself, which may be made within some minutes."""
    session[SHOWN] = clock.now().timestamp()


def was_factor_shown(session: SessionBase) -> bool:
    shown = session.get(SHOWN)
    return shown is not None and clock.now().timestamp() - shown < SHOWN_FOR.total_seconds()


def factor_shown_used(session: SessionBase) -> None:
    session.pop(SHOWN, None)


def end_all(user: User, *, but: str | None = None) -> None:
    """In the caller's transaction. Open pages are told when it holds, and leave."""
    Session.objects.filter(account=user).exclude(session_key=but or "").delete()
    look_again(user)


def _write(session: SessionBase, **facts: Any) -> None:
    Session.objects.filter(pk=session.session_key).update(**facts)
    session.row = Session.objects.filter(pk=session.session_key).first()  # type: ignore[attr-defined]
