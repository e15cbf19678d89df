"""The keys that wrap data keys. They live in a file beside the application, never in a database."""

import base64
import hmac
import json
import os
import stat
import zlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from vault.errors import KeyRingError, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
LONGEST_ID = 40
STAMP_BYTES = 32
STAMPING = b"homeward row stamp"


class KeyEncryption(Protocol):
    """Wraps data keys. A key service of a cloud or a hardware module would be another such class."""

    @property
    def active(self) -> str:
        """The id of the key-encryption key that wraps from now on."""

    def holds(self, kek_id: str) -> bool:
        """Whether what this key wrapped can be unwrapped."""

    def wrap(self, key: bytes, *, scope: UUID) -> tuple[str, bytes]:
        """The id of the key-encryption key that was used, and the wrapped key."""

    def unwrap(self, kek_id: str, wrapped: bytes, *, scope: UUID) -> bytes:
        """Raises SealBroken when the bytes were not wrapped for this scope by that key."""


class FileKeyRing:
    """The ring in the file that the setting KEYRING names. Old keys stay in it as long as they open something."""

    def __init__(self, keys: dict[str, bytes], active: str, index: bytes, sealing: "SealingKeys") -> None:
        self._keys = keys
        self._active = active
        self._index = index
        self.sealing = sealing

    def __repr__(self) -> str:
        return f"<FileKeyRing active={self._active!r}>"

    @classmethod
    def read(cls, path: Path) -> "FileKeyRing":
        """Raises KeyRingError with a sentence that names the setting."""
        return cls.parsed(text_of(path), path)

    @classmethod
    def parsed(cls, text: str, path: Path) -> "FileKeyRing":
        content = _json(text)
        if not isinstance(content, dict) or not isinstance(content.get("keys"), dict):
            raise KeyRingError(
                f"KEYRING: {path} is not a key ring. It must be JSON with active, keys, index and sealing; "
                "`manage.py make_keyring PATH` makes a new one."
            )
        keys, active = _named_keys(content, "key", path)
        index = _key(content.get("index"), "the index key", path)
        sealing = content.get("sealing")
        if not isinstance(sealing, dict) or not isinstance(sealing.get("keys"), dict):
            raise KeyRingError(
                f"KEYRING: {path} has no keys that seal the audit. "
                f"`manage.py make_keyring --add-sealing {path}` adds one."
            )
        return cls(keys, active, index, SealingKeys(*_named_keys(sealing, "sealing key", path)))

    @property
    def active(self) -> str:
        return self._active

    def holds(self, kek_id: str) -> bool:
        return kek_id in self._keys

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


class SealingKeys:
    """Ed25519 keys that sign seals of the audit. Old ones stay in the ring: earlier seals are checked with them.

    They also stamp rows, so that one which somebody else put into a table is known.
    """

    def __init__(self, seeds: dict[str, bytes], active: str) -> None:
        self.active = active
        self._keys = {name: Ed25519PrivateKey.from_private_bytes(seed) for name, seed in seeds.items()}
        stamping = {name: hmac.digest(seed, STAMPING, "sha256") for name, seed in seeds.items()}
        self._stamping = stamping[active]
        self._stamping_before = [key for name, key in stamping.items() if name != active]

    def __repr__(self) -> str:
        return f"<SealingKeys active={self.active!r}>"

    def sign(self, message: bytes) -> bytes:
        return self._keys[self.active].sign(message)

    def public_key(self, name: str) -> bytes | None:
        """Its 32 bytes; None when the ring does not have it."""
        key = self._keys.get(name)
        return key.public_key().public_bytes_raw() if key else None

    def stamp(self, kind: bytes) -> bytes:
        """Random bytes and what only the ring makes of them for rows of this kind."""
        nonce = os.urandom(STAMP_BYTES // 2)
        return nonce + _stamped(self._stamping, kind, nonce)

    def is_stamp(self, kind: bytes, stamp: bytes) -> bool:
        nonce, proof = stamp[: STAMP_BYTES // 2], stamp[STAMP_BYTES // 2 :]
        return _stamped(self._stamping, kind, nonce) == proof or any(
            _stamped(key, kind, nonce) == proof for key in self._stamping_before
        )


def _stamped(key: bytes, kind: bytes, nonce: bytes) -> bytes:
    # The nonce has a fixed length, so no two pairs of kind and nonce read the same.
    return hmac.digest(key, nonce + kind, "sha256")[: STAMP_BYTES // 2]


@cache
def ring() -> FileKeyRing:
    """The installation's ring, as this process knows it."""
    return FileKeyRing.read(Path(settings.KEYRING))


def ring_read_anew() -> FileKeyRing:
    """The ring as its file is now: keys come and go while processes run. Raises KeyRingError and keeps the old one."""
    FileKeyRing.read(Path(settings.KEYRING))
    ring.cache_clear()
    return ring()


def new_keyring_json() -> str:
    """A new ring with random keys. Needs no settings, so that it can be made before there are any."""
    content = {
        "active": "k1",
        "keys": {"k1": _random_key()},
        "index": _random_key(),
        "sealing": _new_sealing(),
    }
    return _as_text(content)


def completed_keyring_json(text: str) -> str:
    """The same ring with a key that seals, where it was made before there were such. Raises KeyRingError."""
    content = _content(text)
    if "sealing" in content:
        return text
    return _as_text(content | {"sealing": _new_sealing()})


def with_new_key(text: str) -> str:
    """The same ring with one more key, which wraps from now on. Raises KeyRingError."""
    content = _content(text)
    taken = {int(name[1:]) for name in content["keys"] if name[:1] == "k" and name[1:].isdecimal()}
    name = f"k{max(taken, default=0) + 1}"
    content["keys"][name], content["active"] = _random_key(), name
    return _as_text(content)


def without_keys(text: str, needed: Collection[str]) -> tuple[str, list[str]]:
    """The same ring without what neither wraps nor is needed, and the names of what left it. Raises KeyRingError."""
    content = _content(text)
    gone = sorted(name for name in content["keys"] if name not in needed and name != content["active"])
    for name in gone:
        del content["keys"][name]
    return _as_text(content), gone


def packed(text: str) -> bytes:
    """The ring in few bytes, for people who type them; equal for equal rings. Raises KeyRingError."""
    content = json.dumps(_content(text), sort_keys=True, separators=(",", ":"))
    return zlib.compress(content.encode(), 9)


def unpacked(data: bytes) -> str:
    """Raises KeyRingError for what `packed` did not make."""
    try:
        return _as_text(_content(zlib.decompress(data).decode()))
    except (zlib.error, UnicodeDecodeError):
        raise KeyRingError("KEYRING: this is not a key ring.") from None


def _content(text: str) -> dict[str, Any]:
    content = _json(text)
    if not isinstance(content, dict):
        raise KeyRingError("KEYRING: this is not a key ring.")
    return content


def _as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1) + "\n"


def _new_sealing() -> dict[str, Any]:
    return {"active": "s1", "keys": {"s1": _random_key()}}


def _named_keys(content: dict[str, Any], kind: str, path: Path) -> tuple[dict[str, bytes], str]:
    """The keys by their names, and the name of the one in use."""
    keys = {name: _key(value, f"the {kind} {name!r}", path) for name, value in content["keys"].items()}
    if any(not 0 < len(name) <= LONGEST_ID for name in keys):
        raise KeyRingError(f"KEYRING: a {kind}'s name in {path} must have 1 to {LONGEST_ID} characters.")
    active = content.get("active")
    if not isinstance(active, str) or active not in keys:
        raise KeyRingError(f"KEYRING: the active {kind} that {path} names is not among its keys.")
    return keys, active


def _random_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _bound_to(scope: UUID, kek_id: str) -> bytes:
    return b"homeward data key\x00" + scope.bytes + kek_id.encode()


def text_of(path: Path) -> str:
    """The file as it is. Raises KeyRingError where others may use it, or it cannot be read."""
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
