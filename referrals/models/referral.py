"""One referral: a case offered to another agency, its answer, and the history that both sides share."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_fsm import FSMField

import clock
from accounts.history import FileHistory
from accounts.lasting import LastingRow
from accounts.models import Agency, ServiceType, User
from cases.models import Case
from cases.models.choices import Risk
from cases.models.plan import Outcome
from referrals.models.choices import (
    OFFERED,
    OPEN,
    Decline,
    HandBack,
    LegalBasis,
    Purpose,
    ReferralState,
    Side,
    TransferBasis,
)
from vault.fields import SealedJSON, SealedText

# Of the recipient's people, with a telephone.
LONGEST_NAME = 200


class Referral(models.Model):
    """`summary` is all that the recipient sees before it accepts: codes that name nobody, frozen when it is sent.

    `wanted` are the codes of the fields that the sender chose (`referrals.fields`); what was given is a `Disclosure`.
    Names and telephones of the recipient's people are theirs, not the child's, and stay in clear.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    state = FSMField(choices=ReferralState.choices, default=ReferralState.DRAFT, protected=True)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    # Asked for together, at several agencies for one child; each answers alone.
    together = models.UUIDField(null=True, db_index=True)

    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    service = models.CharField(max_length=32, choices=ServiceType.choices)
    # It asks for the case itself: ownership moves with the acceptance.
    transfer = models.BooleanField(default=False)
    purpose = models.CharField(max_length=9, choices=Purpose.choices, blank=True)
    needs = ArrayField(models.CharField(max_length=12), default=list)
    urgency = models.CharField(max_length=6, choices=Risk.choices, blank=True)
    summary = SealedJSON(scope="case_id", null=True)
    # What is asked of the recipient, in words; part of the pack.
    request = SealedText(scope="case_id", null=True)

    wanted = ArrayField(models.CharField(max_length=60), default=list)
    # When the sender looked at the pack as the recipient will see it; emptied by every change of it.
    previewed_at = models.DateTimeField(null=True)
    legal_basis = models.CharField(max_length=7, choices=LegalBasis.choices, blank=True)
    basis_words = SealedText(scope="case_id", null=True)
    transfer_basis = models.CharField(max_length=9, choices=TransferBasis.choices, blank=True)
    cosigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Whether the recipient is an authority of a country of which the child may be a national. Unknown refuses.
    to_authority_of_origin = models.BooleanField(null=True)
    # The contact clearance that lets such an authority be asked; none exists before the return decides on one.
    clearance = models.UUIDField(null=True)

    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    # While information is asked for the recipient's clock stands still; what was left of it, in seconds.
    left_to_answer = models.PositiveIntegerField(null=True)
    # When somebody at the recipient first looked at it.
    opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    contact = models.CharField(max_length=LONGEST_NAME, blank=True)
    alternate = models.CharField(max_length=LONGEST_NAME, blank=True)

    answered_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    responsible = models.CharField(max_length=LONGEST_NAME, blank=True)
    starts_on = models.DateField(null=True)
    declined = models.CharField(max_length=11, choices=Decline.choices, blank=True)
    handed_back = models.CharField(max_length=9, choices=HandBack.choices, blank=True)
    completed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    feedback = SealedText(scope="case_id", null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    history = FileHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Where the child lives already, the agency can still be asked to take the whole case over.
                fields=["case", "recipient", "service", "transfer"],
                condition=Q(state__in=OPEN),
                name="referral_one_open_per_recipient_and_service",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(transfer=True, state__in=OFFERED),
                name="referral_one_open_transfer",
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="referral_goes_elsewhere"),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN) | Q(sent_at__isnull=False, answer_by__isnull=False),
                name="referral_open_was_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="referral_inbox"),
            models.Index(fields=["sender", "-made_at"], name="referral_outbox"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        return _("Transfer of a case") if self.transfer else self.get_service_display()

    @property
    def crosses_border(self) -> bool:
        return bool(self.sender.country != self.recipient.country)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class ReferralEvent(LastingRow):
    """One move, as both sides see it. Codes only: a row can travel to another installation as it is.

    `key` is the mover's own number of the move: the same key twice has the effect of once.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=9, choices=Side.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    details = models.JSONField(default=dict)
    key = models.UUIDField(default=uuid4)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="referral_event_number_once"),
            models.UniqueConstraint(fields=["referral", "key"], name="referral_event_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.number}"

    def as_message(self) -> dict[str, Any]:
        """What the other side is told, wherever it is: no row ids but the referral's, no word about the child."""
        at: datetime = self.at
        return {
            "referral": str(self.referral_id),
            "number": self.number,
            "kind": self.kind,
            "side": self.side,
            "agency": self.agency.code if self.agency else "",
            "at": at.isoformat(),
            "details": self.details,
            "key": str(self.key),
        }
