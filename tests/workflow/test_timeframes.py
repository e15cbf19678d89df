"""How soon things are due, by risk, where the agency works."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts import policy
from accounts.models import PolicyValue
from tests.cast import Cast
from workflow.timeframes import KINDS, RISKS, due, later

VIENNA = ZoneInfo("Europe/Vienna")
# A Wednesday.
START = datetime(2026, 3, 4, 15, 30, tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("kind", "risk", "expected"),
    [
        ("assign", "high", datetime(2026, 3, 4, 16, 30, tzinfo=VIENNA)),
        ("assign", "medium", datetime(2026, 3, 4, 18, 30, tzinfo=VIENNA)),
        ("assign", "low", datetime(2026, 3, 4, 18, 30, tzinfo=VIENNA)),
        ("first_response", "high", datetime(2026, 3, 5, 15, 30, tzinfo=VIENNA)),
        ("first_response", "medium", datetime(2026, 3, 7, 15, 30, tzinfo=VIENNA)),
        ("first_response", "low", datetime(2026, 3, 13, 15, 30, tzinfo=VIENNA)),
        ("assessment", "high", datetime(2026, 3, 7, 15, 30, tzinfo=VIENNA)),
        ("assessment", "medium", datetime(2026, 3, 11, 15, 30, tzinfo=VIENNA)),
        ("assessment", "low", datetime(2026, 3, 18, 15, 30, tzinfo=VIENNA)),
        ("contact", "high", datetime(2026, 3, 11, 15, 30, tzinfo=VIENNA)),
        ("contact", "medium", datetime(2026, 3, 18, 15, 30, tzinfo=VIENNA)),
        ("contact", "low", datetime(2026, 4, 4, 15, 30, tzinfo=VIENNA)),
        ("plan_review", "high", datetime(2026, 3, 18, 15, 30, tzinfo=VIENNA)),
        ("plan_review", "medium", datetime(2026, 4, 4, 15, 30, tzinfo=VIENNA)),
        ("plan_review", "low", datetime(2026, 6, 4, 15, 30, tzinfo=VIENNA)),
    ],
)
def test_the_table(cast: Cast, kind: str, risk: str, expected: datetime) -> None:
    answer = due(kind, risk, START, cast.ana.agency)
    assert answer == expected
    assert answer.tzinfo is UTC


@pytest.mark.parametrize("kind", KINDS)
def test_unset_risk_runs_the_high_clocks(cast: Cast, kind: str) -> None:
    assert due(kind, "", START, cast.ana.agency) == due(kind, "high", START, cast.ana.agency)


def test_what_is_not_in_the_table_is_a_bug(cast: Cast) -> None:
    with pytest.raises(KeyError):
        due("assign", "enormous", START, cast.ana.agency)
    with pytest.raises(KeyError):
        due("dance", "high", START, cast.ana.agency)


def test_an_agency_may_set_its_own(cast: Cast) -> None:
    PolicyValue.objects.create(key="timeframe.assign.high", agency=cast.ana.agency, value=2)
    policy.forget_kept()
    assert due("assign", "high", START, cast.ana.agency).hour == 16
    assert due("assign", "high", START, cast.omar.agency).hour == 15


def test_every_cell_can_be_changed_and_says_what_it_is() -> None:
    cells = {each.key: each for each in policy.registered() if each.key.startswith("timeframe.")}
    assert len(cells) == len(KINDS) * len(RISKS)
    low = cells["timeframe.first_response.low"]
    assert (low.default, str(low.unit)) == (7, "working days")
    assert str(low.sentence) == "How soon the child is first seen: low risk."


def test_a_day_keeps_its_hour_when_summer_begins_and_hours_do_not(cast: Cast) -> None:
    """Clocks go forward in Vienna on 29 March 2026."""
    eve = datetime(2026, 3, 28, 9, 0, tzinfo=VIENNA)
    assert later(eve, 7, "days", cast.ana.agency).astimezone(VIENNA).hour == 9
    assert later(eve.astimezone(UTC), 24, "hours", cast.ana.agency).astimezone(VIENNA).hour == 10


def test_days_are_the_agencys_own(cast: Cast) -> None:
    """Late on the 31st of January in UTC it is February in Chisinau; a month later it is March there."""
    late = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
    assert later(late, 1, "months", cast.tomas.agency) == datetime(
        2026, 3, 1, 1, 0, tzinfo=ZoneInfo("Europe/Chisinau")
    )


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 10, 31), 12, (2027, 10, 31)),
        ((2026, 5, 31), 0, (2026, 5, 31)),
    ],
)
def test_months_are_calendar_months(
    cast: Cast, start: tuple[int, int, int], months: int, expected: tuple[int, int, int]
) -> None:
    answer = later(datetime(*start, 12, tzinfo=VIENNA), months, "months", cast.ana.agency)
    assert answer == datetime(*expected, 12, tzinfo=VIENNA)


def test_working_days_skip_weekends_and_holidays(cast: Cast) -> None:
    """Friday the 1st of May is a holiday in the calendar that Arvania follows."""
    thursday = datetime(2026, 4, 30, 10, 0, tzinfo=VIENNA)
    monday = datetime(2026, 5, 4, 10, 0, tzinfo=VIENNA)
    assert later(thursday, 1, "working_days", cast.ana.agency) == monday
