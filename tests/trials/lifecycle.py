"""Rules of a drive: how files begin, and steps of their lifecycle."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cases.edges.lifecycle import LIFECYCLE, next_edge
from cases.models import Case
from cases.services import assignment
from cases.services.steps import take_step
from tests.cases import files as files_of_tests
from tests.matrices.lifecycle import RUNNING, STEPS
from tests.trials.arranged import ARRANGED
from tests.trials.drive import EVERYBODY, MOST_FILES, PLACES
from tests.trials.tracks import Tracks
from workflow.machine import Attempt

# A file that went there never comes back, so it would be all that most runs show.
SELDOM = frozenset({"find_not_eligible", "refer_out"})
MOST_PICKS = 9
TAKERS = st.sampled_from(("ana", "ben", "sami"))
# Off the main path, the step by which a file goes on.
GO_ON: Mapping[str, str] = {
    "suspended": "resume",
    "closed": "reopen",
    "duplicate": "undo_duplicate",
}


class Lifecycle(Tracks):
    """A step of a file may wait for its tracks to come to rest, so whoever takes it can move those too."""

    @precondition(lambda self: len(self.files) < MOST_FILES)
    @rule(taker=TAKERS)
    def report_and_take(self, taker: str) -> None:
        self._report_and_take(taker)

    @precondition(lambda self: len(self.files) < MOST_FILES)
    @rule(state=st.sampled_from(sorted(RUNNING)))
    def import_one(self, state: str) -> None:
        self.files.append(files_of_tests.in_state(state, self.people["ana"].agency, taken_over=False).pk)
        assignment.assign_worker(self.files[-1], actor=self.people["sami"], worker=self.people["ana"])

    # Any step by anybody, and the next one by whoever may

    @rule(place=PLACES, actor=EVERYBODY, edge=st.sampled_from(sorted(STEPS)), other=PLACES)
    def any_step(self, place: int, actor: str, edge: str, other: int) -> None:
        self._step(self.case(place), edge, actor, other)

    def _step(self, case: Case, edge: str, actor: str, other: int = 0) -> bool:
        values: dict[str, Any] = {}
        if edge == "find_not_eligible":
            values = {"code": "adult", "signpost": "The adults’ centre"}
        if edge == "mark_duplicate":
            values = {"surviving_case": self.case(other)}
        if edge == "suspend" and other % 2:
            values = {"danger_in": "XB"}
        return self.attempt(
            edge,
            lambda: take_step(
                case.pk, edge, actor=self.who(actor, case), reason="The facts changed.", values=values
            ),
        )

    @rule(place=PLACES, times=st.integers(1, 4))
    def go_on(self, place: int, times: int) -> None:
        """The next steps of the main path with everything there that they ask for."""
        for _time in range(times):
            self._go_on(self.case(place))

    @rule(place=PLACES, pick=st.integers(0, MOST_PICKS), other=PLACES)
    def off_the_path(self, place: int, pick: int, other: int) -> None:
        """Some step that leaves from here, by somebody in whose hands it is."""
        case = self.case(place)
        seldom = pick == MOST_PICKS and other <= 1
        leaving = [edge for edge in LIFECYCLE.edges_from(case.state) if (edge.name in SELDOM) == seldom]
        if not leaving:
            return
        edge = leaving[(place if seldom else pick) % len(leaving)]
        for guard in edge.guards:
            self._arrange(case.pk, guard.code)
        hands = STEPS[edge.name][2]
        case = self.fresh(case.pk)
        self._step(case, edge.name, self.worker(case).username if "assigned" in hands else "vera", other)

    def _go_on(self, case: Case) -> None:
        edge = LIFECYCLE.edge(GO_ON[case.state]) if case.state in GO_ON else next_edge(case.state)
        if case.waits_for_takeover and case.state in RUNNING:
            edge = LIFECYCLE.edge("take_over")
        if edge is None:
            return
        for guard in edge.guards:
            self._arrange(case.pk, guard.code)
        case = self.fresh(case.pk)
        approver = "vera" if case.closure_author_id == self.people["sami"].pk else "sami"
        hands = STEPS[edge.name][2]
        self._step(case, edge.name, self.worker(case).username if "assigned" in hands else approver)

    def _arrange(self, case_id: UUID, code: str) -> None:
        case = self.fresh(case_id)
        guard = LIFECYCLE.guard(code)
        if code in ARRANGED and guard.check(case, Attempt(actor=self.people["vera"])) is not True:
            self._bring_about(case, code)

    def _bring_about(self, case: Case, code: str) -> None:
        self.attempt(f"arrange {code}", lambda: ARRANGED[code](self, case), one_write=False)
