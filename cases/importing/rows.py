"""A row of the standard's columns becomes one person, or the list of everything that is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Section
from cases.importing import values
from cases.importing.age import OLDEST, AgeFinding, Birth, judge_age, years_between
from cases.importing.htcds import COLUMN, COLUMNS, Column, Kind
from cases.importing.reader import SourceRow
from cases.importing.values import LONGEST_COUNTER, Raw, WrongValueError

# The standard's case status in the words of our own lifecycle. Without a status somebody has to look: active.
STATES = {"Active": "active", "FollowUp": "monitoring", "Closed": "closed", "ClosedReferred": "referred_out"}

COUNTER_COLUMN = "A"
Value = str | list[str]


@dataclass(frozen=True, slots=True)
class CellError:
    """`column` is the field name as in the standard; `message` says what is expected."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One person of the file.

    `sections` holds every filled column in normalised form, so that equal content is equal however it was
    typed: texts and dates as str, several choices as a list of the standard's value names or country codes.
    """

    number: int
    counter: str | None
    given_name: str
    family_name: str
    birth: Birth
    gender: str
    citizenships: tuple[str, ...]
    consent: bool | None
    state: str
    source_status: str
    referral_date: date | None
    referring_organisation: str
    age: AgeFinding
    # What the file itself said about the age, where it knows no birth date.
    stated_age: AgeFinding | None
    sections: Mapping[Section, Mapping[str, Value]]


def parse_row(source: SourceRow, today: date) -> ParsedRow | list[CellError]:
    """`today` is the agency's day: it bounds every date, and without a referral the age counts on it."""
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in COLUMNS:
        try:
            found[column.name] = _parser(column, today)(source.cells.get(column.name))
        except WrongValueError as error:
            wrong[column.name] = str(error)
    on: date = found.get("cas_IncomingReferralDate") or today
    if "prs_Birthdate" in found and (sentence := _impossible_age(found["prs_Birthdate"], on)):
        wrong["prs_Birthdate"] = sentence
    if sentence := _wrong_counter(source.counter):
        wrong[COUNTER_COLUMN] = sentence
    if wrong:
        return [CellError(source.number, column, message) for column, message in wrong.items()]
    return _parsed(source, found, on)


def _parsed(source: SourceRow, found: Mapping[str, Any], on: date) -> ParsedRow:
    birth: Birth = found["prs_Birthdate"]
    return ParsedRow(
        number=source.number,
        counter=source.counter,
        given_name=found["prs_FirstName"],
        family_name=found["prs_SecondName"],
        birth=birth,
        gender=found["prs_Gender"],
        citizenships=tuple(found["prs_Citizenship"]),
        consent=found["con_Consent"],
        state=STATES.get(found["cas_Status"], "active"),
        source_status=found["cas_Status"],
        referral_date=found["cas_IncomingReferralDate"],
        referring_organisation=found["cas_ReferringOrganisation"],
        age=source.age or judge_age(birth, on),
        stated_age=source.age,
        sections=_by_section(found),
    )


def read_back(number: int, content: Mapping[str, Value], today: date) -> ParsedRow | None:
    """The person whom kept values describe; None when today's rules would not let them in any more."""
    cells: dict[str, Raw] = {
        name: ";".join(value) if isinstance(value, list) else value for name, value in content.items()
    }
    found = parse_row(SourceRow(number, None, cells), today)
    return found if isinstance(found, ParsedRow) else None


def _by_section(found: Mapping[str, Any]) -> dict[Section, dict[str, Value]]:
    sections: dict[Section, dict[str, Value]] = {}
    for name, value in found.items():
        if kept := _kept(value):
            sections.setdefault(COLUMN[name].section, {})[name] = kept
    return sections


def _kept(value: Any) -> Value:
    """As text that the same parser reads back."""
    match value:
        case Birth():
            return value.day.isoformat() if value.day else str(value.year or "")
        case date():
            return value.isoformat()
        case bool():
            return str(value).upper()
        case list() | str():
            return value
        case _:
            return ""


def _parser(column: Column, today: date) -> Callable[[Raw], Any]:
    match column.kind:
        case Kind.BIRTH:
            return partial(values.birth, today=today)
        case Kind.DATE:
            return partial(values.day, today=today)
        case Kind.PICKLIST:
            return partial(values.picklist, column=column)
        case Kind.MULTISELECT:
            return partial(values.multiselect, column=column)
        case _:
            return _PARSERS[column.kind]


_PARSERS: Mapping[Kind, Callable[[Raw], Any]] = {
    Kind.NAME: values.name,
    Kind.TEXT: values.short_text,
    Kind.LONG_TEXT: values.long_text,
    Kind.COUNTRY: values.country,
    Kind.COUNTRIES: values.country_list,
    Kind.EMAIL: values.email,
    Kind.PHONE: values.phone,
    Kind.CONSENT: values.consent,
}


def _impossible_age(birth: Birth, on: date) -> str:
    if birth.earliest and birth.earliest > on:
        return _("This child would be born after the referral. Expected: a date before %(day)s.") % {
            "day": on.isoformat()
        }
    if birth.latest and years_between(birth.latest, on) > OLDEST:
        return _("Nobody is that old. Expected: at most %(years)d years before the referral.") % {
            "years": OLDEST
        }
    return ""


def _wrong_counter(counter: str | None) -> str:
    if counter and counter.startswith("="):
        return _("The counter is a formula. Expected: the number itself, because it tells the rows apart.")
    if counter and len(counter) > LONGEST_COUNTER:
        return _("The counter is too long. Expected: at most %(most)d characters.") % {
            "most": LONGEST_COUNTER
        }
    return ""
