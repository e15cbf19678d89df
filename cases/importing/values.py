"""One cell in, one checked value out, or `WrongValueError` with a sentence that says what is expected.

No sentence repeats a name, a date or free text of the row: they end up on screens and in terminals.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

from cases.importing.age import Birth
from cases.importing.htcds import Column

Raw = str | int | float | bool | datetime | date | time | timedelta | None

LONGEST_CELL = 10_000
LONGEST_NAME = 200
LONGEST_COUNTER = 64
OLDEST_YEAR = 1900
_SHOWN = 40

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_SHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}
)
# Bidirectional controls and characters without a width: they make one text look like another.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# The two joiners belong to the spelling of Persian and many Indian languages, so running text keeps them.
_INVISIBLE_IN_TEXT = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")

_YEAR = re.compile(r"[0-9]{4}")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")
_PHONE = re.compile(r"\+?[1-9][0-9]{5,14}")

# Names in the official workbook's own list which ISO 3166-1 spells otherwise by now.
_WORKBOOK_COUNTRIES = {
    "Congo, Democratic Republic of the": "CD",
    "Korea (Democratic People's Republic of)": "KP",
    "Korea, Republic of": "KR",
    "Moldova, Republic of": "MD",
    "Taiwan, Province of China": "TW",
    "Tanzania, United Republic of": "TZ",
}

_CONSENT = {
    "true": True,
    "1": True,
    "yes": True,
    "y": True,
    "да": True,
    "истина": True,
    "false": False,
    "0": False,
    "no": False,
    "n": False,
    "нет": False,
    "ложь": False,
}


class WrongValueError(Exception):
    """This cell cannot be taken over; the message says what is expected."""


def key(text: str) -> str:
    """What two spellings of the same code, label or heading have in common."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def plain(raw: Raw) -> str:
    """The words of a cell, as somebody who looks at the sheet would read them; "" when it is blank."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    text = _INVISIBLE_IN_TEXT.sub("", str(raw))
    refuse_unreadable(text)
    return text.strip(" \u00a0\r\n")


def refuse_unreadable(text: str) -> None:
    """Cells that no column may hold."""
    if len(text) > LONGEST_CELL:
        raise WrongValueError(
            _("This cell is too long. Expected: at most %(most)d characters.") % {"most": LONGEST_CELL}
        )
    if text.lstrip().startswith("="):
        raise WrongValueError(_("This looks like a formula. Expected: the value itself."))
    if text.strip() in _SHEET_ERRORS:
        raise WrongValueError(
            _("The spreadsheet shows an error in this cell. Expected: the value itself, or nothing.")
        )
    if _CONTROL.search(text):
        raise WrongValueError(_("This cell holds control characters. Expected: text that can be read."))


def long_text(raw: Raw) -> str:
    return plain(raw).strip()


def short_text(raw: Raw) -> str:
    text = " ".join(plain(raw).split())
    if len(text) > LONGEST_NAME:
        raise WrongValueError(
            _("This is too long. Expected: at most %(most)d characters.") % {"most": LONGEST_NAME}
        )
    return text


def name(raw: Raw) -> str:
    """A name without the characters nobody sees, with single spaces, in composed form."""
    start = _INVISIBLE.sub("", plain(raw))
    if start.startswith(_FORMULA_STARTS):
        raise WrongValueError(_("This looks like a formula. Expected: a name that begins with a letter."))
    text = unicodedata.normalize("NFC", short_text(start))
    if text and not any(character.isalpha() for character in text):
        raise WrongValueError(
            _("There is no letter in this. Expected: a name, or nothing if it is not known.")
        )
    return text


def day(raw: Raw, today: date) -> date | None:
    """A full date that has passed; None when the cell is blank."""
    if isinstance(raw, datetime):
        return _in_range(raw.date(), today)
    if isinstance(raw, date):
        return _in_range(raw, today)
    text = plain(raw)
    if not text:
        return None
    return _in_range(_read_day(text), today)


def birth(raw: Raw, today: date) -> Birth:
    """A day, a year alone, or nothing when the cell is blank."""
    text = "" if isinstance(raw, date) else plain(raw)
    if _YEAR.fullmatch(text):
        year = int(text)
        if not OLDEST_YEAR <= year <= today.year:
            raise WrongValueError(
                _("This year cannot be right. Expected: a year from %(first)d to %(last)d.")
                % {"first": OLDEST_YEAR, "last": today.year}
            )
        return Birth(year=year)
    return Birth(day=day(raw, today))


def _read_day(text: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return _real(int(found[1]), int(found[3]), int(found[4]))
    if found := _DOTTED.fullmatch(text):
        return _real(int(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        # 03/04/2005 is March in one country and April in the next; a guess could make a child an adult.
        if first <= 12 and second <= 12 and first != second:
            raise WrongValueError(
                _("This date can be read in two ways. Expected: for example 2005-05-13 or 13.05.2005.")
            )
        return _real(year, second, first)
    raise WrongValueError(_("This is not a date. Expected: for example 2005-05-13 or 13.05.2005."))


def _real(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise WrongValueError(
            _("There is no such day. Expected: a date that exists, for example 2005-05-13.")
        ) from None


def _in_range(found: date, today: date) -> date:
    if found > today:
        raise WrongValueError(_("This date lies in the future. Expected: today or earlier."))
    if found.year < OLDEST_YEAR:
        raise WrongValueError(
            _("This date is too long ago. Expected: %(first)d or later.") % {"first": OLDEST_YEAR}
        )
    return found


def consent(raw: Raw) -> bool | None:
    """None when nobody wrote anything down, which is not the same as a no."""
    text = key(plain(raw))
    if not text:
        return None
    if text not in _CONSENT:
        raise WrongValueError(
            _("Expected: TRUE or FALSE, yes or no, 1 or 0, or nothing if consent was not recorded.")
        )
    return _CONSENT[text]


def picklist(raw: Raw, column: Column) -> str:
    """The standard's name of the one value chosen; "" when the cell is blank."""
    text = plain(raw)
    if not text:
        return ""
    found = _spellings(column.name, tuple(column.values.items())).get(key(text))
    if found is None:
        raise WrongValueError(_("Expected: one of %(allowed)s.") % {"allowed": _allowed(column.values)})
    return found


def multiselect(raw: Raw, column: Column) -> list[str]:
    """The standard's names of the values chosen, in its order."""
    spellings = _spellings(column.name, tuple(column.values.items()))
    chosen = _each(plain(raw), spellings.get, _allowed(column.values))
    return [value for value in column.values if value in chosen]


def country(raw: Raw) -> str:
    text = plain(raw)
    if not text:
        return ""
    found = _country_spellings().get(key(text))
    if found is None:
        raise WrongValueError(_("Expected: a country by its ISO 3166-1 code, for example UA."))
    return found


def country_list(raw: Raw) -> list[str]:
    expected = _("countries by their ISO 3166-1 codes, for example UA; several with “;” between them")
    return _each(plain(raw), _country_spellings().get, expected)


def phone(raw: Raw) -> str:
    """Digits with the country's code in front, as in E.164."""
    text = re.sub(r"[\s().\-/\u2010-\u2015]", "", plain(raw))
    if text.startswith("00"):
        text = "+" + text[2:]
    if text and not _PHONE.fullmatch(text):
        raise WrongValueError(
            _("Expected: a telephone number with the country's code, for example +380441234567.")
        )
    return text


def email(raw: Raw) -> str:
    text = plain(raw)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise WrongValueError(_("Expected: an email address, for example name@example.org.")) from None
    return text


def _each(text: str, find: Callable[[str], str | None], allowed: str) -> list[str]:
    found: dict[str, None] = {}
    unknown: list[str] = []
    parts = filter(None, (part.strip() for part in re.split("[;\n]", text)))
    for place, part in enumerate(parts, start=1):
        value = find(key(part))
        if value is None:
            unknown.append(str(place))
        else:
            found[value] = None
    if unknown:
        raise WrongValueError(
            # By its place: in a shifted column it could be a name or an address.
            _("Not known here: the value at place %(unknown)s of this cell. Expected: %(allowed)s.")
            % {"unknown": ", ".join(unknown), "allowed": allowed}
        )
    return list(found)


def _allowed(values: Mapping[str, str]) -> str:
    return ", ".join(f"“{label}”" for label in values.values())


@lru_cache(maxsize=64)
def _spellings(column: str, values: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {key(spelling): value for value, label in values for spelling in (label, value)}


@lru_cache(maxsize=1)
def _country_spellings() -> Mapping[str, str]:
    """Two and three letters and English names, of ISO 3166-1 and of the installation's own list."""
    found: dict[str, str] = {}
    with translation.override("en"):
        for code, full_name in countries:
            older = CountriesBase.OLD_NAMES.get(code, [])
            spellings = [code, countries.alpha3(code), full_name, COUNTRIES.get(code, ""), *older]
            found |= {key(str(spelling)): code for spelling in spellings if spelling}
    return found | {key(spelling): code for spelling, code in _WORKBOOK_COUNTRIES.items()}
