"""The machine-readable zone of travel documents: ICAO 9303 parts 4 to 6, sizes TD3, TD1 and TD2."""

from dataclasses import dataclass
from datetime import date

FILLER = "<"
WEIGHTS = (7, 3, 1)
# Of two digits: nobody travels with a document of the last century, but somebody may type one.
LATEST = 50


class NotAZone(ValueError):
    """These lines are no machine-readable zone of any size."""


@dataclass(frozen=True)
class Layout:
    """Lines and, counted in them, where each part stands: (line, first, last + 1), and where its check digit is."""

    lines: int
    length: int
    number: tuple[int, int, int]
    born: tuple[int, int, int]
    expires: tuple[int, int, int]
    # What the last digit covers, in the order in which it is read.
    whole: tuple[tuple[int, int, int], ...]
    whole_at: tuple[int, int]


TD1 = Layout(
    3, 30, (0, 5, 14), (1, 0, 6), (1, 8, 14), ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), (1, 29)
)
TD2 = Layout(2, 36, (1, 0, 9), (1, 13, 19), (1, 21, 27), ((1, 0, 10), (1, 13, 20), (1, 21, 35)), (1, 35))
TD3 = Layout(2, 44, (1, 0, 9), (1, 13, 19), (1, 21, 27), ((1, 0, 10), (1, 13, 20), (1, 21, 43)), (1, 43))
LAYOUTS = (TD1, TD2, TD3)


@dataclass(frozen=True)
class Zone:
    """What was read, and whether every check digit holds."""

    number: str
    expires: str
    holds: bool

    @property
    def expires_on(self) -> date | None:
        """None where the day is not known, or is none."""
        return _day(self.expires)


def check_digit(signs: str) -> int:
    """Weights 7, 3, 1; letters count from 10, the filler is nothing (ICAO 9303-3, 4.9)."""
    return sum(_value(sign) * WEIGHTS[place % 3] for place, sign in enumerate(signs)) % 10


def read(text: str) -> Zone:
    """Raises NotAZone where the lines have no size that the standard knows, or other signs."""
    lines = [line for line in (_plain(each) for each in text.splitlines()) if line]
    layout = next(
        (each for each in LAYOUTS if len(lines) == each.lines and {*map(len, lines)} == {each.length}), None
    )
    if layout is None or not all(_is_sign(sign) for line in lines for sign in line):
        raise NotAZone
    number, after = _number(lines, layout)
    holds = all(
        (
            after,
            _holds(lines, layout.born),
            _holds(lines, layout.expires),
            _digit(lines, *layout.whole_at)
            == check_digit("".join(_cut(lines, *each) for each in layout.whole)),
        )
    )
    return Zone(number, _cut(lines, *layout.expires), holds)


def agrees(text: str, *, number: str, expires_on: date | None) -> bool:
    """The digits hold, and what was typed besides says the same."""
    try:
        found = read(text)
    except NotAZone:
        return False
    same_day = found.expires_on is None or expires_on is None or found.expires_on == expires_on
    return found.holds and same_day and _letters(found.number) == _letters(number)


def _number(lines: list[str], layout: Layout) -> tuple[str, bool]:
    """The number and whether its digit holds; one too long for its field goes on where TD1 leaves room for it."""
    number = _cut(lines, *layout.number)
    if layout is TD1 and lines[0][14] == FILLER:
        rest = lines[0][15:30].split(FILLER)[0]
        whole = number + rest[:-1]
        return whole, bool(rest) and rest[-1:] == str(check_digit(whole))
    return number.rstrip(FILLER), _holds(lines, layout.number)


def _holds(lines: list[str], part: tuple[int, int, int]) -> bool:
    line, _first, last = part
    return _digit(lines, line, last) == check_digit(_cut(lines, *part))


def _digit(lines: list[str], line: int, at: int) -> int:
    sign = lines[line][at]
    # An empty optional field may have the filler where its digit would be.
    return int(sign) if sign.isdigit() else 0 if sign == FILLER else -1


def _cut(lines: list[str], line: int, first: int, last: int) -> str:
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
    year, month, day = (int(signs[place : place + 2]) for place in (0, 2, 4))
    try:
        return date(2000 + year if year < LATEST else 1900 + year, month, day)
    except ValueError:
        return None
