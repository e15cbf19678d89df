"""What people write down, and what the child itself asks, wishes and complains about."""

from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Section
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from vault.fields import SealedText


class Note(models.Model):
    """A case note. It bears the label of the section that it speaks of and is read by those who may read both.

    A note is never edited: a correction is another note that names the one it replaces.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    section = models.CharField(max_length=20, choices=Section.choices)
    words = SealedText(scope="case_id")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # As it was then: an agency's own notes stay its own when the writer moves on.
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    history = FileHistory()

    class Meta:
        ordering = ["-written_at"]
        indexes = [models.Index(fields=["case", "-written_at"], name="note_latest")]

    def __str__(self) -> str:
        return str(self.pk)


class VoiceKind(TextChoices):
    QUESTION = "question", _("Question")
    WISH = "wish", _("Wish")
    COMPLAINT = "complaint", _("Complaint")


class Voice(models.Model):
    """The child's own question, wish or complaint, in its own words, and what it was answered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="voices")
    kind = models.CharField(max_length=9, choices=VoiceKind)
    words = SealedText(scope="case_id")
    said_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    answer = SealedText(scope="case_id", null=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    history = FileHistory()

    class Meta:
        ordering = ["-said_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_on__isnull=True, answered_by__isnull=True)
                | Q(answer__isnull=False, answered_on__isnull=False, answered_by__isnull=False),
                name="voice_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
