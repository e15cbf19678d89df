"""The words of the field: agreed once, in every language, and used in the catalogues."""

import re
from pathlib import Path

import pytest

from tests.messages import LANGUAGES, ROOT, catalogue

FIRST = ROOT / "docs" / "glossary.md"
# Its words stand in the first table, beside the meaning.
RUSSIAN = "ru"
PAGES = {language: ROOT / "docs" / "glossary" / f"{language}.md" for language in LANGUAGES}
PAGES[RUSSIAN] = FIRST
FEWEST = 40
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def words_of(page: Path) -> dict[str, str]:
    rows = [line.strip("|").split("|") for line in page.read_text().splitlines() if line.startswith("| ")]
    return {english.strip(): own.strip() for english, own, *_meaning in rows[1:]}


def plain(words: str) -> str:
    """Without what may be left out: words in brackets, the article of Arabic, and a capital at the beginning."""
    bare = " ".join(re.sub(r"\([^)]*\)", "", words).casefold().split())
    return re.sub(r"\bال", "", bare)


def unlike(language: str, words: dict[str, str]) -> list[str]:
    """Where the whole message is a word of the field, and the catalogue has another one for it."""
    said = {english.casefold(): own for english, own in words.items()}
    found = [
        (entry, said[entry.msgid.casefold()])
        for entry in catalogue(language)
        if entry.msgid.casefold() in said and not entry.msgid_plural and not entry.msgctxt
    ]
    assert len(found) >= FEWEST
    return [
        f"{entry.msgid}: {entry.msgstr}, not {own}"
        for entry, own in found
        if plain(entry.msgstr) != plain(own)
    ]


@in_every_language
def test_every_language_has_every_word_in_the_same_order(language: str) -> None:
    assert list(words_of(PAGES[language])) == list(words_of(FIRST))
    assert [english for english, own in words_of(PAGES[language]).items() if not own] == []


def test_there_is_a_page_for_each_language_and_no_other() -> None:
    pages = set((ROOT / "docs" / "glossary").glob("*"))
    assert pages == {page for language, page in PAGES.items() if language != RUSSIAN}


@in_every_language
def test_the_catalogue_uses_the_words_of_the_glossary(language: str) -> None:
    assert unlike(language, words_of(PAGES[language])) == []


def test_another_word_would_be_found() -> None:
    words = words_of(PAGES["fr"]) | {"referral": "renvoi"}
    assert unlike("fr", words) == ["Referral: Orientation, not renvoi"]
