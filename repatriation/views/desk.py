"""The one page of a return for the post that was asked: the request, what is asked now, and the forms to answer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrPromise

import clock
from accounts.access import Section
from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.models import User
from cases.forms.base import FileForm
from cases.models.papers import PaperKind
from cases.views.loading import reader
from cases.views.moved import moved_on
from repatriation.edges.returns import RETURN
from repatriation.forms.consulate import AnswerForm, DocumentForm, RefuseForm
from repatriation.models import Return
from repatriation.models.choices import ReturnState
from repatriation.permissions import visible_to
from repatriation.services import clocks
from repatriation.services.moving import take_return_step
from repatriation.views.asked import Facts, facts_of
from repatriation.views.documents import arrival, document_row, documents_of, permit_row, permits_of
from repatriation.views.loading import OpenedReturn, found_return
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs
from repatriation.views.ready_lines import as_told
from vault import keys
from workflow.machine import Refused, WrongState
from workflow.models import Deadline

# What the page shows: the frozen request, whether the child is fit to travel, the document.
SHOWN = (Section.IDENTITY, Section.CONTACTS, Section.MEDICAL, Section.RETURN_JOURNEY)
State = ReturnState

ASKED: Mapping[str, StrPromise] = {
    State.VERIFICATION_REQUESTED: gettext_lazy("Is this child a national, or was it a permanent resident?"),
    State.NATIONALITY_VERIFIED: gettext_lazy("Begin with the travel document."),
    State.DOCUMENT_REFUSED: gettext_lazy("Begin with the travel document again, when it becomes possible."),
    State.DOCUMENT_REQUESTED: gettext_lazy("Issue the travel document, or say why it is refused."),
    State.DOCUMENT_ISSUED: gettext_lazy("Nothing now. The journey is planned; note the permits it needs."),
    State.READY: gettext_lazy("Nothing now. The child departs with its escort."),
}
NOTHING = gettext_lazy("Nothing now.")
# With these a post has something to do; the others wait for somebody else.
WAITS_FOR_POST = (
    State.VERIFICATION_REQUESTED,
    State.NATIONALITY_VERIFIED,
    State.DOCUMENT_REQUESTED,
    State.DOCUMENT_REFUSED,
)


def what_is_asked(way: Return) -> str:
    return str(ASKED.get(way.state, NOTHING))


@dataclass
class Act:
    """One form of the page: where it stands, what it is called, and the step that it takes."""

    name: str
    title: StrPromise
    button: StrPromise
    states: tuple[str, ...]
    form: Callable[..., FileForm]
    step: Callable[[Any], tuple[str, dict[str, Any], str]]
    danger: bool = False


ACTS = (
    Act(
        "answer",
        gettext_lazy("Your answer"),
        gettext_lazy("Send the answer"),
        (State.VERIFICATION_REQUESTED,),
        AnswerForm,
        lambda form: (form.edge, form.values, form.why),
    ),
    Act(
        "begin",
        gettext_lazy("The travel document"),
        gettext_lazy("Begin with the travel document"),
        (State.NATIONALITY_VERIFIED, State.DOCUMENT_REFUSED),
        FileForm,
        lambda form: ("request_document", {}, ""),
    ),
    Act(
        "issue",
        gettext_lazy("The travel document"),
        gettext_lazy("Issue the travel document"),
        (State.DOCUMENT_REQUESTED,),
        DocumentForm,
        lambda form: ("issue_document", form.values, ""),
    ),
    Act(
        "refuse",
        gettext_lazy("If it cannot be issued"),
        gettext_lazy("Refuse the travel document"),
        (State.DOCUMENT_REQUESTED,),
        RefuseForm,
        lambda form: ("refuse_document", {"code": form.cleaned_data["code"]}, form.cleaned_data["reason"]),
        danger=True,
    ),
)
BY_NAME = {act.name: act for act in ACTS}


@require_http_methods(["GET", "HEAD", "POST"])
def consular(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = _open_desk(request, return_id)
    forms = _forms(request, opened)
    failing: list[str] = []
    if request.method == "POST":
        act = BY_NAME.get(request.POST.get("act", ""))
        if act is None or act.name not in forms:
            return _moved_on(request, opened, act)
        form = forms[act.name]
        try:
            if form.is_valid() and _taken(request, opened, act, form):
                return _after(request, return_id, act)
        except WrongState:
            return _moved_on(request, opened, act)
        except Refused as refusal:
            failing = [result.sentence for result in as_told(opened, refusal.failures)]
    wrong = bool(failing) or any(form.errors for form in forms.values())
    context = _context(request, opened, forms) | {"failing": failing}
    return render(request, "repatriation/consular.html", context, status=422 if wrong else 200)


def _open_desk(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """404 for all but the post that is asked now."""
    opened = found_return(request, return_id)
    if not opened.is_consular:
        raise Http404
    way = opened.way
    keys.prefetch([way.case_id])
    why = [row.basis for row in opened.grounds]
    record_read(reader(request), way, case_id=way.case_id, sections=SHOWN, basis=why, verb="return.read")
    return opened


def _forms(request: HttpRequest, opened: OpenedReturn) -> dict[str, FileForm]:
    """Those that can be sent now. The one that was sent is filled with what was entered."""
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    today = clock.today(reader(request).agency.time_zone)
    first = {"happened_on": today, "issued_on": today, "reference": _reference(opened)}
    return {
        act.name: act.form(request.POST if act.name == sent else None, prefix=act.name, initial=dict(first))
        for act in ACTS
        if opened.way.state in act.states
    }


def _reference(opened: OpenedReturn) -> str:
    request = opened.way.facts.request
    return (request.reference or "") if request else ""


def _taken(request: HttpRequest, opened: OpenedReturn, act: Act, form: FileForm) -> bool:
    """Whether the step was taken; what the service finds wrong stands beside its field."""
    edge, values, reason = act.step(form)
    try:
        take_return_step(opened.way.pk, edge, actor=reader(request), values=values, reason=reason)
    except Invalid as error:
        form.refuse(error)
        return False
    return True


def _after(request: HttpRequest, return_id: UUID, act: Act) -> HttpResponse:
    messages.success(request, _("Done: %(step)s.") % {"step": act.button})
    return _home(reader(request), return_id)


def _home(user: User, return_id: UUID) -> HttpResponse:
    """With a step, the return may have left the post's sight."""
    there = visible_to(user).filter(pk=return_id).exists()
    return redirect("consular", return_id) if there else redirect("returns")


def _moved_on(request: HttpRequest, opened: OpenedReturn, act: Act | None) -> HttpResponse:
    """Somebody was faster; what was typed is not lost."""
    form = act.form(request.POST, prefix=act.name) if act else None
    page = reverse("consular", args=[opened.way.pk])
    edge = RETURN.edge("verify_nationality")
    return moved_on(request, None, WrongState(edge).sentences, page=page, form=form)


def _context(request: HttpRequest, opened: OpenedReturn, forms: Mapping[str, FileForm]) -> dict[str, Any]:
    way = opened.way
    row = way.facts.request
    return {
        "way": way,
        "tabs": part_tabs(opened, "consular"),
        "row": row,
        "asked": what_is_asked(way),
        "facts": [*facts_of(row.frozen if row else None), *_about_the_journey(opened)],
        "papers": papers_of(opened, PaperKind.REQUEST),
        "reminders": _reminders(way),
        "acts": [(BY_NAME[name], form) for name, form in forms.items()],
        "documents": [document_row(opened, each) for each in documents_of(opened).filter(ended_at=None)],
        "permits": [permit_row(opened, each) for each in permits_of(opened)],
    }


def _about_the_journey(opened: OpenedReturn) -> Facts:
    arrives = arrival(opened)
    planned = [(_("Planned arrival"), date_format(arrives, "j E Y"))] if arrives else []
    return [(_("Fit to travel"), _fit(opened.way)), *planned]


def _fit(way: Return) -> str:
    """Yes or no, and nothing of what a clinic knows besides."""
    fitness = way.facts.fitness
    if fitness is None:
        return _("Not known yet")
    return _("Yes") if fitness.is_fit else _("No")


def _reminders(way: Return) -> list[Deadline]:
    """When the post is reminded, and when its silence goes to the supervisors; those that passed among them."""
    if way.state != State.VERIFICATION_REQUESTED:
        return []
    rows = Deadline.objects.filter(
        case_id=way.case_id, kind=clocks.REMIND_CONSULATE, params__contains={"return": str(way.pk)}
    )
    return list(rows.filter(cancelled_at__isnull=True, starts_at__gte=way.state_since).order_by("due_at"))
