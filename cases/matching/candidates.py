"""Which rows may be the same child's: found by tokens, to be opened and compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_

from django.db.models import Q

from cases.matching.facts import Facts
from cases.matching.finder import Finder
from cases.matching.names import NUMBER, TELEPHONE, birth_tokens, tokens_meant
from vault.lexicon import Words
from vault.tokens import token

# So many spellings of one word are asked for, at this cost at most.
_SPELLINGS, _FARTHEST = 12, 13
# GIN looks at each token of a list anew for every row that it finds. With lists of so many, which are put together
# as bitmaps, the time grows with the rows alone.
_PIECE = 8
# More words than this come from somebody with many names: their pairs would be too many.
_WORDS = 6


def carrying(tokens: Sequence[int]) -> Q:
    """Of rows of SearchTokens: those that carry one of these tokens, of which there is at least one."""
    pieces = (list(tokens[at : at + _PIECE]) for at in range(0, len(tokens), _PIECE))
    return reduce(or_, (Q(tokens__overlap=piece) for piece in pieces))


@dataclass(frozen=True)
class Sought:
    """A row is looked at that has one token of each list of one entry."""

    either: Sequence[Sequence[Sequence[int]]]

    def condition(self) -> Q | None:
        """None where nothing is known that could be like anything."""
        entries = [
            reduce(lambda one, other: one & other, (carrying(each) for each in entry))
            for entry in self.either
        ]
        return reduce(or_, entries) if entries else None


def meant(word: str, words: Words[Finder]) -> list[str]:
    """The word itself, and those that it may be written as."""
    near = words.opened.nearest(word, limit=_SPELLINGS)
    return list(dict.fromkeys([word, *(each.word for each in near if each.cost <= _FARTHEST)]))


def sought(facts: Facts, words: Words[Finder]) -> Sought:
    """Two words of the name, or one with the birth date, or a number, or a telephone with one word."""
    asked = [_tokens(meant(word, words), words.salts) for word in facts.words[:_WORDS]]
    entries: list[list[Sequence[int]]] = [[one, other] for one, other in combinations(asked, 2)]
    all_words = [each for tokens in asked for each in tokens]
    born = sorted(birth_tokens(facts.born))
    telephones = [token(TELEPHONE, key) for key in sorted(facts.telephones)]
    entries += [[all_words, each] for each in (born, telephones) if each and all_words]
    if facts.numbers:
        entries.append([[token(NUMBER, key) for key in sorted(facts.numbers)]])
    return Sought(entries)


def _tokens(words: Iterable[str], salts: Mapping[str, int]) -> list[int]:
    return tokens_meant((word, salts.get(word, 1)) for word in words)
