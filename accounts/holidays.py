"""Working days and office hours, as they are where an agency works."""

from datetime import date, datetime, timedelta
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
