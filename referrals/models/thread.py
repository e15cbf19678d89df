"""What the two sides write to each other, and what the recipient writes about its work."""

from uuid import uuid4

from django.db import models

import clock
from accounts.models import Agency, User
from cases.models import Case
from cases.models.documents import SealedFile
from referrals.models.referral import Referral
from vault.fields import SealedText


class Message(models.Model):
    """Written once. `about` tells a question that stops the clock, and its answer, from other messages.

    `mentioned` are those who were named in it and could read it then.
    """

    class About(models.TextChoices):
        QUESTION = "question"
        ANSWER = "answer"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="messages")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    about = models.CharField(max_length=8, choices=About.choices, default=About.OTHER)
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    mentioned = models.ManyToManyField(User, related_name="+")

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Attachment(SealedFile):
    """A file that went with a message: read by whoever may read the thread, and by nobody else.

    One that was reported as showing abuse is opened by nobody: a quarantined document of the case, under the same
    id and so with the same bytes, has taken its place.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    place = models.PositiveSmallIntegerField()
    reported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["message", "place"], name="attachment_place_once")]

    @property
    def is_readable(self) -> bool:
        return not self.is_reported

    @property
    def is_reported(self) -> bool:
        return self.reported_at is not None


class ServiceNote(models.Model):
    """What the recipient did, reported back. It stays the recipient's own, whatever becomes of the referral."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="service_notes")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    words = SealedText(scope="case_id")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-written_at", "pk"]

    def __str__(self) -> str:
        return str(self.pk)
