"""Codes put into words: what happened, what is due, why two files look alike. The reader's language decides."""

from collections.abc import Mapping
from typing import Any

from django_stubs_ext import StrPromise

from cases.models.choices import Answer, CaseState, EarlyEnd, Purpose, Risk
from cases.wording import assessing, care, closing, documents, file, meetings, people, plan, team, voices
from cases.wording.base import DueWords
from cases.wording.file import GROUNDS, READS, REASONS

_AREAS = (assessing, care, closing, documents, meetings, people, plan, team, voices)

DUE: Mapping[str, DueWords] = {
    **file.DUE,
    **{kind: words for area in _AREAS for kind, words in area.DUE.items()},
}
EVENTS: Mapping[str, StrPromise] = {
    **file.EVENTS,
    **{verb: words for area in _AREAS for verb, words in area.EVENTS.items()},
}
NOTICES: Mapping[str, StrPromise] = {
    **file.NOTICES,
    **{kind: words for area in _AREAS for kind, words in area.NOTICES.items()},
}

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


__all__ = ["DUE", "EVENTS", "GROUNDS", "NOTICES", "READS", "REASONS", "DueWords", "detail_words"]
