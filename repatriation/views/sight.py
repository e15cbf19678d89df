"""What of a return's course a post is told: its own part, and nothing of what was found out or decided before."""

from typing import Any

from django.db.models import Min, QuerySet

from repatriation.models import ReturnEvent
from repatriation.permissions import Hand
from repatriation.views.loading import OpenedReturn


def is_post_alone(opened: OpenedReturn) -> bool:
    return opened.hands == {Hand.CONSULAR} and not opened.reads_journey


def events_for(opened: OpenedReturn, user: Any) -> QuerySet[ReturnEvent]:
    """A post sees what happened since it was first asked."""
    rows = opened.way.events.select_related("by", "agency").order_by("-number")
    if not is_post_alone(opened):
        return rows
    asked = opened.way.requests.filter(post=user.agency_id, sent_at__isnull=False)
    return rows.filter(at__gte=asked.aggregate(first=Min("sent_at"))["first"])
