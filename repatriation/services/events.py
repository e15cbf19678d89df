"""The history that the people of both countries share: one row for each step, numbered without gaps."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts import live
from accounts.audit import check_code
from accounts.models import User
from repatriation.models import Return, ReturnEvent

RETURN_TOPIC = "return"


def numbers(returns: Collection[UUID]) -> Mapping[UUID, int]:
    """The number of the latest event of each: a page that saw a lower one has missed something."""
    rows = ReturnEvent.objects.filter(way__in=returns).values_list("way")
    return dict(rows.annotate(latest=Max("number")).values_list("way", "latest"))


def add_event(way: Return, kind: str, *, actor: User | None, **details: Any) -> ReturnEvent:
    """Under the return's lock. Details are codes and numbers: they tell nothing about the child."""
    for value in details.values():
        check_code(value)
    live.hint(RETURN_TOPIC, way.pk)
    last = way.events.order_by("-number").values_list("number", flat=True).first() or 0
    return ReturnEvent.objects.create(
        way=way,
        number=last + 1,
        kind=kind,
        agency=actor.agency if actor else None,
        by=actor,
        details=details,
    )
