"""The keys that wrap data keys. They live in a file beside the application, never in a database."""

import base64
import hmac
import json
import os
import stat
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from vault.errors import KeyRingError, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
LONGEST_ID = 40


class KeyEncryption(Protocol):
    """Wraps data keys. A key service of a cloud or a hardware module would be another such class."""

    def wrap(self, key: bytes, *, scope: UUID) -> tuple[str, bytes]:
        """The id of the key-encryption key that was used, and the wrapped key."""

    def unwrap(self, kek_id: str, wrapped: bytes, *, scope: UUID) -> bytes:
        """Raises SealBroken when the bytes were not wrapped for this scope by that key."""


class FileKeyRing:
    """The ring in the file that the setting KEYRING names. Old keys stay in it as long as they open something."""

    def __init__(self, keys: dict[str, bytes], active: str, index: bytes) -> None:
        self._keys = keys
        self._active = active
        self._index = index

    def __repr__(self) -> str:
        return f"<FileKeyRing active={self._active!r}>"

    @classmethod
    def read(cls, path: Path) -> "FileKeyRing":
        """Raises KeyRingError with a sentence that names the setting."""
        return cls._parsed(_text(path), path)

    @classmethod
    def _parsed(cls, text: str, path: Path) -> "FileKeyRing":
        content = _json(text)
        if not isinstance(content, dict) or not isinstance(content.get("keys"), dict):
            raise KeyRingError(
                f"KEYRING: {path} is not a key ring. It must be JSON with active, keys and index; "
                "`manage.py make_keyring PATH` makes a new one."
            )
        keys = {name: _key(value, f"the key {name!r}", path) for name, value in content["keys"].items()}
        if any(not 0 < len(name) <= LONGEST_ID for name in keys):
            raise KeyRingError(f"KEYRING: a key's name in {path} must have 1 to {LONGEST_ID} characters.")
        active = content.get("active")
        if not isinstance(active, str) or active not in keys:
            raise KeyRingError(f"KEYRING: the active key that {path} names is not among its keys.")
        return cls(keys, active, _key(content.get("index"), "the index key", path))

    def wrap(self, key: bytes, *, scope: UUID) -> tuple[str, bytes]:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._keys[self._active]).encrypt(nonce, key, _bound_to(scope, self._active))
        return self._active, nonce + sealed

    def unwrap(self, kek_id: str, wrapped: bytes, *, scope: UUID) -> bytes:
        kek = self._keys.get(kek_id)
        if kek is None:
            raise KeyRingError(
                "KEYRING: the key ring lacks a key that is still in use; put the old key back."
            )
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return AESGCM(kek).decrypt(nonce, sealed, _bound_to(scope, kek_id))
        except (InvalidTag, ValueError):
            raise SealBroken("A wrapped data key is damaged, or the key ring is another one.") from None

    def digest(self, message: bytes) -> bytes:
        """A keyed digest (HMAC-SHA-256) for search tokens, under the ring's index key."""
        return hmac.digest(self._index, message, "sha256")


@cache
def ring() -> FileKeyRing:
    """The installation's ring, read once per process."""
    return FileKeyRing.read(Path(settings.KEYRING))


def new_keyring_json() -> str:
    """A new ring with random keys. Needs no settings, so that it can be made before there are any."""
    return (
        json.dumps({"active": "k1", "keys": {"k1": _random_key()}, "index": _random_key()}, indent=1) + "\n"
    )


def _random_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _bound_to(scope: UUID, kek_id: str) -> bytes:
    return b"homeward data key\x00" + scope.bytes + kek_id.encode()


def _text(path: Path) -> str:
    try:
        # Looked at through the open file, so that nobody can swap it between the look and the reading.
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyRingError(
                    f"KEYRING: other accounts may use {path}. Run `chmod 600` on it; if it lay open to "
                    "others, its keys are no longer secret."
                )
            return file.read()
    except FileNotFoundError:
        raise KeyRingError(
            f"KEYRING: there is no file {path}. `manage.py make_keyring PATH` makes one."
        ) from None
    except UnicodeDecodeError:
        pass  # The error itself holds the file's bytes; the sentence below must not carry it along.
    except OSError as error:
        raise KeyRingError(f"KEYRING: {path} cannot be read: {error.strerror}.") from None
    raise KeyRingError(f"KEYRING: {path} is not a text file.")


def _json(text: str) -> Any:
    """None for bad JSON: the decoder's error holds the whole text, so it is not passed on."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _key(value: Any, which: str, path: Path) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"KEYRING: {which} in {path} must be {KEY_BYTES} bytes in base64.")
    return key
