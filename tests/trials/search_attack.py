"""What somebody learns who holds a dump, public frequencies of names, and knows how tokens are made.

The attacker is given more than a dump tells at once: of each token whether it stands for a given or a family name, and
among the people of which origin (what co-occurrence of tokens would show at best, since names of one origin meet
each other). It knows the exact frequencies, and for given names those of each year of birth. From the number of rows
that carry a token, their gender and their years it guesses the likeliest word of each token, and so the whole name of
each child. Without tokens it guesses the commonest name of gender and year: both stand in clear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cases.matching.names import FULL

YEARS, GIVEN, FAMILY = 18, 400, 12_000
Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Figures:
    children: int
    origins: int
    full: int
    without: float
    given: float
    family: float
    whole: float

    @property
    def gained(self) -> float:
        """Percentage points of whole names above the attacker without tokens."""
        return self.whole - self.without


class Population:
    """Children of some origins with Zipf-like names: given names by gender with their fashions, family names."""

    def __init__(self, children: int, origins: int, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.children, self.origins = children, origins
        weights = 1 / np.arange(1, origins + 1) ** 0.7
        self.weights = weights / weights.sum()
        self.origin = draw.choice(origins, children, p=self.weights)
        self.gender, self.year = draw.integers(0, 2, children), draw.integers(0, YEARS, children)
        self.given, self.family = np.zeros(children, int), np.zeros(children, int)
        self.fashion = np.empty((origins, 2, YEARS, GIVEN))
        self.families = np.array([_zipf(FAMILY, 0.9, draw.uniform(2, 15)) for _ in range(origins)])
        for origin in range(origins):
            here = self.origin == origin
            self.family[here] = origin * FAMILY + draw.choice(FAMILY, here.sum(), p=self.families[origin])
            for gender in (0, 1):
                self._name(draw, origin, gender)

    def _name(self, draw: np.random.Generator, origin: int, gender: int) -> None:
        base = _zipf(GIVEN, 0.95, draw.uniform(1, 8))
        walk = np.cumsum(draw.normal(0, 0.12, (YEARS, GIVEN)), 0)
        shares = base * np.exp(walk - walk.mean(0))
        shares /= shares.sum(1, keepdims=True)
        self.fashion[origin, gender] = shares
        for year in range(YEARS):
            born = (self.origin == origin) & (self.gender == gender) & (self.year == year)
            chosen = draw.choice(GIVEN, born.sum(), p=shares[year])
            self.given[born] = (origin * 2 + gender) * GIVEN + chosen


def _zipf(number: int, power: float, shift: float) -> Numbers:
    shares = 1 / (np.arange(1, number + 1) + shift) ** power
    return np.asarray(shares / shares.sum())


def salts(bearers: Numbers, full: int) -> Numbers:
    """Doubled as often as `cases.services.indexing` doubles them: until no token is carried by more than `full`."""
    return np.where(bearers > full, 2 ** np.ceil(np.log2(np.maximum(bearers, 1) / full)), 1).astype(int)


def spread(words: Numbers, most: int, full: int, draw: np.random.Generator) -> tuple[Numbers, Numbers]:
    """The token of each row, and the word of each token."""
    many = salts(np.bincount(words, minlength=most), full)
    first = np.concatenate([[0], np.cumsum(many)])
    return first[words] + (draw.random(len(words)) * many[words]).astype(int), np.repeat(
        np.arange(most), many
    )


def likeliest(carried: Numbers, expected: Numbers, full: int, seen: Numbers, fashion: Numbers) -> Numbers:
    """For each token of one origin its word: by how many carry it, in which years, and how many tokens a word has."""
    many = salts(expected, full)
    load = expected / many
    found = []
    for start in range(0, len(carried), 2000):
        part = slice(start, start + 2000)
        chance = np.log(many) - load + np.outer(carried[part], np.log(load))
        found.append((chance + seen[part] @ fashion).argmax(1))
    return np.concatenate(found) if found else np.zeros(0, int)


def attacked(children: int, origins: int, *, full: int = FULL, seed: int = 7) -> Figures:
    """Percent of children whose given, family and whole name is guessed right."""
    people, draw = Population(children, origins, seed), np.random.default_rng(seed + 1)
    given_of, given = spread(people.given, origins * 2 * GIVEN, full, draw)
    family_of, family = spread(people.family, origins * FAMILY, full, draw)
    given_guess = _guessed_given(people, given_of, given, full)
    family_guess = _guessed_family(people, family_of, family, full)
    right = [given_guess[given_of] == people.given, family_guess[family_of] == people.family]
    return Figures(
        children,
        origins,
        full,
        100 * _without(people),
        *(100 * float(np.mean(each)) for each in (*right, right[0] & right[1])),
    )


def _guessed_given(people: Population, token_of: Numbers, words: Numbers, full: int) -> Numbers:
    years = np.zeros((len(words), YEARS))
    np.add.at(years, (token_of, people.year), 1)
    guess = np.zeros(len(words), int)
    for cell in range(people.origins * 2):
        shares = people.fashion[cell // 2, cell % 2]
        mine = np.flatnonzero((words // GIVEN == cell) & (years.sum(1) > 0))
        expected = people.children * people.weights[cell // 2] / 2 * shares.mean(0)
        fashion = np.log(shares / shares.sum(0))
        guess[mine] = cell * GIVEN + likeliest(years[mine].sum(1), expected, full, years[mine], fashion)
    return guess


def _guessed_family(people: Population, token_of: Numbers, words: Numbers, full: int) -> Numbers:
    carried = np.bincount(token_of, minlength=len(words))
    guess = np.zeros(len(words), int)
    for origin in range(people.origins):
        mine = np.flatnonzero((words // FAMILY == origin) & (carried > 0))
        expected = people.children * people.weights[origin] * people.families[origin]
        nothing = np.zeros((len(mine), 1)), np.zeros((1, FAMILY))
        guess[mine] = origin * FAMILY + likeliest(carried[mine], expected, full, *nothing)
    return guess


def _without(people: Population) -> float:
    """The commonest whole name of each gender and year, for everybody of them."""
    right = 0
    for gender in (0, 1):
        for year in range(YEARS):
            shares = [
                (
                    people.weights[each]
                    * people.fashion[each, gender, year].max()
                    * people.families[each].max(),
                    each,
                )
                for each in range(people.origins)
            ]
            origin = max(shares)[1]
            name = (origin * 2 + gender) * GIVEN + people.fashion[origin, gender, year].argmax()
            family = origin * FAMILY + people.families[origin].argmax()
            born = (people.gender == gender) & (people.year == year)
            right += int(np.sum(born & (people.given == name) & (people.family == family)))
    return right / people.children


HEAD = "| origins | rows of a token, at most | whole, no index | given | family | whole | gained |"


def report(found: Sequence[Figures]) -> str:
    """A table; shares in percent, what is gained in percentage points."""
    lines = [HEAD, "|---|---|---|---|---|---|---|"]
    for each in found:
        full = each.full if each.full < each.children else "not spread"
        shares = f"{each.without:.3f} | {each.given:.2f} | {each.family:.2f} | {each.whole:.3f}"
        lines.append(f"| {each.origins} | {full} | {shares} | {each.gained:+.3f} |")
    return "\n".join(lines)
