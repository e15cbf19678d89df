"""The request to one consulate: written, looked at as the post will see it, frozen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Section
from accounts.countries import country_name
from accounts.models import Agency
from accounts.permissions import require
from cases.models.choices import AGREES
from cases.models.papers import PaperKind
from cases.views.loading import reader
from repatriation.edges.returns import RETURN
from repatriation.forms.consulate import RequestForm
from repatriation.models import VerificationRequest
from repatriation.permissions import Hand
from repatriation.services.requesting import (
    CAN_FREEZE,
    asked_in,
    assembled,
    differs,
    freeze_request,
    posts_for,
    seal_of,
)
from repatriation.views.asked import answer_words, facts_of
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs

# Whose words a request holds; whoever lacks one of them sees that it exists, and not what it says.
SHOWN = (Section.IDENTITY, Section.CONTACTS)


@require_http_methods(["GET", "HEAD", "POST"])
def return_request(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Sent once without `seen` it shows how the post will see it, and with it, it is frozen."""
    opened = open_return(request, return_id, Section.RETURN_JOURNEY, *SHOWN)
    if not opened.reads_journey:
        raise Http404
    if request.method == "POST":
        require(opened.writes_journey)
    form = _form(request, opened)
    if request.method == "POST" and form is None:
        messages.warning(request, _("The request cannot be written now. Below is how it stands."))
        return redirect("return_request", return_id)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form is not None and form.is_valid():
        if request.POST.get("seen") and form.accepted(lambda _entered: _freeze(request, opened, form)):
            messages.success(request, _("Frozen. The consulate reads it like this as soon as you send it."))
            return redirect("return_request", return_id)
        preview = _preview(opened, form)
    context = {
        "way": opened.way,
        "opened": opened,
        "tabs": part_tabs(opened, "return_request"),
        "country": country_name(opened.way.country),
        "form": form,
        "preview": preview,
        "no_post": opened.writes_journey and not posts_for(opened.way.country),
        **_standing(opened),
    }
    wrong = form is not None and form.errors
    return render(request, "repatriation/request.html", context, status=422 if wrong else 200)


def _form(request: HttpRequest, opened: OpenedReturn) -> RequestForm | None:
    """While the request can be written, for whoever may; it begins with what was frozen before."""
    way = opened.way
    posts = posts_for(way.country)
    if not opened.writes_journey or way.state not in CAN_FREEZE or not posts:
        return None
    initial: dict[str, Any] = {"post": str(posts[0].pk)} if len(posts) == 1 else {}
    frozen = way.requests.filter(country=way.country).first()
    if frozen is not None:
        said = asked_in(frozen.frozen or {})
        numbers = [str(each) for each in said.numbers]
        initial |= {"post": str(frozen.post_id), "numbers": numbers, "last_address": said.last_address}
    data = request.POST if request.method == "POST" else None
    return RequestForm(data, case=way.case, posts=posts, initial=initial)


def _freeze(request: HttpRequest, opened: OpenedReturn, form: RequestForm) -> VerificationRequest:
    return freeze_request(
        opened.way.pk,
        actor=reader(request),
        post=form.chosen,
        asked=form.asked,
        seen=request.POST["seen"],
    )


def _preview(opened: OpenedReturn, form: RequestForm) -> dict[str, Any]:
    content = assembled(opened.way.case, form.asked)
    return {
        "post": form.chosen,
        "facts": facts_of(content),
        "seen": seal_of(form.chosen, content),
        **_consent(opened, form.chosen),
    }


def _standing(opened: OpenedReturn) -> dict[str, Any]:
    """The request that waits or was sent, and what may be done with it."""
    row = opened.way.requests.filter(ended_at__isnull=True).select_related("post").first()
    if row is None:
        return {}
    reads = all(section in opened.sections for section in SHOWN)
    waits = row.sent_at is None
    return {
        "row": row,
        "facts": facts_of(row.frozen) if reads else [],
        "answer": answer_words(row) if row.sent_at else "",
        "differs": waits and reads and differs(row),
        "papers": papers_of(opened, PaperKind.REQUEST),
        "send_url": _send_url(opened) if waits or opened.way.state in CAN_FREEZE else "",
        "consent": _consent(opened, row.post),
    }


def _consent(opened: OpenedReturn, post: Agency) -> dict[str, Any]:
    found = opened.way.facts.consent_for(post.pk)
    return {"answer": found, "agrees": found is not None and found.answer in AGREES}


def _send_url(opened: OpenedReturn) -> str:
    """Of the step that sends it, while it is this reader's to take."""
    edges = ("request_verification", "ask_again")
    name = next((each for each in edges if opened.way.state in RETURN.edge(each).sources), "")
    if not name or Hand.CASE_WORKER not in opened.hands:
        return ""
    return reverse("return_step", args=[opened.way.pk, name])
