"""Looks whether audit and history are what they were when they were sealed, and names the first entry that is not."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts import covered
from accounts.lasting import ERA_FUNCTION, LastingRow, stamp_kind
from accounts.models import Seal, SealPart
from accounts.sealing import BEGINNING, parts_digest
from vault.heads import Head, Statement, proves
from vault.keyring import STAMP_BYTES, ring
from vault.models import KnownHead

DIGEST_BYTES = hashlib.sha256().digest_size
# So many rows are looked at in one go.
MOST_ROWS, MOST_SEALS = 20_000, 1_000


class Fault(TextChoices):
    CHANGED = "changed", _("was changed after it was sealed")
    MISSING = "missing", _("was sealed and is gone")
    ADDED = "added", _("was put among what was already sealed")
    FOREIGN = "foreign", _("was not written by Homeward")
    TWICE = "twice", _("bears the stamp of another row")
    SEAL_MISSING = "seal_missing", _("is missing from the chain")
    SEAL_CHANGED = "seal_changed", _("was changed, or was not made with a key of the ring")
    SEAL_OUT_OF_PLACE = "seal_out_of_place", _("does not follow the seal before it")
    CUT_OFF = (
        "cut_off",
        _("is known elsewhere and missing here: the chain was cut off, or a backup was restored"),
    )
    REWRITTEN = "rewritten", _("is another one than the one that is known elsewhere")
    UNLIKE_HISTORY = "unlike_history", _("is not what its history says")


@dataclass(frozen=True)
class Broken:
    """`label` is a model in Django's dotted form, `row` an id in it; `seal` the one that tells."""

    fault: Fault
    label: str
    row: str
    seal: int | None = None


class BrokenError(Exception):
    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.fault)
        self.broken = broken


@dataclass
class Report:
    """What was looked at. `broken` is the first entry that does not hold; what comes after it was not looked at."""

    last: Seal | None = None
    seals: int = 0
    rows: int = 0
    unsealed: int = 0
    broken: Broken | None = None


def verify(*, using: str = "default", heads: Iterable[Head] = (), lost: Iterable[int] = ()) -> Report:
    """Whole, or the first entry that is not.

    `heads` were exported earlier: their seals must still be there. `lost` are numbers of seals that a restored backup
    is known to lack. `using` names the connection that reads.
    """
    report = Report()
    # Asked before the chain is read: it may grow meanwhile, never shrink.
    known = {each.number: each.digest for each in KnownHead.objects.all()}
    known |= {head.statement.number: head.statement.digest for head in heads}
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        covered.write_so(cursor)
        try:
            digests = _check_chain(cursor, using, report, known, frozenset(lost))
            _check_unsealed(cursor, report)
            _check_stamps_differ(cursor)
            _check_live_rows(cursor)
            _check_known(known, digests, frozenset(lost))
        except BrokenError as error:
            report.broken = error.broken
    return report


# -- the chain, and what each seal covers ------------------------------------------------------------


def _check_chain(
    cursor: CursorWrapper, using: str, report: Report, known: Mapping[int, str], lost: frozenset[int]
) -> dict[int, str]:
    """The digests of those seals that are known elsewhere."""
    digests = {}
    for stretch in _stretches(Seal.objects.using(using).order_by("number").iterator()):
        parts = _parts(using, stretch)
        for seal in stretch:
            _check_seal(seal, report.last, parts.get(seal.number, []), lost)
            if seal.number in known:
                digests[seal.number] = seal.statement.digest
            report.last, report.seals = seal, report.seals + 1
        _check_rows(cursor, stretch, parts)
        report.rows = stretch[-1].total
    return digests


def _stretches(seals: Iterator[Seal]) -> Iterator[list[Seal]]:
    stretch: list[Seal] = []
    for seal in seals:
        if stretch and (len(stretch) >= MOST_SEALS or sum_rows(stretch) + seal.rows > MOST_ROWS):
            yield stretch
            stretch = []
        stretch.append(seal)
    if stretch:
        yield stretch


def sum_rows(seals: Sequence[Seal]) -> int:
    """Of the chain's own count, which is checked with each seal."""
    return seals[-1].total - seals[0].total + seals[0].rows


def _parts(using: str, stretch: Sequence[Seal]) -> dict[int, list[SealPart]]:
    found: dict[int, list[SealPart]] = {}
    rows = SealPart.objects.using(using).filter(
        seal_id__gte=stretch[0].number, seal_id__lte=stretch[-1].number
    )
    for part in rows.order_by("seal_id", "label"):
        found.setdefault(part.seal_id, []).append(part)
    return found


def _check_seal(seal: Seal, before: Seal | None, parts: list[SealPart], lost: frozenset[int]) -> None:
    expected = before.number + 1 if before else 1
    gone = [number for number in range(expected, seal.number) if number not in lost]
    if gone:
        raise _broken_seal(Fault.SEAL_MISSING, gone[0])
    said = seal.statement
    public_key = ring().sealing.public_key(said.key)
    signed = public_key is not None and proves(public_key, bytes(seal.signature), said)
    if not signed or parts_digest(parts) != said.parts or _rows_in(parts) != said.rows:
        raise _broken_seal(Fault.SEAL_CHANGED, seal.number)
    if not _follows(said, before.statement if before else None):
        raise _broken_seal(Fault.SEAL_OUT_OF_PLACE, seal.number)


def _follows(said: Statement, before: Statement | None) -> bool:
    if before is None:
        return (said.previous, said.since, said.total) == ("", BEGINNING, said.rows)
    return (said.previous, said.since, said.total) == (
        before.digest,
        before.upto,
        before.total + said.rows,
    )


def _rows_in(parts: Iterable[SealPart]) -> int:
    return sum(len(part.digests) // DIGEST_BYTES for part in parts)


def _broken_seal(fault: Fault, number: int) -> BrokenError:
    return BrokenError(Broken(fault, Seal._meta.label_lower, str(number), number))


@dataclass(frozen=True)
class Gathered:
    """What lies in a table now, of one seal."""

    ids: bytes
    digests: bytes
    stamps: bytes


NOTHING = Gathered(b"", b"", b"")


def _check_rows(cursor: CursorWrapper, stretch: Sequence[Seal], parts: Mapping[int, list[SealPart]]) -> None:
    sealed = {(part.seal_id, part.label): part for several in parts.values() for part in several}
    labels = {label for _number, label in sealed} | _present(cursor, stretch[0].since, stretch[-1].upto)
    found: dict[tuple[int, str], Gathered] = {}
    for label in labels:
        model = covered.lasting_models().get(label)
        if model is None:
            continue  # A table that a later version took away: what it held is missing, and is said to be below.
        found |= _gathered(cursor, model, stretch, sealed)
    for key in sorted(sealed.keys() | found.keys()):
        _compare(key, sealed.get(key), found.get(key, NOTHING))


def _present(cursor: CursorWrapper, since: int, upto: int) -> set[str]:
    """Labels of the tables that have rows there, whether they should or not."""
    models = covered.lasting_models()
    question = (
        "SELECT '{label}' WHERE EXISTS (SELECT 1 FROM {table} WHERE written_in >= %s AND written_in < %s)"
    )
    cursor.execute(covered.union(question, models.values()), [since, upto] * len(models))
    return {label for (label,) in cursor.fetchall()}


def _gathered(
    cursor: CursorWrapper,
    model: type[LastingRow],
    stretch: Sequence[Seal],
    sealed: Mapping[tuple[int, str], SealPart],
) -> dict[tuple[int, str], Gathered]:
    """By seal. A seal that was made when the table had other columns is asked for by itself."""
    label, now = model._meta.label_lower, covered.columns_of(model)
    columns = {
        seal.number: tuple(part.columns) for seal in stretch if (part := sealed.get((seal.number, label)))
    }
    found = {}
    for wanted in sorted({now, *columns.values()}):
        if not set(wanted) <= set(now):
            continue  # A column that is gone takes what was sealed along: told as missing.
        starts = [seal.since for seal in stretch]
        cursor.execute(
            covered.gathered_sql(model, wanted, "width_bucket(written_in, %s::bigint[])"),
            [starts, stretch[0].since, stretch[-1].upto],
        )
        for bucket, ids, digests, stamps in cursor.fetchall():
            seal = stretch[bucket - 1]
            if columns.get(seal.number, now) == wanted:
                found[seal.number, label] = Gathered(bytes(ids), bytes(digests), bytes(stamps))
    return found


def _compare(key: tuple[int, str], part: SealPart | None, now: Gathered) -> None:
    number, label = key
    then = Gathered(bytes(part.ids), bytes(part.digests), b"") if part else NOTHING
    if (then.ids, then.digests) != (now.ids, now.digests):
        raise BrokenError(_first_difference(number, label, then, now))
    _check_stamps(number, label, now)


def _first_difference(number: int, label: str, then: Gathered, now: Gathered) -> Broken:
    model = covered.lasting_models().get(label)
    if model is None:
        return Broken(Fault.MISSING, label, "", number)
    before, after = _by_id(model, then), _by_id(model, now)
    for row in [*before, *(row for row in after if row not in before)]:
        if before.get(row) != after.get(row):
            fault = Fault.MISSING if row not in after else Fault.ADDED if row not in before else Fault.CHANGED
            return Broken(fault, label, row, number)
    raise AssertionError("Equal after all.")


def _by_id(model: type[LastingRow], gathered: Gathered) -> dict[str, bytes]:
    ids = covered.ids_of(model, gathered.ids)
    digests = gathered.digests
    return {row: digests[at * DIGEST_BYTES : (at + 1) * DIGEST_BYTES] for at, row in enumerate(ids)}


def _check_stamps(number: int | None, label: str, now: Gathered) -> None:
    """Whoever sealed it may have sealed what the owner had put there."""
    model = covered.lasting_models()[label]
    kind, sealing = stamp_kind(model), ring().sealing
    for start in range(0, len(now.stamps), STAMP_BYTES):
        if not sealing.is_stamp(kind, now.stamps[start : start + STAMP_BYTES]):
            row = covered.ids_of(model, now.ids)[start // STAMP_BYTES]
            raise BrokenError(Broken(Fault.FOREIGN, label, row, number))


# -- what no seal covers -----------------------------------------------------------------------------


def _check_unsealed(cursor: CursorWrapper, report: Report) -> None:
    """Too young for a seal: nobody can tell whether it was changed, but who put it there."""
    beyond = report.last.upto if report.last else BEGINNING
    for label in sorted(_present(cursor, beyond, 2**63 - 1)):
        model = covered.lasting_models()[label]
        cursor.execute(covered.gathered_sql(model, covered.columns_of(model)), [beyond, 2**63 - 1])
        _bucket, ids, digests, stamps = cursor.fetchone()
        now = Gathered(bytes(ids), bytes(digests), bytes(stamps))
        _check_stamps(None, label, now)
        report.unsealed += len(now.digests) // DIGEST_BYTES
    _check_numbers(cursor)


def _check_numbers(cursor: CursorWrapper) -> None:
    """A number that no transaction has had yet would keep its row from ever being sealed."""
    # In one statement: what is visible to it was written below the end of its own snapshot, or by itself.
    to_come = (
        "SELECT greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        f" pg_current_xact_id_if_assigned()::text::bigint + 1) + {ERA_FUNCTION}"
    )
    for label, model in covered.lasting_models().items():
        table, key = covered.table_of(model), covered.key_of(model)
        cursor.execute(f"SELECT {key} FROM {table} WHERE written_in >= ({to_come}) ORDER BY {key} LIMIT 1")
        for (row,) in cursor.fetchall():
            raise BrokenError(Broken(Fault.FOREIGN, label, str(row)))


def _check_stamps_differ(cursor: CursorWrapper) -> None:
    """A stamp says that Homeward wrote one row, not that it wrote two."""
    for label, model in covered.lasting_models().items():
        table, key = covered.table_of(model), covered.key_of(model)
        cursor.execute(
            f"SELECT max({key}::text) FROM {table} GROUP BY stamp HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        )
        for (row,) in cursor.fetchall():
            raise BrokenError(Broken(Fault.TWICE, label, row))


def _check_live_rows(cursor: CursorWrapper) -> None:
    """Each row of the file holds what the newest row of its history holds: the same bytes, also where sealed."""
    for label, (model, history) in covered.tracked_models().items():
        cursor.execute(_unlike_sql(model, history))
        for (row,) in cursor.fetchall():
            raise BrokenError(Broken(Fault.UNLIKE_HISTORY, label, str(row)))


def _unlike_sql(model: type[models.Model], history: type[models.Model]) -> str:
    tracked = [covered.quoted(each.column) for each in getattr(history, "tracked_fields")]  # noqa: B009
    now, then = (", ".join(f"{alias}.{column}" for column in tracked) for alias in ("now", "past"))
    key = covered.key_of(model)
    return (
        f"SELECT coalesce(now.{key}, past.{key}) FROM {covered.table_of(model)} AS now FULL JOIN"
        f" (SELECT DISTINCT ON ({key}) * FROM {covered.table_of(history)}"
        f" ORDER BY {key}, history_id DESC) AS past ON past.{key} = now.{key}"
        f" WHERE CASE WHEN now.{key} IS NULL THEN past.history_type <> '-'"
        f" WHEN past.{key} IS NULL OR past.history_type = '-' THEN true"
        f" ELSE ROW({now}) IS DISTINCT FROM ROW({then}) END ORDER BY 1 LIMIT 1"
    )


def _check_known(known: Mapping[int, str], digests: Mapping[int, str], lost: frozenset[int]) -> None:
    """Last, so that a restored backup is proven as far as it goes."""
    for number, digest in sorted(known.items()):
        if number not in digests and number not in lost:
            raise _broken_seal(Fault.CUT_OFF, number)
        if digests.get(number, digest) != digest:
            raise _broken_seal(Fault.REWRITTEN, number)
