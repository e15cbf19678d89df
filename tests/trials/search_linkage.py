"""Duplicates among people with known ones: ours, and the ECM classifier of `recordlinkage` on the same pairs."""

import csv
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from cases.matching.candidates import sought
from cases.matching.facts import Facts, facts_from
from cases.matching.finder import Finder, Near
from cases.matching.names import other_tokens, tokens_of_word
from cases.matching.scoring import likeness
from vault.lexicon import Words

ECM = Path(__file__).with_name("search_ecm.py")
Row = Mapping[str, str]
Pair = frozenset[str]


@dataclass(frozen=True)
class Figures:
    who: str
    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.true)


def people(path: Path) -> dict[str, Row]:
    """Of FEBRL's files, what a child's file holds too: two names, a birth date, a number."""
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        return {row["rec_id"].strip(): {key: value.strip() for key, value in row.items()} for row in rows}


def links(path: Path) -> set[Pair]:
    with path.open(encoding="utf-8") as file:
        return {frozenset(each.strip() for each in row) for row in list(csv.reader(file))[1:]}


class Remembering(Finder):
    """Many of these people share words, and nothing comes in between."""

    def nearest(self, typed: str, *, limit: int, beginning: bool = False) -> list[Near]:
        key = typed, limit, beginning
        if key not in self._answers:
            self._answers[key] = super().nearest(typed, limit=limit, beginning=beginning)
        return self._answers[key]

    def __init__(self, words: Iterable[str]) -> None:
        self._answers: dict[tuple[str, int, bool], list[Near]] = {}
        super().__init__(words)


def facts(row: Row) -> Facts:
    name = f"{row['given_name']} {row['surname']}"
    return facts_from([name], row["date_of_birth"], [row["soc_sec_id"]])


def candidates(known: Mapping[str, Facts]) -> set[Pair]:
    """By the very tokens and questions of the duplicate check, over rows in memory."""
    carried: dict[int, set[str]] = defaultdict(set)
    for key, each in known.items():
        words = (tokens_of_word(word, 1) for word in each.words)
        for token in chain(other_tokens(each), *words):
            carried[token].add(key)
    lexicon: Words[Finder] = Words(Remembering(word for each in known.values() for word in each.words), {})
    found: set[Pair] = set()
    for key, each in known.items():
        for entry in sought(each, lexicon).either:
            rows = set.intersection(*(_carrying(carried, tokens) for tokens in entry))
            found |= {frozenset((key, other)) for other in rows - {key}}
    return found


def _carrying(carried: Mapping[int, set[str]], tokens: Iterable[int]) -> set[str]:
    return set().union(*(carried[token] for token in tokens if token in carried))


def ours(known: Mapping[str, Facts], pairs: Iterable[Pair], true: set[Pair]) -> Figures:
    found = set()
    for pair in pairs:
        one, other = (known[key] for key in pair)
        if likeness(one, other, {}).is_suspicious:
            found.add(pair)
    return Figures("Homeward", len(found), len(found & true), len(true))


def theirs(python: str, path: Path, pairs: Sequence[Pair], true: set[Pair]) -> Figures:
    """Runs in an environment of its own: its pins are not ours."""
    asked = json.dumps({"path": str(path), "pairs": [sorted(pair) for pair in pairs]})
    done = subprocess.run(
        [python, str(ECM)], input=asked, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    found = {frozenset(pair) for pair in json.loads(done.stdout)}
    return Figures("recordlinkage, ECM", len(found), len(found & true), len(true))
