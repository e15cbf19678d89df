"""How every page of a return begins: what you may not see does not exist, and what you see is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts import live
from accounts.access import Level, Section
from accounts.audit import record_read
from accounts.live import Topic
from accounts.permissions import require
from cases.models import CaseAccess
from cases.permissions import opens_file, sections_on
from cases.services.telling import CASE_TOPIC
from cases.views.loading import reader, tell_of_emergency
from repatriation.models import Return
from repatriation.permissions import WORKS_HERE, Hand, hands_by, visible_to
from repatriation.services.events import RETURN_TOPIC
from vault import keys


@dataclass(frozen=True)
class OpenedReturn:
    """A return with the grounds on which this reader sees it. Whoever has a part in it sees that part alone."""

    way: Return
    grounds: list[CaseAccess]
    sections: Mapping[Section, Level]
    hands: frozenset[str]

    @property
    def works_here(self) -> bool:
        return bool(self.hands & WORKS_HERE)

    @property
    def reads_decision(self) -> bool:
        """Wish, family, assessment, panel."""
        return Section.RETURN_DECISION in self.sections

    @property
    def writes_decision(self) -> bool:
        return self.sections.get(Section.RETURN_DECISION, Level.NONE) >= Level.WRITE and self.way.is_open

    @property
    def reads_journey(self) -> bool:
        """Verification, document, route, handover, visits."""
        return Section.RETURN_JOURNEY in self.sections

    @property
    def writes_journey(self) -> bool:
        return self.sections.get(Section.RETURN_JOURNEY, Level.NONE) >= Level.WRITE and self.way.is_open

    @property
    def is_partner(self) -> bool:
        return Hand.PARTNER_ABROAD in self.hands

    @property
    def is_receiver(self) -> bool:
        return Hand.RECEIVER in self.hands

    @property
    def is_consular(self) -> bool:
        return Hand.CONSULAR in self.hands

    @property
    def is_escort(self) -> bool:
        return Hand.ESCORT in self.hands

    @property
    def hands_over(self) -> bool:
        """One of the two who meet at the handover."""
        return self.is_escort or self.is_receiver

    @property
    def sees_handover(self) -> bool:
        """From the departure on: the two who meet, and whoever reads the journey."""
        if self.reads_journey:
            return self.way.departed_at is not None or self.way.handovers.exists()
        return self.way.departed_at is not None and self.hands_over

    @property
    def sees_visits(self) -> bool:
        return self.way.handed_over_at is not None and (self.is_receiver or self.reads_journey)


def found_return(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """404 for whom it does not exist. For views that record what they show of it themselves.

    Its page changes with the return, and with the case for whoever opens that too.
    """
    user = reader(request)
    rows = visible_to(user).select_related(
        "case__agency", "case__legal", "case__child", "partner", "reception", "panel"
    )
    way_topic = Topic(RETURN_TOPIC, return_id)
    way = rows.annotate(seen=live.code_of(way_topic)).filter(pk=return_id).first()
    if way is None:
        raise Http404
    live.watch(request, way_topic, way.seen)
    case_topic = Topic(CASE_TOPIC, way.case_id)
    rows_of_case = CaseAccess.objects.live_for(user).filter(case=way.case_id)
    grounds = list(rows_of_case.annotate(seen=live.code_of(case_topic)))
    tell_of_emergency(request, grounds)
    if opens_file(grounds):
        live.watch(request, case_topic, getattr(grounds[0], "seen", ""))
    return OpenedReturn(way, grounds, sections_on(grounds), hands_by(user, way, grounds))


def open_return(request: HttpRequest, return_id: UUID, *shown: Section) -> OpenedReturn:
    """404 for whom it does not exist; the reading is recorded before anything leaves.

    `shown` are the sections that the page shows besides the state of the return, where this reader has them.
    """
    opened = found_return(request, return_id)
    way = opened.way
    keys.prefetch([way.case_id])
    visible = [section for section in shown if section in opened.sections]
    why = [row.basis for row in opened.grounds]
    record_read(reader(request), way, case_id=way.case_id, sections=visible, basis=why, verb="return.read")
    return opened


def decision_page(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """For pages of what is found out and decided: they do not exist for whoever does not read that section."""
    opened = open_return(request, return_id, Section.RETURN_DECISION)
    if not opened.reads_decision:
        raise Http404
    return opened


def journey_page(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = open_return(request, return_id, Section.RETURN_JOURNEY)
    if not opened.reads_journey:
        raise Http404
    return opened


def write_decision(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """403 for whoever only reads it."""
    opened = decision_page(request, return_id)
    require(opened.writes_decision)
    return opened


def write_journey(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = journey_page(request, return_id)
    require(opened.writes_journey)
    return opened
