"""Messages between the two sides, and what the recipient reports of its work."""

from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.services.clocks import workers_of
from referrals.models import Message, Referral, ServiceNote
from referrals.models.choices import RUNNING, ReferralState, Side
from referrals.permissions import Hand, answering, hands
from referrals.services.events import add_event
from referrals.services.locking import locked


@write
def write_message(referral_id: UUID, *, actor: User, words: str) -> Message:
    """To the other side, while the referral is open; both read it until the referral has ended."""
    referral = locked(referral_id, actor)
    side = _side(actor, referral)
    if not referral.is_open:
        raise Invalid("words", _("This referral is not open. Nothing more is written in it."))
    message = Message(referral=referral, case=referral.case, written_by=actor, agency=actor.agency)
    message.words = words
    message.save(force_insert=True)
    record(actor, "referral.message_written", message, case_id=referral.case_id)
    add_event(referral, "message", side=side, actor=actor)
    others = answering(referral) if side == Side.SENDER else workers_of(referral.case)
    notify(set(others) - {actor}, "referral.message", referral, case_id=referral.case_id)
    return message


@write
def write_service_note(referral_id: UUID, *, actor: User, words: str) -> ServiceNote:
    """What the recipient did for the child; reported back at once, and the recipient's own for good."""
    referral = locked(referral_id, actor)
    require(Hand.RECIPIENT in hands(actor, referral))
    if referral.state not in RUNNING:
        raise Invalid("words", _("Notes are written from the acceptance to the end of the service."))
    note = ServiceNote(referral=referral, case=referral.case, written_by=actor, agency=actor.agency)
    note.words = words
    note.save(force_insert=True)
    record(actor, "referral.service_noted", note, case_id=referral.case_id)
    add_event(referral, "service_note", side=Side.RECIPIENT, actor=actor)
    notify(workers_of(referral.case), "referral.service_note", referral, case_id=referral.case_id)
    return note


@write
def mark_opened(referral_id: UUID, *, actor: User) -> Referral:
    """The recipient looks at the offer for the first time; the sender sees that it was seen."""
    referral = locked(referral_id, actor)
    require(Hand.RECIPIENT in hands(actor, referral))
    if referral.opened_at is None and referral.is_open:
        referral.opened_at = clock.now()
        referral.save(update_fields=["opened_at"])
        add_event(referral, "opened", side=Side.RECIPIENT, actor=actor)
    return referral


def _side(actor: User, referral: Referral) -> Side:
    held = hands(actor, referral)
    require(bool(held) and referral.state != ReferralState.DRAFT)
    return Side.RECIPIENT if Hand.RECIPIENT in held else Side.SENDER
