"""Opens a workbook or a CSV file and hands its rows on one by one, under the standard's field names.

Whatever is wrong with the file as a whole is an `ImportFileError` with one sentence; what is wrong in a
cell is found later, row by row.
"""

import csv
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from cases.importing.age import AgeFinding
from cases.importing.headings import Headings, ImportFileError, known, read_headings
from cases.importing.values import Raw

LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 200
# Nobody's columns lie further right; without a bound one far cell per row makes every row 16,384 cells wide.
WIDEST_ROW = 512
# Nobody leaves so many rows blank on purpose; a value far below them is a slip of the hand.
LONGEST_GAP = 10_000
LONGEST_LINE = 100_000

_OLD_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED = 0x1
_RAW_TYPES = get_args(Raw)
_BLANK = " \t\r\n\u00a0\u200b\ufeff"
_DELIMITERS = ",;"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row with at least one value besides the counter. `number` is the row's number as Excel shows it.

    `age` is what a file says that knows no birth dates but who is a child.
    """

    number: int
    counter: str | None
    cells: Mapping[str, Raw]
    age: AgeFinding | None = None


class Layout(Protocol):
    """Which headings a kind of file has."""

    def known(self, row: Sequence[Raw]) -> int: ...

    def read_headings(self, first: Sequence[Raw], second: Sequence[Raw]) -> Headings: ...


class StandardLayout:
    """The headings of the Human Trafficking Case Data Standard, by name or by label."""

    known = staticmethod(known)
    read_headings = staticmethod(read_headings)


STANDARD = StandardLayout()


def read_rows(path: Path, layout: Layout = STANDARD) -> Iterator[SourceRow]:
    """Rows of the first sheet with the layout's headings, or of a CSV file; never the whole file in memory."""
    _refuse_bad_file(path)
    is_workbook = path.suffix.lower() == ".xlsx"
    rows = _workbook_rows(path, layout) if is_workbook else _csv_rows(path, layout)
    yield from _source_rows(rows, layout)


def file_digest(path: Path) -> str:
    """SHA-256 in hex: which file this is, whatever its name."""
    _refuse_bad_file(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_bad_file(path: Path) -> None:
    """What can be said without reading the file."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ImportFileError(_("There is no such file."))
    if not os.access(path, os.R_OK):
        raise ImportFileError(_("This file may not be read. Ask for permission or copy it."))
    if suffix == ".xls":
        raise ImportFileError(_("This is an old Excel file. Save it as .xlsx and try again."))
    if suffix not in {".xlsx", ".csv"}:
        raise ImportFileError(_("Only .xlsx and .csv files can be taken over."))
    size = path.stat().st_size
    if not size:
        raise ImportFileError(_("The file is empty."))
    if size > LARGEST_UNPACKED:
        raise ImportFileError(_too_large())


def _source_rows(rows: Iterator[Sequence[Raw]], layout: Layout) -> Iterator[SourceRow]:
    first, second = next(rows, ()), next(rows, ())
    if not looks_like_headings(first, layout):
        raise ImportFileError(_no_headings(layout))
    headings = layout.read_headings(first, second)
    data = rows if headings.rows == 2 else chain([second], rows)
    for number, row in enumerate(data, headings.rows + 1):
        if source := _source_row(number, row, headings):
            yield source


def _source_row(number: int, row: Sequence[Raw], headings: Headings) -> SourceRow | None:
    cells: dict[str, Raw] = {}
    for position, cell in enumerate(row):
        if _blank(cell) or position == headings.counter:
            continue
        field = headings.fields.get(position)
        if field is None:
            raise ImportFileError(
                _("Cell %(cell)s holds a value, but its column has no heading.")
                % {"cell": f"{get_column_letter(position + 1)}{number}"}
            )
        cells[field] = cell
    if not cells:
        return None
    return SourceRow(number, _counter(row, headings), cells)


def _counter(row: Sequence[Raw], headings: Headings) -> str | None:
    cell = row[headings.counter] if headings.counter is not None else None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return None if _blank(cell) else str(cell).strip(_BLANK)


def _blank(cell: Raw) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANK))


def _workbook_rows(path: Path, layout: Layout) -> Iterator[Sequence[Raw]]:
    _refuse_bad_package(path)
    # Formulas are read as formulas: their last results may be missing, and then a cell would seem blank.
    with closing(_unbroken(lambda: load_workbook(path, read_only=True, keep_links=False))) as workbook:
        for sheet in workbook.worksheets:
            # The size that a sheet states about itself may be wrong and would cut rows off.
            sheet.reset_dimensions()
            if looks_like_headings(next(_sheet_rows(sheet), ()), layout):
                yield from _sheet_rows(sheet)
                return
    raise ImportFileError(_no_headings(layout))


def _sheet_rows(sheet: Any) -> Iterator[Sequence[Raw]]:
    rows = sheet.iter_rows(max_col=WIDEST_ROW, values_only=True)
    number, blank, filler = 0, 0, None
    while (row := _unbroken(lambda: next(rows, None))) is not None:
        number += 1
        # For rows that the file leaves out openpyxl hands on one and the same, which need not be looked at again.
        if row is filler or all(cell is None for cell in row):
            blank, filler = blank + 1, row
            if blank > LONGEST_GAP:
                continue
        elif blank > LONGEST_GAP:
            raise ImportFileError(_far_below(number))
        else:
            blank = 0
        # Array formulas and the like come as objects of their own.
        yield [cell if isinstance(cell, _RAW_TYPES) else "=" for cell in row]


def _unbroken(read: Callable[[], T]) -> T:
    try:
        return read()
    except Exception as error:  # openpyxl lets out whatever a broken part made it stumble over
        raise ImportFileError(
            _("This workbook is damaged. Open it in a spreadsheet program, save it again and try once more.")
        ) from error


def _refuse_bad_package(path: Path) -> None:
    """A workbook is a zip archive; how much it unpacks to is looked at before anything is unpacked."""
    with path.open("rb") as file:
        if file.read(len(_OLD_OFFICE)) == _OLD_OFFICE:
            raise ImportFileError(_("This workbook has a password. Save it without one and try again."))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ImportFileError(_("This is not a workbook, although its name ends in .xlsx.")) from None
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ImportFileError(_("This workbook has a password. Save it without one and try again."))
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(packed, 1):
        raise ImportFileError(_too_large())
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise ImportFileError(_("This is not a workbook, although its name ends in .xlsx."))


def _csv_rows(path: Path, layout: Layout) -> Iterator[Sequence[Raw]]:
    with path.open("rb") as file:
        if file.read(2) in _UTF16:
            raise ImportFileError(_not_utf8())
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = _delimiter(file.readline(LONGEST_LINE), layout)
            file.seek(0)
            for row in csv.reader(file, delimiter=delimiter, strict=True):
                number += 1
                yield row
    except UnicodeDecodeError:
        raise ImportFileError(_not_utf8()) from None
    except csv.Error:
        raise ImportFileError(
            _("The file cannot be read after row %(row)d: a quotation mark is missing or misplaced.")
            % {"row": number}
        ) from None


def _delimiter(line: str, layout: Layout) -> str:
    """Whichever finds more headings; a comma when both find as many."""

    def found(delimiter: str) -> int:
        return layout.known(next(csv.reader([line], delimiter=delimiter), []))

    return max(_DELIMITERS, key=found)


def looks_like_headings(row: Sequence[Raw], layout: Layout) -> bool:
    filled = sum(not _blank(cell) for cell in row)
    return layout.known(row) >= min(2, filled) > 0


def _no_headings(layout: Layout) -> str:
    if layout is STANDARD:
        return _("The first row does not hold the headings of the Human Trafficking Case Data Standard.")
    return _("The first row does not hold the headings that the mapping names.")


def _far_below(number: int) -> str:
    return _(
        "Row %(row)d holds a value far below the others. Delete that row, save the file and try once more."
    ) % {"row": number}


def _too_large() -> str:
    return _("This file would unpack to more than Homeward opens. Split it into smaller files.")


def _not_utf8() -> str:
    return _("This CSV file is not in UTF-8. Save it as “CSV UTF-8” and try again.")
