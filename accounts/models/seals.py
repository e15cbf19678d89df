"""The chain that proves audit and history: each seal says what was there, and which seal came before it."""

from datetime import UTC

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.lasting import LastingRow
from vault.heads import Statement
from vault.keyring import LONGEST_ID

DIGEST_BYTES = 32


class Seal(models.Model):
    """What `vault.heads.Statement` says, and its signature. The columns are described there."""

    append_only = True

    number = models.BigIntegerField(primary_key=True)
    # Empty in the first.
    previous = models.BinaryField(max_length=DIGEST_BYTES)
    since = models.BigIntegerField()
    upto = models.BigIntegerField()
    sealed_at = models.DateTimeField(default=clock.now)
    rows = models.PositiveIntegerField()
    total = models.BigIntegerField()
    parts_digest = models.BinaryField(max_length=DIGEST_BYTES)
    key_name = models.CharField(max_length=LONGEST_ID)
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = _("seal of the audit")
        verbose_name_plural = _("seals of the audit")

    def __str__(self) -> str:
        return str(self.number)

    @property
    def statement(self) -> Statement:
        return Statement(
            number=self.number,
            previous=bytes(self.previous).hex(),
            since=self.since,
            upto=self.upto,
            sealed_at=self.sealed_at.astimezone(UTC).isoformat(),
            rows=self.rows,
            total=self.total,
            parts=bytes(self.parts_digest).hex(),
            key=self.key_name,
        )


class SealPart(models.Model):
    """Of one seal the rows of one table, in the order of their ids: `ids` and `digests` one behind the other.

    An id is 8 bytes, a UUID 16, a digest 32. `columns` were those of the table at that moment: one that comes later
    does not break the seal.
    """

    append_only = True

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="parts")
    label = models.CharField(max_length=100)
    columns = ArrayField(models.CharField(max_length=63))
    ids = models.BinaryField()
    digests = models.BinaryField()

    class Meta:
        ordering = ["seal_id", "label"]
        verbose_name = _("part of a seal")
        verbose_name_plural = _("parts of seals")
        constraints = [models.UniqueConstraint(fields=["seal", "label"], name="seal_part_once")]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.label}"


class SealCheck(LastingRow):
    """What a look at audit and history found. `fault` is one of `accounts.verifying.Fault`; empty when all was whole.

    `label` and `row` name the first entry that did not hold.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    seals = models.BigIntegerField()
    rows = models.BigIntegerField()
    fault = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=100, blank=True)
    row = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("check of the audit")
        verbose_name_plural = _("checks of the audit")

    def __str__(self) -> str:
        return str(self.pk)
