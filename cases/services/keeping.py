"""How files are kept: described in their rows, sealed in the storage. Parts of the services that know the rows.

Bytes go to the storage before the transaction that knows of them, so no transaction waits for a storage, and what is
left behind by a crash is ciphertext that no row names.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cases.models.documents import SealedFile
from cases.services.incoming import Incoming
from vault import files


def describe(row: SealedFile, filename: str, incoming: Incoming) -> None:
    row.filename, row.media_type, row.size = filename, incoming.media_type, len(incoming.plain)
    row.digest = files.keyed_digest(row.case_id, incoming.digest)


@contextmanager
def stored(kept: Iterable[tuple[SealedFile, Incoming]]) -> Iterator[None]:
    """Around the write that saves the rows: when it fails, nothing of them stays in the storage."""
    lying = list[str]()
    try:
        for row, incoming in kept:
            files.store(row.case_id, row.storage_name, incoming.plain)
            lying.append(row.storage_name)
        yield
    except BaseException:
        for name in lying:
            files.discard(name)
        raise
