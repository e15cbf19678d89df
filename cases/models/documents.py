"""Files in a case. Their bytes lie sealed in storage, their names sealed in the row."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Section
from accounts.history import FileHistory
from accounts.models import User
from cases.models.case import Case
from vault.fields import SealedText


class DocumentKind(models.TextChoices):
    IDENTITY = "identity", _("Identity document")
    CONSENT = "consent", _("Signed consent")
    DECISION = "decision", _("Decision of an authority or a court")
    REPORT = "report", _("Written report")
    CERTIFICATE = "certificate", _("Certificate")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Something else")


class SealedFile(models.Model):
    """A file that somebody gave to a case. `media_type` is what the bytes are, not what their name claims."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    filename = SealedText(scope="case_id")
    media_type = models.CharField(max_length=100)
    # In bytes, of what a reader gets.
    size = models.PositiveIntegerField()
    # Keyed by the case's own key, so that nobody can tell from outside which known file this is.
    digest = SealedText(scope="case_id")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def storage_name(self) -> str:
        """Where its sealed bytes lie: an id, which tells nothing."""
        return f"documents/{self.pk.hex[:2]}/{self.pk.hex}"

    @property
    def is_readable(self) -> bool:
        """Whether somebody may open it, and an export has it."""
        raise NotImplementedError

    @property
    def is_reported(self) -> bool:
        """As showing abuse: from then on it has no name any more."""
        raise NotImplementedError


class Document(SealedFile):
    """`section` decides who may open it.

    A quarantined one is opened by nobody: it was reported to show abuse, which is never kept here; what
    stays is that it was there, and the reference of the police.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    section = models.CharField(max_length=20, choices=Section.choices)
    kind = models.CharField(max_length=11, choices=DocumentKind)
    title = SealedText(scope="case_id")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    quarantined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    police_reference = SealedText(scope="case_id", null=True)
    history = FileHistory()

    class Meta:
        ordering = ["-added_at"]
        indexes = [models.Index(fields=["case", "-added_at"], name="document_latest")]

    @property
    def is_readable(self) -> bool:
        return self.removed_at is None and not self.is_reported

    @property
    def is_reported(self) -> bool:
        return self.quarantined_at is not None
