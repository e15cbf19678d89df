"""Whole files, driven by everybody at once while the clock moves; the rules of `workflows.md` hold after each step.

A Hypothesis state machine over the real services and the real PostgreSQL. One run is one agency with a handful of
files; whatever happens in it never happened once the run is over. `make trials` drives it for long
and writes down how that went; `make test` drives it for a short while.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import clock
from accounts import policy
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import Agency, AuditEvent, User
from cases.edges.lifecycle import LIFECYCLE, next_edge
from cases.edges.tracks import TRACKS
from cases.models import Case, CaseAccess, Consent, Report, Task, Visit
from cases.models.choices import (
    FINAL_STATES,
    OPEN_STATES,
    WORKING,
    Answer,
    Basis,
    BirthCertainty,
    EarlyEnd,
    GivenBy,
    Purpose,
    Risk,
    Safety,
)
from cases.models.plan import Track
from cases.models.registers import (
    Examination,
    ExaminationKind,
    HealthRecord,
    HealthRecordKind,
    Need,
    NeedDomain,
)
from cases.services import abroad, access, assignment, consents
from cases.services.identity import record_identity
from cases.services.leaving import OF_THE_TEAM
from cases.services.reports import make_report, take_report
from cases.services.risk import assess_risk
from cases.services.steps import propose_end, take_step
from cases.services.tracks import take_track_step
from tests.cases import facts
from tests.cases import files as files_of_tests
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.test_transition_matrix import RUNNING, STEPS
from tests.trials.arranged import ARRANGED, confirm, finish, review, write_closure
from workflow import deadlines
from workflow.machine import CODE, COUNTRY, DAY, YES, Attempt, Edge, Refused
from workflow.models import Deadline

STEP = "steps"
# A file that went there never comes back, so it would be all that most runs show.
SELDOM = frozenset({"find_not_eligible", "refer_out"})
# What a service may answer; anything else is a fault of ours.
REFUSALS = (Refused, Invalid, PermissionDenied)
MOST_FILES = 4
# Nights on which an hour is missing or comes twice, ends of leap Februaries, and where zones part on the same night.
NIGHTS = (
    (2027, 3, 28), (2027, 10, 31), (2028, 2, 28), (2028, 2, 29), (2028, 3, 26), (2028, 10, 29),
    (2029, 3, 25), (2031, 12, 31), (2032, 2, 29), (2036, 2, 28), (2036, 2, 29),
)  # fmt: skip
ZONES = (
    "Europe/Vienna",
    "Europe/Chisinau",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
)
LIFECYCLE_STEPS = {
    (source, target) for sources, targets, _who in STEPS.values() for source in sources for target in targets
}
# Often the one whose business it is, so that most runs come far; often anybody else.
TEAM = st.sampled_from(("worker", "worker", "worker", "ana", "ben", "sami", "vera"))
TAKERS = st.sampled_from(("ana", "ben", "sami"))
EVERYBODY = st.sampled_from(
    ("worker", "worker", "worker", "sami", "vera", "ben", "petra", "tomas", "omar", "aida", "hotline")
)

STRANGERS = st.sampled_from(("omar", "hotline", "stella", "admin", "eskort"))
PLACES = st.integers(0, MOST_FILES - 1)
BIRTHS = st.sampled_from(
    (
        date(2009, 2, 28),
        date(2012, 2, 29),
        date(2016, 2, 29),
        date(2010, 12, 31),
        date(2013, 1, 1),
        date(2000, 5, 5),
    )
)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened; entry points of services may still demand the outermost transaction."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


class WholeFiles(RuleBasedStateMachine):
    """`cast` and `clock_at` are set by whoever runs it."""

    cast: Cast
    clock_at: ClockHand
    people: dict[str, User]
    tally: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.files: list[UUID] = []
        self.states: dict[UUID, dict[str, str]] = {}
        self.fired: Counter[tuple[str, UUID]] = Counter()
        self._world = undone()

    @initialize()
    def begin(self) -> None:
        self._world.__enter__()
        policy.forget_kept()
        deadlines.on_overdue(self._overdue)
        deadlines.on_escalate(self._escalated)
        self.clock_at(datetime(2026, 11, 2, 9, tzinfo=UTC))
        self.people = {name: User.objects.select_related("agency").get(username=name) for name in NAMES}
        for taker in ("ana", "ben"):
            self._report_and_take(taker)

    def teardown(self) -> None:
        for callbacks, mine in ((deadlines._overdue, self._overdue), (deadlines._escalate, self._escalated)):
            if mine in callbacks:
                callbacks.remove(mine)
        self._world.__exit__(None, None, None)
        policy.forget_kept()

    def _overdue(self, deadline: Deadline) -> None:
        self.fired["overdue", deadline.pk] += 1

    def _escalated(self, deadline: Deadline) -> None:
        self.fired["escalated", deadline.pk] += 1

    # Looking things up

    def case(self, place: int) -> Case:
        return self.fresh(self.files[place % len(self.files)])

    def fresh(self, case_id: UUID) -> Case:
        return Case.objects.select_related("agency", "legal", "medical", "rehabilitation").get(pk=case_id)

    def who(self, name: str, case: Case) -> User:
        return self.worker(case) if name == "worker" else self.people[name]

    def today(self, case: Case) -> date:
        return clock.today(case.agency.time_zone)

    def worker(self, case: Case) -> User:
        found = case.facts.assignment
        return self.people[found.worker.username] if found else self.people["ana"]

    def attempt(self, name: str, act: Callable[[], object], *, one_write: bool = True) -> bool:
        """One write by one person. A refusal changes nothing, whatever it says."""
        before = AuditEvent.objects.count()
        try:
            act()
        except REFUSALS:
            if one_write:
                assert AuditEvent.objects.count() == before, f"{name} was refused and left something behind"
            self.tally[f"{name}: refused"] += 1
            return False
        except Case.DoesNotExist:
            self.tally[f"{name}: not there"] += 1
            return False
        self.tally[name] += 1
        return True

    # The beginning

    @precondition(lambda self: len(self.files) < MOST_FILES)
    @rule(taker=TAKERS)
    def report_and_take(self, taker: str) -> None:
        self._report_and_take(taker)

    def _report_and_take(self, taker: str) -> None:
        report = make_report(files_of_tests.told(), actor=self.people["hotline"])
        case = take_report(report.pk, actor=self.people[taker])
        assert Report.objects.get(pk=report.pk).case_id == case.pk
        self.files.append(case.pk)
        if case.facts.assignment is None:
            assignment.assign_worker(case.pk, actor=self.people["sami"], worker=self.people["ben"])

    @precondition(lambda self: len(self.files) < MOST_FILES)
    @rule(state=st.sampled_from(sorted(RUNNING)))
    def import_one(self, state: str) -> None:
        self.files.append(files_of_tests.in_state(state, self.people["ana"].agency, taken_over=False).pk)
        assignment.assign_worker(self.files[-1], actor=self.people["sami"], worker=self.people["ana"])

    # Steps of the lifecycle: any by anybody, and the next one by whoever may

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

    @rule(place=PLACES, pick=st.integers(0, 9), other=PLACES)
    def off_the_path(self, place: int, pick: int, other: int) -> None:
        """Some step that leaves from here, by somebody in whose hands it is."""
        case = self.case(place)
        leaving = [edge for edge in LIFECYCLE.edges_from(case.state) if edge.name not in SELDOM]
        if not leaving:
            return
        edge = leaving[pick % len(leaving)]
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

    # Tracks

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

    # What people write down on the way

    @rule(
        place=PLACES,
        actor=EVERYBODY,
        level=st.sampled_from(list(Risk)),
        safety=st.sampled_from(list(Safety)),
        seen=st.booleans(),
    )
    def look_at_risk(self, place: int, actor: str, level: Risk, safety: Safety, seen: bool) -> None:
        case = self.case(place)
        who, case_id = self.who(actor, case), case.pk
        self.attempt(
            "risk", lambda: assess_risk(case_id, actor=who, level=level, safety=safety, child_seen=seen)
        )

    @rule(place=PLACES, actor=EVERYBODY, born=BIRTHS, certainty=st.sampled_from(list(BirthCertainty)))
    def say_who_it_is(self, place: int, actor: str, born: date, certainty: BirthCertainty) -> None:
        case = self.case(place)
        who, case_id = self.who(actor, case), case.pk
        known = None if certainty == BirthCertainty.UNKNOWN else born
        identity = files_of_tests.identity(birth_date=known, birth_certainty=certainty)
        self.attempt("identity", lambda: record_identity(case_id, actor=who, identity=identity))

    @rule(
        place=PLACES, actor=TEAM, purpose=st.sampled_from((Purpose.SERVICES, Purpose.DATA, Purpose.SHARING))
    )
    def agree(self, place: int, actor: str, purpose: Purpose) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        recipient = self.people["petra"].agency if purpose == Purpose.SHARING else None
        self.attempt(
            "consent",
            lambda: consents.record_consent(
                case.pk,
                actor=who,
                purpose=purpose,
                answer=Answer.CONSENT,
                given_by=GivenBy.GUARDIAN,
                given_on=self.today(case),
                recipient=recipient,
            ),
        )

    @rule(place=PLACES, actor=TEAM, pick=st.integers(0, 9))
    def withdraw(self, place: int, actor: str, pick: int) -> None:
        case = self.case(place)
        who = self.who(actor, case)
        answers = [each for each in case.facts.consents if consents.is_in_force(case, each)]
        if not answers:
            return
        answer = answers[pick % len(answers)]
        done = self.attempt(
            "withdrawal",
            lambda: consents.withdraw_consent(
                case.pk, answer.pk, actor=who, given_by=GivenBy.GUARDIAN, given_on=self.today(case)
            ),
        )
        if done and answer.recipient_id:
            given = CaseAccess.objects.live().filter(case=case, basis=Basis.PERSONAL)
            assert not given.filter(account__agency=answer.recipient_id).exists()
        if done:
            assert Consent.objects.filter(case=case, answer=Answer.WITHDRAWN).exists()

    @rule(place=PLACES)
    def plan_work(self, place: int) -> None:
        case = self.case(place)
        if case.state not in OPEN_STATES:
            return
        task = facts.task(case, self.worker(case))
        due_at = clock.now() + timedelta(days=3)
        deadlines.start(case.pk, "task", due_at, agency=case.agency, params={"task": str(task.pk)})
        facts.visit(case, self.worker(case))

    @rule(place=PLACES)
    def finish_work(self, place: int) -> None:
        finish(self, self.case(place))

    @rule(place=PLACES, kind=st.sampled_from(("parents", "kinship", "shelter", "detention")))
    def move_child(self, place: int, kind: str) -> None:
        case = self.case(place)
        if case.state in OPEN_STATES:
            facts.placement(case, self.worker(case), kind, is_safe=kind != "detention")

    # Ends, and who may see

    @rule(place=PLACES, actor=TEAM, why=st.sampled_from(list(EarlyEnd)))
    def propose(self, place: int, actor: str, why: EarlyEnd) -> None:
        case = self.case(place)
        case_id, who = case.pk, self.who(actor, case)
        self.attempt("propose_end", lambda: propose_end(case_id, actor=who, why=why))

    @rule(place=PLACES, actor=TEAM)
    def close_down(self, place: int, actor: str) -> None:
        """A closure, and a supervisor’s word about the durable solution, whether or not it is the time for it."""
        case = self.case(place)
        who = self.who(actor, case)
        self.attempt("closure", lambda: write_closure(case, who))
        self.attempt("solution", lambda: confirm(case, who))
        self.attempt("of age", lambda: review(case, who))

    @rule(place=PLACES, actor=TEAM)
    def alarm(self, place: int, actor: str) -> None:
        case = self.case(place)
        case_id, who = case.pk, self.who(actor, case)
        self.attempt("danger", lambda: abroad.believe_in_danger(case_id, actor=who, country="XB"))
        self.attempt(
            "told", lambda: abroad.record_told(case_id, actor=who, country="XB", words="Called at 9.")
        )

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

    # The clock

    @rule(hours=st.sampled_from((0.25, 1, 7, 25, 24 * 3, 24 * 8, 24 * 32, 24 * 100)))
    def time_passes(self, hours: float) -> None:
        self.clock_at.forward(timedelta(hours=hours))

    @rule(night=st.sampled_from(NIGHTS), minute=st.integers(-90, 200))
    def a_night(self, night: tuple[int, int, int], minute: int) -> None:
        """On, or just before, a night that is an hour shorter or longer, or that only some years have."""
        at = datetime(*night, tzinfo=ZoneInfo(ZONES[0])) + timedelta(minutes=minute)
        if at > clock.now():
            self.clock_at(at)

    @rule(zone=st.sampled_from(ZONES))
    def agency_moves(self, zone: str) -> None:
        home = self.people["ana"].agency_id
        Agency.objects.filter(pk=home).update(time_zone=zone)
        for person in self.people.values():
            person.agency.refresh_from_db()

    @rule(crash=st.booleans())
    def sweep(self, crash: bool) -> None:
        """Two workers, the first of which may die over its second deadline; then one that was started anew."""
        due = set(self._due())
        if crash:
            self._sweep_and_die()
        deadlines.sweep()
        deadlines.sweep()
        policy.forget_kept()
        assert deadlines.sweep() == 0
        assert not self._due()
        for deadline in due:
            assert self.fired["overdue", deadline] == 1, "a deadline that was due did not fire once"

    def _due(self) -> list[UUID]:
        rows = Deadline.objects.open().filter(due_at__lte=clock.now(), overdue_at=None)
        return list(rows.values_list("pk", flat=True))

    def _sweep_and_die(self) -> None:
        """The callback runs and the process dies before its transaction commits: nothing of it has happened."""
        seen: list[UUID] = []

        def die(deadline: Deadline) -> None:
            seen.append(deadline.pk)
            if len(seen) > 1:
                self.fired["overdue", deadline.pk] -= 1
                raise KeyboardInterrupt

        deadlines.on_overdue(die)
        try:
            deadlines.sweep()
        except KeyboardInterrupt:
            self.tally["worker died"] += 1
        finally:
            deadlines._overdue.remove(die)

    # What always holds

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


NAMES = (
    "ana", "ben", "sami", "vera", "aida", "petra", "omar", "hotline", "stella", "admin",
    "konsul", "tomas", "eskort", "pia", "fokus",
)  # fmt: skip
# Off the main path, the step by which a file goes on.
GO_ON: Mapping[str, str] = {
    "suspended": "resume",
    "closed": "reopen",
    "duplicate": "undo_duplicate",
}


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
