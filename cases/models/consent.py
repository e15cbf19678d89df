from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from cases.models.choices import Answer, GivenBy, Purpose
from vault.fields import SealedText


class Consent(models.Model):
    """One answer to one question: this purpose, this recipient. The latest answer counts (HTCDS, IACM)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    recipient = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=9, choices=Answer.choices)
    given_by = models.CharField(max_length=14, choices=GivenBy.choices, blank=True)
    given_on = models.DateField(null=True)
    # How it was explained, in which language, with whose help.
    explained = SealedText(scope="case_id", null=True)
    imported = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    history = FileHistory()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose=Purpose.SHARING, recipient__isnull=False)
                | (~Q(purpose=Purpose.SHARING) & Q(recipient__isnull=True)),
                name="consent_to_sharing_names_its_recipient",
            ),
            models.CheckConstraint(
                condition=Q(imported=True) | (Q(given_on__isnull=False) & ~Q(given_by="")),
                name="consent_has_its_day_and_giver",
            ),
        ]
        indexes = [models.Index(fields=["case", "purpose", "-recorded_at"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"
