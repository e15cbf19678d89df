"""Papers that leave, and the one page where anybody may ask whether a paper is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.limits import may_ask, place_of
from cases.forms.papers import VerifyForm
from cases.pdf import Proof, proof
from cases.services import verifying
from cases.views.paper_answers import Answer, answer

ASKED_A_MINUTE, MINUTE = 10, 60


def as_attachment(paper: bytes, name: str) -> HttpResponse:
    """No cache keeps it, and `name` names no child: it lies in every download folder."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def proof_of(request: HttpRequest, code: str) -> Proof:
    return proof(code, request.build_absolute_uri(reverse("verify")))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Asked by POST alone, so that no code gets into an address. Whoever asks learns nothing about a child."""
    if request.method != "POST":
        return _page(request, VerifyForm())
    if not may_ask(f"verify:{place_of(request)}", ASKED_A_MINUTE, MINUTE):
        late = Answer("due", _("Too many questions from your network. Ask again in a minute."), "")
        response = _page(request, VerifyForm(), late, status=429)
        response["Retry-After"] = str(MINUTE)
        return response
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    found = verifying.verify(form.cleaned_data["code"], form.cleaned_data["file"])
    return _page(request, VerifyForm(), answer(found))


def _page(
    request: HttpRequest, form: VerifyForm, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    response = render(request, "cases/verify.html", {"form": form, "answer": answer}, status=status)
    response["Cache-Control"] = "no-store"
    return response
