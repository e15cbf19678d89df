"""A consulate that does not answer is reminded three times, once each; the last reminder goes to the supervisors."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts import policy
from accounts.models import Notification, User
from cases.models import Case
from repatriation.models import Return
from repatriation.services import clocks
from tests.cases.asking import get
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company
from workflow import deadlines
from workflow.models import Deadline
from workflow.tasks import sweep_deadlines

REMINDED = "overdue.return_verification"
# Three weeks before the clocks go back in Vienna, at a quarter to midnight there.
IN_AUTUMN = datetime(2026, 10, 10, 21, 45, tzinfo=UTC)


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "verification_requested")


def heard(*users: User) -> list[int]:
    """How often each was told."""
    told = Counter(Notification.objects.filter(kind=REMINDED).values_list("receiver", flat=True))
    return [told[user.pk] for user in users]


def sweep_twice() -> None:
    """As one job worker does, and as the next does that was started in its place: neither remembers anything."""
    sweep_deadlines.func(timestamp=0)
    policy.forget_kept()
    deadlines.sweep()


def test_each_reminder_fires_once_and_the_last_escalates(
    people: Company, way: Return, clock_at: ClockHand
) -> None:
    everybody = (people.konsul, people.ana, people.sami, people.vera)
    expected = {14: [0, 0, 0, 0], 15: [1, 1, 0, 0], 30: [2, 2, 0, 0], 59: [2, 2, 0, 0], 60: [3, 3, 1, 1]}
    passed = 0
    for days, times in expected.items():
        clock_at.forward(timedelta(days=days - passed, minutes=1))
        passed = days
        for _sweep in range(3):
            sweep_twice()
        assert heard(*everybody) == times, days
    clock_at.forward(timedelta(days=300))
    sweep_twice()
    assert heard(*everybody) == [3, 3, 1, 1]


def test_an_earlier_reminder_is_over_when_it_was_given(
    people: Company, way: Return, clock_at: ClockHand
) -> None:
    """Nothing is late before the last day; then one thing is, and not three."""
    clock_at.forward(timedelta(days=31))
    sweep_twice()
    rows = Deadline.objects.filter(kind=clocks.REMIND_CONSULATE).order_by("due_at")
    assert [bool(row.met_at) for row in rows] == [True, True, False]
    assert [row.overdue_at is not None for row in rows] == [True, True, False]
    text = get(people.konsul, "consular", way.pk).content.decode()
    assert text.count("reminded on") == 2
    assert "the supervisors hear of it on" in text


@pytest.mark.parametrize("edge", ["verify_nationality", "deny_nationality", "find_inconclusive"])
def test_whoever_has_answered_is_not_reminded(
    people: Company, way: Return, clock_at: ClockHand, edge: str
) -> None:
    clock_at.forward(timedelta(days=20))
    sweep_twice()
    ways.step(way, edge, people.konsul)
    before = heard(people.konsul, people.ana, people.sami)
    clock_at.forward(timedelta(days=60))
    sweep_twice()
    assert heard(people.konsul, people.ana, people.sami) == before


def test_asked_again_it_begins_anew(people: Company, way: Return, clock_at: ClockHand) -> None:
    clock_at.forward(timedelta(days=16))
    sweep_twice()
    ways.step(way, "find_inconclusive", people.konsul)
    ways.step(way, "ask_again", people.ana)
    clock_at.forward(timedelta(days=14))
    sweep_twice()
    assert heard(people.konsul) == [1]
    clock_at.forward(timedelta(days=1, minutes=1))
    sweep_twice()
    assert heard(people.konsul) == [2]


def test_over_the_night_on_which_the_clocks_change(people: Company, case: Case, clock_at: ClockHand) -> None:
    """Fifteen days later at the same hour of the place, though that is an hour later by UTC; and once."""
    clock_at(IN_AUTUMN)
    way = ways.at(people, case, "verification_requested")
    begun = Deadline.objects.filter(kind=clocks.REMIND_CONSULATE).order_by("due_at")[0]
    vienna = ZoneInfo("Europe/Vienna")
    hours = [moment.astimezone(vienna).strftime("%d %H") for moment in (begun.starts_at, begun.due_at)]
    assert hours == ["10 23", "25 23"]
    assert begun.due_at - begun.starts_at > timedelta(days=15)
    # Every half hour of the night, the doubled hour among them.
    clock_at(begun.due_at - timedelta(hours=26))
    for _half_hour in range(60):
        clock_at.forward(timedelta(minutes=30))
        deadlines.sweep()
    assert heard(people.konsul, people.ana) == [1, 1]
    assert Return.objects.get(pk=way.pk).state == "verification_requested"


def test_a_busy_case_is_reminded_by_the_next_sweep(
    people: Company, way: Return, clock_at: ClockHand, monkeypatch: Any
) -> None:
    """A step is being taken: nothing is half done, and nothing is lost."""

    def busy(_way: Return) -> Return:
        raise deadlines.Later

    clock_at.forward(timedelta(days=16))
    with monkeypatch.context() as held:
        held.setattr("repatriation.services.alarms.locked_at_once", busy)
        deadlines.sweep()
    assert heard(people.konsul, people.ana) == [0, 0]
    deadlines.sweep()
    assert heard(people.konsul, people.ana) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(people: Company, case: Case, clock_at: ClockHand) -> None:
    ways.at(people, case, "verification_requested")
    clock_at.forward(timedelta(days=61))
    together, failures = Barrier(2), list[Exception]()

    def run() -> None:
        try:
            together.wait(timeout=20)
            deadlines.sweep()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    # One that met a case in the other's hands leaves it to the next sweep.
    sweep_twice()
    assert heard(people.konsul, people.ana, people.sami) == [3, 3, 1]


def test_the_days_are_the_agencys_own(people: Company, case: Case, clock_at: ClockHand) -> None:
    policy.set_value("return.reminder_days.first", 5, actor=people.cast.admin, country="XA")
    ways.at(people, case, "verification_requested")
    clock_at.forward(timedelta(days=5, minutes=1))
    sweep_twice()
    assert heard(people.konsul) == [1]
