"""How every write begins."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from accounts.actor import acting_as, current_act, current_actor
from accounts.sending import kept_once

# Migrations know `current_act` by its name here.
__all__ = ["acting_as", "current_act", "current_actor", "write"]

P = ParamSpec("P")
R = TypeVar("R")


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
