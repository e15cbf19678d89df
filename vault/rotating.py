"""Another key of the ring takes over: every data key is wrapped anew while the application runs.

What was sealed stays as it is, for data keys do not change. A row is locked while it is wrapped anew, and only ever
updated: a key that is erased at the same moment does not come back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import router, transaction
from django.db.models import QuerySet

from vault import ringfile
from vault.errors import SealBroken
from vault.keyring import KeyEncryption, ring_read_anew, with_new_key, without_keys
from vault.models import DataKey


@dataclass(frozen=True)
class Progress:
    """After one batch. `left` are still under an old key, the damaged ones among them."""

    wrapped: int
    damaged: int
    left: int


def add_key() -> str:
    """A new key wraps from now on; its id. Running processes learn of it when they first meet it."""
    ringfile.change(Path(settings.KEYRING), with_new_key)
    return ring_read_anew().active


def drop_keys() -> list[str]:
    """Takes the keys that nothing needs out of the ring; their ids.

    A backup of the key store that was made before cannot be opened without them.
    """
    gone: list[str] = []

    def changed(text: str) -> str:
        # Asked under the lock of the ring's file, so that no key is added between the question and the answer.
        whole, without = without_keys(text, set(DataKey.objects.values_list("kek_id", flat=True).distinct()))
        gone.extend(without)
        return whole

    ringfile.change(Path(settings.KEYRING), changed)
    ring_read_anew()
    return gone


def rewrap(batch: int) -> Iterator[Progress]:
    """Goes through all rows that another key than the active one wrapped, `batch` of them in one transaction.

    Whoever is killed loses the batch at hand; what is left is found by the next run. Raises KeyRingError where the ring
    lacks a key that is needed.
    """
    last, wrapped, damaged = UUID(int=0), 0, 0
    active = ring_read_anew()
    behind = _behind(active).count()
    while rows := _next(active, last, batch):
        broken = _wrap_anew([row.scope for row in rows], active)
        wrapped, damaged, last = wrapped + len(rows) - broken, damaged + broken, rows[-1].scope
        yield Progress(wrapped, damaged, behind - wrapped)


def left() -> int:
    """How many data keys are not wrapped by the active key."""
    return _behind(ring_read_anew()).count()


def _behind(keys: KeyEncryption) -> QuerySet[DataKey]:
    return DataKey.objects.exclude(kek_id=keys.active)


def _next(keys: KeyEncryption, last: UUID, batch: int) -> list[DataKey]:
    return list(_behind(keys).filter(pk__gt=last).order_by("pk").only("pk")[:batch])


def _wrap_anew(scopes: list[UUID], keys: KeyEncryption) -> int:
    """The number of those that do not open; they stay as they are."""
    changed, damaged = [], 0
    with transaction.atomic(using=router.db_for_write(DataKey)):
        # In order of ids, so that two runs at once wait for each other instead of standing in each other's way.
        for row in _behind(keys).filter(pk__in=scopes).order_by("pk").select_for_update():
            try:
                key = keys.unwrap(row.kek_id, bytes(row.wrapped), scope=row.scope)
            except SealBroken:
                damaged += 1
                continue
            row.kek_id, row.wrapped = keys.wrap(key, scope=row.scope)
            changed.append(row)
        DataKey.objects.bulk_update(changed, ["kek_id", "wrapped"])
    return damaged
