"""What of a return's course a post is told: its own part, and nothing of what was found out or decided before."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from repatriation.guards import carrying
from repatriation.guards.ready import NOT_RUN_OUT
from repatriation.models import ReturnEvent
from repatriation.permissions import Hand
from repatriation.views.loading import OpenedReturn
from workflow.machine import Guard, Result

# Conditions that are the post's own business; the others speak of risk, family, proceedings and health.
ITS_OWN = frozenset(
    guard.code
    for guard in (
        carrying.ZONE_HOLDS,
        carrying.VALID_ON_THE_DAY,
        carrying.ESCORT_VETTED,
        carrying.RECEPTION_ACCEPTED,
        carrying.ROUTE_KNOWN,
        carrying.AUTHORISED,
        NOT_RUN_OUT,
    )
)
OF_OTHERS = Guard(
    "of_others",
    _("This cannot go on now. Whoever works on the case knows why."),
    (),
    lambda _subject, _attempt: False,
)


def is_post_alone(opened: OpenedReturn) -> bool:
    return opened.hands == {Hand.CONSULAR} and not opened.reads_journey


def told(opened: OpenedReturn, results: Sequence[Result]) -> list[Result]:
    """Of a step's conditions those that this reader is told, and that others fail, but never which."""
    if not is_post_alone(opened):
        return list(results)
    own = [result for result in results if result.code in ITS_OWN or result.code.startswith("entered_")]
    blocked = any(result.blocks for result in results if result not in own)
    return own + ([Result(OF_OTHERS.code, {}, False, guard=OF_OTHERS)] if blocked else [])


def events_for(opened: OpenedReturn, user: Any) -> QuerySet[ReturnEvent]:
    """A post sees what happened since it was first asked."""
    rows = opened.way.events.select_related("by", "agency").order_by("-number")
    if not is_post_alone(opened):
        return rows
    asked = opened.way.requests.filter(post=user.agency_id, sent_at__isnull=False)
    return rows.filter(at__gte=asked.aggregate(first=Min("sent_at"))["first"])
