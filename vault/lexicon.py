"""A sealed lexicon: words that many rows share, opened only in memory.

A row elsewhere carries keyed tokens of its words, and a token can be asked for only by whoever knows the word. Which
words there are, so that a like one can be found, stands here: each sealed by itself under one data key, padded, under
a keyed digest as its number. How often a word is carried stands nowhere; common ones are spread over several tokens
(`salts`), so that no token is carried by more rows than another.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Timer
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.db import connection, models

from vault import keys
from vault.sealing import seal, unseal
from vault.tokens import token

# A sealed word is as long as the next multiple, so that its length tells little.
PADDED_TO = 32
_NONCE = slice(0, 13)


class LexiconEntry(models.Model):
    """One word. Until `settle`, `changed` is the transaction that wrote it, and a removed word leaves its number."""

    deletable = True

    id = models.BigIntegerField(primary_key=True)
    word_sealed = models.BinaryField(null=True)
    changed = models.BigIntegerField(db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Opened(Protocol):
    """What is kept of the words in memory, such as something that finds like ones."""

    def update(self, words: Iterable[str]) -> None: ...
    def discard(self, word: str) -> None: ...


Kept = TypeVar("Kept", bound=Opened)
Bound = Callable[[], int]
Value = int | bytes | bool | list[int]
Sealed = bytes | memoryview


def salted(kind: str, word: str, salt: int) -> int:
    """The token that a row carries for this word under one of its salts."""
    return token(kind, f"{salt}|{word}")


def salted_all(kind: str, word: str, salts: int) -> list[int]:
    return [salted(kind, word, salt) for salt in range(salts)]


class Lexicon:
    """The words of one table, under the data key of `scope`; `kind` keeps its tokens apart from others."""

    def __init__(self, model: type[LexiconEntry], scope: UUID, kind: str) -> None:
        self.model, self.scope, self.kind = model, scope, kind

    # In the caller's transaction.

    def keep(self, words: Iterable[str]) -> dict[str, int]:
        """Makes sure that these words are there until the transaction ends; how many salts each has."""
        numbers = {self.number(word): word for word in words}
        found = self._shared(numbers)
        missing = {number: word for number, word in sorted(numbers.items()) if number not in found}
        if missing:
            keys.create(self.scope)
            self._put({number: (word, 1) for number, word in missing.items()})
            # Whoever was faster with one of them may have spread it since.
            found |= self._shared(missing)
        return {word: found[number] for number, word in numbers.items()}

    def salts_of(self, words: Iterable[str]) -> dict[str, int]:
        """Of those that are there, without a lock."""
        numbers = {self.number(word): word for word in words}
        rows = self.model._default_manager.filter(pk__in=numbers, word_sealed__isnull=False)
        return {numbers[row.pk]: self.unsealed(row.pk, row.word_sealed)[1] for row in rows if row.word_sealed}

    def locked(self, number: int) -> tuple[str, int] | None:
        """Word and salts, with nobody else adding or looking for more until the transaction ends."""
        row = self.model._default_manager.select_for_update().filter(pk=number).first()
        return self.unsealed(number, row.word_sealed) if row and row.word_sealed is not None else None

    def spread(self, word: str, salts: int) -> None:
        self._put({self.number(word): (word, salts)}, replace=True)

    def remove(self, word: str) -> None:
        """For whoever holds the lock and has seen that no row carries it."""
        self._write(
            "UPDATE {table} SET word_sealed = NULL, changed = {now} WHERE id = %s", [[self.number(word)]]
        )

    def settle(self, horizon: int) -> None:
        """Takes away which transaction brought or removed a word, below a horizon that nobody asks from any more.

        Other rows bear that number too, and with the word's key it would tell whose the word is.
        """
        self._write("DELETE FROM {table} WHERE word_sealed IS NULL AND changed < %s", [[horizon]])
        self._write("UPDATE {table} SET changed = 0 WHERE changed > 0 AND changed < %s", [[horizon]])

    def number(self, word: str) -> int:
        return token(f"{self.kind}.lexicon", word)

    def changed_since(self, horizon: int) -> tuple[int, list[tuple[int, Any]]]:
        """What transactions wrote that had not ended at that horizon, and the horizon of now.

        A number may come again; none is missed, in whatever order transactions end.
        """
        rows = self._read(
            "SELECT seen.horizon, seen.ahead, w.id, w.word_sealed, w.changed FROM ("
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS ahead) seen"
            " LEFT JOIN {table} w ON w.changed >= %s",
            [horizon],
        )
        now, ahead = rows[0][:2]
        if any(row[4] is not None and row[4] > ahead for row in rows):
            # Restored from another server, whose transactions had higher numbers.
            self._write("UPDATE {table} SET changed = 0 WHERE changed > %s", [[ahead]])
        return now, [(row[2], row[3]) for row in rows if row[2] is not None]

    def unsealed(self, number: int, sealed: Sealed) -> tuple[str, int]:
        word, salts = json.loads(unseal(self.scope, self._place(number), bytes(sealed)))
        return word, salts

    def _shared(self, numbers: Iterable[int]) -> dict[int, int]:
        # Shared locks in one order: two writes of the same words must not wait for each other in a ring.
        rows = self._read(
            "SELECT id, word_sealed FROM {table} WHERE id = ANY(%s) AND word_sealed IS NOT NULL"
            " ORDER BY id FOR SHARE",
            [sorted(numbers)],
        )
        return {number: self.unsealed(number, sealed)[1] for number, sealed in rows}

    def _put(self, words: Mapping[int, tuple[str, int]], *, replace: bool = False) -> None:
        self._write(
            "INSERT INTO {table} (id, word_sealed, changed) VALUES (%s, %s, {now}) ON CONFLICT (id) DO UPDATE"
            " SET word_sealed = EXCLUDED.word_sealed, changed = EXCLUDED.changed"
            " WHERE %s OR {table}.word_sealed IS NULL",
            [[number, self._sealed(number, *said), replace] for number, said in words.items()],
        )

    def _read(self, statement: str, params: Sequence[Value]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("{table}", self._table), params)
            return list(cursor.fetchall())

    def _write(self, statement: str, rows: Sequence[Sequence[Value]]) -> None:
        now = "pg_current_xact_id()::text::bigint"
        with connection.cursor() as cursor:
            cursor.executemany(statement.replace("{table}", self._table).replace("{now}", now), rows)

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    def _sealed(self, number: int, word: str, salts: int) -> bytes:
        said = json.dumps([word, salts], ensure_ascii=False).encode()
        padded = said + b" " * (-len(said) % PADDED_TO)
        return seal(self.scope, self._place(number), padded)

    def _place(self, number: int) -> str:
        return f"{self.model._meta.label_lower}.word:{number}"


@dataclass
class Words(Generic[Kept]):
    """The opened words as somebody asks them; good while the lock is held."""

    opened: Kept
    salts: dict[str, int]


class OpenLexicon(Generic[Kept]):
    """The lexicon opened in this process: read when it is first asked for, brought up to date with each question.

    Forgotten when nobody has asked for `seconds`. At most `most` words are opened; a word beyond is found only by
    whoever types it as it is kept.
    """

    def __init__(self, lexicon: Lexicon, make: Callable[[], Kept], *, seconds: Bound, most: Bound) -> None:
        self.lexicon, self._make, self._seconds, self._most = lexicon, make, seconds, most
        self._lock = Lock()
        self._timer: Timer | None = None
        self._empty()

    @contextmanager
    def words(self) -> Iterator[Words[Kept]]:
        with self._lock:
            try:
                self._refresh()
            except BaseException:
                # Half of the words would be known and never looked for.
                self._empty()
                raise
            self._forget_later()
            yield self._words

    def forget(self) -> None:
        with self._lock:
            self._empty()

    def __len__(self) -> int:
        return len(self._words.salts)

    def _empty(self) -> None:
        self._words = Words(self._make(), {})
        # Each number with what was sealed when it was read, and its word.
        self._known: dict[int, tuple[bytes, str]] = {}
        self._horizon = -1

    def _refresh(self) -> None:
        horizon, rows = self.lexicon.changed_since(self._horizon)
        fresh = []
        for number, sealed in rows:
            mark = b"" if sealed is None else bytes(sealed[_NONCE])
            known = self._known.get(number)
            if known and known[0] == mark:
                continue
            if known and sealed is None:
                self._drop(number, known[1])
            elif sealed is not None and (known or len(self._known) < self._most()):
                word, salts = self.lexicon.unsealed(number, sealed)
                self._known[number] = mark, word
                self._words.salts[word] = salts
                fresh.append(word)
        self._words.opened.update(fresh)
        self._horizon = horizon

    def _drop(self, number: int, word: str) -> None:
        del self._known[number]
        self._words.salts.pop(word, None)
        self._words.opened.discard(word)

    def _forget_later(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = Timer(self._seconds(), self.forget)
        self._timer.daemon = True
        self._timer.start()
