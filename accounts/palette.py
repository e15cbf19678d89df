"""The tokens of the style sheet and the icons, read from their files; how well one colour is read on another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

SHEET, SPRITE = "homeward.css", "icons.svg"
TOKEN = re.compile(r"--([\w-]+):\s*([^;}]+?)\s*[;}]")
COLOUR = re.compile(r"light-dark\((#[0-9a-f]{3,6}),\s*(#[0-9a-f]{3,6})\)")
# WCAG 2.2: words, and what is no word but has to be seen (1.4.3, 1.4.11).
WORDS, SIGNS = 4.5, 3.0
# Which colour is set on which ground, and how well it has to be read there.
SET_ON: Mapping[str, tuple[tuple[str, float], ...]] = {
    "ink": (("paper", WORDS), ("card", WORDS), ("sunk", WORDS), ("late-tint", WORDS), ("due-tint", WORDS)),
    "soft": (("paper", WORDS), ("card", WORDS), ("sunk", WORDS)),
    "brand": (("paper", WORDS), ("card", WORDS), ("brand-tint", WORDS)),
    "brand-deep": (("card", WORDS), ("brand-tint", WORDS)),
    "card": (("brand", WORDS), ("brand-deep", WORDS), ("late", WORDS)),
    "late": (("paper", WORDS), ("card", WORDS), ("late-tint", WORDS)),
    "due": (("paper", WORDS), ("card", WORDS), ("due-tint", WORDS)),
    "done": (("paper", WORDS), ("card", WORDS), ("done-tint", WORDS)),
    "edge": (("paper", SIGNS), ("card", SIGNS)),
    "focus": (("paper", SIGNS), ("card", SIGNS)),
}


@dataclass(frozen=True)
class Reading:
    """How one colour is read on another, by day and by night."""

    ground: str
    by_day: float
    by_night: float
    least: float

    @property
    def is_enough(self) -> bool:
        return min(self.by_day, self.by_night) >= self.least


@dataclass(frozen=True)
class Colour:
    name: str
    by_day: str
    by_night: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Measure:
    """A token that is a length, or anything else. `pixels` is 0 where it is no length."""

    name: str
    value: str
    pixels: float


@cache
def tokens() -> Mapping[str, str]:
    """Every token as the sheet sets it; what paper or more contrast change of it comes later there."""
    text = _text_of(SHEET)
    layer = text[text.index("@layer tokens {") : text.index("@layer base {")]
    return dict(TOKEN.findall(layer))


@cache
def icons() -> tuple[str, ...]:
    return tuple(re.findall(r'<symbol id="([\w-]+)"', _text_of(SPRITE)))


def _text_of(name: str) -> str:
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


def colours() -> Iterator[Colour]:
    both = {name: match.groups() for name, value in tokens().items() if (match := COLOUR.fullmatch(value))}
    for name, (day, night) in both.items():
        yield Colour(name, day, night, tuple(_readings(both, name)))


def _readings(both: Mapping[str, tuple[str, ...]], name: str) -> Iterator[Reading]:
    day, night = both[name]
    for ground, least in SET_ON.get(name, ()):
        below_day, below_night = both[ground]
        yield Reading(ground, contrast(day, below_day), contrast(night, below_night), least)


def measures() -> Iterator[Measure]:
    for name, value in tokens().items():
        if not COLOUR.fullmatch(value):
            yield Measure(name, value, float(value.removesuffix("rem")) * 16 if value.endswith("rem") else 0)


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG reckons it; rounded down, so that 4.49 is not taken for enough."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int((lighter + 0.05) / (darker + 0.05) * 100) / 100


def _luminance(colour: str) -> float:
    signs = colour.removeprefix("#")
    pairs = [sign * 2 for sign in signs] if len(signs) == 3 else [signs[at : at + 2] for at in (0, 2, 4)]
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in pairs)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
