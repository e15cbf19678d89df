from uuid import uuid4

from django.db import models

from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from cases.models.choices import Risk, Safety
from vault.fields import SealedText


class RiskAssessment(models.Model):
    """How dangerous it is and whether the child is safe now; a new row for every look, never edited."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="risk_assessments")
    level = models.CharField(max_length=6, choices=Risk.choices)
    safety = models.CharField(max_length=13, choices=Safety.choices)
    child_seen = models.BooleanField(default=False)
    note = SealedText(scope="case_id", null=True)
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    history = FileHistory()

    class Meta:
        ordering = ["-assessed_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"
