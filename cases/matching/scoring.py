"""How likely two files are one child's, on what both hold in clear for this moment.

Points are added up as in Fellegi and Sunter's record linkage: what agrees speaks for one child by how rarely it agrees
by chance, what disagrees against it by how rarely it is written wrongly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from anyascii import anyascii
from rapidfuzz.distance import OSA

from cases.matching.facts import Facts
from cases.matching.nearness import cost
from cases.matching.words import alphabet_of
from cases.models.choices import Gender

# From here on somebody should look.
SUSPICIOUS = 8.0
# Up to this cost a word is written the same by rule, in another way, with one slip; the rest only if it is long.
_SAME, _SPELLED, _SLIP, _LIKE = 2, 5, 9, 13
_LONG = 6
_ANOTHER_WORD = -2.5
# A whole name is reason enough to look where nothing else is known that could speak against it.
WHOLE, NOTHING_ELSE = ("name", "name_alike"), 2.5
_LEAST_FOR_A_WORD = 2.0


@dataclass(frozen=True)
class Likeness:
    """`reasons` are codes of what agrees (`cases.wording.REASONS`)."""

    points: float
    reasons: tuple[str, ...]

    @property
    def is_suspicious(self) -> bool:
        return self.points >= SUSPICIOUS


def likeness(one: Facts, other: Facts, salts: Mapping[str, int]) -> Likeness:
    """`salts` of a word tell how common it is: what many share says less."""
    parts = [
        _names(one, other, salts),
        _birth(one.born, other.born),
        _numbers(one.numbers, other.numbers),
        (4.0, "telephone") if one.telephones & other.telephones else (0.0, ""),
        (_gender(one.gender, other.gender), ""),
    ]
    points = sum(points for points, _ in parts)
    if parts[0][1] in WHOLE and not _comparable(one, other):
        points += NOTHING_ELSE
    return Likeness(points, tuple(reason for _, reason in parts if reason))


def _comparable(one: Facts, other: Facts) -> bool:
    """Whether there is more than names that could agree or differ."""
    return bool((one.born and other.born) or (one.numbers and other.numbers))


def _names(one: Facts, other: Facts, salts: Mapping[str, int]) -> tuple[float, str]:
    pairs = [_name(mine, theirs, salts) for mine in one.names for theirs in other.names]
    # Of two that are as near, the one that is written the same.
    return max(pairs, key=lambda pair: (pair[0], pair[1] == "name"), default=(0.0, ""))


def _name(mine: Sequence[str], theirs: Sequence[str], salts: Mapping[str, int]) -> tuple[float, str]:
    """Word by word, the nearest first, in any order: given and family name change places between forms."""
    near = sorted((cost(word, their), word, their) for word in mine for their in theirs)
    used: set[tuple[int, str]] = set()
    points, matched, same = 0.0, 0, 0
    for far, word, their in near:
        worth = _worth(far, word, their, salts)
        if worth and not used & {(0, word), (1, their)}:
            used |= {(0, word), (1, their)}
            points, matched, same = points + worth, matched + 1, same + _is_written_the_same(far, word, their)
    left = min(len(mine), len(theirs)) - matched
    return points + _ANOTHER_WORD * left, _name_reason(matched, same, left)


def _is_written_the_same(far: int, word: str, their: str) -> bool:
    """By the rules of two scripts; in one script letter by letter: `Ordell` and `Ordel` are two spellings."""
    if alphabet_of(word) != alphabet_of(their):
        return far <= _SAME
    return anyascii(word) == anyascii(their)


def _name_reason(matched: int, same: int, left: int) -> str:
    if not matched:
        return ""
    if left or matched == 1:
        return "one_name"
    return "name" if same == matched else "name_alike"


def _worth(far: int, word: str, their: str, salts: Mapping[str, int]) -> float:
    if far > (_LIKE if min(len(word), len(their)) >= _LONG else _SLIP):
        return 0.0
    points = 5.0 if far <= _SAME else 4.0 if far <= _SPELLED else 3.0 if far <= _SLIP else 2.0
    common = log2(max(salts.get(word, 1), salts.get(their, 1)))
    return max(points - common / 2, min(points, _LEAST_FOR_A_WORD))


def _birth(one: str, other: str) -> tuple[float, str]:
    if not one or not other:
        return 0.0, ""
    if min(len(one), len(other)) == 4:
        return (1.0, "") if one[:4] == other[:4] else (-2.0, "")
    if one == other:
        return 7.0, "birth"
    slips = OSA.distance(one, other)
    if slips == 1 or one[:4] + one[6:] + one[4:6] == other:
        return 4.5, "birth_alike"
    return (1.0, "") if slips == 2 else (-3.0, "")


def _numbers(one: frozenset[str], other: frozenset[str]) -> tuple[float, str]:
    if not one or not other:
        return 0.0, ""
    slips = min(OSA.distance(mine, their) for mine in one for their in other)
    if slips == 0:
        return 12.0, "number"
    return (7.0, "number_alike") if slips == 1 else (-1.0, "")


def _gender(one: str, other: str) -> float:
    known = {Gender.FEMININE.value, Gender.MASCULINE.value}
    return -1.5 if {one, other} == known else 0.0
