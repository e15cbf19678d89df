"""Data keys: making them, and having them at hand for a short while."""

import os
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

import clock
from vault.errors import KeyMissing, SealBroken
from vault.keyring import KEY_BYTES, ring
from vault.models import DataKey

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
    wanted = list(dict.fromkeys(scopes))
    rows = []
    for scope in wanted:
        kek_id, wrapped = ring().wrap(os.urandom(KEY_BYTES), scope=scope)
        rows.append(DataKey(scope=scope, kek_id=kek_id, wrapped=wrapped))
    DataKey.objects.bulk_create(rows, ignore_conflicts=True)
    _load(set(wanted))


def prefetch(scopes: Iterable[UUID]) -> None:
    """One query for a whole page of cases. What is missing or damaged tells its tale when it is read."""
    unknown = {scope for scope in scopes if _cache.get(scope) is None}
    if unknown:
        _load(unknown)


def data_key(scope: UUID) -> bytes:
    """Raises KeyMissing when the scope has no key, SealBroken when the key store was tampered with."""
    key = _cache.get(scope)
    if key is not None:
        return key
    read_at = clock.now()
    row = DataKey.objects.filter(pk=scope).first()
    if row is None:
        raise KeyMissing("There is no data key for this case: it was erased, or never made.")
    key = _unwrapped(row)
    _cache.put([(scope, key)], read_at)
    return key


def forget_cached() -> None:
    """For whoever erases a key, and for tests."""
    _cache.clear()


def _load(scopes: set[UUID]) -> None:
    read_at = clock.now()
    found = []
    for row in DataKey.objects.filter(pk__in=scopes):
        with suppress(SealBroken):
            found.append((row.scope, _unwrapped(row)))
    _cache.put(found, read_at)


def _unwrapped(row: DataKey) -> bytes:
    return ring().unwrap(row.kek_id, bytes(row.wrapped), scope=row.scope)
