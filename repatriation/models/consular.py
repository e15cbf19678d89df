"""What a consulate is asked, and what it answers: identity alone, never what happened, health or shelter."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

import clock
from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models import Case
from repatriation.models.choices import PermitKind, PostAnswer, TravelDocumentKind, VerifiedAs
from repatriation.models.returns import Return
from vault.fields import SealedJSON, SealedText


class VerificationRequest(models.Model):
    """A frozen request to one post: identity, parents' names, last address at home, as they were when it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="requests")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    post = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    frozen = SealedJSON(scope="case_id", null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    # What the post gave to ask by. It types what it likes, a name as well, so it is sealed.
    reference = SealedText(scope="case_id", null=True)
    answer = models.CharField(max_length=12, choices=PostAnswer, blank=True)
    verified_as = models.CharField(max_length=8, choices=VerifiedAs, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # From when on the post has no access by it any more.
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["way"], condition=Q(ended_at__isnull=True), name="verification_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(frozen__isnull=False),
                name="verification_sent_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True, verified_as="")
                | (
                    ~Q(answer="")
                    & Q(sent_at__isnull=False, answered_on__isnull=False, answered_by__isnull=False)
                    & (Q(answer=PostAnswer.VERIFIED) | Q(verified_as=""))
                ),
                name="verification_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TravelDocument(models.Model):
    """The document with which the child travels. Its number says who the child is; its days do not."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="travel_documents")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    request = models.ForeignKey(VerificationRequest, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=TravelDocumentKind)
    number = SealedText(scope="case_id")
    zone = SealedText(scope="case_id", null=True)
    issued_on = models.DateField()
    expires_on = models.DateField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["way"], condition=Q(ended_at__isnull=True), name="travel_document_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=models.F("issued_on")), name="travel_document_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TravelPermit(models.Model):
    """A visa, an exit permit or a waiver that the journey needs; granted or not yet."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    way = models.ForeignKey(Return, models.PROTECT, related_name="permits")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PermitKind)
    country = models.CharField(max_length=2)
    granted_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return str(self.pk)
