"""Whole files, sealed in chunks of 64 KB and kept in Django's storage: whoever reads gets no byte unproven.

Layout: version byte, salt, then the chunks, each AES-256-GCM ciphertext with its tag; all but the last are full.
The salt makes a key for this one file out of the scope's data key, so a nonce is simply the chunk's number and
whether it is the last. Both are proven with each chunk, together with the scope and the name under which the
file lies: chunks that were swapped, cut, added or taken from elsewhere do not open.
"""

import hmac
import os
from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from vault.errors import SealBroken, VaultError
from vault.keyring import KEY_BYTES
from vault.keys import data_key

VERSION = b"\x01"
SALT_BYTES = 32
TAG_BYTES = 16
CHUNK = 64 * 1024
HEAD = len(VERSION) + SALT_BYTES
NUMBER_BYTES = 11


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def store(scope: UUID, name: str, plain: bytes) -> None:
    """Seals and writes. Raises KeyMissing, and VaultError when something lies under this name already."""
    written = default_storage.save(name, ContentFile(b"".join(sealed(scope, name, plain))))
    if written != name:
        # The storage chose another name so as not to overwrite; under that one nothing would ever open.
        default_storage.delete(written)
        raise VaultError("Something is stored under this name already.")


def discard(name: str) -> None:
    """What is gone already is no error, so that it can be tried again."""
    default_storage.delete(name)


class StoredFile:
    """The plain bytes of a stored file, chunk by chunk, once. Close it when done.

    Raises FileNotFoundError, KeyMissing and SealBroken at once if not even the beginning opens; while it is
    read SealBroken for what was altered further on.
    """

    def __init__(self, scope: UUID, name: str) -> None:
        self._file: File[bytes] = default_storage.open(name)
        try:
            self._following = opened(scope, name, self._file)
            self._first = next(self._following)
        except BaseException:
            self._file.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._following

    def close(self) -> None:
        self._file.close()


def sealed(scope: UUID, name: str, plain: bytes) -> Iterator[bytes]:
    """The file as it is stored under this name, in pieces. Raises KeyMissing."""
    salt = os.urandom(SALT_BYTES)
    cipher, bound = AESGCM(_derived(scope, salt, b"homeward file")), _bound_to(scope, name)
    yield VERSION + salt
    ends = range(CHUNK, len(plain), CHUNK)
    for number, end in enumerate(ends):
        yield cipher.encrypt(_nonce(number, last=False), plain[end - CHUNK : end], bound)
    rest = plain[len(ends) * CHUNK :]
    yield cipher.encrypt(_nonce(len(ends), last=True), rest, bound)


def opened(scope: UUID, name: str, file: Readable) -> Iterator[bytes]:
    """Raises KeyMissing, and SealBroken at the first chunk that is not the one which was sealed at its place."""
    head = _read(file, HEAD)
    if len(head) < HEAD or head[:1] != VERSION:
        raise SealBroken("A stored file was not sealed by this version of Homeward.")
    cipher = AESGCM(_derived(scope, head[1:], b"homeward file"))
    bound, number = _bound_to(scope, name), 0
    chunk = _read(file, CHUNK + TAG_BYTES)
    while True:
        following = _read(file, CHUNK + TAG_BYTES)
        try:
            plain = cipher.decrypt(_nonce(number, last=not following), chunk, bound)
        except (InvalidTag, ValueError):
            raise SealBroken("A stored file was altered, cut, or moved from another place.") from None
        yield plain
        if not following:
            return
        chunk, number = following, number + 1


def keyed_digest(scope: UUID, digest: bytes) -> str:
    """Equal for equal files of one scope; without its key nobody can tell which known file that is."""
    key = _derived(scope, b"", b"homeward file digest")
    return hmac.digest(key, digest, "sha256").hex()


def _derived(scope: UUID, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(data_key(scope))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NUMBER_BYTES, "big") + bytes([last])


def _bound_to(scope: UUID, name: str) -> bytes:
    # The scope has a fixed length, so no two pairs of scope and name read the same.
    return VERSION + scope.bytes + name.encode()


def _read(file: Readable, size: int) -> bytes:
    """Exactly so many bytes, fewer only at the end: a storage over a network may hand out less at a time."""
    parts, missing = list[bytes](), size
    while missing and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
