"""How the child lives and what it needs: placement, what happened to it, and what is best for it."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from vault.fields import SealedJSON, SealedText


class PlacementKind(TextChoices):
    PARENTS = "parents", _("With the parents")
    KINSHIP = "kinship", _("With relatives")
    FOSTER = "foster", _("Foster family")
    SHELTER = "shelter", _("Shelter")
    GROUP_HOME = "group_home", _("Small group home")
    HOSPITAL = "hospital", _("Hospital")
    INDEPENDENT = "independent", _("Lives alone, with support")
    DETENTION = "detention", _("In detention")


class Placement(models.Model):
    """Where the child is. Detention can be recorded, because it happens; it is never a safe placement (CRC 37(b))."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=11, choices=PlacementKind.choices)
    is_safe = models.BooleanField()
    provider = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    address = SealedText(scope="case_id")
    telephone = SealedText(scope="case_id", null=True)
    note = SealedText(scope="case_id", null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-since", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until__isnull=True), name="placement_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="placement_ends_later"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.DETENTION) | Q(is_safe=False), name="placement_no_safe_cell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class ExploitationAccount(models.Model):
    """What happened, in the codes of HTCDS 2.0 where people count, and in the child's words where they do not."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="account")
    exploitation = ArrayField(models.CharField(max_length=40), default=list)
    recruitment = ArrayField(models.CharField(max_length=40), default=list)
    control = ArrayField(models.CharField(max_length=40), default=list)
    relationship = models.CharField(max_length=20, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    words = SealedText(scope="case_id", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.case_id)


class Solution(TextChoices):
    """What a best-interests assessment recommends."""

    STAY_WITH_FAMILY = "family", _("To stay with, or go back to, the family here")
    CARE_HERE = "care_here", _("Care in this country")
    RETURN = "return", _("To look into a return")
    THIRD_COUNTRY = "third_country", _("To look into a third country")
    NOT_YET = "not_yet", _("Too early to say")


# Every factor is argued, or it is said why it cannot be yet (CRC General Comment 14; UNHCR-BIP).
FACTORS: tuple[tuple[str, Any], ...] = (
    ("views", _("The child’s own views")),
    ("family", _("Family and close relations")),
    ("safety", _("Safety, and what threatens it")),
    ("development", _("Health, schooling and development")),
    ("identity", _("Identity: language, culture, religion")),
    ("care", _("Care and placement")),
)


class BestInterestsAssessment(models.Model):
    """One version of the assessment. A finished one never changes; the next version begins as its copy."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="best_interests")
    version = models.PositiveIntegerField()
    factors = SealedJSON(scope="case_id", null=True)
    recommendation = models.CharField(max_length=13, choices=Solution.choices, blank=True)
    conclusion = SealedText(scope="case_id", null=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="best_interests_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(finished_at__isnull=True), name="best_interests_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"
