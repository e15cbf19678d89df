from uuid import uuid4

from django.db import models
from django.db.models import Q

import clock
from accounts.access import Section
from accounts.lasting import LastingRow
from accounts.models import Agency, User
from cases.models import Case, Consent
from referrals.models.choices import GIVEN_ON, LegalBasis
from referrals.models.referral import Referral
from vault.fields import SealedJSON


class Disclosure(LastingRow):
    """One field that was given to one recipient, as it was at that moment: the ledger of who holds what.

    Given with the offer, open from the acceptance on. A later correction or a further field is a row of its own.
    """

    append_only = False
    may_change = frozenset({"basis", "opened_at", "closed_at"})

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="disclosures")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    # Whose case it was then. The sender of a referral is whoever has the case now.
    giver = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    field = models.CharField(max_length=60)
    section = models.CharField(max_length=20, choices=Section.choices)
    value = SealedJSON(scope="case_id")
    basis = models.CharField(max_length=7, choices=GIVEN_ON)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    # When the recipient could first read it; empty for what was offered and never taken up.
    opened_at = models.DateTimeField(null=True)
    # From when on it could not read it here any more.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["given_at", "field"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(basis=LegalBasis.CONSENT) | Q(consent__isnull=False),
                name="disclosure_by_consent_names_it",
            )
        ]
        indexes = [models.Index(fields=["case", "recipient"], name="disclosure_ledger")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.field}"
