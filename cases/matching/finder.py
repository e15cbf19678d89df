"""All words of the installation's names, opened: which of them may be meant by what somebody typed."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from functools import partial
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from cases.matching.nearness import cost
from cases.matching.sounds import readings, skeleton_of_roman
from cases.matching.words import alphabet_of, romanised

# So many come from each way of finding them; of all of them so many are looked at closely.
_FOUND, _CLOSE = 150, 160
_LAST = "\uffff"


class Near(NamedTuple):
    cost: int
    word: str


def bearable(word: str, best: int) -> int:
    """Up to this cost another word may be meant: where something fits well, what fits far worse is left out."""
    return min(8 + 2 * len(word), best + 12)


class Finder:
    """Words in memory. Not safe for two threads that write; whoever shares it holds a lock."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._by_roman: dict[str, list[str]] = {}
        self._by_skeleton: dict[str, list[str]] = {}
        self._romans: list[str] = []
        self._skeletons: list[str] = []
        # Of each word, how it is read in Latin letters, and what is left of that without spelling.
        self._words: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self.update(words)

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def update(self, words: Iterable[str]) -> None:
        fresh = [word for word in words if word not in self._words]
        for word in fresh:
            roman = romanised(word)
            self._words[word] = _heard(word, roman)
            self._by_roman.setdefault(roman, []).append(word)
            for skeleton in self._words[word][1]:
                self._by_skeleton.setdefault(skeleton, []).append(word)
        if len(fresh) > 100:
            self._romans, self._skeletons = sorted(self._by_roman), sorted(self._by_skeleton)
            return
        for word in fresh:
            _insert(self._romans, romanised(word))
            for skeleton in self._words[word][1]:
                _insert(self._skeletons, skeleton)

    def discard(self, word: str) -> None:
        if word in self._words:
            _read, skeletons = self._words.pop(word)
            _remove(self._by_roman, self._romans, romanised(word), word)
            for skeleton in skeletons:
                _remove(self._by_skeleton, self._skeletons, skeleton, word)

    def nearest(self, typed: str, *, limit: int, beginning: bool = False) -> list[Near]:
        """The best first. With `beginning`, `typed` may go on; both are asked for with a word of `words_of`."""
        near = sorted(
            Near(cost(typed, word, beginning=beginning), word) for word in self._close(typed, beginning)
        )
        # What fits in one script is no measure for another.
        best: dict[str, int] = {}
        for each in near:
            best.setdefault(alphabet_of(each.word), each.cost)
        fitting = (each for each in near if each.cost <= bearable(typed, best[alphabet_of(each.word)]))
        return list(islice(fitting, limit))

    def _close(self, typed: str, beginning: bool) -> list[str]:
        roman = romanised(typed)
        read, skeletons = _heard(typed, roman)
        ways = [(roman, self._romans, self._by_roman)]
        ways += [(each, self._skeletons, self._by_skeleton) for each in skeletons]
        found = {typed} & self._words.keys()
        for key, keys, words in ways:
            near = process.extract(
                key, keys, scorer=Levenshtein.distance, limit=_FOUND, score_cutoff=len(key) // 2 + 2
            )
            found.update(islice((word for each, _, _ in near for word in words[each]), 2 * _FOUND))
            if beginning:
                found.update(islice((word for each in _from(keys, key) for word in words[each]), _FOUND))
        return nsmallest(_CLOSE, found, key=partial(self._roughly, read, skeletons, beginning))

    def _roughly(self, read: Iterable[str], skeletons: Iterable[str], beginning: bool, word: str) -> int:
        """A first guess at how near a word is, in less time than `cost` takes."""

        def far(keys: Iterable[str], others: Iterable[str]) -> int:
            return min(
                Levenshtein.distance(key, other[: len(key)] if beginning else other)
                for key in keys
                for other in others
            )

        its_readings, its_skeletons = self._words[word]
        return far(read, its_readings) + far(skeletons, its_skeletons)


def _heard(word: str, roman: str) -> tuple[frozenset[str], frozenset[str]]:
    read = readings(word, roman)
    return read, frozenset(map(skeleton_of_roman, read))


def _insert(keys: list[str], key: str) -> None:
    at = bisect_left(keys, key)
    if at == len(keys) or keys[at] != key:
        insort(keys, key)


def _remove(words: dict[str, list[str]], keys: list[str], key: str, word: str) -> None:
    words[key].remove(word)
    if not words[key]:
        del words[key]
        del keys[bisect_left(keys, key)]


def _from(keys: list[str], beginning: str) -> list[str]:
    return keys[bisect_left(keys, beginning) : bisect_left(keys, beginning + _LAST)] if beginning else []
