from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.history import FileHistory
from accounts.models import Agency, User
from cases.models.case import Case
from cases.models.choices import Verdict
from vault.fields import SealedText


class DuplicateCheck(models.Model):
    """One run of the duplicate check; it stands for as long as the child is who it was then."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="duplicate_checks")
    run_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    run_at = models.DateTimeField()
    identity_digest = models.CharField(max_length=64, blank=True)
    history = FileHistory(excluded_fields=["identity_digest"])

    class Meta:
        ordering = ["-run_at"]

    def __str__(self) -> str:
        return str(self.case_id)


class DuplicateCandidate(models.Model):
    """Another file that may be the same child's, and what was decided about it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="duplicate_candidates")
    other = models.ForeignKey(Case, models.PROTECT, related_name="+")
    # The other file's agency when it was found: what another agency holds becomes a task, not a block.
    other_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    reasons = ArrayField(models.CharField(max_length=16))
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default=Verdict.PENDING)
    note = SealedText(scope="case_id", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="duplicate_candidate_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="duplicate_candidate_is_another_case"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
