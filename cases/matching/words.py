"""A name as the words that search and comparison know."""

import re
import unicodedata
from functools import cache

from anyascii import anyascii

# Longer ones are no names; a word is padded when it is sealed, so a bound also bounds what its length tells.
LONGEST_WORD = 48
_ELISION = re.compile(r"['’`ʹʻʼʿ״׳\"]")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-zб-джзй-нп-тф-щ])\1+")
# Letters with a mark that changes the sound; every other mark is dropped.
_MARKED = str.maketrans(
    {
        "š": "sh", "ś": "sh", "ş": "sh", "ș": "s", "č": "ch", "ć": "ch", "ç": "ch", "ž": "zh", "ź": "zh",
        "ż": "zh", "ñ": "n", "ğ": "g", "ř": "rzh", "ţ": "ts", "ț": "ts", "đ": "dj", "ł": "l", "ı": "i",
        "ą": "on", "ę": "en", "ø": "o", "æ": "e", "œ": "e", "ß": "s", "þ": "th", "ð": "d", "ə": "a",
    }
)  # fmt: skip
# To Unicode these are another letter with a mark; to those who write them they are letters.
_LETTERS = frozenset("йёїўѓќأإآؤئ")
_FINAL_FORMS = str.maketrans("ךםןףץװ", "כמנפצו")


def words_of(name: str) -> list[str]:
    """The words of a name as they are kept: lower case, no signs, each once, in the order in which they stand.

    `O’Brien-Łoś` → `obrien`, `łoś`. Letters of one sign alone are initials, and no names.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _ELISION.sub("", "".join(sign for sign in text if unicodedata.category(sign) != "Cf"))
    found = re.split(r"[^\w]|[\d_]", unicodedata.normalize("NFC", _unvocalised(text)))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found if len(word) > 1))


def _unvocalised(text: str) -> str:
    """Without the points of Hebrew and Arabic, which are written or left out at will."""
    return "".join(
        sign for sign in text if not ("\u0591" <= sign <= "\u05c7" or "\u064b" <= sign <= "\u0670")
    )


def alphabet_of(word: str) -> str:
    """`latin`, `cyrillic`, `hebrew`, `arabic` … after the first letter."""
    return unicodedata.name(word[0], "?").partition(" ")[0].lower() if word else ""


def plain(word: str) -> str:
    """The word's letters as the tables know them: marks gone, doubled consonants single."""
    text = word.translate(_MARKED).translate(_FINAL_FORMS)
    return _DOUBLED.sub(r"\1", "".join(sign if sign in _LETTERS else _unmarked(sign) for sign in text))


@cache
def _unmarked(sign: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", sign) if not unicodedata.combining(each))


def romanised(word: str) -> str:
    """Any script in the letters a to z, as well as it goes without knowing the language."""
    alphabet = alphabet_of(word)
    letters = plain(word)
    table = _ROMAN.get(alphabet)
    text = "".join(table.get(sign, "") for sign in letters) if table else letters
    return re.sub(r"[^a-z]", "", anyascii(text).lower())


def _pairs(signs: str, sounds: str) -> dict[str, str]:
    return dict(zip(signs, ("" if sound == "-" else sound for sound in sounds.split()), strict=True))


_ROMAN = {
    "cyrillic": _pairs(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕ",
        "a b v g d e e zh z i i k l m n o p r s t u f h ts ch sh sch - i - e yu ya i i e g u y l n ch dj dzh g k dz",
    ),
    "hebrew": _pairs("אבגדהוזחטיכלמנסעפצקרשת", "a b g d a o z h t i k l m n s a p ts k r sh t"),
    "arabic": _pairs(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگکی",
        "a b t th j h kh d dh r z s sh s d t z a gh f k k l m n h u i a a - a i a u i p ch zh g k i",
    ),
}
