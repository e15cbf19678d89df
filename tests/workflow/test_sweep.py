"""The sweep fires each deadline once, by our clock, however many sweeps run and whatever fails."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

import clock
from accounts import policy
from accounts.models import Agency, PolicyValue
from tests.cast import Cast
from tests.conftest import ClockHand
from workflow import deadlines
from workflow.models import Deadline
from workflow.tasks import sweep_deadlines

HOUR = timedelta(hours=1)


class Heard:
    """What the callbacks were told, in order."""

    def __init__(self) -> None:
        self.reminded: list[UUID] = []
        self.overdue: list[UUID] = []
        self.escalated: list[UUID] = []


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    ears = Heard()
    monkeypatch.setattr(deadlines, "_changed", [])
    monkeypatch.setattr(deadlines, "_remind", [lambda deadline: ears.reminded.append(deadline.pk)])
    monkeypatch.setattr(deadlines, "_overdue", [lambda deadline: ears.overdue.append(deadline.pk)])
    monkeypatch.setattr(deadlines, "_escalate", [lambda deadline: ears.escalated.append(deadline.pk)])
    return ears


def _start(agency: Agency, hours: float = 1, kind: str = "assign") -> Deadline:
    return deadlines.start(uuid4(), kind, clock.now() + hours * HOUR, agency=agency)


def test_nothing_fires_before_it_is_due(cast: Cast, heard: Heard) -> None:
    _start(cast.ana.agency)
    assert deadlines.sweep() == 0
    assert heard.overdue == []


def test_it_fires_once_when_our_clock_says_so(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    row = _start(cast.ana.agency)
    clock_at.forward(HOUR)
    assert [deadlines.sweep(), deadlines.sweep()] == [1, 0]
    assert heard.overdue == [row.pk]
    marked = Deadline.objects.get()
    assert marked.overdue_at
    assert abs(marked.overdue_at - clock.now()) < timedelta(minutes=1)


def test_what_somebody_is_at_work_on_is_left_to_the_next_sweep(
    cast: Cast, heard: Heard, clock_at: ClockHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody is told, and without a failure; the others are not held up."""
    busy, other = _start(cast.ana.agency), _start(cast.ana.agency, 2)
    in_use = {busy.pk}

    def move_it(deadline: Deadline) -> None:
        if deadline.pk in in_use:
            raise deadlines.Later

    deadlines.on_overdue(move_it, before_telling=True)
    clock_at.forward(3 * HOUR)
    assert deadlines.sweep() == 1
    assert heard.overdue == [other.pk]
    assert Deadline.objects.get(pk=busy.pk).overdue_at is None
    in_use.clear()
    assert deadlines.sweep() == 1
    assert heard.overdue == [other.pk, busy.pk]


def test_the_soonest_fires_first(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    rows = [_start(cast.ana.agency, hours) for hours in (3, 1, 2, 9)]
    clock_at.forward(5 * HOUR)
    assert deadlines.sweep() == 3
    assert heard.overdue == [rows[1].pk, rows[2].pk, rows[0].pk]


def test_what_was_met_or_cancelled_does_not_fire(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    met, cancelled = _start(cast.ana.agency), _start(cast.ana.agency)
    deadlines.meet(met.case_id, met.kind)
    deadlines.cancel_all(cancelled.case_id)
    clock_at.forward(5 * HOUR)
    assert deadlines.sweep() == 0
    assert (heard.overdue, heard.escalated) == ([], [])


def test_what_was_moved_fires_when_it_is_due_now(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    row = _start(cast.ana.agency, 1)
    deadlines.move(row, clock.now() + 4 * HOUR)
    clock_at.forward(2 * HOUR)
    assert deadlines.sweep() == 0
    clock_at.forward(3 * HOUR)
    assert deadlines.sweep() == 1


def test_it_escalates_once_and_at_once_by_default(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    row = _start(cast.ana.agency)
    clock_at.forward(2 * HOUR)
    deadlines.sweep()
    deadlines.sweep()
    assert heard.escalated == [row.pk]
    assert Deadline.objects.get().escalated_at


def test_it_reminds_once_of_what_lasts_longer_than_a_day(
    cast: Cast, heard: Heard, clock_at: ClockHand
) -> None:
    long, _short = _start(cast.ana.agency, 30), _start(cast.ana.agency, 24)
    clock_at.forward(21 * HOUR)
    deadlines.sweep()
    assert heard.reminded == []
    clock_at.forward(6 * HOUR)
    deadlines.sweep()
    deadlines.sweep()
    assert heard.reminded == [long.pk]
    clock_at.forward(9 * HOUR)
    deadlines.sweep()
    assert (heard.reminded, heard.overdue[-1]) == ([long.pk], long.pk)


def test_an_agency_may_wait_before_it_escalates(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    PolicyValue.objects.create(key="escalation.after", agency=cast.ana.agency, value=6)
    policy.forget_kept()
    patient, prompt = _start(cast.ana.agency), _start(cast.omar.agency)
    clock_at.forward(2 * HOUR)
    assert deadlines.sweep() == 2
    assert heard.escalated == [prompt.pk]
    clock_at.forward(5 * HOUR)
    deadlines.sweep()
    assert heard.escalated == [prompt.pk]
    clock_at.forward(2 * HOUR)
    assert deadlines.sweep() == 0
    assert heard.escalated == [prompt.pk, patient.pk]


def test_what_was_met_meanwhile_does_not_escalate(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    PolicyValue.objects.create(key="escalation.after", agency=cast.ana.agency, value=6)
    policy.forget_kept()
    row = _start(cast.ana.agency)
    clock_at.forward(2 * HOUR)
    deadlines.sweep()
    deadlines.meet(row.case_id, row.kind)
    clock_at.forward(9 * HOUR)
    deadlines.sweep()
    assert heard.escalated == []


def test_one_that_fails_holds_nobody_up_and_is_tried_again(
    cast: Cast, heard: Heard, clock_at: ClockHand
) -> None:
    bad, good = _start(cast.ana.agency, 1), _start(cast.ana.agency, 2)
    broken = {bad.pk}

    def fail(deadline: Deadline) -> None:
        if deadline.pk in broken:
            raise OSError

    deadlines.on_overdue(fail)
    clock_at.forward(3 * HOUR)
    with pytest.raises(ExceptionGroup) as failed:
        deadlines.sweep()
    assert [type(error) for error in failed.value.exceptions] == [OSError]
    assert Deadline.objects.get(pk=good.pk).overdue_at
    assert Deadline.objects.get(pk=bad.pk).overdue_at is None
    broken.clear()
    assert deadlines.sweep() == 1
    assert Deadline.objects.get(pk=bad.pk).overdue_at


def test_upper_rooms_register(heard: Heard, cast: Cast, clock_at: ClockHand) -> None:
    told: list[str] = []
    deadlines.on_change(lambda case_id: told.append("changed"))
    deadlines.on_remind(lambda deadline: told.append("soon"))
    deadlines.on_overdue(lambda deadline: told.append("overdue"))
    deadlines.on_escalate(lambda deadline: told.append("escalated"))
    _start(cast.ana.agency, 25)
    for hours in (22, 5):
        clock_at.forward(hours * HOUR)
        deadlines.sweep()
    assert told == ["changed", "soon", "overdue", "escalated"]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_fire_each_once(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    rows = [_start(cast.ana.agency, hours / 10) for hours in range(40)]
    clock_at.forward(5 * HOUR)
    together, counts, failures = Barrier(3), list[int](), list[Exception]()

    def run() -> None:
        try:
            together.wait(timeout=20)
            counts.append(deadlines.sweep())
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert sum(counts) == len(rows)
    assert Counter(heard.overdue) == Counter(row.pk for row in rows)
    assert Counter(heard.escalated) == Counter(row.pk for row in rows)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_meeting_does_not_fire(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    busy, free = _start(cast.ana.agency, 1), _start(cast.ana.agency, 2)
    clock_at.forward(3 * HOUR)
    swept: list[int] = []

    def run() -> None:
        try:
            swept.append(deadlines.sweep())
        finally:
            connection.close()

    with transaction.atomic():
        deadlines.meet(busy.case_id, busy.kind)
        thread = Thread(target=run)
        thread.start()
        thread.join(timeout=20)
        assert swept == [1]
    assert heard.overdue == [free.pk]
    assert deadlines.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_a_callback_that_fails_leaves_no_mark_behind(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    row = _start(cast.ana.agency)

    def write_then_fail(deadline: Deadline) -> None:
        Deadline.objects.filter(pk=deadline.pk).update(kind="spoilt")
        raise OSError

    deadlines.on_overdue(write_then_fail)
    clock_at.forward(2 * HOUR)
    with pytest.raises(ExceptionGroup):
        deadlines.sweep()
    assert (Deadline.objects.get().overdue_at, Deadline.objects.get().kind) == (None, row.kind)


def test_the_worker_sweeps_every_minute() -> None:
    periodic = app.periodic_registry.periodic_tasks[sweep_deadlines.name, ""]
    assert (periodic.cron, sweep_deadlines.queueing_lock) == ("* * * * *", "workflow.sweep_deadlines")


def test_the_task_sweeps(cast: Cast, heard: Heard, clock_at: ClockHand) -> None:
    row = _start(cast.ana.agency)
    clock_at.forward(2 * HOUR)
    sweep_deadlines.func(timestamp=0)
    assert heard.overdue == [row.pk]
