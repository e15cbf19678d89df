"""From the order of the tongue to the order of the eye: the Unicode bidirectional algorithm, line by line."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from bidi import get_display
from bidi.mirror import MIRRORED

_LEVEL = re.compile(r"^        Level\(\n            (\d+),\n        \)", re.MULTILINE)
# Of a text without end the library is asked in portions: what it answers is fifty times as long.
_PORTION = re.compile(r".{1,4000}(?:\s|$)|.{4000}", re.DOTALL)

# Its groups of digits would stand in the order of the page, the last one first.
_TELEPHONE = re.compile(r"\+\d[\d ()/.-]*\d")

Pieces = list[tuple[int, str]]


def is_rtl(text: str, otherwise: bool) -> bool:
    """By its first letter, as a browser decides inside <bdi>; text without letters runs as the page does."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return otherwise


def levels(text: str, rtl: bool) -> list[int]:
    """How deep each sign of a paragraph is turned, an odd number from right to left; empty when nothing is."""
    if not rtl and not any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in text):
        return []
    # One number for the algorithm; of the same length, so that every level has its sign.
    counted = _TELEPHONE.sub(lambda found: "0" * len(found[0]), text)
    return [level for portion in _PORTION.findall(counted) for level in _levels(portion, rtl)]


def _levels(text: str, rtl: bool) -> Iterator[int]:
    """The library tells one for each byte, and only in what it says for debugging."""
    told = get_display(text, base_dir="R" if rtl else "L", debug=True)
    # The text itself stands before, quoted, on one line of its own.
    of_bytes = _LEVEL.findall(told.rpartition("\n    levels: [\n")[2])
    place = 0
    for sign in text:
        yield int(of_bytes[place])
        place += len(sign.encode())


def in_order_of_eye(line: str, depths: Sequence[int]) -> str:
    """The last steps of the algorithm, L2 and L4.

    The library's own order leaves brackets unturned. A Hebrew or Arabic mark stays before its letter: our fonts
    draw it to the right of where it stands, so step L3 would set it beside the word.
    """
    pieces: Pieces = [
        (depth, MIRRORED.get(sign, sign) if depth % 2 else sign)
        for sign, depth in zip(line, depths, strict=True)
    ]
    for floor in range(max(depths, default=0), 0, -1):
        pieces = _turned_from(pieces, floor)
    return "".join(piece for _depth, piece in pieces)


def _turned_from(pieces: Pieces, floor: int) -> Pieces:
    turned: Pieces = []
    for is_deep, run in groupby(pieces, key=lambda piece: piece[0] >= floor):
        together = list(run)
        turned += reversed(together) if is_deep else together
    return turned
