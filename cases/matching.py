"""Keyed tokens by which two files of one child find each other without a name in clear.

A token stands for a whole normalised name, or for one part of it together with the birth date; never for a
prefix or a sound, which would let somebody with the table count names.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from anyascii import anyascii

from cases.models import Child
from cases.models.choices import BirthCertainty
from vault.tokens import token

NAME, GIVEN_AND_BIRTH, FAMILY_AND_BIRTH, BIRTH = "name", "given+birth", "family+birth", "birth"
# A shared birth date alone is no reason to suspect the same child.
SUSPICIOUS = (NAME, GIVEN_AND_BIRTH, FAMILY_AND_BIRTH)


def normalised(name: str) -> str:
    """Latin letters, lower case, single spaces, parts in alphabetical order: `Тарас  ШЕВЧЕНКО` → `shevchenko taras`."""
    plain = anyascii(unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(sorted(re.findall(r"[a-z0-9]+", plain)))


def tokens_by_reason(child: Child) -> dict[int, str]:
    """Every token of this child with what it stands for."""
    names = [(name.given or "", name.family or "") for name in child.names.filter(removed_at__isnull=True)]
    return token_table(names, child.known_as or "", exact_birth(child))


def tokens_of(child: Child) -> list[int]:
    return sorted(tokens_by_reason(child))


def exact_birth(child: Child) -> date | None:
    """An estimate, or 1 January for a year alone, is nobody's birth date: it would match every other guess."""
    return child.birth_date if child.birth_certainty == BirthCertainty.EXACT else None


def token_table(names: Iterable[tuple[str, str]], known_as: str, born: date | None) -> dict[int, str]:
    """`names` are pairs of given and family name; either may be empty."""
    table: dict[int, str] = {}

    def add(reason: str, *parts: str) -> None:
        values = [normalised(part) for part in parts]
        if all(values):
            table[token(reason, "|".join(values))] = reason

    day = born.isoformat() if born else ""
    for given, family in [*names, (known_as, "")]:
        whole = f"{given} {family}"
        # One word alone is a first name that many share; it counts only together with the birth date.
        if " " in normalised(whole):
            add(NAME, whole)
        add(GIVEN_AND_BIRTH, given, day)
        add(FAMILY_AND_BIRTH, family, day)
    add(BIRTH, day)
    return table
