"""Putting the file together for one reader."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounts.access import Section
from accounts.models import Agency, User
from cases.casefile.parts import CHAPTERS, PARTS
from cases.casefile.rows import Wanted, rows_of
from cases.casefile.shape import CaseFile, Chapter, Entry, Look, Part
from cases.casefile.words import stamped, told
from cases.models import AgendaPoint, Case, Conference, Document, Goal, Note, Person, Task

Rows = Mapping[type[Model], list[Any]]
# Rows that others of the same file point at by their id.
POINTED_AT = (AgendaPoint, Conference, Document, Goal, Note, Person, Task)


def case_file(
    case_id: UUID,
    sections: Collection[Section],
    at: datetime | None = None,
    *,
    for_team: bool = False,
    own_notes: Collection[UUID] = (),
    conferences: Collection[UUID] = (),
) -> CaseFile:
    """All that a reader of these sections sees, now or as it stood just before `at`.

    `for_team` adds what only those who work on the case see, `own_notes` those that the sections do not open,
    `conferences` those to which the reader is invited.
    Raises Case.DoesNotExist when there was no case yet.
    """
    look = Look(frozenset(sections), for_team, own_notes, conferences)
    shown = [part for part in PARTS if part.may_show(look)]
    rows = rows_of(case_id, wanted(shown), at)
    cases = rows[Case]
    if not cases:
        raise Case.DoesNotExist
    look = named(look, rows)
    chapters = [
        Chapter(str(title), tuple(_entries([part for part in shown if part.chapter == code], rows, look)))
        for code, title in CHAPTERS.items()
    ]
    return CaseFile(cases[0].code, tuple(chapter for chapter in chapters if chapter.entries))


def wanted(parts: Iterable[Part]) -> Wanted:
    return {part.model: part.of_case for part in parts}


def _entries(parts: Iterable[Part], rows: Rows, look: Look) -> Iterable[Entry]:
    for part in parts:
        for row in _sorted(part, rows[part.model]):
            if part.stands(row) and part.shows(row, look):
                yield entry_of(part, row, look)


def entry_of(part: Part, row: Any, look: Look) -> Entry:
    facts = (*told(part.facts(row, look)), *stamped(part, row, look))
    return Entry(str(part.title(row, look)), facts)


def _sorted(part: Part, rows: Iterable[Any]) -> list[Any]:
    """In the order of the page, sorted here: rows out of history come in none."""
    ordered = sorted(rows, key=lambda row: row.pk)
    for name in reversed(part.order or tuple(map(str, part.model._meta.ordering or ()))):
        ordered.sort(key=lambda row: getattr(row, name.removeprefix("-")), reverse=name.startswith("-"))
    return ordered


def named(look: Look, rows: Rows) -> Look:
    """The names of accounts and agencies, the codes of other files, and the rows that others point at.

    Only rows that the reader sees may lend their words to others.
    """
    documents = [row.pk for row in rows.get(Document, ())]
    locked = Document.objects.filter(pk__in=documents, quarantined_at__isnull=False) if documents else ()
    look = replace(look, locked=frozenset(document.pk for document in locked))
    lending = {part.model: part for part in PARTS if part.model in POINTED_AT}
    return replace(
        look,
        accounts=_names(User, "name", rows),
        agencies=_names(Agency, "name", rows),
        cases=_names(Case, "code", rows),
        rows={
            row.pk: row
            for model, part in lending.items()
            for row in rows.get(model, ())
            if part.shows(row, look) and _keeps_its_words(row, look)
        },
    )


def _keeps_its_words(row: Any, look: Look) -> bool:
    return not isinstance(row, Document) or (row.removed_at is None and row.pk not in look.locked)


def _names(model: type[Model], column: str, rows: Rows) -> dict[UUID, str]:
    """One query for everybody who is named anywhere."""
    named = {
        getattr(row, field.attname)
        for kind, found in rows.items()
        for field in kind._meta.concrete_fields
        if field.related_model is model
        for row in found
    } - {None}
    return dict(model._base_manager.filter(pk__in=named).values_list("pk", column)) if named else {}
