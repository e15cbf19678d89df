"""Pairs of one name in two scripts: is the other script's name among the first hits?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.matching.finder import Finder
from cases.matching.words import alphabet_of, words_of

FIRST = 10
Pair = tuple[str, str]


@dataclass(frozen=True)
class Figures:
    """`hits` of `pairs`; a pair whose other name is not a name of the other script at all counts as missed."""

    direction: str
    index: str
    words: int
    pairs: int
    hits: int

    @property
    def percent(self) -> float:
        return 100 * self.hits / self.pairs


def read(path: Path) -> list[Pair]:
    """Lines of Latin name, the other script's with spaces between the characters, and a count."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(row[0], row[1].replace(" ", "")) for row in rows]


def half_of(pair: Pair) -> str:
    """`a`: looked at while the tables were written; `b`: only scored. By the last bit of a digest's first byte."""
    return "ab"[hashlib.sha256("\t".join(pair).encode()).digest()[0] & 1]


def sample(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """Of half *b*; the same each time, in an order that has nothing to do with the names."""
    scored = [pair for pair in pairs if half_of(pair) == "b"]
    return sorted(scored, key=lambda pair: hashlib.sha256("".join(pair).encode()).digest())[:most]


def measured(pairs: Sequence[Pair], scored: Sequence[Pair]) -> list[Figures]:
    """Both directions, in an index of all names of the other script, and in one of all names of both scripts."""
    every = [_words(pair) for pair in pairs]
    asked = [_words(pair) for pair in scored]
    latin, other = ({pair[at] for pair in every} - {""} for at in (0, 1))
    one, two, both = Finder(latin), Finder(other), Finder(latin | other)
    return [
        _figures("from Latin", "the other script", two, asked),
        _figures("to Latin", "the other script", one, [pair[::-1] for pair in asked]),
        _figures("from Latin", "both scripts", both, asked),
        _figures("to Latin", "both scripts", both, [pair[::-1] for pair in asked]),
    ]


def _words(pair: Pair) -> Pair:
    """The names of these lists are single words; what stands apart in one belongs together."""
    return "".join(words_of(pair[0])), "".join(words_of(pair[1]))


def _figures(direction: str, index: str, finder: Finder, asked: Sequence[Pair]) -> Figures:
    hits = sum(_is_hit(finder, *pair) for pair in asked)
    return Figures(direction, index, len(finder), len(asked), hits)


def _is_hit(finder: Finder, typed: str, meant: str) -> bool:
    if not typed or not meant or alphabet_of(typed) == alphabet_of(meant):
        return False
    found = [near.word for near in finder.nearest(typed, limit=FIRST + 1) if near.word != typed]
    return meant in found[:FIRST]
