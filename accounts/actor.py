"""In whose name the present write is made, and which write it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Optional
from uuid import UUID, uuid4

if TYPE_CHECKING:
    # Models keep history, and history asks here who writes.
    from accounts.models import User

_actor: ContextVar[Optional["User"]] = ContextVar("actor", default=None)
_act: ContextVar[UUID | None] = ContextVar("act", default=None)


def current_actor() -> "User | None":
    """Whose write this is; None outside a service and for what the clock does."""
    return _actor.get()


def current_act() -> UUID | None:
    """One number for everything that one write writes: its history rows and its audit events bear it.

    So that the timeline can tell what an event changed. Made here and not taken from the database's
    transactions, whose numbers begin anew when a backup is restored.
    """
    return _act.get()


@contextmanager
def acting_as(user: "User | None") -> Iterator[None]:
    actor, act = _actor.set(user), _act.set(uuid4())
    try:
        yield
    finally:
        _actor.reset(actor)
        _act.reset(act)
