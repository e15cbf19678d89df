"""The end of a file's keeping: what holds it up, who asked and who confirmed, and the figures that outlive it."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from cases.models.choices import Gender
from vault.fields import SealedText


class LegalHold(models.Model):
    """A court, a prosecutor or a complaint needs the file: nothing of it is erased before this is over."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="legal_holds")
    why = SealedText(scope="case_id")
    # The last day; empty where somebody has to lift it.
    until = models.DateField(null=True)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = SealedText(scope="case_id", null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("placed_by")),
                name="hold_lifted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lifted_because__isnull=False),
                name="hold_lifted_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ErasureGround(TextChoices):
    RETENTION = "retention", _("The file was kept as long as it must be")
    REQUEST = "request", _("The person whom it is about, or who speaks for it, asks for it")


class Erasure(models.Model):
    """Asked by one, confirmed by another, with an export between the two.

    `exported_upto` is the number of the case's newest event when the export was taken: what came later is in no export.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="erasures")
    ground = models.CharField(max_length=9, choices=ErasureGround)
    # Sealed like the file, and gone with it.
    reason = SealedText(scope="case_id")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    exported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    exported_at = models.DateTimeField(null=True)
    exported_upto = models.BigIntegerField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(dropped_at__isnull=True), name="erasure_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="erasure_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    exported_upto__isnull=False,
                    dropped_at__isnull=True,
                ),
                name="erasure_confirmed_after_an_export",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AgeBand(TextChoices):
    """How old the child was when it was reported."""

    UP_TO_5 = "0-5", _("Up to 5")
    UP_TO_11 = "6-11", _("6 to 11")
    UP_TO_14 = "12-14", _("12 to 14")
    UP_TO_17 = "15-17", _("15 to 17")
    GROWN = "18+", _("18 or older")
    UNKNOWN = "unknown", _("Not known")


class Figures(models.Model):
    """What statistics count of one case that has ended: coarse codes, in clear, so that they need no key."""

    year = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    # The child's first citizenship; empty where none is known.
    origin = models.CharField(max_length=2, blank=True)
    gender = models.CharField(max_length=20, choices=Gender.choices)
    age_band = models.CharField(max_length=7, choices=AgeBand)
    exploitation = ArrayField(models.CharField(max_length=40), default=list)
    months_open = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16)

    class Meta:
        abstract = True


FIGURES = ("year", "country", "origin", "gender", "age_band", "exploitation", "months_open", "outcome")


class CaseFigures(Figures):
    """As long as the case is there. Written when it ends, and taken away with it."""

    deletable = True
    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="figures")

    def __str__(self) -> str:
        return str(self.pk)


class ErasedFigures(Figures):
    """How many erased cases had these figures. A number instead of a row for each: nothing tells them apart."""

    cases = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=list(FIGURES), name="erased_figures_once")]

    def __str__(self) -> str:
        return str(self.pk)
