"""What is left of a word when spellings are forgotten: coarse, quick to compare, and only for finding candidates."""

import re

from cases.matching.words import alphabet_of

_HISSING = re.compile(r"tsch|tch|shch|sch|dzh|ts|tz|sh|ch|zh|dz|dj|cz|sz|c(?=[eiy])")
# Few letters are left of a short word: what is silent in it is not taken off.
_SILENT = re.compile(r"(?<=..)(?:au[dtx]|ault|eaux?|[eo]t|er|ez|es|[uo]s|[dtsxzpe])$")
_FRENCH = (("eau", "o"), ("au", "o"), ("oo", "u"), ("ou", "u"), ("ai", "e"), ("gn", "n"), ("qu", "k"))
_LATIN_ENDING = re.compile(r"(?<=..)[uoeai]s$")
_SOFT_G = re.compile(r"ge?(?=[eiyao])")
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


def readings(word: str, roman: str) -> frozenset[str]:
    """How a word in Latin letters may be meant: as they stand, as French reads them, or as German and Polish do."""
    if alphabet_of(word) != "latin":
        return frozenset([roman])
    french = _SOFT_G.sub("j", _SILENT.sub("", roman))
    for written, spoken in _FRENCH:
        french = french.replace(written, spoken)
    german = _LATIN_ENDING.sub("", roman.replace("ch", "h").replace("w", "v").replace("j", "y"))
    return frozenset((roman, french, german))


def skeleton_of_roman(roman: str) -> str:
    """The classes of its consonants: `shevchenko` and `schewtschenko` are both `SBSNK`."""
    text = roman.replace("ph", "f").replace("th", "t").replace("ck", "k").replace("kh", "h")
    return _REPEATED.sub(r"\1", _HISSING.sub("s", text).translate(_CLASSES))
