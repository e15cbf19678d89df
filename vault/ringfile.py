"""Changing the file of the key ring: whole or not at all, by one at a time, whoever is killed meanwhile."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vault.errors import KeyRingError
from vault.keyring import FileKeyRing, text_of


def change(path: Path, changed: Callable[[str], str]) -> FileKeyRing:
    """Beside the old one, looked at, and then in its place. Raises KeyRingError and leaves the ring as it was.

    Who may use the file stays as it was. A process that is killed leaves at most a file ending in `.part`, which the
    next one takes away.
    """
    with _alone_in(path.parent) as folder:
        text = changed(text_of(path))
        ring = FileKeyRing.parsed(text, path)
        _replace(path, text)
        os.fsync(folder)
    return ring


def _replace(path: Path, text: str) -> None:
    part, before = path.with_name(path.name + ".part"), path.stat()
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, before.st_mode & 0o700)
            os.fsync(descriptor)
        part.rename(path)
    except OSError as error:
        raise KeyRingError(f"KEYRING: {path} cannot be replaced: {error.strerror}.") from None


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """Ends with the process, so nobody waits for one that was killed."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise KeyRingError(f"KEYRING: {folder} cannot be opened: {error.strerror}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
