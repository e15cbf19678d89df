"""Messages between the two sides, and what the recipient reports of its work."""

from collections.abc import Collection
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
from cases.services.documents import refuse_reported
from cases.services.incoming import SentFile
from cases.services.keeping import describe, stored
from referrals.models import Attachment, Message, Referral, ServiceNote
from referrals.models.choices import RUNNING, ReferralState, Side
from referrals.permissions import Hand, answering, hands, must_send_words_only, visible_to
from referrals.services.events import add_event
from referrals.services.locking import locked
from referrals.services.mentions import mentioned


def write_message(referral_id: UUID, *, actor: User, words: str, files: Collection[SentFile] = ()) -> Message:
    """To the other side, while the referral is open; both read it until the referral has ended.

    Raises Invalid for files which this side may not send yet, Referral.DoesNotExist for whom there is none.
    """
    case_id = visible_to(actor).values_list("case_id", flat=True).get(pk=referral_id)
    message = Message(referral_id=referral_id, case_id=case_id, written_by=actor, agency=actor.agency)
    message.words = words
    attachments = []
    for place, sent in enumerate(files, 1):
        attachment = Attachment(message=message, case_id=case_id, place=place)
        describe(attachment, sent.filename, sent.incoming)
        attachments.append(attachment)
    with stored(zip(attachments, (sent.incoming for sent in files), strict=True)):
        return _write(message, attachments, actor=actor)


@write
def _write(message: Message, attachments: Collection[Attachment], *, actor: User) -> Message:
    referral = locked(message.referral_id, actor)
    side = _side(actor, referral)
    if not referral.is_open:
        raise Invalid("words", _("This referral is not open. Nothing more is written in it."))
    message.written_at = clock.now()
    message.save(force_insert=True)
    record(actor, "referral.message_written", message, case_id=referral.case_id)
    _attach(referral, attachments, actor)
    add_event(referral, "message", side=side, actor=actor)
    _tell(referral, message, side, actor)
    return message


def _attach(referral: Referral, attachments: Collection[Attachment], actor: User) -> None:
    if attachments and must_send_words_only(hands(actor, referral), referral):
        raise Invalid("attachments", words_only())
    for attachment in attachments:
        refuse_reported(referral.case, attachment.digest, "attachments")
        attachment.save(force_insert=True)
        record(actor, "referral.file_attached", attachment, case_id=referral.case_id)


def words_only() -> str:
    return _(
        "Until the recipient has accepted, send words only: a file could tell who the child is. "
        "Files can be sent from the acceptance on."
    )


def _tell(referral: Referral, message: Message, side: Side, actor: User) -> None:
    """Whoever is named hears that, also on the writer’s own side; the others of the other side that there is one."""
    named = set(mentioned(message.words, referral)) - {actor}
    message.mentioned.set(named)
    others = answering(referral) if side == Side.SENDER else workers_of(referral.case)
    notify(set(others) - named - {actor}, "referral.message", referral, case_id=referral.case_id)
    notify(named, "referral.mentioned", referral, case_id=referral.case_id)


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
