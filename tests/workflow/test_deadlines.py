"""Clocks that run for a case: begun, moved, met, cancelled."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

import clock
from accounts.models import Agency
from tests.cast import Cast
from tests.conftest import ClockHand
from workflow import deadlines
from workflow.models import Deadline

HOUR = timedelta(hours=1)
CASE = uuid4()


@pytest.fixture
def agency(cast: Cast) -> Agency:
    return cast.ana.agency


@pytest.fixture(autouse=True)
def changed(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Cases whose change was told; nobody else listens, since no such case exists."""
    told: list[UUID] = []
    monkeypatch.setattr(deadlines, "_overdue", [])
    monkeypatch.setattr(deadlines, "_escalate", [])
    monkeypatch.setattr(deadlines, "_changed", [told.append])
    return told


def test_it_runs_from_now_until_due(agency: Agency, changed: list[UUID]) -> None:
    due_at = clock.now() + HOUR
    started = deadlines.start(CASE, "assign", due_at, agency=agency)
    row = Deadline.objects.get()
    assert (row.pk, row.case_id, row.kind, row.due_at, row.is_open) == (
        started.pk,
        CASE,
        "assign",
        due_at,
        True,
    )
    assert abs(row.starts_at - clock.now()) < timedelta(seconds=30)
    assert changed == [CASE]


def test_starting_it_again_moves_it(agency: Agency, changed: list[UUID]) -> None:
    first = deadlines.start(CASE, "assign", clock.now() + HOUR, agency=agency)
    later = clock.now() + 3 * HOUR
    again = deadlines.start(CASE, "assign", later, agency=agency)
    assert (again.pk, Deadline.objects.get().due_at) == (first.pk, later)
    assert changed == [CASE, CASE]


def test_params_tell_two_of_a_kind_apart(agency: Agency) -> None:
    for guard in ("age", "consent", "age"):
        deadlines.start(CASE, "evidence", clock.now() + HOUR, agency=agency, params={"guard": guard})
    assert Deadline.objects.count() == 2
    assert deadlines.meet(CASE, "evidence", {"guard": "age"}) == 1
    assert Deadline.objects.open().get().params == {"guard": "consent"}


def test_the_database_keeps_two_alike_from_running(agency: Agency) -> None:
    row = deadlines.start(CASE, "assign", clock.now(), agency=agency, params={"a": 1, "b": 2})
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(
            case_id=CASE, kind="assign", due_at=clock.now(), agency=agency, params={"b": 2, "a": 1}
        )
    assert Deadline.objects.get() == row


def test_what_was_met_stays_and_a_new_one_may_run(agency: Agency, changed: list[UUID]) -> None:
    deadlines.start(CASE, "contact", clock.now() + HOUR, agency=agency)
    assert deadlines.meet(CASE, "contact") == 1
    assert deadlines.meet(CASE, "contact") == 0
    assert changed == [CASE, CASE]
    deadlines.start(CASE, "contact", clock.now() + 2 * HOUR, agency=agency)
    assert (Deadline.objects.count(), Deadline.objects.open().count()) == (2, 1)


def test_meeting_one_kind_leaves_the_others(agency: Agency) -> None:
    for kind in ("assign", "assessment"):
        deadlines.start(CASE, kind, clock.now() + HOUR, agency=agency)
    deadlines.meet(CASE, "assign")
    assert Deadline.objects.open().get().kind == "assessment"


def test_cancelling_ends_all_of_one_case(agency: Agency, changed: list[UUID]) -> None:
    other = uuid4()
    for case_id, kind in ((CASE, "assign"), (CASE, "assessment"), (other, "assign")):
        deadlines.start(case_id, kind, clock.now() + HOUR, agency=agency)
    assert deadlines.cancel_all(CASE) == 2
    assert changed[3:] == [CASE]
    assert Deadline.objects.open().get().case_id == other
    assert Deadline.objects.filter(cancelled_at__isnull=False).count() == 2


def test_open_ones_come_soonest_first(agency: Agency) -> None:
    other, stranger = uuid4(), uuid4()
    for hours, case_id in ((3, CASE), (1, other), (2, stranger)):
        deadlines.start(case_id, "assign", clock.now() + hours * HOUR, agency=agency)
    deadlines.start(CASE, "met", clock.now(), agency=agency)
    deadlines.meet(CASE, "met")
    assert [row.case_id for row in deadlines.open_for([CASE, other])] == [other, CASE]


def test_moving_keeps_where_it_began(agency: Agency) -> None:
    began = clock.now() - 5 * HOUR
    row = deadlines.start(CASE, "assign", clock.now() + HOUR, agency=agency, starts_at=began)
    moved = deadlines.move(row, clock.now() + 2 * HOUR)
    assert (moved.pk, moved.starts_at) == (row.pk, began)


def test_moving_to_the_same_time_changes_nothing(agency: Agency, changed: list[UUID]) -> None:
    row = deadlines.start(CASE, "assign", clock.now() + HOUR, agency=agency)
    deadlines.move(row, row.due_at)
    assert changed == [CASE]


def test_what_has_ended_does_not_move(agency: Agency) -> None:
    row = deadlines.start(CASE, "assign", clock.now() + HOUR, agency=agency)
    deadlines.meet(CASE, "assign")
    deadlines.move(row, clock.now() + 9 * HOUR)
    assert Deadline.objects.get().due_at == row.due_at


def test_one_that_was_overdue_and_gets_new_time_fires_anew(agency: Agency, clock_at: ClockHand) -> None:
    began = clock.now()
    row = deadlines.start(CASE, "assign", began + HOUR, agency=agency, starts_at=began)
    clock_at.forward(2 * HOUR)
    assert deadlines.sweep() == 1
    successor = deadlines.move(row, began + 3 * HOUR)
    assert (successor.pk != row.pk, successor.starts_at, successor.overdue_at) == (True, began, None)
    assert Deadline.objects.open().get() == successor
    clock_at.forward(2 * HOUR)
    assert deadlines.sweep() == 1


def test_one_that_was_overdue_and_still_is_does_not_fire_twice(agency: Agency, clock_at: ClockHand) -> None:
    began = clock.now()
    row = deadlines.start(CASE, "assign", began + HOUR, agency=agency)
    clock_at.forward(5 * HOUR)
    assert deadlines.sweep() == 1
    assert deadlines.move(row, began + 3 * HOUR).pk == row.pk
    assert deadlines.sweep() == 0
