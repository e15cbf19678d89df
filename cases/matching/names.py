"""The lexicon of names, and the tokens by which rows are found."""

from collections.abc import Iterable
from uuid import UUID

from accounts import policy
from cases.matching.facts import Facts
from cases.matching.finder import Finder
from cases.models.lexicon import NameWord
from vault.lexicon import Lexicon, OpenLexicon, salted_all
from vault.tokens import token

# The data key of all words; no case has this id.
SCOPE = UUID("5d4f7f0c-2f0b-4b7f-9a52-0d9a3f6c1e11")
WORDS_IN_MEMORY, SECONDS_IN_MEMORY = "search.words_in_memory", "search.seconds_in_memory"
WORD, BORN, YEAR, NUMBER, TELEPHONE = "name", "born", "year", "number", "telephone"
# Above this many bearers of one token a word is spread over twice as many.
FULL = 64

lexicon = Lexicon(NameWord, SCOPE, WORD)
opened: OpenLexicon[Finder] = OpenLexicon(
    lexicon,
    Finder,
    seconds=lambda: int(policy.get(SECONDS_IN_MEMORY)),
    most=lambda: int(policy.get(WORDS_IN_MEMORY)),
)


def tokens_of_word(word: str, salts: int) -> list[int]:
    return salted_all(WORD, word, salts)


def other_tokens(facts: Facts) -> set[int]:
    """Of what is not spread: birth date, year, id numbers, telephones."""
    found = {token(NUMBER, key) for key in facts.numbers}
    found |= {token(TELEPHONE, key) for key in facts.telephones}
    if facts.born:
        found.add(token(YEAR, facts.born[:4]))
    if len(facts.born) > 4:
        found.add(token(BORN, facts.born))
    return found


def birth_tokens(born: str) -> set[int]:
    """The birth date as somebody may have written it: as it is, and with day and month exchanged."""
    if len(born) <= 4:
        return set()
    return {token(BORN, born), token(BORN, born[:4] + born[6:] + born[4:6])}


def tokens_meant(words: Iterable[tuple[str, int]]) -> list[int]:
    return [each for word, salts in words for each in tokens_of_word(word, salts)]
