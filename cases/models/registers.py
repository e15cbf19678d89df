"""Registers that the tracks keep: interviews, examinations, health records, fitness to travel, needs."""

from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from cases.models.choices import GivenBy
from vault.fields import SealedText


class Interview(models.Model):
    """One interview of the child in proceedings. Each names who made it fit for a child (EU2011/36 15(3))."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="interviews")
    # Counted per case from 1: as few as possible is the rule, so everybody sees how many there were.
    number = models.PositiveIntegerField()
    held_on = models.DateField()
    authority = SealedText(scope="case_id")
    interviewer = SealedText(scope="case_id")
    interviewer_trained = models.BooleanField()
    interpreter = SealedText(scope="case_id", null=True)
    accompanied_by = SealedText(scope="case_id", null=True)
    recorded_on_video = models.BooleanField(default=False)
    note = SealedText(scope="case_id", null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="interview_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class ExaminationKind(TextChoices):
    GENERAL = "general", _("General examination")
    GYNAECOLOGICAL = "gynaecological", _("Gynaecological examination")
    LABORATORY = "laboratory", _("Laboratory test")
    MENTAL_HEALTH = "mental_health", _("Mental-health examination")
    FORENSIC = "forensic", _("Forensic examination")
    AGE = "age", _("Age assessment")


# Done to prove something, not to heal: the purpose has to be named when consent is asked.
WITH_PURPOSE = frozenset({ExaminationKind.FORENSIC, ExaminationKind.AGE})


class Examination(models.Model):
    """An examination, and the informed consent to this one (MED); none takes place without."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="examinations")
    kind = models.CharField(max_length=14, choices=ExaminationKind)
    purpose = SealedText(scope="case_id", null=True)
    consent_by = models.CharField(max_length=14, choices=GivenBy.choices)
    child_assents = models.BooleanField()
    held_on = models.DateField()
    findings = SealedText(scope="case_id", null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-held_on", "-entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=WITH_PURPOSE) | Q(purpose__isnull=False),
                name="examination_forensic_names_its_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class HealthRecordKind(TextChoices):
    TREATMENT_PLAN = "treatment_plan", _("Treatment plan")
    MEDICATION = "medication", _("Medication list")
    MENTAL_HEALTH = "mental_health", _("Mental-health screening")
    SUMMARY = "summary", _("Medical summary")
    ALLERGIES = "allergies", _("Allergies and warnings")


class HealthRecord(models.Model):
    """The latest of each kind counts; earlier ones stay readable. “None” is an answer, and has to be written."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="health_records")
    kind = models.CharField(max_length=14, choices=HealthRecordKind)
    words = SealedText(scope="case_id")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-entered_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class TravelFitness(models.Model):
    """A certificate: fit to travel or not, on that day, with or without enough medication for the journey."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="travel_fitness")
    is_fit = models.BooleanField()
    certified_on = models.DateField()
    supply_days = models.PositiveSmallIntegerField(default=0)
    conditions = SealedText(scope="case_id", null=True)
    certified_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-certified_on", "-entered_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.certified_on}"


class NeedDomain(TextChoices):
    SCHOOLING = "schooling", _("Schooling and training")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial support")
    FAMILY = "family", _("Family and belonging")
    HOUSING = "housing", _("Housing and daily life")
    LANGUAGE = "language", _("Language")
    LIVELIHOOD = "livelihood", _("Work and income")
    LEISURE = "leisure", _("Play, sport and friends")


class Need(models.Model):
    """What the child needs in one domain; the latest word on each domain counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="needs")
    domain = models.CharField(max_length=12, choices=NeedDomain)
    words = SealedText(scope="case_id")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["domain", "-entered_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.domain}"
