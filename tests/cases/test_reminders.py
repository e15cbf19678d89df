"""Before something is due its worker hears of it once, and once when it has passed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import clock
from accounts import policy
from accounts.models import PolicyValue, User
from cases.models import Case, Task, Visit
from cases.models.choices import Basis
from cases.services.clocks import end_of_day
from cases.services.cover import arrange_cover
from tests.cases import files
from tests.cases.asking import clock_of, told
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines

HOUR = timedelta(hours=1)
# A Monday in summer, noon in Vienna.
NOON = datetime(2026, 6, 15, 10, tzinfo=UTC)
DUE = NOON + timedelta(days=2)
SOON, LATE = "due.soon", "overdue.contact"


@pytest.fixture(autouse=True)
def noon(clock_at: Any) -> None:
    clock_at(NOON)


@kept
def contact(case: Case) -> Case:
    """Ana has to speak with the child in two days, and nothing else."""
    deadlines.cancel_all(case.pk)
    deadlines.start(case.pk, "contact", DUE, agency=case.agency)
    return case


def sweep() -> None:
    for _minute in range(2):
        deadlines.sweep()


def test_it_comes_once_some_hours_before(cast: Cast, contact: Case, clock_at: Any) -> None:
    clock_at(DUE - 4 * HOUR - timedelta(minutes=1))
    sweep()
    assert SOON not in told(cast.ana)
    clock_at(DUE - 4 * HOUR)
    sweep()
    clock_at(DUE - HOUR)
    sweep()
    assert told(cast.ana).count(SOON) == 1
    assert clock_of(contact, "contact").reminded_at
    assert SOON not in told(cast.sami) + told(cast.ben)


def test_the_worker_hears_once_that_it_has_passed_and_the_supervisor_once(
    cast: Cast, contact: Case, clock_at: Any
) -> None:
    clock_at(DUE)
    sweep()
    clock_at(DUE + 9 * HOUR)
    sweep()
    assert told(cast.ana).count(LATE) == told(cast.sami).count(LATE) == 1
    # A reminder of what has passed already reminds nobody.
    assert SOON not in told(cast.ana)
    assert LATE not in told(cast.ben) + told(cast.omar)


def test_the_supervisor_waits_as_long_as_the_agency_wants(cast: Cast, contact: Case, clock_at: Any) -> None:
    PolicyValue.objects.create(key="escalation.after", agency=contact.agency, value=6)
    policy.forget_kept()
    clock_at(DUE)
    sweep()
    assert (LATE in told(cast.ana), LATE in told(cast.sami)) == (True, False)
    clock_at(DUE + 6 * HOUR)
    sweep()
    assert told(cast.ana).count(LATE) == told(cast.sami).count(LATE) == 1


def test_what_is_short_has_no_reminder(cast: Cast, contact: Case, clock_at: Any) -> None:
    deadlines.start(contact.pk, "first_response", NOON + 24 * HOUR, agency=contact.agency)
    clock_at(NOON + 21 * HOUR)
    sweep()
    assert SOON not in told(cast.ana)


@pytest.mark.parametrize(("hours", "before", "reminded"), [(20, 20, True), (20, 21, False), (0, 1, False)])
def test_the_agency_decides_how_early(
    cast: Cast, contact: Case, clock_at: Any, hours: int, before: int, reminded: bool
) -> None:
    PolicyValue.objects.create(key="reminder.before_hours", agency=contact.agency, value=hours)
    policy.forget_kept()
    clock_at(DUE - before * HOUR)
    sweep()
    assert (SOON in told(cast.ana)) is reminded


def test_what_is_met_reminds_nobody(cast: Cast, contact: Case, clock_at: Any) -> None:
    deadlines.meet(contact.pk, "contact")
    clock_at(DUE - HOUR)
    sweep()
    clock_at(DUE + HOUR)
    sweep()
    assert {SOON, LATE} & set(told(cast.ana)) == set()


def test_what_gets_more_time_is_reminded_of_anew(cast: Cast, contact: Case, clock_at: Any) -> None:
    clock_at(DUE - HOUR)
    sweep()
    deadlines.move(clock_of(contact, "contact"), DUE + timedelta(days=7))
    sweep()
    assert told(cast.ana).count(SOON) == 1
    clock_at(DUE + timedelta(days=7) - HOUR)
    sweep()
    assert told(cast.ana).count(SOON) == 2
    deadlines.move(clock_of(contact, "contact"), DUE + timedelta(days=7) - HOUR / 2)
    sweep()
    assert told(cast.ana).count(SOON) == 2


def test_whoever_covers_hears_it_too(cast: Cast, contact: Case, clock_at: Any) -> None:
    arrange_cover(
        actor=cast.sami,
        worker=cast.ana,
        covered_by=cast.ben,
        until=end_of_day(date(2026, 6, 20), cast.ana.agency),
    )
    clock_at(DUE - HOUR)
    sweep()
    clock_at(DUE)
    sweep()
    for worker in (cast.ana, cast.ben):
        assert (told(worker).count(SOON), told(worker).count(LATE)) == (1, 1)


def test_who_left_the_agency_hears_nothing(cast: Cast, contact: Case, clock_at: Any) -> None:
    User.objects.filter(pk=cast.ana.pk).update(agency=cast.omar.agency)
    clock_at(DUE)
    sweep()
    assert LATE not in told(cast.ana)
    assert LATE in told(cast.sami)


def test_a_task_reminds_the_one_who_is_to_do_it_while_it_sees_the_case(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    files.ground(
        case, Basis.PERSONAL, account=cast.petra, until=DUE + HOUR, sections=["medical"], may_write=True
    )
    for doer in (cast.petra, cast.omar):
        task = Task(case=case, assignee=doer, due_on=DUE.date(), made_by=cast.ana)
        task.words = "Bring the papers"
        task.save()
        deadlines.start(case.pk, "task", DUE, agency=case.agency, params={"task": str(task.pk)})
    visit = Visit.objects.create(
        case=case, kind="home", planned_on=DUE.date(), visitor=cast.petra, planned_by=cast.ana
    )
    deadlines.start(case.pk, "visit", DUE, agency=case.agency, params={"visit": str(visit.pk)})
    clock_at(DUE - HOUR)
    sweep()
    assert told(cast.petra).count(SOON) == 2
    assert SOON not in told(cast.omar)
    assert told(cast.ana).count(SOON) == 3


def test_a_report_that_nobody_has_taken_escalates_to_the_desk_alone(cast: Cast, clock_at: Any) -> None:
    files.reported(cast)
    clock_at(clock.now() + 2 * HOUR)
    sweep()
    assert told(cast.ana).count("overdue.report") == told(cast.sami).count("overdue.report") == 1
