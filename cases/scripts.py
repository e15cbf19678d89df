"""Which script a name is written in, by the name of its first letter in Unicode."""

import unicodedata

from cases.models.choices import Script

_BY_UNICODE_NAME = {
    "LATIN": Script.LATIN,
    "CYRILLIC": Script.CYRILLIC,
    "ARABIC": Script.ARABIC,
    "HEBREW": Script.HEBREW,
    "GREEK": Script.GREEK,
}


def script_of(name: str) -> Script:
    letter = next((sign for sign in name if sign.isalpha()), None)
    family = unicodedata.name(letter, "").partition(" ")[0] if letter else ""
    return _BY_UNICODE_NAME.get(family, Script.OTHER)
