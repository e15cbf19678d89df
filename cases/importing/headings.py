"""Which column of a sheet holds which field of the standard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cases.importing.htcds import COLUMN, COLUMNS, MISSPELT_HEADINGS
from cases.importing.values import Raw, key

_SHOWN = 60
_COUNTER = frozenset({"", "#", "no", "no.", "nr", "nr.", "№", "n", "counter", "number"})
_FIELDS: Mapping[str, str] = MappingProxyType(
    {key(column.label): column.name for column in COLUMNS}
    | {key(column.name): column.name for column in COLUMNS}
    | {key(misspelt): right for misspelt, right in MISSPELT_HEADINGS.items()}
)
_LABELS = frozenset(key(column.label) for column in COLUMNS)


class ImportFileError(Exception):
    """The file as a whole cannot be taken over; str() is the sentence for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Positions count from 0. `rows` is how many rows the headings take: names alone, or names and labels."""

    fields: Mapping[int, str]
    counter: int | None
    rows: int


def known(row: Sequence[Raw]) -> int:
    """How many cells of this row are headings of the standard."""
    return sum(_words(cell) in _FIELDS for cell in row)


def read_headings(first: Sequence[Raw], second: Sequence[Raw]) -> Headings:
    """Where the two heading rows disagree, as the official workbooks do about the address, the label decides:
    it is what people saw when they typed."""
    labelled = _are_labels(second)
    width = max(len(first), len(second) if labelled else 0)
    fields: dict[int, str] = {}
    unknown: list[str] = []
    for position in range(width):
        heading = _at(first, position)
        label = _at(second, position) if labelled else ""
        field = _FIELDS.get(key(label)) or _FIELDS.get(key(heading))
        if field:
            fields[position] = field
        elif (heading or label) and not (position == 0 and _counts(heading, label)):
            unknown.append(heading or label)
    if unknown:
        raise ImportFileError(_unknown_sentence(unknown))
    _refuse_duplicates(fields)
    counts = 0 not in fields and _counts(_at(first, 0), _at(second, 0) if labelled else "")
    return Headings(MappingProxyType(fields), 0 if counts else None, 2 if labelled else 1)


def _are_labels(row: Sequence[Raw]) -> bool:
    filled = [words for cell in row if (words := _words(cell))]
    return bool(filled) and 2 * sum(words in _LABELS for words in filled) >= len(filled)


def _refuse_duplicates(fields: Mapping[int, str]) -> None:
    seen: dict[str, int] = {}
    for position, field in fields.items():
        if field in seen:
            raise ImportFileError(
                _("The columns %(first)s and %(second)s both say “%(label)s”. Keep one of them.")
                % {
                    "first": get_column_letter(seen[field] + 1),
                    "second": get_column_letter(position + 1),
                    "label": COLUMN[field].label,
                }
            )
        seen[field] = position


def _unknown_sentence(unknown: list[str]) -> str:
    parts = []
    for heading in unknown:
        near = get_close_matches(key(heading), list(_FIELDS), n=1)
        shown = f"“{heading[:_SHOWN]}”"
        if near:
            shown = _("%(heading)s (did you mean “%(near)s”?)") % {"heading": shown, "near": _FIELDS[near[0]]}
        parts.append(shown)
    return _("These columns are not in the standard: %(columns)s.") % {"columns": ", ".join(parts)}


def _counts(heading: str, label: str) -> bool:
    return key(heading) in _COUNTER and key(label) in _COUNTER


def _at(row: Sequence[Raw], position: int) -> str:
    cell = row[position] if position < len(row) else None
    return "" if cell is None else str(cell).strip()


def _words(cell: Raw) -> str:
    return key(cell) if isinstance(cell, str) else "" if cell is None else key(str(cell))
