"""What the two sides write to each other: the messages with their files, and one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import record_read
from accounts.permissions import require
from cases.permissions import grounds
from cases.views.documents import sealed_download
from cases.views.former import GROUND as FORMER
from cases.views.loading import reader
from referrals.forms import MessageForm
from referrals.models import Attachment, Message
from referrals.permissions import attachments_in, must_send_words_only
from referrals.services.attachments import report_attachment
from referrals.services.mentions import Part, can_be_named, parts
from referrals.services.writing import words_only
from referrals.views.loading import OpenedReferral, found_referral, open_referral
from referrals.views.reporting import abuse_page


@dataclass(frozen=True)
class Said:
    """One message as the page shows it."""

    message: Message
    parts: list[Part]
    files: list[Attachment]


def thread_of(opened: OpenedReferral) -> list[Said]:
    if not opened.reads_thread:
        return []
    rows = opened.referral.messages.select_related("written_by", "agency")
    return [_said(row) for row in rows.prefetch_related("attachments", "mentioned")]


def _said(message: Message) -> Said:
    people = {account.username: account for account in message.mentioned.all()}
    return Said(message, list(parts(message.words, people)), list(message.attachments.all()))


def message_form(
    request: HttpRequest, opened: OpenedReferral, data: Mapping[str, Any] | None = None
) -> MessageForm:
    row = opened.referral
    # Of what is over, nobody can be told anything: whoever sends all the same learns no name by the refusal.
    writes_now = row.is_open and opened.takes_part
    return MessageForm(
        data,
        request.FILES if data is not None else None,
        words_only=words_only() if must_send_words_only(opened.hands, row) else "",
        people=can_be_named(row, reader(request)) if writes_now else ((), ()),
    )


@require_safe
def referral_file(request: HttpRequest, referral_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """The bytes, to be kept by the browser; recorded as every document is."""
    opened = found_referral(request, referral_id)
    attachment = _found(opened, attachment_id)
    user, case = reader(request), opened.referral.case
    basis = [row.basis for row in grounds(user, case)] if opened.hands else [FORMER]
    record_read(user, attachment, case_id=case.pk, sections=[], basis=basis, verb="document.read")
    return sealed_download(request, attachment, back=reverse("referral", args=[referral_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def referral_file_report(request: HttpRequest, referral_id: UUID, attachment_id: UUID) -> HttpResponse:
    opened = open_referral(request, referral_id)
    attachment = _found(opened, attachment_id)
    require(bool(opened.hands))
    report = partial(report_attachment, referral_id, attachment_id, actor=reader(request))
    return abuse_page(request, opened.referral, attachment.filename, report)


def _found(opened: OpenedReferral, attachment_id: UUID) -> Attachment:
    """One that whoever reads the thread now may open."""
    if not opened.reads_thread:
        raise Http404
    row = attachments_in(opened.referral).filter(pk=attachment_id).first()
    if row is None:
        raise Http404
    return row
