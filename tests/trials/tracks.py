"""Rules of a drive: steps of the tracks, and the registers and goals that they ask for."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from cases.edges.tracks import TRACKS
from cases.models import Case
from cases.models.choices import OPEN_STATES, GivenBy
from cases.models.plan import Track
from cases.models.registers import (
    Examination,
    ExaminationKind,
    HealthRecord,
    HealthRecordKind,
    Need,
    NeedDomain,
)
from cases.services.tracks import take_track_step
from tests.cases import facts
from tests.trials.drive import EVERYBODY, PLACES, Drive
from workflow.machine import CODE, COUNTRY, DAY, YES, Edge


class Tracks(Drive):
    """Whoever takes steps of tracks, with everything entered that they ask for."""

    @rule(place=PLACES, actor=EVERYBODY, track=st.sampled_from(sorted(TRACKS)), pick=st.integers(0, 9))
    def any_track_step(self, place: int, actor: str, track: str, pick: int) -> None:
        case = self.case(place)
        self.track_step(case, track, pick, actor)

    def track_step(self, case: Case, track: str, pick: int, actor: str) -> None:
        machine = TRACKS[track].machine
        leaving = machine.edges_from(machine.state_of(TRACKS[track].row_of(case)))
        if not leaving:
            return
        edge = leaving[pick % len(leaving)]
        values = self._entries(case, edge)
        self.attempt(
            f"{track}.{edge.name}",
            lambda: take_track_step(
                case.pk, track, edge.name, actor=self.who(actor, case), values=values, reason="So it is."
            ),
        )

    def _entries(self, case: Case, edge: Edge) -> dict[str, Any]:
        today, values = self.today(case), dict[str, Any]()
        for entry in edge.inputs:
            if entry.kind == CODE:
                values[entry.name] = entry.choices[0][0]
            elif entry.kind == DAY:
                later = {"review_on": 14, "valid_until": 200, "education_from": 7}.get(entry.name, 0)
                values[entry.name] = today + timedelta(days=later)
            elif entry.kind == COUNTRY:
                values[entry.name] = "XB"
            elif entry.kind == YES:
                values[entry.name] = True
            elif entry.kind == "person":
                values[entry.name] = self._guardian(case)
            elif entry.kind == "text" and entry.name != "reason":
                values[entry.name] = "As it was said."
        return values

    def _guardian(self, case: Case) -> Any:
        found = case.people.filter(role="guardian").first()
        if found is None:
            found = case.people.model(case=case, role="guardian", added_by=self.worker(case))
            found.name = "Mr Tarn"
            found.save(force_insert=True)
        return found

    @rule(place=PLACES)
    def keep_registers(self, place: int) -> None:
        """Examination, health records, needs, a word of the child: what the tracks ask for."""
        case = self.case(place)
        if case.state not in OPEN_STATES:
            return
        worker, today = self.worker(case), self.today(case)
        Examination.objects.create(
            case=case,
            kind=ExaminationKind.GENERAL,
            consent_by=GivenBy.GUARDIAN,
            child_assents=True,
            held_on=today,
            entered_by=worker,
        )
        for kind in HealthRecordKind:
            record = HealthRecord(case=case, kind=kind, entered_by=worker)
            record.words = "None."
            record.save(force_insert=True)
        need = Need(case=case, domain=NeedDomain.SCHOOLING, entered_by=worker)
        need.words = "School."
        need.save(force_insert=True)
        facts.heard(case, worker)
        facts.agreement(case, worker)
        facts.goals(case, worker)

    @rule(place=PLACES, track=st.sampled_from(list(Track)))
    def end_goals(self, place: int, track: Track) -> None:
        facts.goals_achieved(self.case(place), track)
