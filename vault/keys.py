"""Data keys, one for each scope (a case), opened when they are needed and forgotten soon after."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from vault.errors import KeyMissing
from vault.keyring import KEY_BYTES, ring
from vault.models import DataKey

# An erased key stops working in every process within this time, so it stays short.
SECONDS_KEPT = 30.0
MOST_KEPT = 5_000


class _Opened:
    """Opened keys of this process: bounded, short-lived, safe between threads."""

    def __init__(self) -> None:
        self._keys: OrderedDict[UUID, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scope: UUID) -> bytes | None:
        with self._lock:
            opened_at, key = self._keys.get(scope, (0.0, b""))
            if not key or time.monotonic() - opened_at > SECONDS_KEPT:
                self._keys.pop(scope, None)
                return None
            return key

    def put(self, scope: UUID, key: bytes) -> None:
        with self._lock:
            self._keys[scope] = (time.monotonic(), key)
            self._keys.move_to_end(scope)
            while len(self._keys) > MOST_KEPT:
                self._keys.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._keys.clear()


_opened = _Opened()


def create(scope: UUID) -> None:
    """Makes the scope's key unless it has one."""
    create_many([scope])


def create_many(scopes: Iterable[UUID]) -> None:
    """Two requests that make one key at once end up with the same: the first row stays."""
    wanted = list(dict.fromkeys(scopes))
    rows = []
    for scope in wanted:
        kek_id, wrapped = ring().wrap(secrets.token_bytes(KEY_BYTES), scope=scope)
        rows.append(DataKey(scope=scope, kek_id=kek_id, wrapped=wrapped))
    DataKey.objects.bulk_create(rows, ignore_conflicts=True)
    prefetch(wanted)


def prefetch(scopes: Iterable[UUID]) -> None:
    """Opens many keys with one query. A scope without a key is passed over."""
    wanted = [scope for scope in dict.fromkeys(scopes) if _opened.get(scope) is None]
    if not wanted:
        return
    for row in DataKey.objects.filter(pk__in=wanted):
        _opened.put(row.scope, ring().unwrap(row.kek_id, bytes(row.wrapped), scope=row.scope))


def data_key(scope: UUID) -> bytes:
    """The scope's key. Raises KeyMissing when it was never made or has been destroyed."""
    key = _opened.get(scope)
    if key is None:
        prefetch([scope])
        key = _opened.get(scope)
    if key is None:
        raise KeyMissing("There is no key for this file: it was never made, or the file was erased.")
    return key


def forget_cached() -> None:
    _opened.clear()
