"""Countries: ISO 3166-1 and the installation's own list (settings.COUNTRIES_OVERRIDE)."""

from django.conf import settings
from django_countries import countries
from holidays import list_supported_countries


def is_country(code: str) -> bool:
    return code in countries


def country_name(code: str) -> str:
    """In the reader's language; an unknown code stays as it is."""
    return str(countries.name(code)) or code


def holiday_calendar(code: str) -> str | None:
    """The calendar of the `holidays` library which a country follows; None where there is none."""
    followed: str = settings.HOLIDAY_CALENDARS.get(code, code)
    return followed if followed in list_supported_countries(include_aliases=False) else None


def choices() -> list[tuple[str, str]]:
    """For forms: every country, by its name in the reader's language."""
    return [(country.code, str(country.name)) for country in countries]
