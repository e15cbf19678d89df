"""With what an agency signs the papers that it hands out."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import clock
from accounts.history import FileHistory
from accounts.models.agencies import Agency
from vault.fields import SealedText


class AgencyCertificate(models.Model):
    """One certificate that an authority issued to an agency. It stays when another takes its place: papers outlive it.

    The private key is sealed with a data key of its own, whose scope is this row's id. It goes when the certificate
    ends, for nothing is signed with it any more, and no history keeps it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="certificates")
    # PEM: the agency's own, and those between it and a root.
    certificate = models.TextField()
    chain = models.TextField(blank=True)
    # Hexadecimal; the serial number is its authority's, the fingerprint is SHA-256 of the whole certificate.
    serial = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, unique=True)
    subject = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    key: SealedText[str | None, str | None] = SealedText(scope="pk", null=True)
    given_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    history = FileHistory(excluded_fields=["key"])

    class Meta:
        verbose_name = _("certificate of an agency")
        verbose_name_plural = _("certificates of agencies")
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(ended_at__isnull=True), name="certificate_one_in_use"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, replaced_by__isnull=True) | Q(ended_at__isnull=False),
                name="certificate_replaced_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(key__isnull=True), name="certificate_ended_has_no_key"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__lt=models.F("valid_until")), name="certificate_days_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint
