"""Keyed tokens: equal values give equal numbers, and without the ring's index key nobody can make one."""

import hashlib
import hmac

from vault.keyring import ring

TOKEN_BYTES = 8


def token(kind: str, value: str) -> int:
    """A signed 64-bit number for a bigint column; the same value gives another number in every kind."""
    mac = hmac.new(ring().index, f"{kind}\0{value}".encode(), hashlib.sha256).digest()
    return int.from_bytes(mac[:TOKEN_BYTES], "big", signed=True)
