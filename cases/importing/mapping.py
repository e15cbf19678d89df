"""How the columns of any other file become columns of the standard: read from a mapping file in TOML.

`docs/importing.md` explains the format. A mapping names every heading of the file, so that nothing is left
behind unseen: it is mapped, or it is ignored knowingly.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.importing.age import AgeFinding
from cases.importing.headings import Headings, ImportFileError
from cases.importing.htcds import COLUMN
from cases.importing.reader import SourceRow
from cases.importing.values import Raw, WrongValueError, key, plain

BUILT_IN = Path(__file__).parent / "profiles"
LARGEST_MAPPING = 100_000
# What a column of the database keeps of it.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_YES = frozenset({"1", "true", "yes", "y", "x"})
_NO = frozenset({"", "0", "false", "no", "n"})


@dataclass(frozen=True)
class MappedColumn:
    """Where a column of the standard comes from: one column, several flags, or several lines of text."""

    name: str
    source: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.source,) if self.source else (*self.flags, *self.lines)

    def value(self, cells: Mapping[str, Raw]) -> Raw:
        """Raises WrongValueError for a word that the mapping does not know, without repeating the word."""
        if self.source:
            return self._translated(cells.get(self.source))
        if self.flags:
            meant = [value for heading, value in self.flags.items() if _says_yes(cells.get(heading))]
            return ";".join(meant)
        told = ((heading, plain(cells.get(heading))) for heading in self.lines)
        return "\n".join(f"{heading}: {words}" for heading, words in told if words)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {key(said): meant for said, meant in self.values.items()}

    def _translated(self, raw: Raw) -> Raw:
        if not self.values:
            return raw
        parts = [part.strip() for part in plain(raw).split(";") if part.strip()]
        unknown = [str(place) for place, part in enumerate(parts, start=1) if key(part) not in self._known]
        if unknown:
            raise WrongValueError(
                _(
                    "The mapping does not know the value at place %(places)s of this cell. It knows: %(known)s."
                )
                % {"places": ", ".join(unknown), "known": ", ".join(self.values)}
            )
        return ";".join(dict.fromkeys(self._known[key(part)] for part in parts))


def _says_yes(raw: Raw) -> bool:
    said = key(plain(raw))
    if said in _YES or said in _NO:
        return said in _YES
    raise WrongValueError(_("Expected: 1 for yes, or nothing."))


@dataclass(frozen=True)
class MappedAge:
    """For files that say who is a child instead of when they were born."""

    source: str
    adult: frozenset[str]
    child: frozenset[str]

    def finding(self, cells: Mapping[str, Raw]) -> AgeFinding:
        """Whoever is said to be neither is presumed a child (CETS197 10(3))."""
        said = key(plain(cells.get(self.source)))
        if said in self.adult:
            return AgeFinding.ADULT
        if said in self.child:
            return AgeFinding.CHILD
        if said:
            raise WrongValueError(_("The mapping does not know this word for an age."))
        return AgeFinding.PRESUMED_CHILD


@dataclass(frozen=True)
class FileMapping:
    """`name` tells the rows of this kind of file from others; `counter` is the heading that tells rows apart."""

    name: str
    columns: tuple[MappedColumn, ...]
    counter: str = ""
    ignored: Sequence[str] = ()
    age: MappedAge | None = None

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        named = [heading for column in self.columns for heading in column.headings]
        named += [self.counter, *self.ignored, *([self.age.source] if self.age else [])]
        return {key(heading): heading for heading in named if heading}

    def known(self, row: Sequence[Raw]) -> int:
        return sum(key(plain(cell)) in self._headings for cell in row)

    def read_headings(self, first: Sequence[Raw], second: Sequence[Raw]) -> Headings:
        """One row of headings, each known to the mapping, the counter among them. Raises ImportFileError."""
        fields: dict[int, str] = {}
        for position, cell in enumerate(first):
            said = plain(cell)
            heading = self._headings.get(key(said))
            if said and heading is None:
                raise ImportFileError(
                    _("The mapping names no column “%(heading)s”. Map it, or list it under ignored.")
                    % {"heading": said[:60]}
                )
            if heading is not None and heading in fields.values():
                raise ImportFileError(
                    _("The column “%(heading)s” stands in the file twice. Keep one of them.")
                    % {"heading": heading}
                )
            if heading is not None:
                fields[position] = heading
        counter = next((place for place, heading in fields.items() if heading == self.counter), None)
        if self.counter and counter is None:
            # Without it rows would be known by their place, and a second file would make every case anew.
            raise ImportFileError(
                _("The file has no column “%(heading)s”, by which the mapping knows a row again.")
                % {"heading": self.counter}
            )
        return Headings(fields, counter, 1)

    def translated(self, row: SourceRow) -> tuple[SourceRow, dict[str, str]]:
        """The row under the standard's names, and what is wrong in it by the file's own headings."""
        cells: dict[str, Raw] = {}
        wrong: dict[str, str] = {}
        for column in self.columns:
            try:
                cells[column.name] = column.value(row.cells)
            except WrongValueError as error:
                wrong[self.heading_of(column.name)] = str(error)
        age = None
        if self.age:
            try:
                age = self.age.finding(row.cells)
            except WrongValueError as error:
                wrong[self.age.source] = str(error)
        return SourceRow(row.number, row.counter, cells, age), wrong

    def heading_of(self, name: str) -> str:
        """What a person sees in the file where the standard's column comes from."""
        column = next((column for column in self.columns if column.name == name), None)
        return " / ".join(column.headings) if column else name


def built_in() -> list[str]:
    return sorted(path.stem for path in BUILT_IN.glob("*.toml"))


def read_mapping(path: Path) -> FileMapping:
    """Raises ImportFileError with a sentence that names what is wrong in the mapping file."""
    if not path.is_file() or path.stat().st_size > LARGEST_MAPPING:
        raise ImportFileError(_("There is no such mapping file, or it is too large."))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportFileError(_("The mapping file is not TOML: %(why)s.") % {"why": error}) from None
    try:
        return _mapping(content)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ImportFileError(_("The mapping file cannot be used: %(why)s.") % {"why": error}) from None


def _mapping(content: dict[str, Any]) -> FileMapping:
    _refuse_others(content, "name", "counter", "ignored", "age", "columns")
    name = content["name"]
    if not NAME.fullmatch(name):
        raise ValueError("name takes 1 to 20 small letters, digits and hyphens")
    age = content.get("age")
    if age is not None:
        _refuse_others(age, "from", "adult", "child")
    return FileMapping(
        name=name,
        counter=str(content.get("counter", "")),
        ignored=tuple(content.get("ignored", ())),
        age=MappedAge(age["from"], _keys(age["adult"]), _keys(age["child"])) if age else None,
        columns=tuple(_column(name, said) for name, said in content.get("columns", {}).items()),
    )


def _column(name: str, said: dict[str, Any]) -> MappedColumn:
    if name not in COLUMN:
        raise ValueError(f"columns.{name} is no column of the standard")
    _refuse_others(said, "from", "values", "flags", "lines")
    if sum(part in said for part in ("from", "flags", "lines")) != 1:
        raise ValueError(f"columns.{name} takes one of from, flags and lines")
    allowed = COLUMN[name].values
    meant = [*said.get("values", {}).values(), *said.get("flags", {}).values()]
    if allowed and (strange := [value for value in meant if value not in allowed]):
        raise ValueError(f"columns.{name} does not know {', '.join(map(str, strange))}")
    return MappedColumn(
        name=name,
        source=said.get("from", ""),
        values=said.get("values", {}),
        flags=said.get("flags", {}),
        lines=tuple(said.get("lines", ())),
    )


def _keys(words: Sequence[str]) -> frozenset[str]:
    return frozenset(key(word) for word in words)


def _refuse_others(said: Mapping[str, Any], *known: str) -> None:
    if strange := sorted(set(said) - set(known)):
        raise ValueError(f"{', '.join(strange)} is not known here; known are {', '.join(known)}")
