"""Documents of the pack: which of them the recipient opens, and the bytes of one."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.audit import record_read
from cases.permissions import grounds
from cases.views.documents import sealed_download
from cases.views.loading import reader
from referrals.fields import DOCUMENT, givable_documents
from referrals.services.giving import given_document
from referrals.views.loading import OpenedReferral, found_referral


@dataclass(frozen=True)
class Paper:
    """A document of the pack, under the title that it had when it was given."""

    title: str
    url: str


def papers_of(opened: OpenedReferral) -> list[Paper]:
    """The sender opens its documents in the file; the recipient has them here alone."""
    if not opened.holds_pack:
        return []
    row = opened.referral
    given = [each.value for each in opened.pack if each.field.startswith(DOCUMENT)]
    titles = {UUID(value["id"]): value["title"] for value in given}
    return [
        Paper(titles[document.pk], reverse("referral_document", args=[row.pk, document.pk]))
        for document in givable_documents(row.case).filter(pk__in=titles)
    ]


@require_safe
def referral_document(request: HttpRequest, referral_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The bytes, to be kept by the browser, while the pack is held; recorded as every document is."""
    opened = found_referral(request, referral_id)
    document = given_document(opened.referral, document_id) if opened.holds_pack else None
    if document is None:
        raise Http404
    user, case = reader(request), opened.referral.case
    basis = [row.basis for row in grounds(user, case)]
    shown = [Section(document.section)]
    record_read(user, document, case_id=case.pk, sections=shown, basis=basis, verb="document.read")
    return sealed_download(request, document, back=reverse("referral", args=[referral_id]))
