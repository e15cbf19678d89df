"""Papers that leave, and the one page where anybody may ask whether a paper is genuine."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.forms.papers import VerifyForm
from cases.models import IssuedPaper
from cases.pdf import Proof, proof
from cases.services.papers import find_paper, is_unchanged
from cases.views.limits import may_ask, place_of

ASKED_A_MINUTE, MINUTE = 10, 60


@dataclass(frozen=True)
class Answer:
    """`kind` is how the notice looks."""

    kind: str
    title: str
    text: str


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
    return _page(request, VerifyForm(), _answer(form.cleaned_data["code"], form.cleaned_data["file"]))


def _page(
    request: HttpRequest, form: VerifyForm, answer: Answer | None = None, status: int = 200
) -> HttpResponse:
    response = render(request, "cases/verify.html", {"form": form, "answer": answer}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _answer(code: str, content: bytes | None) -> Answer:
    paper = find_paper(code)
    if paper is None:
        wrong = _("It was not made here. Do not act on it, and tell the agency whose name it bears.")
        return Answer("late", _("No paper bears this code."), wrong)
    if content is not None and not is_unchanged(paper, content):
        wrong = _("The code is that of another file. Do not act on this one.")
        return Answer("late", _("This file was changed."), f"{wrong} {_what(paper)}")
    compared = _("The file is unchanged.") if content is not None else _not_compared()
    if paper.is_current:
        return Answer("done", _("Genuine and current."), f"{_what(paper)} {compared}")
    ask = _("Ask whoever gave it to you for a newer one.")
    return Answer("due", _("Genuine, but no longer current."), f"{_what(paper)} {compared} {ask}")


def _what(paper: IssuedPaper) -> str:
    """Its kind and the day on which it was made, there where it was made; that is all that strangers learn."""
    day = localtime(paper.made_at, ZoneInfo(paper.agency.time_zone))
    said = {"kind": paper.get_kind_display(), "day": date_format(day, "j E Y")}
    return _("%(kind)s, made on %(day)s.") % said


def _not_compared() -> str:
    return _("That is true of the code; add the PDF to learn whether its words were changed.")
