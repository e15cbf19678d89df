from uuid import uuid4

from django.db import models

from accounts.history import FileHistory
from cases.models.case import Case
from vault.fields import SealedJSON


class ImportedRecord(models.Model):
    """Where an imported case came from: profile, file, row, and a keyed digest of the row's content."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="imported_record")
    profile = models.CharField(max_length=20)
    file_digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    source_status = models.CharField(max_length=20)
    # Keyed (vault.tokens): a plain digest of a short row could be guessed.
    content_token = models.BigIntegerField()
    imported_at = models.DateTimeField()
    history = FileHistory()

    def __str__(self) -> str:
        return str(self.case_id)


class ImportedValues(models.Model):
    """What the source file said in one section, as it said it. Evidence, shown beside what workers record."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="imported_values")
    section = models.CharField(max_length=20)
    values = SealedJSON(scope="case_id")
    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "section"], name="imported_values_once_per_section")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.section}"
