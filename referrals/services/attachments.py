"""What the two sides sent each other and must not be here: files of the thread, documents of the pack."""

from uuid import UUID

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.models import User
from cases.models import Document
from cases.models.documents import DocumentKind
from cases.services.documents import put_out_of_reach, quarantine, tell_of_quarantined
from referrals.models import Attachment
from referrals.permissions import attachments_in, holds_pack, reads_thread
from referrals.services.giving import given_document
from referrals.services.locking import locked


@write
def report_attachment(referral_id: UUID, attachment_id: UUID, *, actor: User) -> Document:
    """Somebody who can open it says that it shows abuse: from this moment nobody does, and the police are told.

    It becomes a quarantined document of the case, so that all which follows is the same. Its id stays, and with that
    the name under which its bytes lie. Raises Attachment.DoesNotExist for one that this person cannot open.
    """
    referral = locked(referral_id, actor)
    if not reads_thread(actor, referral):
        raise Attachment.DoesNotExist
    attachment = attachments_in(referral).select_related("message").get(pk=attachment_id)
    attachment.reported_at = clock.now()
    attachment.save(update_fields=["reported_at"])
    document = _in_place_of(attachment)
    quarantine(document, actor)
    document.save(force_insert=True)
    tell_of_quarantined(referral.case, document, actor)
    return document


@write
def report_given(referral_id: UUID, document_id: UUID, *, actor: User) -> Document:
    """The same of a document that came with the pack, which goes out of reach in the file.

    Raises Document.DoesNotExist for one that this person cannot open.
    """
    referral = locked(referral_id, actor)
    document = given_document(referral, document_id) if holds_pack(actor, referral) else None
    if document is None:
        raise Document.DoesNotExist
    put_out_of_reach(referral.case, document, actor)
    return document


def _in_place_of(attachment: Attachment) -> Document:
    """In the legal part of the file: what follows is between the agency and the police."""
    document = Document(
        id=attachment.pk,
        case_id=attachment.case_id,
        section=Section.LEGAL,
        kind=DocumentKind.OTHER,
        media_type=attachment.media_type,
        size=attachment.size,
        added_by_id=attachment.message.written_by_id,
        added_at=attachment.message.written_at,
    )
    document.title = document.filename = attachment.filename
    document.digest = attachment.digest
    return document
