"""What a handover does to the case: its lasting solution, and who still sees it."""

from datetime import timedelta
from typing import Any

import pytest

from cases.models import Case
from cases.services.steps import take_step
from repatriation.models import Return
from tests.cases.asking import get
from tests.cases.facts import settled_tracks
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company
from workflow.machine import Refused


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def arrived(people: Company, case: Case) -> Return:
    way = handovers.arrived(people, case)
    settled_tracks(way.case, people.ana)
    return ways.fresh_row(way)


@kept
def given(people: Company, arrived: Return) -> Return:
    ways.signed_by_two(people, arrived)
    return ways.step(arrived, "hand_over", people.tomas)


def begins_monitoring(people: Company, way: Return) -> str:
    take_step(way.case_id, "begin_monitoring", actor=people.ana)
    return str(ways.fresh_row(way).case.state)


def lacks(people: Company, way: Return) -> set[str]:
    with pytest.raises(Refused) as refused:
        take_step(way.case_id, "begin_monitoring", actor=people.ana)
    return {failure.code for failure in refused.value.failures}


# The lasting solution


def test_the_case_goes_to_monitoring_only_after_the_handover(people: Company, arrived: Return) -> None:
    assert lacks(people, arrived) == {"durable_solution"}
    ways.signed_by_two(people, arrived)
    ways.step(arrived, "hand_over", people.tomas)
    assert begins_monitoring(people, arrived) == "monitoring"


def test_an_alert_takes_it_back_until_the_visits_go_on(people: Company, given: Return) -> None:
    assert begins_monitoring(people, given) == "monitoring"
    ways.step(given, "raise_alert", people.tomas)
    assert ways.fresh_row(given).case.state == "active"
    assert lacks(people, given) == {"durable_solution"}
    ways.step(given, "go_on_visiting", people.ana)
    assert begins_monitoring(people, given) == "monitoring"


@pytest.mark.parametrize("way_on", ["alert_to_panel", "end"])
def test_it_does_not_come_back_otherwise(people: Company, given: Return, way_on: str) -> None:
    ways.step(given, "raise_alert", people.tomas)
    if way_on == "end":
        ways.end_proposed(people, given)
    ways.step(given, way_on, people.sami)
    assert lacks(people, given) == {"durable_solution"}


def test_a_handover_that_failed_gives_none(people: Company, arrived: Return) -> None:
    ways.step(arrived, "fail_handover", people.eskort)
    assert lacks(people, arrived) == {"durable_solution"}
    ways.step(arrived, "decide_anew", people.ana)
    assert lacks(people, arrived) == {"durable_solution"}


# Who still sees it


def answers(people: Company, way: Return) -> list[int]:
    pages = [("return", way.pk), ("handover", way.pk), ("case_calendar", way.case_id)]
    return [get(people.eskort, name, pk).status_code for name, pk in pages]


def test_the_escort_reads_it_for_two_days_more(people: Company, given: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(hours=47))
    assert answers(people, given)[:2] == [200, 200]
    assert f"/returns/{given.pk}/" in get(people.eskort, "returns").content.decode()
    clock_at.forward(timedelta(hours=1, minutes=1))
    assert answers(people, given) == [404, 404, 404]
    assert f"/returns/{given.pk}/" not in get(people.eskort, "returns").content.decode()


def test_the_escort_never_reads_the_visits(people: Company, given: Return) -> None:
    assert get(people.eskort, "monitoring", given.pk).status_code == 404


def test_the_receiver_reads_it_while_the_visits_run(people: Company, given: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=300))
    for name in ("return", "monitoring", "handover"):
        assert get(people.tomas, name, given.pk).status_code == 200
    assert get(people.tomas, "case_calendar", given.case_id).status_code in (200, 404)
