"""Towards the end of a case: closure, durable solution, an agency outside, coming of age, danger abroad."""

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
from accounts.permissions import require
from accounts.posting import posted_from
from cases.edges.lifecycle import LIFECYCLE
from cases.forms.base import FileForm
from cases.forms.closing import (
    ClosureForm,
    ComingOfAgeForm,
    DangerForm,
    OutsideForm,
    SolutionForm,
    ToldForm,
)
from cases.guards.lifecycle import DURABLE_SOLUTION, lives_safely_with_family
from cases.models.choices import FINAL_STATES, RUNNING_STATES, CaseState
from cases.models.closing import DurableSolution
from cases.permissions import DAY_HANDS, Hand
from cases.services import abroad, clocks, closing
from cases.views.case import step_context
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys
from workflow.models import Deadline

# What a supervisor says; the others are a return's to bring about.
CONFIRMED = frozenset({DurableSolution.NOT_REQUIRED})


def _worked_on(request: HttpRequest, case_id: UUID, *sections: Section) -> OpenedCase:
    """For pages of those who work on the case; for everybody else they do not exist."""
    opened = read_case(request, case_id, *sections)
    if not opened.works_on_it:
        raise Http404
    keys.prefetch([case_id])
    return opened


def _answer(
    request: HttpRequest, opened: OpenedCase, name: str, form: FileForm | None, context: dict[str, Any]
) -> HttpResponse:
    context |= {"case": opened.case, "form": form, "tabs": case_tabs(opened, name)}
    return render(request, f"cases/{name}.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What closing needs, what was written so far, and the form of the worker."""
    opened = _worked_on(request, case_id, Section.PLAN)
    may_write = Hand.CASE_WORKER in opened.hands and opened.case.state == CaseState.MONITORING
    form = ClosureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(Hand.CASE_WORKER in opened.hands)
        if form.accepted(lambda entered: closing.write_closure(case_id, actor=reader(request), **entered)):
            messages.success(request, _("Written. A supervisor closes the case."))
            return redirect("closure", case_id)
    context = {
        "may_write": may_write,
        "closures": opened.case.closures.select_related("written_by"),
        "blocks": step_context(opened, LIFECYCLE.edge("close"), request),
        "ended": opened.case.state in FINAL_STATES,
        "may_erase": Hand.SUPERVISOR in opened.hands,
        "monitoring": opened.case.state == CaseState.MONITORING,
    }
    return _answer(request, opened, "closure", form if may_write or form.is_bound else None, context)


@require_http_methods(["GET", "HEAD", "POST"])
def durable_solution(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A supervisor confirms that none is required; the other two are recorded by the return alone."""
    opened = _worked_on(request, case_id, Section.PLAN, Section.RISK)
    case = opened.case
    form = SolutionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(Hand.SUPERVISOR in opened.hands)
        if form.accepted(
            lambda entered: closing.confirm_solution(
                case_id,
                actor=reader(request),
                solution=DurableSolution.NOT_REQUIRED,
                reason=entered["reason"],
            )
        ):
            messages.success(request, _("Confirmed: no durable solution is required."))
            return redirect("case", case_id)
    confirmed = DurableSolution(case.durable_solution).label if case.durable_solution else ""
    may_write = Hand.SUPERVISOR in opened.hands and case.state in RUNNING_STATES
    by = case.durable_solution_by.name if case.durable_solution_by else ""
    context = {
        "facts": [(_("Durable solution"), confirmed), *([(_("Confirmed by"), by)] if by else [])],
        "at_home": lives_safely_with_family(case),
        "by_return": [
            (each.label, case.durable_solution == each) for each in DurableSolution if each not in CONFIRMED
        ],
        "sources": DURABLE_SOLUTION.source,
        "may_write": may_write,
    }
    return _answer(request, opened, "durable_solution", form if may_write or form.is_bound else None, context)


@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """An agency outside has taken the case on, on paper; the document is one of the file's own."""
    opened = _worked_on(request, case_id, Section.PLAN)
    case, may_record = opened.case, bool(opened.hands & DAY_HANDS)
    readable = [section.value for section in opened.sections]
    documents = case.documents.filter(
        section__in=readable, removed_at__isnull=True, quarantined_at__isnull=True
    )
    form = OutsideForm(request.POST if request.method == "POST" else None, documents=documents)
    if request.method == "POST":
        require(may_record)
        if form.accepted(lambda entered: closing.record_outside(case_id, actor=reader(request), **entered)):
            messages.success(request, _("Recorded. A supervisor can refer the case out of the system."))
            return redirect("case", case_id)
    may_record = may_record and case.state in RUNNING_STATES
    context = {
        "accepted": case.outside_acceptances.select_related("agency", "document", "recorded_by"),
        "may_write": may_record,
    }
    return _answer(request, opened, "outside", form if may_record or form.is_bound else None, context)


@require_http_methods(["GET", "HEAD", "POST"])
def coming_of_age(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What ends and what begins on the 18th birthday, and the review of it."""
    opened = _worked_on(request, case_id, Section.IDENTITY, Section.LEGAL, Section.PLAN)
    case = opened.case
    is_due = clocks.review_of_age_is_due(case)
    form = ComingOfAgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(Hand.CASE_WORKER in opened.hands)
        if form.accepted(
            lambda entered: closing.review_coming_of_age(case_id, actor=reader(request), **entered)
        ):
            messages.success(request, _("The review is recorded, as a note of the plan."))
            return redirect("case", case_id)
    may_write = is_due and Hand.CASE_WORKER in opened.hands
    context = {
        "turns_18_on": case.child.turns_18_on(),
        "is_due": is_due,
        "facts": _of_age_facts(opened),
        "consents": [each for each in case.facts.consents if each.given_by and each.given_by != "child"],
    }
    return _answer(request, opened, "coming_of_age", form if may_write or form.is_bound else None, context)


def _of_age_facts(opened: OpenedCase) -> list[tuple[str, str]]:
    case = opened.case
    return [
        (_("Guardian or representative"), str(case.legal.get_representation_display())),
        (_("Residence"), str(case.legal.get_residence_display())),
        (_("Rehabilitation"), str(case.rehabilitation.get_state_display())),
        (_("Goals under way"), str(case.goals.filter(ended_at__isnull=True).count())),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def danger_abroad(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A missing child is believed to be in danger in another country: what is due, and the form to say so."""
    opened = _worked_on(request, case_id)
    form = DangerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(opened.works_on_it)
        if form.accepted(
            lambda entered: abroad.believe_in_danger(
                case_id, actor=reader(request), country=entered["danger_in"]
            )
        ):
            messages.success(request, _("Recorded. The focal point of that country is to be told now."))
            return redirect("danger_abroad", case_id)
    return _abroad_page(request, opened, form)


def _abroad_page(
    request: HttpRequest, opened: OpenedCase, form: FileForm, telling: dict[str, FileForm] | None = None
) -> HttpResponse:
    due = Deadline.objects.open().filter(case_id=opened.case.pk, kind=abroad.TELL)
    missing = opened.case.state == CaseState.SUSPENDED
    given = telling or {}
    countries = [str(deadline.params["country"]) for deadline in due.order_by("due_at")]
    context = {
        "missing": missing,
        "telling": [
            (code, country_name(code), given.get(code, ToldForm(auto_id=f"id_{code}_%s")))
            for code in countries
        ],
    }
    shown = form if missing or form.is_bound else None
    answer = _answer(request, opened, "danger_abroad", shown, context)
    answer.status_code = 422 if any(each.errors for each in given.values()) else answer.status_code
    return answer


def _its_page(request: HttpRequest, case_id: UUID, **_country: str) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).works_on_it:
        raise Http404
    return reverse("danger_abroad", args=[case_id])


@posted_from(_its_page)
def focal_point_told(request: HttpRequest, case_id: UUID, country: str) -> HttpResponse:
    opened = _worked_on(request, case_id)
    require(opened.works_on_it)
    if not (country.isascii() and country.isalpha()):
        raise Http404
    form = ToldForm(request.POST, auto_id=f"id_{country}_%s")
    if form.accepted(
        lambda entered: abroad.record_told(
            case_id, actor=reader(request), country=country, words=entered["words"]
        )
    ):
        messages.success(request, _("Recorded."))
        return redirect("danger_abroad", case_id)
    return _abroad_page(request, opened, DangerForm(), {country: form})
