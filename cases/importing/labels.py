"""What an imported file said, as the case page shows it: the standard's labels in the reader's language."""

from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.countries import country_name
from cases.importing.htcds import COLUMN, Column, Kind
from cases.models import Case


def imported_rows(case: Case, visible: Container[Section]) -> list[Mapping[str, Any]]:
    """One block for each section that the file filled and the reader may see."""
    if case.imported_at is None:
        return []
    return [
        {
            "label": Section(kept.section).label,
            "facts": [_fact(name, value) for name, value in kept.values.items()],
        }
        for kept in case.imported_values.order_by("section")
        if Section(kept.section) in visible
    ]


def _fact(name: str, value: str | list[str]) -> tuple[str, str]:
    """A column of an older import that the table no longer names is shown as it was kept."""
    column = COLUMN.get(name)
    if column is None:
        return name, ", ".join(value) if isinstance(value, list) else value
    values = value if isinstance(value, list) else [value]
    return _(column.label), ", ".join(_words(column, each) for each in values)


def _words(column: Column, value: str) -> str:
    if column.values:
        return _(column.values[value]) if value in column.values else value
    return _WORDS.get(column.kind, str)(value)


def _day(value: str) -> str:
    """A day in words; a year alone, as a birth date may be, stays one."""
    try:
        return date_format(date.fromisoformat(value), "j E Y")
    except ValueError:
        return value


def _yes_or_no(value: str) -> str:
    return {"TRUE": _("yes"), "FALSE": _("no")}.get(value, value)


_WORDS: Mapping[Kind, Callable[[str], str]] = {
    Kind.COUNTRY: country_name,
    Kind.COUNTRIES: country_name,
    Kind.DATE: _day,
    Kind.BIRTH: _day,
    Kind.CONSENT: _yes_or_no,
}
