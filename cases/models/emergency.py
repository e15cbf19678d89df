"""Files that somebody opened in an emergency, without any other ground, and what was found afterwards."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from vault.fields import SealedText


class EmergencyVerdict(TextChoices):
    JUSTIFIED = "justified", _("It was an emergency")
    NOT_JUSTIFIED = "not_justified", _("It was no emergency")


class EmergencyOpeningQuerySet(models.QuerySet["EmergencyOpening"]):
    def waiting(self) -> Self:
        return self.filter(reviewed_at__isnull=True)


class EmergencyOpening(models.Model):
    """Behind each ground `emergency` in CaseAccess stands one of these: who, why, until when, and the review."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergency_openings")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    # Both may speak of the child, so both go with its key.
    reason = SealedText(scope="case_id")
    note = SealedText(scope="case_id", null=True)
    verdict = models.CharField(max_length=13, choices=EmergencyVerdict, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    history = FileHistory()
    objects: ClassVar[EmergencyOpeningQuerySet] = EmergencyOpeningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="emergency_has_an_end"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="", note__isnull=True)
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False, note__isnull=False)
                    & ~Q(verdict="")
                ),
                name="emergency_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("opened_by")),
                name="emergency_reviewed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(reviewed_at__isnull=True), name="emergency_waiting"),
            models.Index(fields=["opened_by", "opened_at"], name="emergency_opener"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
