"""The machine-readable zone of travel documents: ICAO 9303 parts 4 to 6, sizes TD3, TD1 and TD2.

Lines and signs are counted from 1 where people read of them, and from 0 inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FILLER = "<"
WEIGHTS = (7, 3, 1)
# Of two digits: nobody travels with a document of the last century, but somebody may type one.
LATEST = 50
# What people type between the signs of a number.
_BETWEEN = "-\u2010\u2011\u2012\u2013\u2014" + FILLER
NUMBER, BORN, EXPIRES, PERSONAL, WHOLE = "number", "born", "expires", "personal", "whole"


class NotAZone(ValueError):
    """These lines are no machine-readable zone of any size."""


Part = tuple[int, int, int]
# A day that stands in for parts of a birth date that are not known: each day of February exists in that year.
_LEAP = ("04", "01", "01")


@dataclass(frozen=True)
class Layout:
    """Lines and, counted in them, where each part stands: (line, first, last + 1). Its check digit follows on it."""

    lines: int
    length: int
    number: Part
    born: Part
    expires: Part
    # What the last digit covers, in the order in which it is read.
    whole: tuple[Part, ...]
    whole_at: tuple[int, int]
    state: Part
    nationality: Part
    names: Part
    # Where a number too long for its field goes on; a passport has no room for that.
    overflow: Part | None = None
    # A part of a passport that often is empty, and then may have the filler for its digit.
    personal: Part | None = None


TD1 = Layout(
    3,
    30,
    (0, 5, 14),
    (1, 0, 6),
    (1, 8, 14),
    ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    (1, 29),
    (0, 2, 5),
    (1, 15, 18),
    (2, 0, 30),
    overflow=(0, 15, 30),
)
TD2 = Layout(
    2,
    36,
    (1, 0, 9),
    (1, 13, 19),
    (1, 21, 27),
    ((1, 0, 10), (1, 13, 20), (1, 21, 35)),
    (1, 35),
    (0, 2, 5),
    (1, 10, 13),
    (0, 5, 36),
    overflow=(1, 28, 35),
)
TD3 = Layout(
    2,
    44,
    (1, 0, 9),
    (1, 13, 19),
    (1, 21, 27),
    ((1, 0, 10), (1, 13, 20), (1, 21, 43)),
    (1, 43),
    (0, 2, 5),
    (1, 10, 13),
    (0, 5, 44),
    personal=(1, 28, 42),
)
LAYOUTS = (TD1, TD2, TD3)

# What is wrong with a zone: no such size; a sign that no zone has; a letter where a digit belongs; a check digit that
# does not fit what it covers.
SIZE, SIGN, DIGIT, CHECK = "size", "sign", "digit", "check"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `line` and the signs from `first` to `last`, counted from 1; 0 where there is none.

    Of a check digit `found` is what stands there, `fits` what would fit the signs as they are.
    """

    kind: str
    part: str = ""
    line: int = 0
    first: int = 0
    last: int = 0
    found: str = ""
    fits: str = ""


@dataclass(frozen=True)
class Zone:
    """What was read, and whether every check digit holds."""

    number: str
    expires: str
    # As they stand there, with fillers.
    born: str
    state: str
    nationality: str
    names: str
    holds: bool

    @property
    def born_exists(self) -> bool:
        """False where no day of the calendar fits; what is not known of it fits each."""
        known = [self.born[place : place + 2] for place in (0, 2, 4)]
        year, month, day = (
            other if FILLER in part else part for part, other in zip(known, _LEAP, strict=True)
        )
        return _day(year + month + day) is not None

    @property
    def expires_on(self) -> date | None:
        """None where the day is not known, or is none."""
        return _day(self.expires)


def check_digit(signs: str) -> int:
    """Weights 7, 3, 1; letters count from 10, the filler is nothing (ICAO 9303-3, 4.9)."""
    return sum(_value(sign) * WEIGHTS[place % 3] for place, sign in enumerate(signs)) % 10


def read(text: str) -> Zone:
    """Raises NotAZone where the lines have no size that the standard knows, or other signs."""
    lines = lines_of(text)
    layout = _layout(lines)
    if layout is None or any(True for _fault in _strange_signs(lines)):
        raise NotAZone
    holds = not any(True for _fault in _wrong(lines, layout))
    return Zone(
        number=_number(lines, layout),
        expires=_cut(lines, layout.expires),
        born=_cut(lines, layout.born),
        state=_cut(lines, layout.state),
        nationality=_cut(lines, layout.nationality),
        names=_cut(lines, layout.names),
        holds=holds,
    )


def faults(text: str) -> list[Fault]:
    """Everything that is wrong with these lines, so that whoever typed them knows where to look."""
    lines = lines_of(text)
    strange = list(_strange_signs(lines))
    if strange:
        return strange
    layout = _layout(lines)
    if layout is None:
        return [Fault(SIZE)]
    return list(_wrong(lines, layout))


def agrees(text: str, *, number: str, expires_on: date | None) -> bool:
    """The digits hold, and what was typed besides says the same."""
    try:
        found = read(text)
    except NotAZone:
        return False
    same_day = found.expires_on is None or expires_on is None or found.expires_on == expires_on
    return found.holds and found.born_exists and same_day and same_number(found.number, number)


def plain_number(typed: str) -> str:
    """Without the spaces, hyphens and fillers that people type; empty where anything but A to Z and 0 to 9 is left."""
    signs = "".join(sign for sign in typed.upper() if not (sign.isspace() or sign in _BETWEEN))
    return signs if signs.isascii() and signs.isalnum() else ""


def may_be_day(signs: str, day: date) -> bool:
    """Whether six digits of a zone are this day, as far as they are known."""
    return all(one in (FILLER, other) for one, other in zip(signs, f"{day:%y%m%d}", strict=True))


def birth_day(signs: str, today: date) -> date | None:
    """The latest that has come; None where it is not wholly known."""
    if not signs.isdigit():
        return None
    found = [_whole_day(f"{century}{signs}") for century in ("20", "19")]
    return next((day for day in found if day is not None and day <= today), None)


def same_number(one: str, other: str) -> bool:
    """Spaces, dashes and fillers do not count."""
    return _letters(one) == _letters(other)


def lines_of(text: str) -> list[str]:
    return [line for line in (_plain(each) for each in text.splitlines()) if line]


def _layout(lines: list[str]) -> Layout | None:
    sizes = {*map(len, lines)}
    return next((each for each in LAYOUTS if len(lines) == each.lines and sizes == {each.length}), None)


def _strange_signs(lines: list[str]) -> Iterator[Fault]:
    for line, signs in enumerate(lines, start=1):
        for place, sign in enumerate(signs, start=1):
            if not _is_sign(sign):
                yield Fault(SIGN, line=line, first=place, last=place, found=sign)


def _wrong(lines: list[str], layout: Layout) -> Iterator[Fault]:
    """Each part by itself; the last digit covers them all, so it tells something new only where they hold."""
    found = [*_letters_in_days(lines, layout), *_wrong_parts(lines, layout)]
    yield from found
    if not found:
        line, at = layout.whole_at
        covered = "".join(_cut(lines, part) for part in layout.whole)
        if lines[line][at] != str(check_digit(covered)):
            yield Fault(CHECK, WHOLE, line + 1, at + 1, at + 1, lines[line][at], str(check_digit(covered)))


def _letters_in_days(lines: list[str], layout: Layout) -> Iterator[Fault]:
    """A day has digits alone, or fillers where it is not known."""
    for name, (line, first, last) in ((BORN, layout.born), (EXPIRES, layout.expires)):
        for place in range(first, last):
            sign = lines[line][place]
            if not (sign.isdigit() or (sign == FILLER and name == BORN)):
                yield Fault(DIGIT, name, line + 1, place + 1, place + 1, sign)


def _wrong_parts(lines: list[str], layout: Layout) -> Iterator[Fault]:
    yield from _wrong_number(lines, layout)
    for name, part in ((BORN, layout.born), (EXPIRES, layout.expires), (PERSONAL, layout.personal)):
        if part is not None:
            yield from _checked(lines, name, part)


def _wrong_number(lines: list[str], layout: Layout) -> Iterator[Fault]:
    if not _is_long(lines, layout):
        yield from _checked(lines, NUMBER, layout.number)
        return
    line, first, _last = layout.number
    whole, digit, at = _long_number(lines, layout)
    if digit != str(check_digit(whole)):
        yield Fault(CHECK, NUMBER, line + 1, first + 1, at + 1, digit, str(check_digit(whole)))


def _checked(lines: list[str], name: str, part: Part) -> Iterator[Fault]:
    line, first, last = part
    covered, digit = _cut(lines, part), lines[line][last]
    empty = name == PERSONAL and not covered.strip(FILLER)
    if digit != str(check_digit(covered)) and not (empty and digit == FILLER):
        yield Fault(CHECK, name, line + 1, first + 1, last + 1, digit, str(check_digit(covered)))


def _is_long(lines: list[str], layout: Layout) -> bool:
    line, _first, last = layout.number
    return layout.overflow is not None and lines[line][last] == FILLER


def _number(lines: list[str], layout: Layout) -> str:
    return (
        _long_number(lines, layout)[0] if _is_long(lines, layout) else _cut(lines, layout.number).rstrip("<")
    )


def _long_number(lines: list[str], layout: Layout) -> tuple[str, str, int]:
    """A number too long for its field goes on where there is room: the number, its digit, and where that stands."""
    part = layout.overflow or layout.number
    rest = _cut(lines, part).split(FILLER)[0]
    return _cut(lines, layout.number) + rest[:-1], rest[-1:], part[1] + max(len(rest) - 1, 0)


def _cut(lines: list[str], part: Part) -> str:
    line, first, last = part
    return lines[line][first:last]


def _plain(line: str) -> str:
    """Typed by hand: small letters and spaces are forgiven, and the filler as fonts show it."""
    return "".join(line.split()).upper().replace("«", FILLER * 2).replace("‹", FILLER)


def _is_sign(sign: str) -> bool:
    return sign == FILLER or (sign.isascii() and (sign.isdigit() or "A" <= sign <= "Z"))


def _value(sign: str) -> int:
    if sign == FILLER:
        return 0
    return int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10


def _letters(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _day(signs: str) -> date | None:
    if not signs.isdigit():
        return None
    return _whole_day(("20" if int(signs[:2]) < LATEST else "19") + signs)


def _whole_day(signs: str) -> date | None:
    """Eight digits: year, month and day."""
    try:
        return date(int(signs[:4]), int(signs[4:6]), int(signs[6:]))
    except ValueError:
        return None
