from datetime import date
from uuid import uuid4

from django.db import models

from accounts.countries import country_name
from accounts.history import FileHistory
from cases.models.case import Case
from cases.models.choices import BirthCertainty, Gender, IdKind, NameKind, Presumption, Script
from vault.fields import SealedDate, SealedJSON, SealedText

MAJORITY = 18
# Nobody who is thought to be this much older can be taken for a child by an estimate alone.
ESTIMATE_MARGIN = 7


def whole_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def comes_of_age(born: date) -> date:
    """The 18th birthday. Who was born on 29 February comes of age on 1 March, as `whole_years` counts."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)


class Child(models.Model):
    """Who the child is. Everything that could name it is sealed; codes that are counted or guarded are not."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="child")
    known_as = SealedText(scope="case_id", null=True)
    gender = models.CharField(max_length=20, choices=Gender.choices, default=Gender.UNKNOWN)
    birth_date = SealedDate(scope="case_id", null=True)
    birth_certainty = models.CharField(
        max_length=9, choices=BirthCertainty.choices, default=BirthCertainty.UNKNOWN
    )
    presumed_because = models.CharField(max_length=10, choices=Presumption.choices, blank=True)
    presumption_note = SealedText(scope="case_id", null=True)
    citizenships = SealedJSON(scope="case_id", null=True)
    languages = SealedJSON(scope="case_id", null=True)
    # A digest under the key of the case, of what it is found by: whether a duplicate check still speaks of it.
    identity_digest = models.CharField(max_length=64, blank=True)
    history = FileHistory(excluded_fields=["identity_digest"])

    def __str__(self) -> str:
        return str(self.case_id)

    def age_on(self, day: date) -> int | None:
        """Whole years on that day; None when the date is unknown. A year alone counts from 1 January."""
        born = self.birth_date
        return None if born is None else whole_years(born, day)

    def is_certainly_adult(self, day: date) -> bool:
        """A year alone makes an adult only when everybody born in that year is one; an estimate only far off."""
        born = self.birth_date
        if born is None or self.birth_certainty == BirthCertainty.UNKNOWN:
            return False
        if self.birth_certainty == BirthCertainty.ESTIMATED:
            return whole_years(born, day) >= MAJORITY + ESTIMATE_MARGIN
        if self.birth_certainty == BirthCertainty.YEAR:
            born = date(born.year, 12, 31)
        return whole_years(born, day) >= MAJORITY

    def turns_18_on(self) -> date | None:
        """The first day on which the child may be of age; None unless the date, or the year, is certain."""
        known = self.birth_certainty in (BirthCertainty.EXACT, BirthCertainty.YEAR)
        return comes_of_age(self.birth_date) if known and self.birth_date else None

    def is_certainly_child(self, day: date) -> bool:
        age = self.age_on(day)
        certain = self.birth_certainty in (BirthCertainty.EXACT, BirthCertainty.YEAR)
        return certain and age is not None and age < MAJORITY


class PersonName(models.Model):
    """One name of the child in one script."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    child = models.ForeignKey(Child, models.PROTECT, related_name="names")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=NameKind.choices, default=NameKind.LEGAL)
    script = models.CharField(max_length=4, choices=Script.choices, default=Script.LATIN)
    given = SealedText(scope="case_id", null=True)
    family = SealedText(scope="case_id", null=True)
    removed_at = models.DateTimeField(null=True)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def whole(self) -> str:
        return " ".join(part for part in (self.given, self.family) if part)


class IdNumber(models.Model):
    """A number that a document gives the child."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    child = models.ForeignKey(Child, models.PROTECT, related_name="id_numbers")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=17, choices=IdKind.choices)
    country = models.CharField(max_length=2, blank=True)
    number = SealedText(scope="case_id")
    removed_at = models.DateTimeField(null=True)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def issued_by(self) -> str:
        """The country by its name; empty when it is not known."""
        return country_name(self.country) if self.country else ""
