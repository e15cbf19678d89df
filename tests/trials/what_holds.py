"""What holds after every step of a drive, whoever took it."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis.stateful import invariant

from accounts.models import AuditEvent
from cases.edges.tracks import TRACKS
from cases.models import Case, CaseAccess, Task, Visit
from cases.models.choices import FINAL_STATES, WORKING
from cases.services.leaving import OF_THE_TEAM
from tests.matrices.lifecycle import STEPS
from tests.trials.drive import STEP, Drive
from workflow import deadlines
from workflow.models import Deadline

LIFECYCLE_STEPS = {
    (source, target) for sources, targets, _who in STEPS.values() for source in sources for target in targets
}


class WhatHolds(Drive):
    """The rules of `workflows.md`, asked of the rows, of history and of the audit."""

    @invariant()
    def states_follow_the_tables(self) -> None:
        """Only along an edge, and each change leaves a history row and an audit row behind."""
        self.tally[STEP] += 1
        for case_id in self.files:
            now = self._states_of(case_id)
            before = self.states.get(case_id)
            if before is not None and before != now:
                self._check_history(case_id)
            self.states[case_id] = now

    def _states_of(self, case_id: UUID) -> dict[str, str]:
        case = Case.objects.select_related("legal", "medical", "rehabilitation").get(pk=case_id)
        tracks = {name: track.machine.state_of(track.row_of(case)) for name, track in TRACKS.items()}
        return {"case": case.state} | tracks

    def _check_history(self, case_id: UUID) -> None:
        case = Case.objects.select_related("legal", "medical", "rehabilitation").get(pk=case_id)
        _along(case, "state", LIFECYCLE_STEPS)
        moves = AuditEvent.objects.filter(case_id=case_id, verb__in=[f"case.{edge}" for edge in STEPS])
        steps = list(moves.order_by("id").values_list("details__from", "details__to"))
        changed = [(source, target) for source, target in steps if source != target]
        assert changed == _changes(case, "state"), "history and audit tell two stories"
        for track in TRACKS.values():
            edges = {step for edge in track.machine.edges for step in edge.steps}
            _along(track.row_of(case), track.machine.field, edges)

    @invariant()
    def what_has_ended_has_ended(self) -> None:
        ended = {case_id for case_id, states in self.states.items() if states["case"] in FINAL_STATES}
        if not ended:
            return
        assert not Deadline.objects.open().filter(case_id__in=ended).exists()
        assert not Task.objects.filter(case__in=ended, done_at=None, dropped_at=None).exists()
        assert not Visit.objects.filter(case__in=ended, done_on=None, cancelled_at=None).exists()
        grounds = CaseAccess.objects.live().filter(case__in=ended).exclude(basis__in=OF_THE_TEAM)
        assert not grounds.exists()

    @invariant()
    def nobody_approves_what_they_wrote(self) -> None:
        for case in Case.objects.filter(pk__in=self.files):
            for author, approver in (
                (case.plan_author_id, case.plan_approver_id),
                (case.closure_author_id, case.closure_approver_id),
            ):
                assert approver is None or approver != author

    @invariant()
    def each_deadline_fires_once(self) -> None:
        assert all(times <= 1 for times in self.fired.values())
        marked = Deadline.objects.filter(case_id__in=self.files, overdue_at__isnull=False)
        fired = {pk for (kind, pk), times in self.fired.items() if kind == "overdue" and times}
        assert set(marked.values_list("pk", flat=True)) == fired

    @invariant()
    def a_list_knows_what_is_due_next(self) -> None:
        for case_id in self.files:
            following = deadlines.open_for([case_id]).first()
            expected = following.due_at if following else None
            rows = CaseAccess.objects.filter(case_id=case_id, ended_at__isnull=True)
            assert set(rows.filter(basis__in=WORKING).values_list("due", flat=True)) <= {expected}
            # Nobody else is told by the order of a list how pressing a file is.
            assert not rows.exclude(basis__in=WORKING).filter(due__isnull=False).exists()


def _along(row: Any, field: str, steps: set[tuple[str, str]]) -> None:
    """Every change that history tells is a step of the table, and the last one led to where the row stands."""
    told = list(row.history.order_by("history_id").values_list(field, flat=True))
    assert told, "no history"
    assert told[-1] == getattr(row, field), "the latest history row is not the row"
    assert set(_pairs(told)) <= steps, f"{field}: {sorted(set(_pairs(told)) - steps)}"


def _changes(row: Any, field: str) -> list[tuple[str, str]]:
    return _pairs(list(row.history.order_by("history_id").values_list(field, flat=True)))


def _pairs(told: list[str]) -> list[tuple[str, str]]:
    return [(first, second) for first, second in pairwise(told) if first != second]
