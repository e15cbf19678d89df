"""How every write begins."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import transaction

from accounts.actor import acting_as, current_act, current_actor
from accounts.sending import kept_once

# Migrations know `current_act` by its name here.
__all__ = ["acting_as", "at_end_of_write", "current_act", "current_actor", "write"]

P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[[UUID], object]

_left_for_the_end: ContextVar[dict[tuple[Work, UUID], None] | None] = ContextVar("at_end", default=None)


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
        with transaction.atomic(durable=True), acting_as(actor), kept_once(actor), _finished():
            return service(*args, **kwargs)

    return entry


def at_end_of_write(work: Work, subject: UUID) -> None:
    """What follows from many parts of one write is done once, after all of them and in the same transaction.

    Outside a write, at once.
    """
    left = _left_for_the_end.get()
    if left is None:
        work(subject)
    else:
        left[work, subject] = None


@contextmanager
def _finished() -> Iterator[None]:
    left: dict[tuple[Work, UUID], None] = {}
    token = _left_for_the_end.set(left)
    try:
        yield
    finally:
        _left_for_the_end.reset(token)
    for work, subject in left:
        work(subject)
