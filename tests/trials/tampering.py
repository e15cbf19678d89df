"""The owner of the tables rewrites the past: an edit, a deletion, an insertion, a swap, an older value put back."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connections, models, transaction

from accounts import covered
from accounts.lasting import LastingRow
from accounts.verifying import Broken, verify
from vault.keyring import STAMP_BYTES

OWNER = "owner"
# What a value becomes that was something else before; null becomes something too.
CHANGES = {
    "bytea": "CASE WHEN octet_length({0}) > 0 THEN set_byte({0}, 0, (get_byte({0}, 0) + 1) % 256) ELSE '\\x07' END",
    "bigint": "coalesce({0}, 0) + 1",
    "integer": "coalesce({0}, 0) + 1",
    "smallint": "coalesce({0}, 0) + 1",
    "character varying": "CASE WHEN {0} = 'x' THEN 'y' ELSE 'x' END",
    "text": "CASE WHEN {0} = 'x' THEN 'y' ELSE 'x' END",
    "timestamp with time zone": "coalesce({0}, now()) - interval '1 second'",
    "date": "coalesce({0}, current_date) - 1",
    "boolean": "NOT coalesce({0}, false)",
    "uuid": "gen_random_uuid()",
    "jsonb": "CASE WHEN {0} = '[1]' THEN '[2]' ELSE '[1]' END::jsonb",
    "ARRAY": "CASE WHEN cardinality({0}) > 0 THEN '{{}}' ELSE array_append({0}, NULL) END",
}


@dataclass(frozen=True)
class Tampering:
    """`rows` are those of which verification may name any: both that were swapped, the one that was put in."""

    kind: str
    label: str
    rows: frozenset[str]
    told: str


@dataclass
class Tally:
    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


@contextmanager
def rewriting() -> Iterator[Any]:
    """As the owner, with triggers off where asked; in the end it never happened."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        yield cursor
        transaction.set_rollback(True, using=OWNER)


class Tamperer:
    """The same seed rewrites the same rows of the same record."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._rows: dict[str, list[str]] = {}
        self._columns: dict[str, dict[str, str]] = {}
        self._kinds: dict[str, Callable[[Any], Tampering | None]] = {
            "edit": self._edit,
            "deletion": self._delete,
            "insertion": self._insert,
            "swap": self._swap,
            "older value": self._put_back,
        }

    def run(self, times: int) -> Tally:
        """Each by itself: rewritten, verified, undone."""
        tally = Tally()
        for number in range(times):
            kind = list(self._kinds)[number % len(self._kinds)]
            done, broken = self._one(self._kinds[kind])
            tally.tried[kind] += 1
            if broken and (broken.label, broken.row) in {(done.label, row) for row in done.rows}:
                tally.found[kind] += 1
            else:
                tally.missed.append(f"{done.kind} {done.label}: {done.told} was told as {broken}")
        return tally

    def _one(self, tamper: Callable[[Any], Tampering | None]) -> tuple[Tampering, Broken | None]:
        """What a constraint refuses, or what would leave everything as it was, is no tampering."""
        while True:
            try:
                with rewriting() as cursor:
                    done = tamper(cursor)
                    if done is not None:
                        return done, verify(using=OWNER).broken
            except DatabaseError:
                continue

    # -- the five ways -------------------------------------------------------------------------------

    def _edit(self, cursor: Any) -> Tampering | None:
        model, row = self._some_row(cursor)
        column = self._random.choice(list(covered.columns_of(model)))
        change = CHANGES[self._types(cursor, model)[column]].format(covered.quoted(column))
        cursor.execute(
            f"UPDATE {covered.table_of(model)} SET {covered.quoted(column)} = {change}"
            f" WHERE {covered.key_of(model)} = %s",
            [row],
        )
        return _done("edit", model, [row], f"{column} of {row}")

    def _delete(self, cursor: Any) -> Tampering | None:
        model, row = self._some_row(cursor)
        cursor.execute(
            f"DELETE FROM {covered.table_of(model)} WHERE {covered.key_of(model)} = %s",
            [row],
        )
        return _done("deletion", model, [row], row)

    def _insert(self, cursor: Any) -> Tampering | None:
        """A copy, or one with another value, at the end or in a gap; its number and stamp copied or invented."""
        model, row = self._some_row(cursor)
        types = self._types(cursor, model)
        values = {column: covered.quoted(column) for column in types}
        changed = self._random.choice(list(types))
        values[changed] = CHANGES[types[changed]].format(covered.quoted(changed))
        values[str(model._meta.pk.column)] = self._new_id(model)
        values["stamp"] = self._random.choice(
            ["stamp", "'\\x'::bytea", f"'\\x{self._random.randbytes(STAMP_BYTES).hex()}'::bytea"]
        )
        values["written_in"] = self._random.choice(["written_in", "written_in + 1", ""])
        named = {column: value for column, value in values.items() if value}
        cursor.execute(
            f"INSERT INTO {covered.table_of(model)} ({', '.join(map(covered.quoted, named))})"
            f" SELECT {', '.join(named.values())} FROM {covered.table_of(model)}"
            f" WHERE {covered.key_of(model)} = %s RETURNING {covered.key_of(model)}::text",
            [row],
        )
        (made,) = cursor.fetchone()
        # A copied stamp is on two rows, and nobody can tell which was there first.
        return _done("insertion", model, [made, row], f"{made} like {row}")

    def _swap(self, cursor: Any) -> Tampering | None:
        model, row = self._some_row(cursor)
        other = self._random.choice(self._rows[model._meta.label_lower])
        if other == row:
            return None
        key, table = covered.key_of(model), covered.table_of(model)
        columns = [name for name in covered.columns_of(model) if covered.quoted(name) != key]
        some = self._random.choice([columns, [self._random.choice(columns)]])
        told = ", ".join(f"{covered.quoted(name)} = other.{covered.quoted(name)}" for name in some)
        differ = " OR ".join(
            f"mine.{covered.quoted(name)} IS DISTINCT FROM other.{covered.quoted(name)}" for name in some
        )
        cursor.execute(
            f"UPDATE {table} AS mine SET {told} FROM {table} AS other"
            f" WHERE mine.{key}::text || other.{key}::text IN (%s, %s) AND ({differ})",
            [row + other, other + row],
        )
        return _done("swap", model, [row, other], f"{len(some)} columns") if cursor.rowcount == 2 else None

    def _put_back(self, cursor: Any) -> Tampering | None:
        label = self._random.choice(list(covered.tracked_models()))
        model, history = covered.tracked_models()[label]
        key, table = covered.key_of(model), covered.table_of(model)
        tracked = [covered.quoted(each.column) for each in history.tracked_fields]  # type: ignore[attr-defined]
        columns = [column for column in tracked if column != key]
        differ = " OR ".join(f"now.{column} IS DISTINCT FROM past.{column}" for column in columns)
        cursor.execute(
            f"SELECT now.{key}::text, past.history_id FROM {table} AS now"
            f" JOIN {covered.table_of(history)} AS past ON past.{key} = now.{key}"
            f" WHERE {differ} ORDER BY past.history_id"
        )
        older = cursor.fetchall()
        if not older:
            return None
        row, history_id = self._random.choice(older)
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        told = ", ".join(f"{column} = past.{column}" for column in columns)
        cursor.execute(
            f"UPDATE {table} AS now SET {told} FROM {covered.table_of(history)} AS past"
            f" WHERE past.history_id = %s AND now.{key}::text = %s",
            [history_id, row],
        )
        return Tampering("older value", label, frozenset({row}), f"{row} as in {history_id}")

    # -- what there is -------------------------------------------------------------------------------

    def _some_row(self, cursor: Any) -> tuple[type[LastingRow], str]:
        """Audit half of the time: there are many tables of history."""
        if not self._rows:
            for label, model in covered.lasting_models().items():
                cursor.execute(
                    f"SELECT {covered.key_of(model)}::text FROM {covered.table_of(model)} ORDER BY 1"
                )
                if found := [row for (row,) in cursor.fetchall()]:
                    self._rows[label] = found
        label = self._random.choice(["accounts.auditevent", self._random.choice(list(self._rows))])
        return covered.lasting_models()[label], self._random.choice(self._rows[label])

    def _types(self, cursor: Any, model: type[models.Model]) -> dict[str, str]:
        table = model._meta.db_table
        if table not in self._columns:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
                " ORDER BY ordinal_position",
                [table],
            )
            self._columns[table] = dict(cursor.fetchall())
        return self._columns[table]

    def _new_id(self, model: type[models.Model]) -> str:
        if isinstance(model._meta.pk, models.UUIDField):
            return "gen_random_uuid()"
        beyond = 10**6 + self._random.randrange(10**6)
        return self._random.choice([str(beyond), str(-beyond)])


def _done(kind: str, model: type[LastingRow], rows: list[str], told: str) -> Tampering:
    return Tampering(kind, model._meta.label_lower, frozenset(rows), told)
