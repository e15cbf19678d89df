from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.edges.lifecycle import LIFECYCLE
from cases.forms.steps import OverrideForm, PoliceForm, ProposeEndForm, StepForm
from cases.models import Case
from cases.models.choices import FINAL_STATES, CaseState, EarlyEnd
from cases.permissions import Hand
from cases.services.police import record_police_told
from cases.services.steps import override_guard, propose_end, take_step
from cases.views.case import step_context
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.moved import moved_on
from workflow.machine import Edge, Override, Refused, WrongState


@require_http_methods(["GET", "HEAD", "POST"])
def case_step(request: HttpRequest, case_id: UUID, edge_name: str) -> HttpResponse:
    """One step of the lifecycle: what it needs, what it asks, and the button."""
    opened = read_case(request, case_id)
    edge = _edge_or_404(edge_name)
    require(bool(edge.who & opened.hands))
    data = request.POST if request.method == "POST" else None
    named = {asked.name: request.GET.get(asked.name, "") for asked in edge.inputs if asked.kind == "case"}
    form = StepForm(data, edge=edge, case=opened.case, user=reader(request), initial=named)
    page = reverse("case", args=[case_id])
    if not _leaves_from_here(opened, edge):
        return moved_on(request, opened.case, WrongState(edge).sentences, page=page, form=form)
    refused = False
    if request.method == "POST" and form.is_meant():
        try:
            take_step(case_id, edge.name, actor=reader(request), reason=form.reason, values=form.values)
        except WrongState as wrong:
            return moved_on(request, opened.case, wrong.sentences, page=page, form=form)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.refuse_entries(refusal)
            refused, opened = True, read_case(request, case_id)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": edge.label})
            return redirect(page)
    status = 409 if refused else 422 if form.errors else 200
    context = step_context(opened, edge, request) | {"form": form, "case": opened.case}
    context |= {"refused": refused, "proposal": _proposal(opened, edge)}
    context["check"] = form if set(edge.targets) & set(FINAL_STATES) else None
    return render(request, "cases/step.html", context, status=status)


def _proposal(opened: OpenedCase, edge: Edge) -> list[tuple[str, str]]:
    """Whoever confirms sees what was proposed, and by whom."""
    case = opened.case
    if edge.name not in ("end_early", "close_suspended") or not case.early_end or case.closure_author is None:
        return []
    return [(_("Proposed"), str(EarlyEnd(case.early_end).label)), (_("By"), case.closure_author.name)]


@require_http_methods(["GET", "HEAD", "POST"])
def case_override(request: HttpRequest, case_id: UUID, edge_name: str, guard_code: str) -> HttpResponse:
    """A supervisor lets one step go on without one ⚠ condition."""
    opened = read_case(request, case_id)
    edge = _edge_or_404(edge_name)
    if not _leaves_from_here(opened, edge):
        raise Http404
    guard = next((guard for guard in edge.guards if guard.code == guard_code), None)
    if guard is None or guard.override is not Override.SUPERVISOR:
        raise Http404
    require(Hand.SUPERVISOR in opened.hands)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            override_guard(case_id, edge.name, guard.code, actor=reader(request), reason=reason)
        except WrongState as wrong:
            page = reverse("case", args=[case_id])
            return moved_on(request, opened.case, wrong.sentences, page=page, form=form)
        except ValidationError as error:
            form.add_error(None, error)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded. The worker can take the step now."))
            return redirect("case", case_id)
    context = {"form": form, "case": opened.case, "guard": guard, "edge": edge}
    return render(request, "cases/override.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def case_propose_end(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    if opened.case.state in FINAL_STATES:
        raise Http404
    missing = opened.case.state == CaseState.SUSPENDED
    form = ProposeEndForm(request.POST or None, case=opened.case)
    if request.method == "POST" and form.accepted(
        lambda entered: propose_end(case_id, actor=reader(request), why=EarlyEnd(entered["why"]))
    ):
        if missing:
            messages.success(request, _("Recorded. The case can be closed."))
            return redirect("case_step", case_id, "close_suspended")
        messages.success(request, _("Proposed. Another supervisor has to confirm the end of the case."))
        return redirect("case", case_id)
    context: dict[str, Any] = {"form": form, "case": opened.case, "missing": missing}
    return render(request, "cases/propose_end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def case_police(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The police know that the child is missing: who works on the case records their reference."""
    opened = read_case(request, case_id)
    require(opened.works_on_it)
    form = _police_form(request.POST or None, opened.case)
    if opened.case.state != CaseState.SUSPENDED:
        wrong, page = WrongState(LIFECYCLE.edge("suspend")), reverse("case", args=[case_id])
        return moved_on(request, opened.case, wrong.sentences, page=page, form=form)
    try:
        if request.method == "POST" and form.accepted(
            lambda entered: record_police_told(
                case_id, actor=reader(request), reference=entered["reference"], seen=form.seen_state
            )
        ):
            messages.success(request, _("Recorded: the police were told."))
            return redirect("case", case_id)
    except Meanwhile:
        fresh = Case.objects.get(pk=case_id)
        form = form.written_meanwhile(lambda data: _police_form(data, fresh), reader=reader(request))
    context = {"form": form, "case": opened.case}
    return render(request, "cases/police.html", context, status=422 if form.errors else 200)


def _police_form(data: QueryDict | None, case: Case) -> PoliceForm:
    return PoliceForm(data, row=case, initial={"reference": case.police_reference})


def _edge_or_404(edge_name: str) -> Edge:
    try:
        return LIFECYCLE.edge(edge_name)
    except KeyError:
        raise Http404 from None


def _leaves_from_here(opened: OpenedCase, edge: Edge) -> bool:
    if edge.name == "take_over" and not opened.case.waits_for_takeover:
        return False
    return opened.case.state in edge.sources
