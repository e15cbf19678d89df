"""What stands on the pages: blocks of lines that break anywhere, a head and a foot on each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import zip_longest
from typing import Any

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Spacer,
)

from cases.pdf.writing import BOLD, PLAIN, Coverage, Hand, Line, font

WIDTH, HEIGHT = A4
SIDE, HEAD, FOOT = 18 * mm, 22 * mm, 18 * mm
BODY = WIDTH - 2 * SIDE
LABEL, GAP = 48 * mm, 4 * mm
INK, SOFT, RULE = HexColor("#1c2328"), HexColor("#525c64"), HexColor("#cfc8bc")
# A title does not stand alone at the foot of a page.
ROOM_UNDER_TITLE = 24 * mm
# Wide enough for a telephone to read an address of usual length from paper.
PICTURE = 24 * mm


def draw_line(canvas: Canvas, line: Line, x: float, y: float, hand: Hand) -> None:
    canvas.setFont(hand.font, hand.size)
    canvas.drawString(x, y, line.drawn)


@dataclass(frozen=True)
class Row:
    """A line of a label and, beside it, a line of a value."""

    label: Line | None
    value: Line | None


@dataclass(frozen=True)
class Column:
    """Lines one under the other. `start` counts from the side where the page begins to be read.

    Text that runs against the page keeps its own straight edge: it ends where its widest line does.
    """

    hand: Hand
    start: float
    widest: float

    def place(self, line: Line) -> float:
        """Where the line begins, counted from the left."""
        against = self.widest - line.width if line.rtl != self.hand.page_is_rtl else 0.0
        from_start = self.start + against
        return BODY - from_start - line.width if self.hand.page_is_rtl else from_start


class Block(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Rows one under the other. However long a value is, it goes on over the page."""

    def __init__(self, rows: list[Row], label: Column, value: Column) -> None:
        super().__init__()
        self._rows, self._label, self._value = rows, label, value

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, len(self._rows) * self._value.hand.leading

    def split(self, width: float, height: float) -> list[Flowable]:
        fitting = int(height / self._value.hand.leading)
        if fitting < 1:
            return []
        pieces = (self._rows[:fitting], self._rows[fitting:])
        return [Block(rows, self._label, self._value) for rows in pieces if rows]

    def draw(self) -> None:
        for number, row in enumerate(self._rows):
            y = (len(self._rows) - number) * self._value.hand.leading - self._value.hand.size
            self._draw(row.label, self._label, y, SOFT)
            self._draw(row.value, self._value, y, INK)

    def _draw(self, line: Line | None, column: Column, y: float, ink: HexColor) -> None:
        if line and line.drawn:
            self.canv.setFillColor(ink)
            draw_line(self.canv, line, column.place(line), y, column.hand)


@dataclass(frozen=True)
class Proof:
    """How to check the paper: its code, the words that lead to the page for it, and that page's address.

    The code is in no address: addresses are kept in logs and histories of browsers.
    """

    code: str
    words: str
    address: str


@dataclass(frozen=True)
class Surround:
    """What stands around every page. `of` puts a page's number and their count into words."""

    code: str
    reader: str
    moment: str
    of: Callable[[int, int], str]
    proof: Proof | None = None


class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Draws head and foot when all pages are there, because each says how many there are."""

    def __init__(self, surround: Surround, rtl: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.surround, self.rtl = surround, rtl
        self._waiting: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        self._waiting.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        total = len(self._waiting)
        for number, page in enumerate(self._waiting, start=1):
            self.__dict__.update(page)
            self._around(number, total)
            super().showPage()
        super().save()

    def _around(self, number: int, total: int) -> None:
        self.setStrokeColor(RULE)
        self.setFillColor(SOFT)
        self.setLineWidth(0.5)
        self.line(SIDE, HEIGHT - HEAD + 3 * mm, WIDTH - SIDE, HEIGHT - HEAD + 3 * mm)
        self.line(SIDE, FOOT - 3 * mm, WIDTH - SIDE, FOOT - 3 * mm)
        around = self.surround
        self._pair(around.code, around.reader, HEIGHT - HEAD + 5.5 * mm)
        self._pair(around.moment, around.of(number, total), FOOT - 7 * mm)
        if around.proof:
            # A code runs from the left wherever it stands, also one that is all figures.
            code = Hand(BOLD, 8, 10).line(around.proof.code, Coverage())
            self._pair(around.proof.words, code, FOOT - 11.5 * mm)

    def _pair(self, start: str, end: str | Line, y: float) -> None:
        plain, bold = Hand(PLAIN, 8, 10, self.rtl), Hand(BOLD, 8, 10)
        first = plain.line(start, Coverage()), plain
        last = (end, bold) if isinstance(end, Line) else (plain.line(end, Coverage()), plain)
        (left, left_hand), (right, right_hand) = (last, first) if self.rtl else (first, last)
        draw_line(self, left, SIDE, y, left_hand)
        draw_line(self, right, WIDTH - SIDE - right.width, y, right_hand)


class Turn(Flowable):  # type: ignore[misc]  # reportlab has no types
    """From its page on, something else stands around the pages, and they are read from this side."""

    def __init__(self, surround: Surround, rtl: bool) -> None:
        super().__init__()
        self._surround, self._page_is_rtl = surround, rtl

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0.0, 0.0

    def draw(self) -> None:
        self.canv.surround, self.canv.rtl = self._surround, self._page_is_rtl


class Paper:
    """A document in the making: titles and facts go in, bytes come out. The same input gives the same bytes."""

    def __init__(self, surround: Surround, *, rtl: bool, language: str) -> None:
        for name in (PLAIN, BOLD):
            font(name)
        self.coverage = _covering(surround)
        self._surround, self._rtl, self._language = surround, rtl, language
        # From which side the pages are read on which something is written now.
        self._writes_rtl = rtl
        self._story: list[Flowable] = []

    def turn(self, surround: Surround, *, rtl: bool) -> None:
        """Goes on in another language, on a page of its own; what that language cannot print is counted by itself."""
        self.coverage, self._writes_rtl = _covering(surround), rtl
        self._story += [PageBreak(), Turn(surround, rtl)]

    def title(self, text: str) -> None:
        self._alone(text, Hand(BOLD, 16, 21, self._writes_rtl))

    def chapter(self, text: str, room: float = ROOM_UNDER_TITLE) -> None:
        """`room` is what has to fit under it on the same page."""
        self._story += [Spacer(1, 7 * mm), CondPageBreak(room)]
        self._alone(text, Hand(BOLD, 12.5, 17, self._writes_rtl))

    def entry(self, text: str) -> None:
        self._story += [Spacer(1, 3 * mm), CondPageBreak(ROOM_UNDER_TITLE)]
        self._alone(text, Hand(BOLD, 9.5, 13, self._writes_rtl))

    def words(self, text: str) -> None:
        self._alone(text, Hand(PLAIN, 9, 12.5, self._writes_rtl))

    def fact(self, label: str, value: str) -> None:
        small, normal = Hand(PLAIN, 8.5, 12.5, self._writes_rtl), Hand(PLAIN, 9, 12.5, self._writes_rtl)
        labels = small.lines(label, LABEL, self.coverage)
        values = normal.lines(value, BODY - LABEL - GAP, self.coverage)
        rows = [Row(*pair) for pair in zip_longest(labels, values)]
        beside = Column(normal, LABEL + GAP, _widest(values))
        self._story.append(Block(rows, Column(small, 0.0, _widest(labels)), beside))

    def _alone(self, text: str, hand: Hand) -> None:
        lines = hand.lines(text, BODY, self.coverage)
        column = Column(hand, 0.0, _widest(lines))
        self._story.append(Block([Row(None, line) for line in lines], column, column))

    def picture_of(self, address: str) -> None:
        """For a telephone that reads it from the paper; nothing is in it but the address."""
        side = "RIGHT" if self._writes_rtl else "LEFT"
        picture = QrCode(address, width=PICTURE, height=PICTURE, qrBorder=0, hAlign=side)
        self._story += [Spacer(1, 3 * mm), picture]

    def bytes(self, title: str) -> bytes:
        """`title` is all that the document tells about itself outside of its pages."""
        out = BytesIO()
        document = BaseDocTemplate(
            out,
            pagesize=A4,
            title=title,
            author="Homeward",
            creator="Homeward",
            producer="Homeward",
            lang=self._language,
            invariant=1,
            pageCompression=1,
        )
        frame = Frame(SIDE, FOOT, BODY, HEIGHT - HEAD - FOOT, 0, 0, 0, 0)
        document.addPageTemplates([PageTemplate(frames=[frame])])
        document.build(self._story, canvasmaker=partial(Numbered, self._surround, self._rtl))
        return out.getvalue()


def _covering(surround: Surround) -> Coverage:
    """It is drawn when everything else is, so what it lacks is counted before."""
    coverage = Coverage()
    for text in (surround.code, surround.reader, surround.proof.words if surround.proof else ""):
        coverage.drawable(text, PLAIN)
    return coverage


def _widest(lines: list[Line]) -> float:
    return max((line.width for line in lines), default=0.0)
