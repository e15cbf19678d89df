"""Rules of a drive: who is given a file to see, who loses it, and who must never find it."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

import clock
from accounts.access import Section
from cases.models import Case, CaseAccess
from cases.models.choices import FINAL_STATES, EarlyEnd, Risk, Safety
from cases.services import access, assignment
from cases.services.risk import assess_risk
from cases.services.steps import propose_end, take_step
from cases.services.tracks import take_track_step
from tests.matrices.lifecycle import STEPS
from tests.trials.arranged import write_closure
from tests.trials.drive import PLACES, TEAM, Drive

STRANGERS = st.sampled_from(("omar", "hotline", "stella", "admin", "eskort"))


class Seeing(Drive):
    """Grants, grounds and assignments come and go; a stranger tries every door."""

    @rule(
        place=PLACES,
        actor=TEAM,
        receiver=st.sampled_from(("petra", "tomas", "pia", "omar")),
        write=st.booleans(),
    )
    def grant(self, place: int, actor: str, receiver: str, write: bool) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        if case.state in FINAL_STATES:
            return
        self.attempt(
            "grant",
            lambda: access.grant_personally(
                case.pk,
                actor=who,
                account=self.people[receiver],
                sections=[Section.LEGAL, Section.MEDICAL],
                may_write=write,
                until=clock.now() + timedelta(days=20),
                reason="Needed for the treatment.",
            ),
        )

    @rule(place=PLACES, actor=TEAM, pick=st.integers(0, 9))
    def end_a_ground(self, place: int, actor: str, pick: int) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        rows = list(CaseAccess.objects.live().filter(case=case).order_by("since"))
        if not rows:
            return
        row = rows[pick % len(rows)]
        self.attempt("end access", lambda: access.end_access(case.pk, row.pk, actor=who))

    @rule(place=PLACES, actor=TEAM, worker=st.sampled_from(("ana", "ben", "sami", "petra")))
    def assign(self, place: int, actor: str, worker: str) -> None:
        case_id, who, whom = (
            self.case(place).pk,
            self.people["sami" if actor == "worker" else actor],
            self.people[worker],
        )
        self.attempt("assign", lambda: assignment.assign_worker(case_id, actor=who, worker=whom))

    @rule(place=PLACES, stranger=STRANGERS, edge=st.sampled_from(sorted(STEPS)))
    def stranger(self, place: int, stranger: str, edge: str) -> None:
        """For who has no ground there is no file, whatever the step and whatever state it is in."""
        case, who = self.case(place), self.people[stranger]
        if CaseAccess.objects.live_for(who).filter(case=case).exists():
            return
        acts: tuple[Callable[[], object], ...] = (
            lambda: take_step(case.pk, edge, actor=who, reason="Why not."),
            lambda: assess_risk(case.pk, actor=who, level=Risk.LOW, safety=Safety.SAFE, child_seen=True),
            lambda: propose_end(case.pk, actor=who, why=EarlyEnd.DIED),
            lambda: take_track_step(case.pk, "medical", "begin_triage", actor=who, values={}),
            lambda: write_closure(case, who),
        )
        for act in acts:
            try:
                act()
            except Case.DoesNotExist:
                continue
            raise AssertionError(f"{stranger} reached the file")
