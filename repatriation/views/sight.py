"""What of a return's course somebody is told who has only a part in it: nothing of what was found out and decided."""

from django.db.models import Q, QuerySet

import clock
from accounts.access import Section
from accounts.models import User
from cases.models.choices import Basis
from repatriation.edges.returns import RETURN, section_of
from repatriation.models import ReturnEvent
from repatriation.views.loading import OpenedReturn

# Events that are no step of the table, and speak of the journey.
_OF_JOURNEY = (
    *("document_replaced", "permit_needed", "permit_granted", "permit_removed", "route_set"),
    *("journey_arranged", "handover_begun", "handover_begun_anew", "handover_signed"),
    *("visit_reported", "reception_ended"),
)
JOURNEY_KINDS = frozenset(
    {edge.name for edge in RETURN.edges if section_of(edge.name) == Section.RETURN_JOURNEY} | {*_OF_JOURNEY}
)
# That it goes on no more concerns everybody who has a part in it; why, does not.
STOPS = frozenset({"suspend", "withdraw", "end", "end_with_case"})


def events_for(opened: OpenedReturn, user: User) -> QuerySet[ReturnEvent]:
    """Newest first. Of others than those who read decisions: the journey, while their ground stood, and their own."""
    rows = opened.way.events.select_related("by", "agency").order_by("-number")
    if opened.reads_decision:
        return rows
    told = Q(kind__in=JOURNEY_KINDS | STOPS)
    if not opened.reads_journey:
        told &= _while_it_held(opened)
    return rows.filter(told | Q(agency=user.agency_id))


def _while_it_held(opened: OpenedReturn) -> Q:
    """Each ground of this reader on this return, from its beginning."""
    spans = Q(pk__in=[])
    for ground in opened.grounds:
        if ground.basis in (Basis.REFERRAL, Basis.REQUEST, Basis.ESCORT, Basis.PANEL):
            spans |= Q(at__gte=ground.since, at__lte=ground.until or clock.now())
    return spans
