"""What is found out before anybody decides: the child's wish, the family, who would care, and how safe it is."""

from uuid import uuid4

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models import Case, Document, Person
from cases.models.people import Conflict, PersonRole
from cases.models.plan import Means
from repatriation.models.choices import CareKind, Conclusion, Desire, Evidence, Suitability
from repatriation.models.returns import Return
from vault.fields import SealedJSON, SealedText

# Nobody of these is handed a child, whatever anybody decides.
IMPLICATED_ROLES = (PersonRole.SUSPECT,)
IMPLICATED_BY = (Conflict.SUSPECTED, Conflict.FAMILY_OF_SUSPECT)


def is_implicated(person: Person) -> bool:
    return person.role in IMPLICATED_ROLES or person.conflict in IMPLICATED_BY


class Wish(models.Model):
    """What the child wants, in its own words; asked again whenever something changes. The latest counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="wishes")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    heard_on = models.DateField()
    means = models.CharField(max_length=8, choices=Means)
    contact = models.CharField(max_length=8, choices=Desire)
    going = models.CharField(max_length=8, choices=Desire)
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class Relationship(models.Model):
    """That this person of the file is who it says to be to the child, and what shows it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="relationships")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=10, choices=Evidence)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    words = SealedText(scope="case_id", null=True)
    verified_on = models.DateField()
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class HomeStudy(models.Model):
    """A visit to where the child would live, by the partner abroad, in the questions of `repatriation.study`.

    It is about one arrangement: who is named in its place has to be visited anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="home_studies")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    arrangement = models.ForeignKey("repatriation.CareArrangement", models.PROTECT, related_name="studies")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    visited_on = models.DateField()
    answers = SealedJSON(scope="case_id")
    conclusion = models.CharField(max_length=12, choices=Suitability)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class CareArrangement(models.Model):
    """Who takes responsibility for the child there: a named adult or an authorised agency (GA64/142 ¶148).

    One stands for each country, and an alternate once a panel has approved it. `is_able` is what the home study
    found. Whoever is implicated never counts: that is read from the person, not kept here.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="arrangements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=8, choices=CareKind)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    address = SealedText(scope="case_id", null=True)
    terms = SealedText(scope="case_id", null=True)
    is_able = models.BooleanField(default=False)
    agreed_on = models.DateField(null=True)
    # The agreement in writing.
    agreement = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    alternate = models.BooleanField(default=False)
    approved_by = models.ForeignKey("repatriation.Panel", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["way", "country", "alternate"],
                condition=Q(ended_at__isnull=True),
                name="care_one_arrangement_for_a_country",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, agency__isnull=True)
                | Q(person__isnull=True, agency__isnull=False, kind=CareKind.AGENCY),
                name="care_names_an_adult_or_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def carer(self) -> str:
        """By name: a person of the file, or an agency."""
        if self.person is not None:
            return str(self.person.name)
        return self.agency.name if self.agency is not None else ""

    @property
    def is_implicated(self) -> bool:
        return self.person is not None and is_implicated(self.person)


class CountryInput(models.Model):
    """What the other country knows about safety there: factor by factor, with its sources."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="inputs")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    factors = SealedJSON(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return str(self.pk)


class SecurityAssessment(models.Model):
    """The written risk and security assessment for one country (CETS197 16(7)). A finished one never changes.

    `factors` are rows of factor, likelihood, sources and mitigation. `signs` are the factors found likely, in clear.
    `not_sought` says why the other country was not asked; a return cannot be decided without its input.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="assessments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    factors = SealedJSON(scope="case_id", null=True)
    signs = ArrayField(models.CharField(max_length=20), default=list)
    conclusion = models.CharField(max_length=8, choices=Conclusion, blank=True)
    # A risk that no measure takes away: nobody may be returned to it (GC6 ¶84).
    refoulement = models.BooleanField(default=False)
    reasons = SealedText(scope="case_id", null=True)
    not_sought = SealedText(scope="case_id", null=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["way", "version"], name="security_version_once"),
            models.UniqueConstraint(
                fields=["way"], condition=Q(finished_at__isnull=True), name="security_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(conclusion=""), name="security_concludes"
            ),
        ]
        triggers = [
            # Decisions rest on what was written that day.
            pgtrigger.Protect(
                name="security_stays_finished",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.finished_at IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
