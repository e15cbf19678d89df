"""A search over very many files: how long the database takes, and how long the whole takes."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections, transaction
from psycopg import sql

from accounts.models import User
from cases.matching.names import FULL, lexicon, tokens_of_word
from cases.models import Case, CaseAccess, Child, SearchTokens
from cases.models.case import CODE_ALPHABET
from cases.models.choices import Basis
from cases.services.searching import search
from vault import keys

TABLES = (Case, Child, SearchTokens, CaseAccess)


@dataclass(frozen=True)
class Caseload:
    """`given` and `family` are the words by how many carry them, the commonest first."""

    given: list[str]
    family: list[str]
    bearers: Counter[str]


@dataclass(frozen=True)
class Timing:
    """Milliseconds: as the database reports (planning and execution), and the worst of it; of its process on a
    processor; as the application waits for it; of the whole search.
    """

    asked: str
    found: int
    reported: float
    reported_worst: float
    computed: float
    waited: float
    whole: float


def fill(model: Case, words: Sequence[str], cases: int, *, seed: int = 5) -> Caseload:
    """So many copies of one file, in its agency, whose children are called by these words, Zipf-like."""
    draw = random.Random(seed)  # noqa: S311
    shuffled = draw.sample(list(words), len(words))
    given, family = shuffled[: len(shuffled) // 5], shuffled[len(shuffled) // 5 :]
    names = list(
        zip(_drawn(draw, given, cases, 8), _drawn(draw, family, cases, 12), strict=True),
    )
    bearers = Counter(word for name in names for word in name)
    salts = {word: _salts(many) for word, many in bearers.items()}
    keys.create(lexicon.scope)
    lexicon._put({lexicon.number(word): (word, many) for word, many in salts.items()}, replace=True)
    tokens = {word: tokens_of_word(word, many) for word, many in salts.items()}
    rows = [[draw.choice(tokens[word]) for word in name] for name in names]
    if connection.in_atomic_block:
        _copy(model, rows)
    else:
        with _without_indexes():
            _copy(model, rows)
    return Caseload(_by_bearers(given, bearers), _by_bearers(family, bearers), bearers)


def _by_bearers(words: Sequence[str], bearers: Counter[str]) -> list[str]:
    return sorted((word for word in words if word in bearers), key=lambda word: -bearers[word])


def _drawn(draw: random.Random, words: Sequence[str], number: int, shift: int) -> list[str]:
    return draw.choices(words, [1 / (rank + shift) for rank in range(len(words))], k=number)


def _salts(bearers: int) -> int:
    many = 1
    while bearers > FULL * many:
        many *= 2
    return many


@contextmanager
def _without_indexes() -> Iterator[None]:
    """A million rows are looked at once, when they are all there: by indexes, references, and then the planner."""
    tables = [table._meta.db_table for table in TABLES]
    with connections["owner"].cursor() as cursor:
        cursor.execute(TO_DROP, {"tables": tables})
        statements = cursor.fetchall()
        for drop, _make in statements:
            cursor.execute(drop)
        yield
        for _drop, make in statements:
            cursor.execute(make)
        for table in tables:
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


def clear() -> None:
    """After a million rows: sooner than the deletion of each, which every other test ends with."""
    with connections["owner"].cursor() as cursor:
        names = sql.SQL(", ").join(sql.Identifier(table._meta.db_table) for table in TABLES)
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


TO_DROP = """
    SELECT format('DROP INDEX %%I', i.indexname), i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%(tables)s)
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexname::regclass AND c.contype <> 'f')
    UNION ALL
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = ANY(%(tables)s::regclass[])
"""


def _copy(model: Case, rows: Sequence[Sequence[int]]) -> None:
    """Row by row as the first one is, but for ids, code and tokens."""
    ids = [uuid4() for _ in rows]
    access = model.access.get(basis=Basis.TEAM)
    _insert(Case, model.pk, zip(ids, map(_code, range(len(rows))), strict=True), ["id", "code"])
    _insert(Child, model.child.pk, ((uuid4(), each) for each in ids), ["id", "case_id"])
    _insert(SearchTokens, model.pk, zip(ids, (list(row) for row in rows), strict=True), ["case_id", "tokens"])
    _insert(CaseAccess, access.pk, ((uuid4(), each) for each in ids), ["id", "case_id"])


def _code(number: int) -> str:
    signs = ""
    for _ in range(6):
        number, at = divmod(number, len(CODE_ALPHABET))
        signs += CODE_ALPHABET[at]
    return f"{signs[:3]}-{signs[3:]}"


def _insert(model: Any, pk: UUID, rows: Iterator[Sequence[Any]], columns: list[str]) -> None:
    table = sql.Identifier(model._meta.db_table)
    others = [field.column for field in model._meta.concrete_fields if field.column not in columns]
    fresh = [sql.SQL("f.{0}").format(sql.Identifier(each)) for each in columns]
    kept = [sql.SQL("o.{0}").format(sql.Identifier(each)) for each in others]
    taken, key = sql.SQL(", ").join([*fresh, *kept]), str(model._meta.pk.column)
    named = sql.SQL(", ").join(sql.Identifier(each) for each in [*columns, *others])
    with transaction.atomic(), connection.cursor() as cursor:
        kinds = sql.SQL(", ").join(sql.Identifier(each) for each in columns)
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE f ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(kinds, table)
        )
        with cursor.copy(sql.SQL("COPY f FROM STDIN")) as copy:
            for row in rows:
                copy.write_row(row)
        statement = "INSERT INTO {} ({}) SELECT {} FROM f, {} o WHERE o.{} = %s"
        cursor.execute(sql.SQL(statement).format(table, named, taken, table, sql.Identifier(key)), [pk])
        cursor.execute("DROP TABLE f")


def timed(user: User, asked: Sequence[str], *, times: int = 30) -> list[Timing]:
    search(user, "warm up")
    return [_timed(user, each, times) for each in asked]


def _timed(user: User, asked: str, times: int) -> Timing:
    runs, found = [], 0
    warming = 2 if times > 1 else 0
    for _ in range(times + warming):
        began, computed = time.perf_counter(), _computed()
        with _noted() as statements:
            found = len(search(user, asked))
        whole = 1000 * (time.perf_counter() - began)
        computed = _computed() - computed
        runs.append((_explained(statements), computed, 1000 * sum(each.took for each in statements), whole))
    reported, computed_all, waited, whole_all = zip(*runs[warming:], strict=True)
    middle = statistics.median
    return Timing(
        asked, found, middle(reported), max(reported), middle(computed_all), middle(waited), middle(whole_all)
    )


@dataclass(frozen=True)
class Statement:
    text: str
    params: Any
    took: float


@contextmanager
def _noted() -> Iterator[list[Statement]]:
    noted: list[Statement] = []

    def note(execute: Callable[..., Any], text: str, params: Any, *others: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(text, params, *others)
        finally:
            noted.append(Statement(text, params, time.perf_counter() - began))

    with connection.execute_wrapper(note):
        yield noted


def _explained(statements: Sequence[Statement]) -> float:
    """Milliseconds that the database reports of the same statements, planning and execution, asked once more."""
    spent = 0.0
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {each.text}", each.params)
            (plan,) = cursor.fetchone()[0]
            spent += plan["Planning Time"] + plan["Execution Time"]
    return spent


def _computed() -> float:
    """Milliseconds for which the database's process has had a processor, without what it waited for one (Linux)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6
