"""What is known about one return, one query for each kind of fact, and none for a fact that nobody asks for."""

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cases.models import Consent
from cases.models.choices import AGREES, OPEN_STATES, Purpose
from cases.models.registers import HealthRecordKind, TravelFitness
from cases.models.tracks import Protection

if TYPE_CHECKING:
    from repatriation.models.consular import TravelDocument, VerificationRequest
    from repatriation.models.finding import CareArrangement, SecurityAssessment, Wish
    from repatriation.models.journey import Assent, Handover, Journey, MonitoringVisit
    from repatriation.models.panel import Panel, Seat
    from repatriation.models.returns import ContactClearance, Return

# A claim that is pending, or protection that is held: its country of origin learns nothing (ASYL).
PROTECTED = (Protection.CLAIMED, Protection.GRANTED)


def is_protected(case: Any, country: str) -> bool:
    """Against this country: the one that the latest claim names, or any where none is named."""
    if case.legal.protection not in PROTECTED:
        return False
    claims = case.track_steps.filter(track="protection", edge="claim_protection").order_by("-made_at")
    against = claims.values_list("coded__against", flat=True).first()
    return not against or bool(against == country)


class ReturnFacts:
    def __init__(self, way: "Return") -> None:
        self._way = way

    @cached_property
    def wish(self) -> "Wish | None":
        return self._way.wishes.first()

    @cached_property
    def is_cleared(self) -> bool:
        """For the country in question now. A claim counts at once, also where nobody has revoked the clearance yet."""
        cleared = self.clearance is not None and self.clearance.state == "cleared"
        return cleared and not is_protected(self._way.case, self._way.country)

    @cached_property
    def clearance(self) -> "ContactClearance | None":
        """What was said about contact with the country in question."""
        return self._way.case.clearances.filter(country=self._way.country).first()

    @cached_property
    def case_runs(self) -> bool:
        case = self._way.case
        return case.state in OPEN_STATES and case.state != "suspended"

    @cached_property
    def assessment(self) -> "SecurityAssessment | None":
        """The latest finished one for the country in question."""
        return self.assessment_for(self._way.country)

    def assessment_for(self, country: str) -> "SecurityAssessment | None":
        return next((row for row in self._assessments if row.country == country), None)

    @cached_property
    def _assessments(self) -> "list[SecurityAssessment]":
        return list(self._way.assessments.filter(finished_at__isnull=False).select_related("author"))

    def has_input(self, country: str) -> bool:
        return country in self._gave_input

    @cached_property
    def _gave_input(self) -> set[str]:
        return set(self._way.inputs.values_list("country", flat=True))

    def arrangement_for(self, country: str, *, alternate: bool = False) -> "CareArrangement | None":
        wanted = (country, alternate)
        return next((row for row in self._arrangements if (row.country, row.alternate) == wanted), None)

    @cached_property
    def _arrangements(self) -> "list[CareArrangement]":
        rows = self._way.arrangements.filter(ended_at__isnull=True)
        return list(rows.select_related("person", "agency"))

    @cached_property
    def arrangement(self) -> "CareArrangement | None":
        return self.arrangement_for(self._way.country)

    @cached_property
    def panel(self) -> "Panel | None":
        return self._way.panel

    @cached_property
    def seats(self) -> "list[Seat]":
        """Of the panel in question, but those who stepped down."""
        if self.panel is None:
            return []
        return list(self.panel.seats.filter(recused_at__isnull=True).select_related("member", "agency"))

    @cached_property
    def request(self) -> "VerificationRequest | None":
        return self._way.requests.filter(ended_at__isnull=True).select_related("post").first()

    @cached_property
    def consent_to_post(self) -> bool:
        """Whether the latest answer about sharing with this very post agrees."""
        latest = self.consent_for(self.request.post_id) if self.request is not None else None
        return latest is not None and latest.answer in AGREES

    def consent_for(self, post_id: UUID) -> Consent | None:
        """The latest answer about sharing with this very post."""
        answers = Consent.objects.filter(case=self._way.case_id, purpose=Purpose.SHARING, recipient=post_id)
        return answers.order_by("-recorded_at").first()

    @cached_property
    def document(self) -> "TravelDocument | None":
        return self._way.travel_documents.filter(ended_at__isnull=True).first()

    @cached_property
    def journey(self) -> "Journey | None":
        rows = self._way.journeys.filter(ended_at__isnull=True)
        return rows.select_related("escort__agency", "receiver__person", "receiver__agency").first()

    @cached_property
    def assent(self) -> "Assent | None":
        return self._way.assents.first()

    @cached_property
    def fitness(self) -> TravelFitness | None:
        return self._way.case.travel_fitness.first()

    @cached_property
    def takes_medication(self) -> bool:
        return bool(self._way.case.health_records.filter(kind=HealthRecordKind.MEDICATION).exists())

    @cached_property
    def handover(self) -> "Handover | None":
        return self._way.handovers.filter(ended_at__isnull=True).select_related("receiver").first()

    @cached_property
    def visits(self) -> "list[MonitoringVisit]":
        return list(self._way.visits.filter(cancelled_at__isnull=True))
