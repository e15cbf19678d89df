from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from cases.models.choices import Answer, Purpose, Verdict

if TYPE_CHECKING:
    from cases.models.case import Assignment, Case
    from cases.models.child import Child
    from cases.models.consent import Consent
    from cases.models.duplicates import DuplicateCandidate, DuplicateCheck
    from cases.models.risk import RiskAssessment


class Facts:
    """What is known about one case, one query for each kind of fact, and none for a fact that nobody asks for."""

    def __init__(self, case: "Case") -> None:
        self._case = case

    @cached_property
    def assignment(self) -> "Assignment | None":
        return self._case.assignments.filter(ended_at__isnull=True).select_related("worker").first()

    @cached_property
    def child(self) -> "Child | None":
        try:
            return self._case.child
        except ObjectDoesNotExist:
            return None

    @cached_property
    def consents(self) -> "list[Consent]":
        """Newest first."""
        return list(self._case.consents.select_related("recipient", "recorded_by"))

    def agreed(self, purpose: Purpose) -> bool:
        """Whether the latest answer for this purpose agrees. No answer is no agreement."""
        answers = [consent for consent in self.consents if consent.purpose == purpose]
        latest = max(answers, key=lambda each: (each.given_on or date.min, each.recorded_at), default=None)
        return latest is not None and latest.answer in (Answer.CONSENT, Answer.ASSENT)

    @cached_property
    def risk(self) -> "RiskAssessment | None":
        return self._case.risk_assessments.select_related("assessed_by").first()

    @cached_property
    def duplicate_check(self) -> "DuplicateCheck | None":
        return self._case.duplicate_checks.first()

    @property
    def duplicate_check_stands(self) -> bool:
        """A check made before the child's names or birth date changed says nothing about the child of today."""
        check, child = self.duplicate_check, self.child
        return check is not None and child is not None and sorted(check.tokens) == sorted(child.search_tokens)

    @cached_property
    def candidates(self) -> "list[DuplicateCandidate]":
        return list(self._case.duplicate_candidates.select_related("other", "other_agency"))

    @property
    def undecided_here(self) -> "list[DuplicateCandidate]":
        return [
            found
            for found in self.candidates
            if found.verdict == Verdict.PENDING and found.other_agency_id == self._case.agency_id
        ]

    @property
    def undecided_elsewhere(self) -> "list[DuplicateCandidate]":
        return [
            found
            for found in self.candidates
            if found.verdict == Verdict.PENDING and found.other_agency_id != self._case.agency_id
        ]
