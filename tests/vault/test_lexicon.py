"""The sealed lexicon, as the names of children use it: what lies in the table, what is open, and who sees what when."""

from collections.abc import Callable, Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.matching.finder import Finder
from cases.matching.names import SCOPE, WORD, lexicon
from cases.models import NameWord
from vault.errors import KeyMissing, SealBroken
from vault.lexicon import Lexicon, OpenLexicon, Sealed, salted_all
from vault.sealing import OVERHEAD

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def opened(most: int = 100) -> OpenLexicon[Finder]:
    return OpenLexicon(lexicon, Finder, seconds=lambda: 60, most=lambda: most)


def test_a_word_is_there_once_and_sealed() -> None:
    assert lexicon.keep(["mira", "мира"]) == {"mira": 1, "мира": 1}
    assert lexicon.keep(["mira"]) == {"mira": 1}
    rows = list(NameWord.objects.all())
    assert len(rows) == 2
    assert not any(b"mira" in bytes(row.word_sealed or b"") for row in rows)
    # The length tells nothing either.
    lexicon.keep(["александров"])
    assert {len(row.word_sealed or b"") for row in NameWord.objects.all()} == {OVERHEAD + 32}


def test_what_is_sealed_for_one_word_opens_for_no_other() -> None:
    lexicon.keep(["mira", "oren"])
    one, other = NameWord.objects.order_by("pk")
    NameWord.objects.filter(pk=one.pk).update(word_sealed=other.word_sealed)
    with pytest.raises(SealBroken):
        lexicon.salts_of(["mira", "oren"])


def test_a_new_word_among_known_ones_is_added() -> None:
    lexicon.keep(["mira"])
    lexicon.spread("mira", 2)
    assert lexicon.keep(["mira", "oren"]) == {"mira": 2, "oren": 1}


def test_a_word_is_asked_for_with_a_lock_and_without() -> None:
    lexicon.keep(["mira", "oren"])
    lexicon.spread("mira", 4)
    assert lexicon.salts_of(["mira", "lena"]) == {"mira": 4}
    with CaptureQueriesContext(connection) as asked:
        assert lexicon.locked(lexicon.number("mira")) == ("mira", 4)
    assert asked.captured_queries[0]["sql"].endswith("FOR UPDATE")


def test_an_entry_is_called_by_its_number() -> None:
    assert str(NameWord(pk=-7)) == "-7"


class Remembering:
    """What was opened, in the order in which it was said."""

    def __init__(self) -> None:
        self.said: list[list[str]] = []

    def update(self, words: Iterable[str]) -> None:
        self.said.append(list(words))

    def discard(self, word: str) -> None:
        self.said.append([f"not {word}"])


def test_only_what_is_new_is_opened() -> None:
    memory = OpenLexicon(lexicon, Remembering, seconds=lambda: 60, most=lambda: 100)
    for word in ("mira", "oren", "lena"):
        lexicon.keep([word])
        with memory.words() as words:
            pass
    with memory.words() as words:
        assert words.opened.said == [["mira"], ["oren"], ["lena"], []]
        assert words.salts == {"mira": 1, "oren": 1, "lena": 1}


def test_memory_follows_the_table() -> None:
    memory = opened()
    with memory.words() as words:
        assert len(words.opened) == 0
    lexicon.keep(["mira"])
    with memory.words() as words:
        assert words.salts == {"mira": 1}
    lexicon.spread("mira", 4)
    with memory.words() as words:
        assert words.salts == {"mira": 4}
    lexicon.remove("mira")
    with memory.words() as words:
        assert (words.salts, len(words.opened)) == ({}, 0)
    lexicon.keep(["mira"])
    with memory.words() as words:
        assert "mira" in words.opened


def test_a_removed_word_leaves_its_number_only() -> None:
    lexicon.keep(["mira"])
    lexicon.remove("mira")
    assert NameWord.objects.get().word_sealed is None
    assert lexicon.salts_of(["mira"]) == {}
    assert lexicon.locked(lexicon.number("mira")) is None


def test_no_more_words_are_opened_than_may_be() -> None:
    lexicon.keep(["mira", "oren", "lena"])
    memory = opened(most=2)
    with memory.words() as words:
        assert len(words.opened) == 2
    memory.forget()
    assert len(memory) == 0


def test_after_a_restore_from_another_server_nothing_is_missed() -> None:
    lexicon.keep(["mira"])
    NameWord.objects.update(changed=2**60)
    memory = opened()
    with memory.words() as words:
        assert "mira" in words.opened
    assert NameWord.objects.get().changed == 0
    lexicon.keep(["oren"])
    with memory.words() as words:
        assert set(words.salts) == {"mira", "oren"}


def test_memory_that_is_read_after_a_restore_misses_nothing() -> None:
    lexicon.keep(["mira"])
    NameWord.objects.update(changed=0)
    with opened().words() as words:
        assert "mira" in words.opened


class Clockwork:
    """Stands for the timer, and remembers what it was told."""

    made: list["Clockwork"] = []

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self.seconds, self.act, self.daemon = seconds, act, False
        self.told: list[str] = []
        self.made.append(self)

    def start(self) -> None:
        # Otherwise a process that ends would wait for it.
        self.told.append("start" if self.daemon is True else "start too early")

    def cancel(self) -> None:
        self.told.append("cancel")


def test_what_nobody_asks_for_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clockwork, "made", [])
    monkeypatch.setattr("vault.lexicon.Timer", Clockwork)
    lexicon.keep(["mira"])
    memory = opened()
    for _twice in range(2):
        with memory.words() as words:
            assert words.salts == {"mira": 1}
    first, second = Clockwork.made
    assert (first.seconds, first.told, second.told) == (60, ["start", "cancel"], ["start"])
    second.act()
    assert len(memory) == 0


def test_tokens_of_one_word_are_as_many_as_its_salts_and_nobody_elses() -> None:
    tokens = salted_all(WORD, "mira", 8)
    assert len(set(tokens)) == 8
    assert not set(tokens) & set(salted_all(WORD, "oren", 8))
    assert not set(tokens) & set(salted_all("other", "mira", 8))
    assert Lexicon(NameWord, SCOPE, "other").number("mira") != lexicon.number("mira")


def test_which_write_brought_or_removed_a_word_is_forgotten() -> None:
    lexicon.keep(["mira", "oren"])
    lexicon.remove("oren")
    lexicon.settle(2**62)
    (row,) = NameWord.objects.all()
    assert (row.pk, row.changed) == (lexicon.number("mira"), 0)
    with opened().words() as words:
        assert words.salts == {"mira": 1}


def test_what_somebody_may_still_ask_for_is_not_settled() -> None:
    lexicon.keep(["mira", "oren"])
    lexicon.remove("oren")
    before = list(NameWord.objects.order_by("pk").values())
    lexicon.settle(min(row["changed"] for row in before))
    assert list(NameWord.objects.order_by("pk").values()) == before


def test_a_key_store_that_goes_away_in_the_middle_leaves_no_half_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lexicon.keep(["mira", "oren"])
    memory, unsealed = opened(), lexicon.unsealed
    asked: list[int] = []

    def goes_away(number: int, sealed: Sealed) -> tuple[str, int]:
        asked.append(number)
        if len(asked) == 2:
            raise KeyMissing
        return unsealed(number, sealed)

    monkeypatch.setattr(lexicon, "unsealed", goes_away)
    with pytest.raises(KeyMissing), memory.words():
        pass
    with memory.words() as words:
        assert "mira" in words.opened
        assert "oren" in words.opened
