from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, F, Max, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

import clock
from cases.models.choices import AGREES, Purpose, Verdict
from workflow.models import Deadline

if TYPE_CHECKING:
    from cases.models.case import Assignment, Case
    from cases.models.child import Child
    from cases.models.consent import Consent
    from cases.models.duplicates import DuplicateCandidate, DuplicateCheck
    from cases.models.risk import RiskAssessment


# Clocks that run until an authority has answered.
LEGAL_CLOCKS = ("representation", "identification")
# Kinds of deadlines that hold a closure up: what an authority owes, and what somebody was asked for once. The
# others come round for as long as a case is open.
ASKED_FOR_ONCE = (
    "identification",
    "representation",
    "evidence",
    "ask_other_agency",
    "best_interests_again",
    "consent_withdrawn",
    "representative_conflict",
    "answer_child",
    "turns_18",
)


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

    def latest_answer(self, purpose: Purpose) -> "Consent | None":
        """The answer that counts for this purpose, whoever the recipient is."""
        answers = [consent for consent in self.consents if consent.purpose == purpose]
        return max(answers, key=lambda each: (each.given_on or date.min, each.recorded_at), default=None)

    def agreed(self, purpose: Purpose) -> bool:
        """Whether the latest answer for this purpose agrees. No answer is no agreement."""
        latest = self.latest_answer(purpose)
        return latest is not None and latest.answer in AGREES

    @cached_property
    def risk(self) -> "RiskAssessment | None":
        return self._case.risk_assessments.select_related("assessed_by").first()

    @cached_property
    def duplicate_check(self) -> "DuplicateCheck | None":
        return self._case.duplicate_checks.first()

    @property
    def duplicate_check_was_run(self) -> bool:
        return self.marks.checked_identity is not None

    @property
    def duplicate_check_stands(self) -> bool:
        """A check made before the child's names or birth date changed says nothing about the child of today."""
        checked, child = self.marks.checked_identity, self.child
        return checked is not None and child is not None and checked == child.identity_digest

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

    @cached_property
    def marks(self) -> Any:
        """Yes, no or a code for everything that guards only have to know to be there; all in one query."""
        case = self._case
        needed = case.visits.filter(is_required=True, cancelled_at__isnull=True)
        marks = {
            "checked_identity": _first(case.duplicate_checks.all(), "identity_digest"),
            "placement": _first(case.placements.filter(until__isnull=True), "kind"),
            "placement_is_safe": Exists(case.placements.filter(until__isnull=True, is_safe=True)),
            "best_interests": Exists(case.best_interests.filter(finished_at__isnull=False)),
            "was_heard": Exists(case.child_views.all()),
            "goal_tracks": _all(case.goals.filter(ended_at__isnull=True), "track"),
            "goal_tracks_ended": _all(case.goals.filter(ended_at__isnull=False), "track"),
            "plan_agreed": _first(case.plan_agreements.all(), "agrees"),
            "tasks_open": Exists(case.tasks.filter(done_at__isnull=True, dropped_at__isnull=True)),
            "left_undone": Exists(
                Deadline.objects.open()
                .filter(case_id=case.pk, kind__in=ASKED_FOR_ONCE)
                .exclude(kind="turns_18", due_at__gt=clock.now())
            ),
            "visits_waiting": Exists(needed.filter(done_on__isnull=True)),
            "visit_last_done": _first(needed.filter(done_on__isnull=False).order_by("-done_on"), "done_on"),
            "legal_answer_awaited": Exists(
                Deadline.objects.open().filter(case_id=case.pk, kind__in=LEGAL_CLOCKS)
            ),
            "closure_at": _first(case.closures.all(), "written_at"),
            "examined": Exists(case.examinations.filter(held_on__gte=_round(case, "happened_on", date.min))),
            "health_records": _all(
                case.health_records.filter(entered_at__gte=_round(case, "made_at", _EARLIEST)), "kind"
            ),
            "needs": Exists(case.needs.all()),
            "outside": Exists(
                case.outside_acceptances.filter(
                    document__removed_at__isnull=True, document__quarantined_at__isnull=True
                )
            ),
            "police_not_told": Exists(
                case.documents.filter(quarantined_at__isnull=False, police_reference__isnull=True)
            ),
        }
        rows = (
            type(case)
            ._base_manager.filter(pk=case.pk)
            .order_by()
            .annotate(**{f"mark_{name}": value for name, value in marks.items()})
        )
        (found,) = rows.values(*(f"mark_{name}" for name in marks))
        return SimpleNamespace(**{name: found[f"mark_{name}"] for name in marks})

    @cached_property
    def last_contact(self) -> date:
        """The day on which somebody last saw or heard the child; the day of the report when nobody has."""
        case, zone = self._case, ZoneInfo(self._case.agency.time_zone)
        seen = case.risk_assessments.filter(child_seen=True).order_by("-assessed_at")
        at = seen.values_list("assessed_at", flat=True).first() or case.reported_at
        days = [
            at.astimezone(zone).date(),
            case.visits.aggregate(last=Max("done_on"))["last"],
            case.child_views.exclude(means="").aggregate(last=Max("heard_on"))["last"],
        ]
        return max(day for day in days if isinstance(day, date))

    def requested_in_time(self, hours: int) -> bool:
        """Whether a representative was asked for soon enough after one was needed."""
        legal = self._case.legal
        asked = legal.representation_requested_at
        return asked is not None and asked <= legal.representation_needed_at + timedelta(hours=hours)


_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)


def _round(case: "Case", name: str, earliest: date) -> Coalesce:
    """When medical care last began anew. What was consented to and written before says nothing about this time."""
    anew = case.track_steps.filter(track="medical", edge__in=["start_care_again", "accept_care"])
    return Coalesce(_first(anew, name), Value(earliest))


def _first(rows: "QuerySet[Any]", name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def _all(rows: "QuerySet[Any]", name: str) -> Subquery:
    """The different values of a column, as one array; empty (None) where there is no row."""
    found = rows.order_by().values("case_id").annotate(found=ArrayAgg(F(name), distinct=True))
    return Subquery(found.values("found"))


def among(wanted: str, found: Iterable[str] | None) -> bool:
    return wanted in (found or ())
