"""Names in the order in which a reader looks for them: by the alphabet of the reader, not by numbers of signs.

In Unicode «Є» comes before «А», and «Österreich» after «Zypern».
"""

import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Letters of their own that Unicode puts elsewhere, or takes for another one with a mark: which letter they follow, and
# as the how-manieth. Any other letter with a mark stands with the one without (DIN 5007-1 for German).
_FOLLOWS = {
    "es": {"ñ": ("n", 1)},
    "ru": {"й": ("и", 1)},
    "uk": {"ґ": ("г", 1), "є": ("е", 1), "і": ("и", 1), "ї": ("и", 2), "й": ("и", 3)},
}
Place = tuple[str, int]


def by_alphabet(name: str) -> tuple[tuple[Place, ...], str]:
    """For `sorted`: of two names that differ in marks alone the one without comes first."""
    return tuple(_places(name)), name


def _places(name: str) -> Iterator[Place]:
    own = _FOLLOWS.get((get_language() or "").partition("-")[0], {})
    for letter in unicodedata.normalize("NFC", name.casefold()):
        if letter in own:
            yield own[letter]
            continue
        for sign in unicodedata.normalize("NFD", letter):
            if not unicodedata.combining(sign):
                yield sign, 0


def listed(words: Iterable[str]) -> str:
    """One after the other, with the comma of the reader's script between them."""
    return _(", ").join(words)


def onward(words: Iterable[str]) -> str:
    """From each to the next. The arrow points where the reader reads on: no rule turns it in a line from the right."""
    return _(" → ").join(words)
