"""Codes put into words: what happened, what is due, why two files look alike. The reader's language decides."""

from collections.abc import Mapping
from typing import Any, Protocol

from django_stubs_ext import StrPromise

from cases.models.choices import Answer, CaseState, EarlyEnd, Purpose, Risk
from cases.wording import (
    assessing,
    care,
    closing,
    documents,
    file,
    meetings,
    pages,
    people,
    plan,
    team,
    voices,
)
from cases.wording.base import DueWords
from cases.wording.file import GROUNDS, REASONS

_AREAS = (assessing, care, closing, documents, meetings, people, plan, team, voices)

DUE: dict[str, DueWords] = {
    **file.DUE,
    **{kind: words for area in _AREAS for kind, words in area.DUE.items()},
}
EVENTS: dict[str, StrPromise] = {
    **file.EVENTS,
    **{verb: words for area in _AREAS for verb, words in area.EVENTS.items()},
}
NOTICES: dict[str, StrPromise] = {
    **file.NOTICES,
    **{kind: words for area in _AREAS for kind, words in area.NOTICES.items()},
}
READS: dict[str, StrPromise] = {**file.READS}
PAGES: dict[str, StrPromise] = {**pages.PAGES}

# Why something happened by itself: codes that stand where a person's own words would.
BY_ITSELF: dict[str, StrPromise] = {}

# Which coded details of an event are shown, and the list whose labels put them into words.
DETAIL_LABELS: Mapping[str, Mapping[str, Any]] = {
    "from": dict(CaseState.choices),
    "to": dict(CaseState.choices),
    "before": dict(Risk.choices),
    "after": dict(Risk.choices),
    "purpose": dict(Purpose.choices),
    "answer": dict(Answer.choices),
    "why": dict(EarlyEnd.choices),
    **{name: labels for area in _AREAS for name, labels in area.LABELS.items()},
}


class Area(Protocol):
    """A module of words; those of an upper room too."""

    DUE: Mapping[str, DueWords]
    EVENTS: Mapping[str, StrPromise]
    NOTICES: Mapping[str, StrPromise]
    READS: Mapping[str, StrPromise]
    PAGES: Mapping[str, StrPromise]
    BY_ITSELF: Mapping[str, StrPromise]


def add(area: Area) -> None:
    """The words of an upper room, added when it starts."""
    DUE.update(area.DUE)
    EVENTS.update(area.EVENTS)
    NOTICES.update(area.NOTICES)
    READS.update(area.READS)
    PAGES.update(area.PAGES)
    BY_ITSELF.update(area.BY_ITSELF)


def page_words(verb: str, page: str) -> str:
    """Which page was opened; where that was not written down yet, only what was done."""
    return str(PAGES.get(page) or READS.get(verb) or verb)


def reason_words(reason: str, *, by_itself: bool) -> str:
    """What somebody wrote, as it stands; the code of what nobody did, in the reader's language."""
    return str(BY_ITSELF.get(reason, reason)) if by_itself else reason


def detail_words(details: Mapping[str, Any]) -> str:
    """`registered → assessed`, `Help and case management · Consent`; empty when nothing is worth showing."""
    words = {
        name: str(labels[value])
        for name, labels in DETAIL_LABELS.items()
        if (value := details.get(name)) and value in labels
    }
    changes = [
        " → ".join(dict.fromkeys(words[name] for name in pair if name in words))
        for pair in (("from", "to"), ("before", "after"))
    ]
    pairs = {"from", "to", "before", "after"}
    others = [said for name, said in words.items() if name not in pairs]
    return " · ".join(part for part in [*changes, *others] if part)


__all__ = [
    "BY_ITSELF",
    "DUE",
    "EVENTS",
    "GROUNDS",
    "NOTICES",
    "PAGES",
    "READS",
    "REASONS",
    "Area",
    "DueWords",
    "add",
    "detail_words",
    "page_words",
    "reason_words",
]
