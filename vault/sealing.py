"""Sealing: AES-256-GCM with the scope's data key, bound to where the value belongs.

A sealed value is: version (1 byte), nonce (12), ciphertext and tag. The context and the scope are authenticated
with it, so a value moved to another row, field or case does not open.
"""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import SealBroken
from vault.keyring import NONCE_BYTES
from vault.keys import data_key

VERSION = b"\x01"
TAG_BYTES = 16


def seal(scope: UUID, context: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(data_key(scope)).encrypt(nonce, plain, _bound(scope, context))


def unseal(scope: UUID, context: str, sealed: bytes) -> bytes:
    """Raises SealBroken for anything but what `seal` returned for the same scope and context."""
    if sealed[:1] != VERSION or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("A sealed value is cut, or was sealed in a way that is not known.")
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(data_key(scope)).decrypt(nonce, rest, _bound(scope, context))
    except InvalidTag:
        raise SealBroken("A sealed value does not belong where it stands, or was altered.") from None


def _bound(scope: UUID, context: str) -> bytes:
    return VERSION + scope.bytes + context.encode()
