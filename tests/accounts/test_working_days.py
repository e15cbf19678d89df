"""Working days where an agency works."""

from datetime import UTC, date, datetime

import pytest

from accounts.holidays import add_working_days, in_office_hours, is_working_day
from accounts.models import Agency


def agency(country: str = "XA", zone: str = "Europe/Vienna") -> Agency:
    return Agency(country=country, time_zone=zone)


def test_a_weekend_is_none() -> None:
    assert is_working_day(agency(), date(2026, 11, 20))
    assert not is_working_day(agency(), date(2026, 11, 21))


def test_holidays_are_those_of_the_calendar_which_the_country_follows() -> None:
    # 8 December is a holiday in the calendar that Arvania follows, 31 August in Belmora's.
    assert not is_working_day(agency("XA"), date(2026, 12, 8))
    assert is_working_day(agency("XB"), date(2026, 12, 8))
    assert is_working_day(agency("XA"), date(2026, 8, 31))
    assert not is_working_day(agency("XB"), date(2026, 8, 31))


def test_a_country_without_a_calendar_has_weekends() -> None:
    assert not is_working_day(agency("XC"), date(2026, 11, 22))
    assert is_working_day(agency("XC"), date(2026, 12, 25))


def test_friday_and_one_is_monday() -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert add_working_days(agency(), friday, 1) == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_holidays_do_not_count() -> None:
    monday = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert add_working_days(agency(), monday, 1) == datetime(2026, 12, 9, 9, 0, tzinfo=UTC)


def test_the_day_is_the_agencys_own() -> None:
    # Thursday 23:30 in UTC is Friday in Vienna, so the next working day is Monday there.
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert add_working_days(agency(), late, 1) == datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert add_working_days(agency(zone="America/New_York"), late, 1).date() == date(2026, 11, 20)


def test_the_time_of_day_stays_when_clocks_change() -> None:
    # Clocks go back on Sunday, 25 October 2026: 10:00 in Vienna is 08:00, then 09:00 in UTC.
    friday = datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    assert add_working_days(agency("XC"), friday, 1) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_no_days_change_nothing() -> None:
    sunday = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert add_working_days(agency(), sunday, 0) == sunday


def test_it_counts_forward_only() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(agency(), datetime(2026, 11, 20, tzinfo=UTC), -1)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (datetime(2026, 11, 20, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 10, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 8, 10, 0, tzinfo=UTC), False),
    ],
)
def test_the_office_is_open_from_eight_to_five_there(db: None, at: datetime, open_: bool) -> None:
    assert in_office_hours(agency(), at) is open_
