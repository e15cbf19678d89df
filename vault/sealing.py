"""Sealing bytes for one scope and one place. Layout: version byte, nonce, AES-256-GCM ciphertext with its tag."""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import SealBroken
from vault.keys import data_key

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD = len(VERSION) + NONCE_BYTES + TAG_BYTES


def seal(scope: UUID, context: str, plain: bytes) -> bytes:
    """`context` names the place where the bytes will lie; they open nowhere else. Raises KeyMissing."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(data_key(scope)).encrypt(nonce, plain, _bound_to(scope, context))


def unseal(scope: UUID, context: str, sealed: bytes) -> bytes:
    """Raises SealBroken unless these are the very bytes that were sealed for this scope and context."""
    if len(sealed) < OVERHEAD or sealed[:1] != VERSION:
        raise SealBroken(f"What lies in {context} was not sealed by this version of Homeward.")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    key = data_key(scope)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound_to(scope, context))
    except InvalidTag:
        raise SealBroken(f"What lies in {context} was altered, or sealed for another place.") from None


def own_digest(scope: UUID, kind: str, value: str) -> str:
    """Equal for equal values of one scope, and made by nobody who lacks its key. 64 hexadecimal signs.

    Raises KeyMissing.
    """
    key = hmac.digest(data_key(scope), b"digest:" + kind.encode(), "sha256")
    return hmac.digest(key, value.encode(errors="surrogatepass"), "sha256").hex()


def _bound_to(scope: UUID, context: str) -> bytes:
    # The scope has a fixed length, so no two pairs of scope and context read the same.
    return VERSION + scope.bytes + context.encode()
