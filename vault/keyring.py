"""Key-encryption keys: they wrap data keys and never touch data.

`KeyEncryption` is the port; `FileKeyRing` fills it from a file, a cloud or HSM key service can fill it instead.
"""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from vault.errors import KeyRingError, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyEncryption(Protocol):
    """Wraps data keys. Both sides name the scope, so that a wrapped key cannot be moved to another case."""

    def wrap(self, key: bytes, *, scope: UUID) -> tuple[str, bytes]:
        """The id of the key-encryption key used, and the wrapped key."""

    def unwrap(self, kek_id: str, wrapped: bytes, *, scope: UUID) -> bytes:
        """Raises KeyRingError for an unknown key, SealBroken for a wrapped key that was altered or moved."""


class FileKeyRing:
    """The keys of one JSON file: `{"active": id, "keys": {id: base64}, "index": base64}`, 32 bytes each."""

    def __init__(self, active: str, keys: Mapping[str, bytes], index: bytes) -> None:
        self._active = active
        self._keys = dict(keys)
        self.index = index

    @classmethod
    def read(cls, path: Path) -> "FileKeyRing":
        text = _private_text(path)
        try:
            ring = json.loads(text)
            active, index = str(ring["active"]), _key(ring["index"])
            keys = {str(name): _key(value) for name, value in ring["keys"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise KeyRingError(f"KEYRING: {path} is not a key ring. `manage.py make_keyring` makes one.") from None
        if active not in keys:
            raise KeyRingError(f"KEYRING: the active key of {path} is not in it.")
        return cls(active, keys, index)

    def wrap(self, key: bytes, *, scope: UUID) -> tuple[str, bytes]:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._keys[self._active]).encrypt(nonce, key, _bound(scope, self._active))
        return self._active, nonce + sealed

    def unwrap(self, kek_id: str, wrapped: bytes, *, scope: UUID) -> bytes:
        if kek_id not in self._keys:
            raise KeyRingError("KEYRING: a data key was wrapped with a key that is not in the ring.")
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return AESGCM(self._keys[kek_id]).decrypt(nonce, sealed, _bound(scope, kek_id))
        except (InvalidTag, ValueError):
            raise SealBroken("A wrapped data key is not what was stored.") from None


@cache
def ring() -> FileKeyRing:
    """The process's key ring."""
    return FileKeyRing.read(Path(settings.KEYRING))


def new_keyring_json() -> str:
    """A fresh ring with one key. Needs no settings."""
    keys = {"k1": _text(secrets.token_bytes(KEY_BYTES))}
    return json.dumps({"active": "k1", "keys": keys, "index": _text(secrets.token_bytes(KEY_BYTES))}, indent=1)


def _private_text(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except OSError as error:
        raise KeyRingError(f"KEYRING: {path} cannot be read ({error.strerror}).") from None
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO) and os.name == "posix":
        raise KeyRingError(f"KEYRING: others can read {path}. Give it mode 0600.")
    return text


def _key(value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bound(scope: UUID, kek_id: str) -> bytes:
    return scope.bytes + kek_id.encode()
