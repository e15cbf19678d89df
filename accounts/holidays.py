"""Working days and office hours, as they are where an agency works."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from accounts import policy
from accounts.countries import holiday_calendar
from accounts.models import Agency
from accounts.models.agencies import Hours

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


def is_holiday(agency: Agency, day: date) -> bool:
    calendar = _calendar(agency.country.code)
    return calendar is not None and day in calendar


def office_hours(agency: Agency, day: date) -> Hours | None:
    """When it is open on a day, from that day's midnight; None when it is closed.

    What the agency says of itself in the directory, its weekends included; where it says nothing, the policy's
    hours on working days.
    """
    if agency.opening_hours is not None:
        closed = is_holiday(agency, day) and not agency.open_on_holidays
        return None if closed else agency.hours_on(day.weekday())
    opens = timedelta(hours=policy.get("office.opens", agency=agency))
    closes = timedelta(hours=policy.get("office.closes", agency=agency))
    return (opens, closes) if opens < closes and is_working_day(agency, day) else None


def in_office_hours(agency: Agency, at: datetime) -> bool:
    """Outside them the duty worker is called."""
    local = at.astimezone(ZoneInfo(agency.time_zone))
    hours = office_hours(agency, local.date())
    # By the clock on the wall, also in a night in which it is changed.
    on_the_clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return hours is not None and hours[0] <= on_the_clock < hours[1]


def outside_office_hours(agency: Agency, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches between two moments during which the office is closed, in UTC and in order."""
    zone = ZoneInfo(agency.time_zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    stretches, free_from = list[tuple[datetime, datetime]](), start
    while day <= last:
        if hours := office_hours(agency, day):
            midnight = datetime.combine(day, time(), zone)
            # Added where the agency works, so that a night with a change of clocks keeps its office hours.
            stretches.append((free_from, min(midnight + hours[0], end)))
            free_from = max(midnight + hours[1], start)
        day += timedelta(days=1)
    stretches.append((free_from, end))
    return [(begin.astimezone(UTC), stop.astimezone(UTC)) for begin, stop in stretches if begin < stop]
