"""What is left of a word when spellings are forgotten: coarse, quick to compare, and only for finding candidates."""

import re

from cases.matching.words import romanised

_HISSING = re.compile(r"tsch|tch|shch|sch|dzh|ts|tz|sh|ch|zh|dz|dj|cz|sz|c(?=[eiy])")
_CLASSES = str.maketrans(
    {
        **dict.fromkeys("bv", "B"),
        **dict.fromkeys("pf", "P"),
        **dict.fromkeys("kcq", "K"),
        **dict.fromkeys("szj", "S"),
        **dict.fromkeys("aeiouyhw", ""),
        "g": "G",
        "t": "T",
        "d": "D",
        "l": "L",
        "r": "R",
        "m": "M",
        "n": "N",
        "x": "KS",
    }
)
_REPEATED = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The classes of its consonants: `шевченко`, `Schewtschenko` and `Shevchenko` are all `SBSNK`."""
    return skeleton_of_roman(romanised(word))


def skeleton_of_roman(roman: str) -> str:
    text = roman.replace("ph", "f").replace("th", "t").replace("ck", "k").replace("kh", "h")
    return _REPEATED.sub(r"\1", _HISSING.sub("s", text).translate(_CLASSES))
