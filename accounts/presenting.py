"""An entry of the directory as pages show it, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.directory import days_since, is_old, says_open
from accounts.holidays import office_hours
from accounts.languages import language_name
from accounts.models import Agency, ServiceType, Taken
from accounts.telephones import dialled

Fact = tuple[str, StrOrPromise] | tuple[str, StrOrPromise, str]
DAY = timedelta(days=1)
ROUND_THE_CLOCK = (timedelta(), DAY)


@dataclass(frozen=True)
class Row:
    """One agency in the list."""

    agency: Agency
    country: str
    services: str
    languages: str
    free: str
    free_is_old: bool
    is_open: bool | None
    said: str
    is_old: bool


def row(agency: Agency, now: datetime) -> Row:
    return Row(
        agency=agency,
        country=country_name(agency.country.code),
        services=_named(agency.services, dict(ServiceType.choices)),
        languages=languages_of(agency),
        free=free_places(agency),
        free_is_old=is_old(agency, agency.places_said_on),
        is_open=says_open(agency, now),
        said=_ago(agency, agency.said_on) or _("nothing said yet"),
        is_old=is_old(agency, agency.said_on),
    )


def languages_of(agency: Agency) -> str:
    return listed(map(language_name, agency.languages))


def free_places(agency: Agency) -> str:
    """Nothing where nobody stays; a number that nobody said is unknown, not none."""
    if agency.places is None:
        return ""
    if agency.places_free is None:
        return _("unknown, of %(all)s") % {"all": agency.places}
    return _("%(free)s of %(all)s") % {"free": agency.places_free, "all": agency.places}


def places_said(agency: Agency) -> str:
    return _ago(agency, agency.places_said_on)


def _ago(agency: Agency, said_on: date | None) -> str:
    if said_on is None:
        return ""
    days = days_since(agency, said_on)
    if days <= 0:
        return _("said today")
    return ngettext("said %(days)s day ago", "said %(days)s days ago", days) % {"days": days}


def open_words(agency: Agency, now: datetime) -> str:
    """Whether somebody is there, and until when by the agency's own clock."""
    is_open = says_open(agency, now)
    if is_open is None:
        return _("Hours not said")
    hours = office_hours(agency, now.astimezone(ZoneInfo(agency.time_zone)).date())
    if hours is None or not is_open:
        return _("Closed now")
    if hours == ROUND_THE_CLOCK:
        return _("Open now")
    return _("Open until %(time)s") % {"time": _clock(hours[1])}


def reaching(agency: Agency) -> list[Fact]:
    return _said_ones(
        (_("Telephone"), _call(agency.telephone)),
        (_("When the office is closed"), _call(agency.duty_phone)),
        (_("E-mail"), _write_to(agency.email)),
        (_("Ask for"), agency.contact),
        (_("Or else"), agency.alternate),
        (_("How to reach them, and what they need to know"), agency.how_to_reach),
    )


def offering(agency: Agency) -> list[Fact]:
    return _said_ones(
        (_("Services"), _named(agency.services, dict(ServiceType.choices))),
        (_("Languages"), languages_of(agency)),
        (_("Who is taken"), _named(agency.takes, dict(Taken.choices))),
        (_("Age"), _ages(agency)),
        (_("What else decides"), agency.who_is_taken),
    )


def opening(agency: Agency) -> list[Fact]:
    """Days with the same hours stand together. Of an agency that says none, the usual ones."""
    week = [_hours_on(agency, weekday) for weekday in WEEKDAYS]
    together = [
        (hours, [number for number, _same in days])
        for hours, days in groupby(enumerate(week), key=lambda each: each[1])
    ]
    facts: list[Fact] = [(_days(numbers), hours) for hours, numbers in together]
    holidays = _("as on other days") if agency.open_on_holidays else _("closed")
    return [*facts, (_("Public holidays"), holidays)]


def _hours_on(agency: Agency, weekday: int) -> str:
    hours = agency.hours_on(weekday)
    if hours is None:
        return _("closed")
    return _("round the clock") if hours == ROUND_THE_CLOCK else f"{_clock(hours[0])} – {_clock(hours[1])}"


def _days(numbers: list[int]) -> str:
    first, last = WEEKDAYS[numbers[0]], WEEKDAYS[numbers[-1]]
    return capfirst(first if len(numbers) == 1 else f"{first} – {last}")


def _clock(since_midnight: timedelta) -> str:
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def in_both_zones(at: datetime, agency: Agency, written: str = "l j E Y, H:i") -> str:
    """In the reader's own time; beside it the hour where `agency` works, if its clock shows another one."""
    there = hour_elsewhere(at, agency)
    here = date_format(localtime(at), written)
    return f"{here} ({there})" if there else here


def hour_elsewhere(at: datetime, agency: Agency) -> str:
    here, there = localtime(at), at.astimezone(ZoneInfo(agency.time_zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    hour = date_format(there, "H:i" if here.date() == there.date() else "j E, H:i")
    return _("%(time)s in %(country)s") % {"time": hour, "country": country_name(agency.country.code)}


def time_there(agency: Agency, now: datetime) -> str:
    """For a reader in another zone: what the clock says where the agency works."""
    return date_format(now.astimezone(ZoneInfo(agency.time_zone)), "l, H:i")


def _ages(agency: Agency) -> str:
    bounds = {"youngest": agency.youngest, "oldest": agency.oldest}
    if agency.youngest is None and agency.oldest is None:
        return ""
    if agency.oldest is None:
        return _("from %(youngest)s") % bounds
    if not agency.youngest:
        return _("up to %(oldest)s") % bounds
    return _("%(youngest)s to %(oldest)s") % bounds


def _named(codes: Iterable[str], names: Mapping[str, str | Promise]) -> str:
    """In the order of the list from which they were chosen."""
    return listed(str(words) for code, words in names.items() if code in set(codes))


def _said_ones(*facts: Fact) -> list[Fact]:
    return [fact for fact in facts if fact[1]]


def _call(number: str) -> str:
    dial = dialled(number)
    return format_html('<a class="link" dir="ltr" href="tel:{}">{}</a>', dial, number) if number else ""


def _write_to(email: str) -> str:
    return format_html('<a class="link" dir="ltr" href="mailto:{}">{}</a>', email, email) if email else ""
