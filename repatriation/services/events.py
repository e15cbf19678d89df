"""The history that the people of both countries share: one row for each step, numbered without gaps."""

from typing import Any
from uuid import UUID

from accounts import live
from accounts.acting import at_end_of_write
from accounts.audit import check_code
from accounts.models import AuditEvent, User
from repatriation.models import Return, ReturnEvent

RETURN_TOPIC = "return"


def heed(event: AuditEvent) -> None:
    """What is recorded of a return, or of one of its parts, changes its pages."""
    if event.case_id and event.target_label.startswith("repatriation."):
        at_end_of_write(_tell_returns, event.case_id)


def _tell_returns(case_id: UUID) -> None:
    live.hint(RETURN_TOPIC, *Return.objects.filter(case=case_id).values_list("pk", flat=True))


def add_event(way: Return, kind: str, *, actor: User | None, **details: Any) -> ReturnEvent:
    """Under the return's lock. Details are codes and numbers: they tell nothing about the child."""
    for value in details.values():
        check_code(value)
    at_end_of_write(_tell_returns, way.case_id)
    last = way.events.order_by("-number").values_list("number", flat=True).first() or 0
    return ReturnEvent.objects.create(
        way=way,
        number=last + 1,
        kind=kind,
        agency=actor.agency if actor else None,
        by=actor,
        details=details,
    )
