"""What left on paper, so that whoever holds it can ask whether it is genuine."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models import Agency, AgencyCertificate, User
from cases.models.case import Case


class PaperKind(models.TextChoices):
    CASE_FILE = "case_file", _("File of a case")
    REFERRAL = "referral", _("Letter of a referral")
    MINUTE = "minute", _("Minute of a panel")
    REQUEST = "request", _("Request for verification")
    MANDATE = "mandate", _("Mandate of an escort")
    PACK = "pack", _("Travel pack")
    HANDOVER = "handover", _("Protocol of a handover")
    VISIT = "visit", _("Report of a visit")


class IssuedPaper(models.Model):
    """One PDF as it left. `about` is the row that it tells of, which may belong to an upper room.

    Neither the code that is printed on it nor its words are kept, only what recognises them. `outdated_at` says that
    a newer one took its place or that what it tells of is over, and never why: strangers may ask. `signed_with` is
    empty where the agency could not sign.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=9, choices=PaperKind)
    code_digest = models.CharField(max_length=64, unique=True)
    content_digest = models.CharField(max_length=64, db_index=True)
    signed_with = models.ForeignKey(AgencyCertificate, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=20)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    about = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    outdated_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        indexes = [
            models.Index(
                fields=["about", "agency"],
                condition=models.Q(outdated_at__isnull=True),
                name="paper_current",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_current(self) -> bool:
        return self.outdated_at is None
