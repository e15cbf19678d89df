"""Words that stand nowhere else, and every way in which one of them could be written down."""

import base64
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from cases.matching.words import plain, romanised, words_of

LATIN, CYRILLIC, DIGITS = "latin", "cyrillic", "digits"
_SOUNDS = {LATIN: ("bdfgklmnprtvz", "aeiou"), CYRILLIC: ("бвгдзклмнпрстф", "аеиоу")}
# Sounds of one word. No rounder number of letters could stand by chance in gigabytes of ciphertext.
_SYLLABLES, _FIGURES = 6, 14
# What is shorter would be found by chance.
SHORTEST = 8


@dataclass(frozen=True)
class Canary:
    """`label` says where it was put in."""

    label: str
    word: str


@dataclass
class Nest:
    """Every canary of a run. They differ in each run, so none can be known to the code."""

    canaries: list[Canary] = field(default_factory=list)
    _known: dict[tuple[str, str], Canary] = field(default_factory=dict)
    _draw: random.Random = field(default_factory=random.SystemRandom)

    def word(self, label: str, alphabet: str = LATIN) -> str:
        """The same for the same label and alphabet."""
        if (label, alphabet) not in self._known:
            made = Canary(f"{label} ({alphabet})", self._made(alphabet))
            self._known[label, alphabet] = made
            self.canaries.append(made)
        return self._known[label, alphabet].word

    def _made(self, alphabet: str) -> str:
        """Another one where a line break happens to be in it: patterns are told apart by line breaks."""
        word = self._drawn(alphabet)
        breaks = any(b"\n" in pattern for _name, pattern in patterns_of(Canary("", word)))
        return self._made(alphabet) if breaks else word

    def _drawn(self, alphabet: str) -> str:
        if alphabet == DIGITS:
            return "".join(self._draw.choice("123456789") for _figure in range(_FIGURES))
        consonants, vowels = _SOUNDS[alphabet]
        sounds = (self._draw.choice(consonants) + self._draw.choice(vowels) for _sound in range(_SYLLABLES))
        return "".join(sounds).capitalize()


def spellings(word: str) -> set[str]:
    """In either case, and as search and comparison turn it."""
    searched = [turned for each in words_of(word) for turned in (each, plain(each), romanised(each))]
    found = {word, word.lower(), word.upper(), word.casefold(), word.capitalize(), *searched}
    return {each for each in found if len(each) >= SHORTEST}


def _base64_at(offset: int, sign: bytes = b"+/") -> Callable[[str], bytes]:
    """Without the signs at both ends, which hold bits of the neighbours."""

    def written(word: str) -> bytes:
        whole = base64.b64encode(b"\0" * offset + word.encode(), altchars=sign).rstrip(b"=")
        begins = (0, 2, 3)[offset]
        return whole[begins : len(whole) - (1 if (offset + len(word.encode())) % 3 else 0)]

    return written


def _entities(how: str) -> Callable[[str], bytes]:
    return lambda word: "".join(how.format(ord(letter)) for letter in word).encode()


def _escaped(how: str) -> Callable[[str], bytes]:
    """Bytes beyond ASCII as programs print them; for a word of ASCII that is the word."""
    return lambda word: b"".join(
        bytes([byte]) if byte < 128 else how.format(byte).encode() for byte in word.encode()
    )


def _number(order: Literal["little", "big"]) -> Callable[[str], bytes]:
    """As a database or a broker keeps what consists of digits alone; nothing for other words."""
    return lambda word: int(word).to_bytes(8, order) if word.isdecimal() else b""


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16-LE": lambda word: word.encode("utf-16-le"),
    "UTF-16-BE": lambda word: word.encode("utf-16-be"),
    "UTF-32": lambda word: word.encode("utf-32-le"),
    "Windows-1251": lambda word: word.encode("cp1251"),
    "percent": lambda word: quote(word).encode(),
    "percent, small letters": _escaped("%{:02x}"),
    "quoted-printable": _escaped("={:02X}"),
    "JSON": lambda word: json.dumps(word)[1:-1].encode(),
    "JSON, large letters": lambda word: b"".join(
        letter.encode() if letter.isascii() else f"\\u{ord(letter):04X}".encode() for letter in word
    ),
    "number": _number("little"),
    "number, the other way round": _number("big"),
    "octal": _escaped("\\{:03o}"),
    "bytes as Python prints them": _escaped("\\x{:02x}"),
    "entities": _entities("&#{};"),
    "hexadecimal entities": _entities("&#x{:x};"),
    "hexadecimal entities, large letters": _entities("&#x{:X};"),
    "base64": _base64_at(0),
    "base64, one byte later": _base64_at(1),
    "base64, two bytes later": _base64_at(2),
    "base64 of addresses": _base64_at(0, b"-_"),
    "base64 of addresses, one byte later": _base64_at(1, b"-_"),
    "base64 of addresses, two bytes later": _base64_at(2, b"-_"),
    "hex": lambda word: word.encode().hex().encode(),
    "hex, large letters": lambda word: word.encode().hex().upper().encode(),
    "hex of UTF-16-LE": lambda word: word.encode("utf-16-le").hex().encode(),
    "hex of UTF-16-BE": lambda word: word.encode("utf-16-be").hex().encode(),
    "hex of UTF-16-BE, large letters": lambda word: word.encode("utf-16-be").hex().upper().encode(),
}


def patterns_of(canary: Canary) -> Iterator[tuple[str, bytes]]:
    """Each encoding of each spelling, with the name of the encoding."""
    for spelt in sorted(spellings(canary.word)):
        for name, encode in ENCODINGS.items():
            if pattern := encode(spelt):
                yield name, pattern
