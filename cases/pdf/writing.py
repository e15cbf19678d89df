"""Text as lines on paper: which glyphs there are, where a line breaks, in which order its letters stand.

No value is ever parsed as markup: lines are drawn as they are.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from arabic_reshaper import ArabicReshaper
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from cases.pdf.order import in_order_of_eye, is_rtl, levels

FONTS = Path(__file__).parent.parent / "fonts"
PLAIN, BOLD = "HomewardSans", "HomewardSans-Bold"
_FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
# Stands for a character that the font cannot draw.
MARK = "\ufffd"
BASIC_PLANE = 0xFFFF
# Letters keep the marks that people wrote on them: by default the library takes them away.
_shaper = ArabicReshaper({"delete_harakat": False, "delete_tatweel": False, "support_ligatures": True})
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_PRESENTATION = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]")
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
SPACE = " "
# French keeps its colon and its question mark on the line of their word by a space that does not break.
_WORDS = re.compile(r"(?:\S|\xa0)+|[^\S\xa0]+")


@cache
def font(name: str) -> TTFont:
    """Read from its file once in the life of a process."""
    found = TTFont(name, FONTS / _FILES[name])
    pdfmetrics.registerFont(found)
    return found


@dataclass
class Coverage:
    """Collects what could not be drawn, so that the document can say it."""

    missing: dict[str, int] = field(default_factory=dict)

    def drawable(self, text: str, name: str) -> str:
        """Every character that the font has, a visible mark for every other; never an empty box in silence.

        What lies beyond the basic plane is marked too: it could be drawn, but not be found or copied again.
        """
        return "".join(self._glyph(sign, name) for sign in text)

    def _glyph(self, sign: str, name: str) -> str:
        glyphs = font(name).face.charToGlyph
        if ord(sign) in glyphs and ord(sign) <= BASIC_PLANE and unicodedata.category(sign) != "Cc":
            return sign
        # A joined form that is missing is drawn as the letter alone: readable, if not pretty.
        plain = unicodedata.normalize("NFKC", sign) if _PRESENTATION.match(sign) else sign
        if plain != sign and all(ord(each) in glyphs for each in plain):
            return plain
        self.missing[plain] = self.missing.get(plain, 0) + 1
        return MARK


@dataclass(frozen=True)
class Line:
    """In the order of the eye, from the left."""

    drawn: str
    width: float
    rtl: bool


@dataclass(frozen=True)
class Hand:
    """How a piece of text is written."""

    font: str
    size: float
    leading: float
    page_is_rtl: bool = False

    def width(self, text: str) -> float:
        face = font(self.font).face
        return (
            float(sum(face.charWidths.get(ord(sign), face.defaultWidth) for sign in text)) * self.size / 1000
        )

    def lines(self, text: str, width: float, coverage: Coverage) -> list[Line]:
        """Broken by measured width while in reading order, and only then put in the order of the eye."""
        found = []
        for paragraph in _LINE_ENDS.split(text):
            rtl = is_rtl(paragraph, self.page_is_rtl)
            shaped = coverage.drawable(_shaped(paragraph), self.font)
            found += self._turned(list(self._broken(shaped, width)), rtl)
        return found

    def line(self, text: str, coverage: Coverage) -> Line:
        """One line that does not break: of a header or a footer."""
        flat = _LINE_ENDS.sub(SPACE, text)
        shaped = coverage.drawable(_shaped(flat), self.font)
        return self._turned([shaped], is_rtl(flat, self.page_is_rtl))[0]

    def _turned(self, pieces: list[str], rtl: bool) -> list[Line]:
        """The whole paragraph decides which way each sign runs, also where a line begins with a number."""
        depths = levels("".join(pieces), rtl)
        found, place = [], 0
        for piece in pieces:
            seen = piece.rstrip(SPACE)
            drawn = in_order_of_eye(seen, depths[place : place + len(seen)]) if depths else seen
            found.append(Line(drawn, self.width(seen), rtl))
            place += len(piece)
        return found

    def _broken(self, text: str, width: float) -> Iterator[str]:
        """Between words where there are any; a word that is wider than the line breaks where the line ends."""
        line, used = "", 0.0
        for word in _WORDS.findall(text):
            wide = self.width(word)
            if used + wide <= width or (word.isspace() and line):
                line, used = line + word, used + wide
                continue
            if line:
                yield line
            *full, line = self._cut(word, width) if wide > width else [word]
            yield from full
            used = self.width(line)
        yield line

    def _cut(self, word: str, width: float) -> list[str]:
        """A mark never begins a line: it stands on the letter before it."""
        pieces, used = [""], 0.0
        for sign in word:
            wide = self.width(sign)
            if used + wide > width and pieces[-1] and not unicodedata.combining(sign):
                pieces.append("")
                used = 0.0
            pieces[-1] += sign
            used += wide
        return pieces


def _shaped(text: str) -> str:
    """Composed, Arabic letters joined, tabs as spaces, and without signs that are seen by nobody."""
    composed = unicodedata.normalize("NFC", text).replace("\t", SPACE)
    if _ARABIC.search(composed):
        composed = _shaper.reshape(composed)
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")
