"""Readiness ends by itself when something on which it rests is too old: once, whoever sweeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import clock
from accounts import policy
from accounts.models import AuditEvent
from cases.models import Case, TravelFitness
from repatriation.models import Assent, Panel, Return
from repatriation.services import clocks
from tests.cases.asking import clock_of, running, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company, fresh_row
from workflow import deadlines


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "ready")


def came_back(way: Return) -> int:
    return fresh_row(way).events.filter(kind="plan_again").count()


def test_it_ends_with_the_last_day_of_what_the_child_said(way: Return) -> None:
    """Said on Monday, within seven days: the last is the Monday after, to its end in Vienna."""
    assert way.ready_until == datetime(2026, 6, 22, 22, tzinfo=UTC)
    assert clock_of(way.case, clocks.READY_UNTIL).due_at == way.ready_until


def test_it_goes_back_once_and_says_so_once(people: Company, way: Return, clock_at: Any) -> None:
    assert way.ready_until
    clock_at(way.ready_until - timedelta(seconds=30))
    deadlines.sweep()
    assert fresh_row(way).state == "ready"
    clock_at(way.ready_until + timedelta(seconds=1))
    deadlines.sweep()
    deadlines.sweep()
    now = fresh_row(way)
    assert (now.state, now.ready_until) == ("travel_planned", None)
    assert came_back(way) == 1
    assert told(people.sami).count("return.plan_again") == 1
    assert AuditEvent.objects.filter(case_id=way.case_id, verb="return.plan_again").count() == 1
    assert clocks.READY_UNTIL not in running(way.case)
    clock_at.forward(timedelta(days=1))
    deadlines.sweep()
    assert came_back(way) == 1


def test_nobody_departs_between_the_moment_and_the_sweep(people: Company, way: Return, clock_at: Any) -> None:
    assert way.ready_until
    clock_at(way.ready_until + timedelta(seconds=1))
    ways.day_has_come(way)
    with pytest.raises(Exception, match="not_run_out"):
        ways.step(way, "depart", people.eskort)
    assert fresh_row(way).state == "ready"


def test_who_departed_in_time_is_left_alone(people: Company, way: Return, clock_at: Any) -> None:
    ways.day_has_come(way)
    ways.step(way, "depart", people.eskort)
    clock_at.forward(timedelta(days=8))
    deadlines.sweep()
    assert fresh_row(way).state == "departed"
    assert came_back(way) == 0


def test_made_ready_again_it_runs_anew(people: Company, way: Return, clock_at: Any) -> None:
    assert way.ready_until
    first = way.ready_until
    clock_at(first + timedelta(seconds=1))
    deadlines.sweep()
    # The planned day has passed by then.
    ways.assent_given(people, way)
    again = ways.step(way, "make_ready", people.sami)
    assert again.ready_until
    assert again.ready_until > first
    clock_at(again.ready_until + timedelta(seconds=1))
    deadlines.sweep()
    assert came_back(way) == 2


def days_ago(days: int) -> Any:
    return clock.today("Europe/Vienna") - timedelta(days=days)


def test_what_runs_out_first_counts(people: Company, case: Case) -> None:
    way = ways.before(people, case, "make_ready")
    TravelFitness.objects.filter(case=case).update(certified_on=days_ago(4))
    first = ways.step(way, "make_ready", people.sami)
    # Ten days from the 11th.
    assert first.ready_until == datetime(2026, 6, 21, 22, tzinfo=UTC)
    ways.step(first, "plan_again", people.ana)
    closed = clock.now() - timedelta(days=policy.get("return.decision_days", agency=case.agency) - 5)
    Panel.objects.filter(way=way).update(closed_at=closed)
    Assent.objects.filter(way=way).update(given_on=days_ago(0))
    again = ways.step(way, "make_ready", people.sami)
    assert again.ready_until == closed + timedelta(days=183)
