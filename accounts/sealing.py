"""Seals the audit: every few minutes, what is complete by then becomes the next seal of the chain.

Off the way of writes: nothing waits for it, and it may be killed at any moment. A seal is one transaction; what was
not sealed is sealed by the next run.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

import clock
from accounts import covered
from accounts.lasting import ERA_FUNCTION
from accounts.models import Seal, SealPart
from vault.heads import Head, Statement
from vault.keyring import ring
from vault.models import KnownHead

# A seal takes whole transactions, as many as fit; one that is larger is a seal by itself.
MOST_ROWS = 10_000
# So long a row waits at most while nothing keeps the horizon back; fewer seals are quicker to verify.
LONGEST_WAIT = timedelta(minutes=5)
# The first seal covers whatever number a row claims.
BEGINNING = -(2**63)


class SealingError(Exception):
    """A sentence about why nothing can be sealed."""


@dataclass(frozen=True)
class Waiting:
    """What is not sealed yet: how many rows, and since when, by the audit's own time."""

    rows: int
    since: datetime | None


def sweep() -> int:
    """How many seals were made. None while the last one is young, unless much waits."""
    last = newest()
    if last is not None:
        _tell_key_store(last)
        if timedelta() <= clock.now() - last.sealed_at < LONGEST_WAIT and waiting().rows < MOST_ROWS:
            return 0
    return seal_all()


def seal_all() -> int:
    """Seals whatever is complete now. Raises SealingError."""
    made = 0
    while (seal := seal_next()) is not None:
        _tell_key_store(seal)
        made += 1
    return made


def newest() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def waiting() -> Waiting:
    last = newest()
    beyond = last.upto if last else BEGINNING
    count = covered.union(
        "SELECT count(*) AS rows FROM {table} WHERE written_in >= %s", covered.lasting_models().values()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(rows) FROM ({count}) AS tables", [beyond] * len(covered.lasting_models()))
        rows = cursor.fetchone()[0]
        cursor.execute("SELECT min(at) FROM accounts_auditevent WHERE written_in >= %s", [beyond])
        return Waiting(int(rows), cursor.fetchone()[0])


def head_of(seal: Seal) -> Head:
    """Raises SealingError when the ring lacks the key that signed it."""
    public_key = ring().sealing.public_key(seal.key_name)
    if public_key is None:
        raise SealingError("The key ring lacks a key that has sealed; put the old key back.")
    return Head(seal.statement, bytes(seal.signature), public_key)


@transaction.atomic(durable=True)
def seal_next() -> Seal | None:
    """The next seal; None when nothing complete waits, or somebody else is sealing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('homeward.seal'))")
        if not cursor.fetchone()[0]:
            return None
        # Only now, under the lock: the other one may just have made a seal.
        last = newest()
        since = last.upto if last else BEGINNING
        upto, labels = _next_stretch(cursor, since)
        return _make(cursor, last, since, upto, labels) if labels else None


def horizon(cursor: CursorWrapper) -> int:
    """Every transaction below it has ended: what it wrote is there, and nothing can be added."""
    cursor.execute(f"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + {ERA_FUNCTION}")
    return int(cursor.fetchone()[0])


def _next_stretch(cursor: CursorWrapper, since: int) -> tuple[int, list[str]]:
    """Up to where the next seal reaches, and the labels of the tables that have rows in it."""
    end = horizon(cursor)
    if end < since:
        raise SealingError(
            "The numbers of transactions began anew, as after loading a dump. Run `migrate` as the owner, "
            "then start again."
        )
    models = covered.lasting_models()
    select = (
        "SELECT '{label}' AS label, written_in FROM {table} WHERE written_in >= %s AND written_in < %s"
        f" ORDER BY written_in LIMIT {MOST_ROWS}"
    )
    cursor.execute(
        "SELECT written_in, label, count(*) FROM ("
        f"{covered.union(select, models.values())}) AS waiting GROUP BY 1, 2 ORDER BY 1",
        [since, end] * len(models),
    )
    taken, labels, rows = end, set[str](), 0
    for number, label, count in cursor.fetchall():
        if number != taken and rows >= MOST_ROWS:
            break
        taken, rows = number, rows + count
        labels.add(label)
    # A table that was cut off at the limit has filled the seal by itself, so nothing before this is left out.
    return (taken + 1 if rows >= MOST_ROWS else end), sorted(labels)


def _make(cursor: CursorWrapper, last: Seal | None, since: int, upto: int, labels: list[str]) -> Seal:
    covered.write_so(cursor)
    parts = [_part(cursor, label, since, upto) for label in labels]
    rows = sum(len(part.digests) // hashlib.sha256().digest_size for part in parts)
    # Numbers go on behind the newest that the key store knows, also when the chain was cut off: the gap stays seen.
    known = KnownHead.objects.order_by("-number").first()
    statement = Statement(
        number=max(last.number if last else 0, known.number if known else 0) + 1,
        previous=last.statement.digest if last else "",
        since=since,
        upto=upto,
        sealed_at=clock.now().astimezone(UTC).isoformat(),
        rows=rows,
        total=(last.total if last else 0) + rows,
        parts=parts_digest(parts),
        key=ring().sealing.active,
    )
    seal = _stored(statement)
    for part in parts:
        part.seal = seal
    SealPart.objects.bulk_create(parts)
    return seal


def _part(cursor: CursorWrapper, label: str, since: int, upto: int) -> SealPart:
    model = covered.lasting_models()[label]
    columns = covered.columns_of(model)
    cursor.execute(covered.gathered_sql(model, columns), [since, upto])
    _bucket, ids, digests, _stamps = cursor.fetchone()
    return SealPart(label=label, columns=list(columns), ids=bytes(ids), digests=bytes(digests))


def parts_digest(parts: list[SealPart]) -> str:
    """In hexadecimal. Which tables, columns, ids and digests, each in its order."""
    said = [
        [
            part.label,
            part.columns,
            hashlib.sha256(part.ids).hexdigest(),
            hashlib.sha256(part.digests).hexdigest(),
        ]
        for part in sorted(parts, key=lambda part: part.label)
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _stored(statement: Statement) -> Seal:
    return Seal.objects.create(
        number=statement.number,
        previous=bytes.fromhex(statement.previous),
        since=statement.since,
        upto=statement.upto,
        sealed_at=datetime.fromisoformat(statement.sealed_at),
        rows=statement.rows,
        total=statement.total,
        parts_digest=bytes.fromhex(statement.parts),
        key_name=statement.key,
        signature=ring().sealing.sign(statement.signed),
    )


def _tell_key_store(seal: Seal) -> None:
    """After the commit: a seal that the key store knows was there. It only ever learns of higher numbers."""
    known = KnownHead.objects.order_by("-number").first()
    if known is None or known.number < seal.number:
        KnownHead.objects.get_or_create(number=seal.number, defaults={"digest": seal.statement.digest})
        KnownHead.objects.filter(number__lt=seal.number).delete()
