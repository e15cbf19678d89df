"""In whose name the present write is made, and which write it is."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from accounts.sending import kept_once

_actor: ContextVar[User | None] = ContextVar("actor", default=None)
_act: ContextVar[UUID | None] = ContextVar("act", default=None)

P = ParamSpec("P")
R = TypeVar("R")


def current_actor() -> User | None:
    """Whose write this is; None outside a service and for what the clock does."""
    return _actor.get()


def current_act() -> UUID | None:
    """One number for everything that one write writes: its history rows and its audit events bear it.

    So that the timeline can tell what an event changed. Made here and not taken from the database's
    transactions, whose numbers begin anew when a backup is restored.
    """
    return _act.get()


@contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    actor, act = _actor.set(user), _act.set(uuid4())
    try:
        yield
    finally:
        _actor.reset(actor)
        _act.reset(act)


def write(service: Callable[P, R]) -> Callable[P, R]:
    """Marks a service's entry point: one durable transaction, in the name of the keyword argument `actor`.

    Durable, so that an entry point called inside another one fails at once instead of committing half. A form that
    was sent twice gets here once (`accounts.sending`).
    """
    parameter = inspect.signature(service).parameters.get("actor")
    if parameter is None or parameter.kind is not parameter.KEYWORD_ONLY:
        raise TypeError(f"{service.__qualname__} needs a keyword-only argument named actor.")

    @wraps(service)
    def entry(*args: P.args, **kwargs: P.kwargs) -> R:
        if "actor" not in kwargs:
            raise TypeError(f"{service.__qualname__} is called without actor.")
        actor = cast(dict[str, Any], kwargs)["actor"]
        with transaction.atomic(durable=True), acting_as(actor), kept_once(actor):
            return service(*args, **kwargs)

    return entry
