"""How a case ends: the closure that a worker proposes, and an agency outside that took the case on."""

from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from cases.models.documents import Document
from vault.fields import SealedText


class DurableSolution(TextChoices):
    """What the way to a safe, lasting place to live has become. Two of three are the return's to set."""

    NOT_REQUIRED = "not_required", _("None required, the child lives safely with its family")
    HANDED_OVER = "handed_over", _("Returned and handed over")
    INTEGRATION = "integration", _("Integrated here")


class Closure(models.Model):
    """The latest counts; a case that was reopened gets another one when it closes again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="closures")
    summary = SealedText(scope="case_id")
    child_informed_on = models.DateField()
    # Empty where there is none to inform; then it is said why.
    guardian_informed_on = models.DateField(null=True)
    no_guardian_because = SealedText(scope="case_id", null=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian_informed_on__isnull=False) | Q(no_guardian_because__isnull=False),
                name="closure_guardian_informed_or_none",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OutsideAcceptance(models.Model):
    """On paper: an agency outside this system has taken the case on, and the document shows it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="outside_acceptances")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    accepted_on = models.DateField()
    contact = SealedText(scope="case_id")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return str(self.pk)
