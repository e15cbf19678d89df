"""What one write changed in the file, from what to what, in the same words as the file itself."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.access import Section
from cases.casefile.parts import PARTS
from cases.casefile.reading import named, wanted
from cases.casefile.rows import changed_in
from cases.casefile.shape import Look, Part
from cases.casefile.words import told
from cases.models import CaseLink

# A list shows where two values differ, not two whole notes.
LONGEST = 240
LEAD = 60


@dataclass(frozen=True)
class Change:
    """One fact of one row. `before` is empty for what was added, `after` for what was taken away."""

    title: str
    label: str
    before: str
    after: str


Written = list[tuple[Any, Any]]


def changes_of(
    case_id: UUID,
    acts: Iterable[UUID],
    sections: Collection[Section],
    *,
    for_team: bool = False,
    conferences: Collection[UUID] = (),
) -> dict[UUID, list[Change]]:
    """By write. Values are opened for the sections that the reader sees, and for no other."""
    look = Look(frozenset(sections), for_team, conferences=conferences)
    # Links name other files: only their own page asks whether the reader may know which.
    shown = [part for part in PARTS if part.may_show(look) and part.model is not CaseLink]
    found = changed_in(case_id, wanted(shown), acts)
    look = named(
        look, {model: [row for _act, *pair in saved for row in pair if row] for model, saved in found.items()}
    )
    changes: dict[UUID, list[Change]] = {}
    for part in shown:
        for act, before, after in _first_and_last(found[part.model]):
            changes.setdefault(act, []).extend(_differences(part, before, after, look))
    return changes


def _first_and_last(saved: list[tuple[UUID, Any, Any]]) -> Iterable[tuple[UUID, Any, Any]]:
    """A row that one write saved twice changed once: from before the first to after the last."""
    merged: dict[tuple[UUID, UUID], tuple[Any, Any]] = {}
    for act, before, after in saved:
        first = merged.get((act, after.pk))
        merged[act, after.pk] = (first[0] if first else before, after)
    for (act, _pk), pair in merged.items():
        yield act, *pair


def _differences(part: Part, before: Model | None, after: Model, look: Look) -> Iterable[Change]:
    rows = [row for row in (before, after) if row is not None and part.stands(row)]
    if not rows or not all(part.shows(row, look) for row in rows):
        return
    title = str(part.title(rows[-1], look))
    if before is not None and part.stands(before) and not part.stands(after):
        yield Change(
            title, _("Removed"), "; ".join(fact.value for fact in told(part.facts(before, look))), ""
        )
        return
    earlier = {fact.label: fact.value for fact in told(part.facts(before, look))} if before else {}
    later = {fact.label: fact.value for fact in told(part.facts(after, look))}
    for label in dict.fromkeys([*earlier, *later]):
        old, new = earlier.get(label, ""), later.get(label, "")
        if old != new:
            yield Change(title, label, *_around_difference(old, new))


def _around_difference(old: str, new: str) -> tuple[str, str]:
    same = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, same - LEAD) if max(len(old), len(new)) > LONGEST else 0
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(text: str, start: int) -> str:
    if not text:
        return ""
    cut = text[start : start + LONGEST]
    return f"{'…' if start else ''}{cut}{'…' if start + LONGEST < len(text) else ''}"
