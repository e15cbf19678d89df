"""Data keys: making them, and having them at hand for a short while."""

import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.db import router, transaction

import clock
from vault.errors import KeyErased, KeyMissing, KeyRingError, SealBroken
from vault.keyring import KEY_BYTES, ring, ring_read_anew
from vault.models import DataKey, ErasedKey

# An erased key works on in other processes for this long at most.
CACHE_LIFE = timedelta(seconds=30)
CACHE_SIZE = 5_000


class _Cache:
    """The oldest entry comes first, so both the time limit and the bound take from the front."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: OrderedDict[UUID, tuple[datetime, bytes]] = OrderedDict()

    def get(self, scope: UUID) -> bytes | None:
        with self._lock:
            entry = self._entries.get(scope)
            if entry is None or not _is_fresh(entry[0], clock.now()):
                return None
            return entry[1]

    def put(self, keys: Iterable[tuple[UUID, bytes]], read_at: datetime) -> None:
        """Dated from before the query: the row may be erased while it is on its way."""
        with self._lock:
            for scope, key in keys:
                self._entries[scope] = (read_at, key)
                self._entries.move_to_end(scope)
            now = clock.now()
            while self._entries and self._front_is_over(now):
                self._entries.popitem(last=False)

    def _front_is_over(self, now: datetime) -> bool:
        read_at, _key = next(iter(self._entries.values()))
        return len(self._entries) > CACHE_SIZE or not _is_fresh(read_at, now)

    def drop(self, scope: UUID) -> None:
        with self._lock:
            self._entries.pop(scope, None)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def _is_fresh(read_at: datetime, now: datetime) -> bool:
    """A clock that was set back must not lengthen a key's life."""
    return timedelta() <= now - read_at < CACHE_LIFE


_cache = _Cache()


def create(scope: UUID) -> None:
    """Makes the scope's data key, if it has none. Committed at once: the key store is another database."""
    create_many([scope])


def create_many(scopes: Iterable[UUID]) -> None:
    """One INSERT for all scopes. Where two make one key at once the first row stays, so both read it back."""
    fresh = {scope: os.urandom(KEY_BYTES) for scope in scopes}
    rows = []
    for scope, key in fresh.items():
        kek_id, wrapped = ring().wrap(key, scope=scope)
        rows.append(DataKey(scope=scope, kek_id=kek_id, wrapped=wrapped))
    DataKey.objects.bulk_create(rows, ignore_conflicts=True)
    _catch_up(rows, fresh)
    _load(set(fresh))


def _catch_up(rows: Iterable[DataKey], fresh: Mapping[UUID, bytes]) -> None:
    """Whoever changes the ring meanwhile looks for rows to wrap anew, and could look before these were there.

    So it is this side that looks at the ring after its rows are there. Only rows of its own: what somebody else was
    quicker to make is theirs to look after.
    """
    with suppress(KeyRingError):
        ring_read_anew()  # What cannot be read now was read before, and goes on working.
    for row in rows:
        if row.kek_id != ring().active:
            kek_id, wrapped = ring().wrap(fresh[row.scope], scope=row.scope)
            own = DataKey.objects.filter(pk=row.scope, kek_id=row.kek_id, wrapped=row.wrapped)
            own.update(kek_id=kek_id, wrapped=wrapped)


def prefetch(scopes: Iterable[UUID]) -> None:
    """One query for a whole page of cases. What is missing or damaged tells its tale when it is read."""
    unknown = {scope for scope in scopes if _cache.get(scope) is None}
    if unknown:
        _load(unknown)


def data_key(scope: UUID) -> bytes:
    """Raises KeyErased or KeyMissing when the scope has no key, SealBroken when the key store was tampered with."""
    key = _cache.get(scope)
    if key is not None:
        return key
    read_at = clock.now()
    row = DataKey.objects.filter(pk=scope).first()
    if row is None:
        if ErasedKey.objects.filter(pk=scope).exists():
            raise KeyErased("The data key of this case was erased.")
        raise KeyMissing("There is no data key for this case: it was never made, or is lost.")
    key = _unwrapped(row)
    _cache.put([(scope, key)], read_at)
    return key


def erase(scope: UUID) -> bool:
    """For good; whether there still was a key. Other processes may keep theirs for as long as CACHE_LIFE."""
    with transaction.atomic(using=router.db_for_write(DataKey)):
        ErasedKey.objects.bulk_create([ErasedKey(scope=scope)], ignore_conflicts=True)
        gone, _by_model = DataKey.objects.filter(pk=scope).delete()
    _cache.drop(scope)
    return gone > 0


def erased() -> set[UUID]:
    """Every scope that was erased here."""
    return set(ErasedKey.objects.values_list("pk", flat=True))


def forget_cached() -> None:
    """For tests, whose rows are undone behind it."""
    _cache.clear()


def _load(scopes: set[UUID]) -> None:
    read_at = clock.now()
    found = []
    for row in DataKey.objects.filter(pk__in=scopes):
        with suppress(SealBroken):
            found.append((row.scope, _unwrapped(row)))
    _cache.put(found, read_at)


def _unwrapped(row: DataKey) -> bytes:
    """A key of the ring that this process does not know yet came after it had read the file."""
    if not ring().holds(row.kek_id):
        ring_read_anew()
    return ring().unwrap(row.kek_id, bytes(row.wrapped), scope=row.scope)
