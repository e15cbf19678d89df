"""A secret in shares: any `needed` of them give it back, and fewer tell nothing about it.

Shamir's scheme, byte by byte over the field of 256 elements in which AES calculates. Nothing here is a cipher, and
there is no settled library for it (decision 66). It runs where the key ring lies open anyway, on a machine without
strangers, so its tables need not hide how long they take.
"""

import base64
import hashlib
import os
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from vault.errors import SharesError

MOST = 255
# Of a sum that goes with the secret, so that shares which do not belong together are known by what they give.
DIGEST_BYTES = 16
SET_BYTES = 4
# Version, set, needed, number, count, length of the data, first bytes of their digest.
HEAD = struct.Struct(f">B{SET_BYTES}sBBBH4s")
VERSION = 1
# What stands in one line on paper: so many bytes, and two by which a slip of the pen is found in its line.
LINE_BYTES, CHECK_BYTES = 18, 2
GROUP = 4
LINE = re.compile(r"^\s*(\d{1,3})[.):]?\s+([A-Za-z0-9 -]+?)\s*$")
# On paper these look alike, and only the second of each pair occurs.
LOOK_ALIKE = str.maketrans("018", "OIB")


def _tables() -> tuple[list[int], list[int]]:
    """Powers and logarithms of 3, which generates the field (x⁸ + x⁴ + x³ + x + 1)."""
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    return powers, logarithms


POWERS, LOGARITHMS = _tables()


@dataclass(frozen=True)
class Share:
    """`set_id` is the same for all shares that were made together."""

    set_id: bytes
    needed: int
    number: int
    count: int
    data: bytes

    @property
    def set_name(self) -> str:
        return self.set_id.hex()


def split(secret: bytes, *, needed: int, count: int) -> list[Share]:
    """Raises SharesError for numbers that make no sense: one share alone must never be enough."""
    if not 2 <= needed <= count <= MOST:
        raise SharesError(f"Of 2 to {MOST} shares at least 2 are needed, and no more than there are.")
    plain, set_id = secret + _digest(secret), os.urandom(SET_BYTES)
    # The secret is where each curve meets zero; every other coefficient is random, zero included.
    curves = [bytes([byte]) + os.urandom(needed - 1) for byte in plain]
    return [
        Share(set_id, needed, number, count, bytes(_value(curve, number) for curve in curves))
        for number in range(1, count + 1)
    ]


def join(shares: Sequence[Share]) -> bytes:
    """Raises SharesError with the reason when these do not give a secret back."""
    if not shares:
        raise SharesError("There is no share.")
    first, by_number = shares[0], {share.number: share for share in shares}
    if any(
        (each.set_id, each.needed, each.count) != (first.set_id, first.needed, first.count) for each in shares
    ):
        names = ", ".join(sorted({share.set_name for share in shares}))
        raise SharesError(f"These shares were not made together: they are of the sets {names}.")
    if len(by_number) < first.needed:
        given = ", ".join(map(str, sorted(by_number)))
        raise SharesError(f"{first.needed} different shares are needed; here are {len(by_number)}: {given}.")
    if len({len(share.data) for share in shares}) > 1:
        raise SharesError("These shares are of different lengths.")
    # More than are needed must agree as well: each further one is looked at instead of left aside.
    chosen, others = list(by_number.values())[: first.needed], list(by_number.values())[first.needed :]
    plain = _at(chosen, 0)
    secret, digest = plain[:-DIGEST_BYTES], plain[-DIGEST_BYTES:]
    if _digest(secret) != digest or any(_at(chosen, share.number) != share.data for share in others):
        raise SharesError("These shares do not fit together: one of them was altered.")
    return secret


def as_lines(share: Share) -> list[str]:
    """For paper: numbered lines of eight groups of four. Only capital letters and digits that are read aloud well."""
    head = HEAD.pack(
        VERSION,
        share.set_id,
        share.needed,
        share.number,
        share.count,
        len(share.data),
        _digest(share.data)[:4],
    )
    whole = head + share.data
    pieces = [whole[at : at + LINE_BYTES].ljust(LINE_BYTES, b"\0") for at in range(0, len(whole), LINE_BYTES)]
    return [_line(number, piece) for number, piece in enumerate(pieces, 1)]


def from_text(text: str, name: str) -> Share:
    """What `as_lines` made, typed or scanned; whatever else stands around it is passed over.

    Raises SharesError that tells the line; `name` says to people which share is meant.
    """
    pieces: dict[int, bytes] = {}
    for found in filter(None, map(LINE.match, text.splitlines())):
        number = int(found[1])
        piece = _piece(number, found[2])
        if piece is None or pieces.get(number, piece) != piece:
            raise SharesError(f"{name}: line {number} is not as it was printed.")
        pieces[number] = piece
    if not pieces:
        raise SharesError(f"{name} holds no share.")
    missing = sorted(set(range(1, max(pieces) + 1)) - set(pieces))
    if missing:
        raise SharesError(f"{name}: line {missing[0]} is missing.")
    return _parsed(b"".join(piece for _number, piece in sorted(pieces.items())), name)


def _parsed(whole: bytes, name: str) -> Share:
    version, set_id, needed, number, count, length, digest = HEAD.unpack(whole[: HEAD.size])
    if version != VERSION:
        raise SharesError(f"{name} was made by another version of Homeward.")
    data = whole[HEAD.size : HEAD.size + length]
    if len(data) < length or _digest(data)[:4] != digest or not data:
        raise SharesError(f"{name}: lines are missing at its end, or are of another share.")
    return Share(set_id, needed, number, count, data)


def _line(number: int, piece: bytes) -> str:
    text = base64.b32encode(piece + _check(number, piece)).decode()
    return f"{number:02d}  " + " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def _piece(number: int, typed: str) -> bytes | None:
    """The bytes of one line; None where it is not as it was printed."""
    text = re.sub(r"[ -]", "", typed).upper().translate(LOOK_ALIKE)
    try:
        line = base64.b32decode(text)
    except ValueError:
        return None
    piece, check = line[:LINE_BYTES], line[LINE_BYTES:]
    return piece if check == _check(number, piece) else None


def _check(number: int, piece: bytes) -> bytes:
    return hashlib.sha256(bytes([number]) + piece).digest()[:CHECK_BYTES]


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(b"homeward share\x00" + data).digest()[:DIGEST_BYTES]


def _product(left: int, right: int) -> int:
    return POWERS[LOGARITHMS[left] + LOGARITHMS[right]] if left and right else 0


def _quotient(left: int, right: int) -> int:
    return POWERS[LOGARITHMS[left] + 255 - LOGARITHMS[right]] if left else 0


def _value(curve: bytes, at: int) -> int:
    value = 0
    for coefficient in reversed(curve):
        value = _product(value, at) ^ coefficient
    return value


def _at(shares: Sequence[Share], at: int) -> bytes:
    """All curves that go through these shares, at one place (Lagrange)."""
    weights = [
        _weight([other.number for other in shares if other is not share], share.number, at)
        for share in shares
    ]
    values = bytearray(len(shares[0].data))
    for share, weight in zip(shares, weights, strict=True):
        for position, byte in enumerate(share.data):
            values[position] ^= _product(byte, weight)
    return bytes(values)


def _weight(others: Sequence[int], own: int, at: int) -> int:
    weight = 1
    for other in others:
        weight = _product(weight, _quotient(at ^ other, own ^ other))
    return weight
