"""What two files are compared by, opened for the moment of comparing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from cases.matching.words import words_of
from cases.models import Child, IdNumber, Person, PersonName
from cases.models.choices import BirthCertainty
from cases.models.people import FAMILY, REPRESENTS, PersonRole
from vault import keys

# Country codes, and zeros in their place, are written or left out.
_TELEPHONE_END = 8
_SHORTEST_NUMBER = 4
# Whose telephone says something about the child; a suspect's is no contact, an interpreter's is many children's.
CALLED = FAMILY | REPRESENTS | {PersonRole.CAREGIVER, PersonRole.TRUSTED}


@dataclass(frozen=True)
class Facts:
    """`names` are the words of each name. `born` is `YYYYMMDD`, `YYYY` where only the year is known, or empty."""

    names: tuple[tuple[str, ...], ...] = ()
    born: str = ""
    numbers: frozenset[str] = field(default_factory=frozenset)
    telephones: frozenset[str] = field(default_factory=frozenset)
    gender: str = ""

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(word for name in self.names for word in name))


def facts_from(names: Iterable[str], born: str = "", numbers: Iterable[str] = (), gender: str = "") -> Facts:
    """Of names in one piece each, as a form or a row of a spreadsheet gives them."""
    found = dict.fromkeys(tuple(words_of(name)) for name in names)
    return Facts(
        names=tuple(name for name in found if name),
        born=born,
        numbers=frozenset(filter(None, map(number_key, numbers))),
        gender=gender,
    )


def facts_of(child: Child) -> Facts:
    return facts_of_many([child])[0]


def facts_of_many(children: Sequence[Child]) -> list[Facts]:
    """In their order; three queries and one for keys. Opens names, numbers and telephones of family and carers."""
    cases = [child.case_id for child in children]
    keys.prefetch(cases)
    names = _by_case(PersonName.objects.filter(case__in=cases, removed_at__isnull=True))
    numbers = _by_case(IdNumber.objects.filter(case__in=cases, removed_at__isnull=True))
    people = _by_case(Person.objects.filter(case__in=cases, removed_at__isnull=True, role__in=CALLED))
    return [
        replace(
            facts_from(
                [*(name.whole for name in names[child.case_id]), child.known_as or ""],
                birth_key(child),
                (row.number for row in numbers[child.case_id]),
                child.gender,
            ),
            telephones=frozenset(
                filter(None, (telephone_key(row.telephone or "") for row in people[child.case_id]))
            ),
        )
        for child in children
    ]


R = TypeVar("R", PersonName, IdNumber, Person)


def _by_case(rows: QuerySet[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def birth_key(child: Child) -> str:
    return born_key(child.birth_date, child.birth_certainty)


def born_key(born: date | None, certainty: str) -> str:
    """An estimate is nobody's birth date: it would be like every other guess."""
    if born is None or certainty not in (BirthCertainty.EXACT, BirthCertainty.YEAR):
        return ""
    return f"{born:%Y%m%d}" if certainty == BirthCertainty.EXACT else f"{born.year:04}"


def number_key(number: str) -> str:
    """Letters and digits alone, as `AB 123-4` and `ab1234` are one number; empty for what is too short to tell."""
    key = re.sub(r"[\W_]", "", number.casefold())
    return key if len(key) >= _SHORTEST_NUMBER else ""


def telephone_key(telephone: str) -> str:
    digits = re.sub(r"\D", "", telephone)
    return digits[-_TELEPHONE_END:] if len(digits) >= _TELEPHONE_END - 2 else ""
