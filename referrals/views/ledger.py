"""The sheet that tells a child who holds which of its data: to print with the browser, and as a PDF."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.views.languages import Chosen, chosen_language
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.papers import as_attachment
from referrals.ledger import Ledger, disclosures_of, ledger_in, sections_of
from referrals.pdf import ledger_pdf
from referrals.permissions import can_refer

EXPORTED = "ledger.exported"


@require_safe
def case_ledger(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Made to be taken away, so a look at it is recorded like the PDF."""
    opened, language, ledger = _exported(request, case_id)
    pdf_url = reverse("case_ledger_pdf", args=[case_id]) + "?" + urlencode({"language": language.code})
    context = {"case": opened.case, "ledger": ledger, "language": language, "pdf_url": pdf_url}
    return render(request, "referrals/ledger.html", context)


@require_safe
def case_ledger_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Its name tells nothing: neither a child nor a case."""
    _opened, language, ledger = _exported(request, case_id)
    return as_attachment(ledger_pdf(ledger, language=language.code), "who-holds-what.pdf")


def _exported(request: HttpRequest, case_id: UUID) -> tuple[OpenedCase, Chosen, Ledger]:
    opened = opened_case(request, case_id)
    if not can_refer(reader(request), opened.case):
        # Who else holds what is nothing that a recipient or a post knows to exist.
        raise Http404
    rows = disclosures_of(opened.case)
    read_case(request, case_id, shown=sections_of(rows), verb=EXPORTED)
    language = chosen_language(request)
    return opened, language, ledger_in(language.code, opened.case, rows)
