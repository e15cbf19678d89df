"""Working days and office hours, as they are where an agency works."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from accounts import policy
from accounts.countries import holiday_calendar
from accounts.models import Agency

SATURDAY = 5


@cache
def _calendar(country: str) -> HolidayBase | None:
    followed = holiday_calendar(country)
    return country_holidays(followed) if followed else None


def is_working_day(agency: Agency, day: date) -> bool:
    """By the calendar of the agency's country: its weekend, its holidays, its moved working days."""
    calendar = _calendar(agency.country.code)
    return day.weekday() < SATURDAY if calendar is None else calendar.is_working_day(day)


def add_working_days(agency: Agency, start: datetime, n: int) -> datetime:
    """The same time of day, `n` working days after `start`; the day of `start` itself does not count.

    Counted in the agency's own days, so that a late evening in UTC is not taken for the day before. The
    result is in the agency's zone.
    """
    if n < 0:
        raise ValueError("Working days are counted forward.")
    local = start.astimezone(ZoneInfo(agency.time_zone))
    day = local.date()
    for _ in range(n):
        day += timedelta(days=1)
        while not is_working_day(agency, day):
            day += timedelta(days=1)
    return datetime.combine(day, local.timetz())


def in_office_hours(agency: Agency, at: datetime) -> bool:
    """Outside them the duty worker is called."""
    local = at.astimezone(ZoneInfo(agency.time_zone))
    opens = policy.get("office.opens", agency=agency)
    closes = policy.get("office.closes", agency=agency)
    return is_working_day(agency, local.date()) and opens <= local.hour < closes


def outside_office_hours(agency: Agency, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches between two moments during which the office is closed, in UTC and in order."""
    zone = ZoneInfo(agency.time_zone)
    opens = timedelta(hours=policy.get("office.opens", agency=agency))
    closes = timedelta(hours=policy.get("office.closes", agency=agency))
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    stretches, free_from = list[tuple[datetime, datetime]](), start
    while day <= last:
        if is_working_day(agency, day) and opens < closes:
            midnight = datetime.combine(day, time(), zone)
            # Added where the agency works, so that a night with a change of clocks keeps its office hours.
            stretches.append((free_from, min(midnight + opens, end)))
            free_from = max(midnight + closes, start)
        day += timedelta(days=1)
    stretches.append((free_from, end))
    return [(begin.astimezone(UTC), stop.astimezone(UTC)) for begin, stop in stretches if begin < stop]
