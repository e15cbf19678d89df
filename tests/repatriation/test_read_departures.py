"""Departures month by month: planned, with what blocks each, and done; each reader's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from cases.models import Case
from repatriation.models import Journey, Return
from tests.cases.asking import get
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import planned
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "travel_planned")


def rows(user: Any, month: str = "2026-06") -> tuple[list[Any], list[Any]]:
    page = get(user, "departures", month=month)
    assert page.status_code == 200
    return page.context["planned"], page.context["done"]


def test_a_planned_one_stands_in_its_month_with_what_blocks_it(people: Company, way: Return) -> None:
    (row,), done = rows(people.ana)
    assert done == []
    assert (str(row.day), row.code, row.is_late) == ("2026-06-20", way.case.code, False)
    assert len(row.blocks) == 3
    body = get(people.ana, "departures").content.decode()
    assert "Saturday 20 June" in body
    assert "The plan for the time afterwards is accepted where the child goes." in body
    for month in ("2026-05", "2026-07"):
        assert rows(people.ana, month) == ([], [])


def test_a_moved_one_stands_where_it_is_now(people: Company, way: Return) -> None:
    planned(way, people.ana, days=20)
    assert rows(people.ana) == ([], [])
    (row,), _done = rows(people.ana, "2026-07")
    assert str(row.day) == "2026-07-05"


def test_one_that_has_departed_stands_among_those(people: Company, case: Case) -> None:
    way = ways.at(people, case, "ready")
    ways.day_has_come(way)
    ways.step(way, "depart", people.eskort)
    open_ones, (row,) = rows(people.ana)
    assert open_ones == []
    # On the day on which it left, not on the planned one.
    assert (str(row.day), row.blocks, row.is_done) == ("2026-06-15", [], True)


def test_one_whose_day_has_passed_says_so(people: Company, way: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=6))
    (row,), _done = rows(people.ana)
    assert row.is_late
    assert "This day has passed" in get(people.ana, "departures").content.decode()


def test_it_was_given_up(people: Company, way: Return) -> None:
    ways.step(way, "withdraw", people.ana)
    assert rows(people.ana) == ([], [])


def test_each_reader_finds_its_own(people: Company, way: Return) -> None:
    for reader in (people.konsul, people.tomas, people.eskort):
        (row,), _done = rows(reader)
        # No code of the case, and not what is wrong with it.
        assert (row.code, row.blocks) == ("", [])
        assert way.case.code not in get(reader, "departures").content.decode()
    (row,), _done = rows(people.sami)
    assert row.code == way.case.code
    for stranger in (people.cast.omar, people.cast.petra, people.pavel):
        assert rows(stranger) == ([], [])
    for nobody in (people.cast.aida, people.cast.stella, people.cast.admin, people.cast.hotline):
        assert get(nobody, "departures").status_code == 403


def test_whoever_is_listed_is_recorded(people: Company, way: Return) -> None:
    rows(people.ana)
    event = AuditEvent.objects.filter(actor=people.ana, verb="case.listed", case_id=way.case_id).latest("id")
    assert "assignment" in event.details["basis"]


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "x", "2026-06-01"])
def test_whatever_else_stands_there_is_this_month(people: Company, way: Return, month: str) -> None:
    assert len(rows(people.ana, month)[0]) == 1


def test_more_departures_ask_no_more_questions(people: Company, way: Return) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(people.ana, "departures").status_code == 200
        return len(queries)

    asked()
    one = asked()
    ways.at(people, ways.active_case(people.cast), "travel_planned")
    assert Journey.objects.count() == 2
    assert len(rows(people.ana)[0]) == 2
    assert asked() == one
