"""What the file is made of: chapters, entries, facts; and how one kind of row becomes an entry."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model
from django_stubs_ext import StrPromise

from accounts.access import Section


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Entry:
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Chapter:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CaseFile:
    """Words only, in the reader's language: what a page shows and a PDF prints."""

    code: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Look:
    """Who looks: the sections they see, whether the case is their work, and the names behind ids."""

    visible: frozenset[Section]
    for_team: bool = False
    # Notes that are theirs whatever their sections are: a partner's own.
    own_notes: Collection[UUID] = ()
    # Conferences to which they are invited; whoever works on the case sees all.
    conferences: Collection[UUID] = ()
    accounts: Mapping[UUID, str] = field(default_factory=dict)
    agencies: Mapping[UUID, str] = field(default_factory=dict)
    cases: Mapping[UUID, str] = field(default_factory=dict)
    # Documents that have been reported as showing abuse by now: they have no name any more, on no day.
    locked: Collection[UUID] = ()
    # Rows of the same file that others point at.
    rows: Mapping[UUID, Any] = field(default_factory=dict)

    def sees(self, section: str) -> bool:
        return section in self.visible


Told = Iterable[tuple["str | StrPromise", "str | StrPromise | None"]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of row: where it stands in the file, who sees it, and the facts that it tells.

    Whoever sees one of `sections` may see such rows, if `also` holds for the row at hand. Without sections
    everybody who opens the file does. `stamp` names the fields of who wrote the row and when; `stands` is false
    for what was removed. `of_case` are the columns that name the case.
    """

    chapter: str
    model: type[Model]
    title: Callable[[Any, Look], "str | StrPromise"]
    facts: Callable[[Any, Look], Told]
    sections: Collection[Section] = ()
    also: Callable[[Any, Look], bool] = lambda row, look: True
    team_only: bool = False
    stands: Callable[[Any], bool] = lambda row: True
    stamp: tuple[str, str] | None = None
    order: tuple[str, ...] = ()
    of_case: tuple[str, ...] = ("case_id",)

    def may_show(self, look: Look) -> bool:
        """Whether this reader can see any row of this kind; what nobody may see is not even loaded."""
        if self.team_only and not look.for_team:
            return False
        return not self.sections or any(map(look.sees, self.sections))

    def shows(self, row: Any, look: Look) -> bool:
        return self.may_show(look) and self.also(row, look)
