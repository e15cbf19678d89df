"""Documents of the pack: which of them the recipient opens, the bytes of one, and that one must not be here."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Section
from accounts.audit import record_read
from cases.models import Document
from cases.permissions import grounds
from cases.views.documents import sealed_download
from cases.views.loading import reader
from referrals.fields import DOCUMENT, givable_documents
from referrals.services.attachments import report_given
from referrals.services.giving import given_document
from referrals.views.loading import OpenedReferral, found_referral, open_referral
from referrals.views.reporting import abuse_page


@dataclass(frozen=True)
class Paper:
    """A document of the pack, under the title that it had when it was given."""

    id: UUID
    title: str


def papers_of(opened: OpenedReferral) -> list[Paper]:
    """The sender opens its documents in the file; the recipient has them here alone."""
    if not opened.holds_pack:
        return []
    given = [each.value for each in opened.pack if each.field.startswith(DOCUMENT)]
    titles = {UUID(value["id"]): value["title"] for value in given}
    return [
        Paper(document.pk, titles[document.pk])
        for document in givable_documents(opened.referral.case).filter(pk__in=titles)
    ]


@require_safe
def referral_document(request: HttpRequest, referral_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The bytes, to be kept by the browser, while the pack is held; recorded as every document is."""
    opened = found_referral(request, referral_id)
    document = _found(opened, document_id)
    user, case = reader(request), opened.referral.case
    basis = [row.basis for row in grounds(user, case)]
    shown = [Section(document.section)]
    record_read(user, document, case_id=case.pk, sections=shown, basis=basis, verb="document.read")
    return sealed_download(request, document, back=reverse("referral", args=[referral_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def referral_document_report(request: HttpRequest, referral_id: UUID, document_id: UUID) -> HttpResponse:
    opened = open_referral(request, referral_id)
    document = _found(opened, document_id)
    report = partial(report_given, referral_id, document_id, actor=reader(request))
    return abuse_page(request, opened.referral, document.title, report)


def _found(opened: OpenedReferral, document_id: UUID) -> Document:
    document = given_document(opened.referral, document_id) if opened.holds_pack else None
    if document is None:
        raise Http404
    return document
