"""Countries: ISO 3166-1 and the installation's own list (settings.COUNTRIES_OVERRIDE)."""

from django.conf import settings
from django_countries import countries
from holidays import list_supported_countries

from accounts.alphabets import by_alphabet


def is_country(code: str) -> bool:
    return code in countries


def country_name(code: str) -> str:
    """In the reader's language; an unknown code stays as it is."""
    return str(countries.name(code)) or code


def is_of_country(signs: str, code: str) -> bool:
    """Whether the three letters of a travel document may stand for this country (ICAO 9303-3, 5).

    A country of the installation's own list has none; then only those of another country are surely wrong.
    """
    known = countries.alpha3(code)
    if not known:
        return signs != "D" and signs not in {countries.alpha3(each.code) for each in countries}
    # Germany has one letter, and the United Kingdom five codes more.
    return signs == known or (code, signs) == ("DE", "D") or (code == "GB" and signs[:2] == "GB")


def holiday_calendar(code: str) -> str | None:
    """The calendar of the `holidays` library which a country follows; None where there is none."""
    followed: str = settings.HOLIDAY_CALENDARS.get(code, code)
    return followed if followed in list_supported_countries(include_aliases=False) else None


def choices() -> list[tuple[str, str]]:
    """For forms: every country, by its name in the reader's language."""
    named = ((country.code, str(country.name)) for country in countries)
    return sorted(named, key=lambda choice: by_alphabet(choice[1]))
