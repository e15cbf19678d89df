"""How every page of a referral begins: what you may not see does not exist, and what you see is recorded."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts import live
from accounts.access import Section
from accounts.audit import record_read
from accounts.live import Topic
from accounts.permissions import require
from cases.views.loading import reader
from referrals.models import Disclosure, Referral
from referrals.models.choices import ReferralState
from referrals.permissions import Hand, hands, holds_pack, opens_thread, readable_by, reads_history
from referrals.services.events import REFERRAL_TOPIC
from vault import keys


@dataclass(frozen=True)
class OpenedReferral:
    """A referral with the side on which this reader stands."""

    referral: Referral
    hands: frozenset[str]
    holds_pack: bool
    # Of a transfer that is done.
    reads_history: bool

    @property
    def is_recipient(self) -> bool:
        return Hand.RECIPIENT in self.hands

    @property
    def is_sender(self) -> bool:
        return Hand.SENDER in self.hands

    @property
    def takes_part(self) -> bool:
        return opens_thread(self.hands, self.referral, has_pack=self.holds_pack)

    @property
    def reads_thread(self) -> bool:
        return self.takes_part or self.reads_history

    @property
    def reads_request(self) -> bool:
        """What exactly is asked opens with the acceptance."""
        return self.is_sender or self.holds_pack or self.reads_history

    @property
    def is_tombstone(self) -> bool:
        """Over for the recipient: that there was a referral, and its own notes, are all that is left to it.

        A service that is completed is over with the access to its pack; a transfer leaves both sides its history.
        """
        row = self.referral
        if self.is_sender or row.is_open or row.state == ReferralState.DRAFT:
            return False
        return row.state != ReferralState.COMPLETED or not (row.transfer or self.holds_pack)

    @cached_property
    def pack(self) -> list[Disclosure]:
        """What this reader may see of what was given: the sender always, the recipient while it holds the pack."""
        if not (self.is_sender or self.holds_pack):
            return []
        return list(self.referral.disclosures.select_related("given_by", "consent"))


def found_referral(request: HttpRequest, referral_id: UUID) -> OpenedReferral:
    """404 for whom it does not exist. For views that record what they show of it themselves."""
    user = reader(request)
    rows = readable_by(user).select_related(
        "case__agency", "case__child", "sender", "recipient", "sent_by", "accepted_by", "cosigned_by"
    )
    referral = rows.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    opened = OpenedReferral(
        referral, hands(user, referral), holds_pack(user, referral), reads_history(user, referral)
    )
    # A tombstone does not change any more, and whoever only reads that the case has moved is on neither side.
    if opened.takes_part:
        live.watch(request, Topic(REFERRAL_TOPIC, referral.pk))
    return opened


def open_referral(request: HttpRequest, referral_id: UUID) -> OpenedReferral:
    """404 for whom it does not exist; the reading is recorded before anything leaves."""
    return recorded(request, found_referral(request, referral_id))


def recorded(request: HttpRequest, opened: OpenedReferral) -> OpenedReferral:
    referral = opened.referral
    keys.prefetch([referral.case_id])
    shown = sorted({Section(row.section) for row in opened.pack})
    record_read(reader(request), referral, case_id=referral.case_id, sections=shown, verb="referral.read")
    return opened


def send_referral(request: HttpRequest, referral_id: UUID) -> OpenedReferral:
    """For pages of the sender: 403 for the other side."""
    opened = open_referral(request, referral_id)
    require(opened.is_sender)
    return opened
