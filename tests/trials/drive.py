"""What every rule of a drive stands on: one agency, its people and its files, and a write by one of them."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

import clock
from accounts import policy
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, Report
from cases.services import assignment
from cases.services.reports import make_report, take_report
from tests.cases import files as files_of_tests
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.undone import undone
from workflow import deadlines
from workflow.machine import Refused
from workflow.models import Deadline

STEP = "steps"
# What a service may answer; anything else is a fault of ours.
REFUSALS = (Refused, Invalid, PermissionDenied)
MOST_FILES = 4
NAMES = (
    "ana", "ben", "sami", "vera", "aida", "petra", "omar", "hotline", "stella", "admin",
    "konsul", "tomas", "eskort", "pia", "fokus",
)  # fmt: skip
# Often the one whose business it is, so that most runs come far; often anybody else.
TEAM = st.sampled_from(("worker", "worker", "worker", "ana", "ben", "sami", "vera"))
EVERYBODY = st.sampled_from(
    ("worker", "worker", "worker", "sami", "vera", "ben", "petra", "tomas", "omar", "aida", "hotline")
)
PLACES = st.integers(0, MOST_FILES - 1)


class Drive(RuleBasedStateMachine):
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

    def _report_and_take(self, taker: str) -> None:
        report = make_report(files_of_tests.told(), actor=self.people["hotline"])
        case = take_report(report.pk, actor=self.people[taker])
        assert Report.objects.get(pk=report.pk).case_id == case.pk
        self.files.append(case.pk)
        if case.facts.assignment is None:
            assignment.assign_worker(case.pk, actor=self.people["sami"], worker=self.people["ben"])

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

    # Acting

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
