"""The risk and security assessment: its draft, factor by factor beside what the other country says; its versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.views.loading import reader
from repatriation.forms.assessing import AssessmentForm
from repatriation.models import CountryInput, SecurityAssessment
from repatriation.models.choices import Conclusion, RiskFactor
from repatriation.services.assessing import current_draft, finish_assessment, holds_until, save_assessment
from repatriation.views.country_input import Said, likelihood_words, said
from repatriation.views.loading import OpenedReturn, decision_page, write_decision
from repatriation.views.parts import part_tabs

Facts = list[tuple[str, str]]
CHIPS = {Conclusion.POSITIVE: "done", Conclusion.NEGATIVE: "late", Conclusion.OPEN: "due"}


@require_http_methods(["GET", "HEAD", "POST"])
def return_assessment(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The draft is kept as far as it goes; it counts for nothing before it is finished."""
    opened = decision_page(request, return_id)
    user = reader(request)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, draft=current_draft(opened.way, user))
    if request.method == "POST":
        require(opened.writes_decision)
        if form.is_valid():
            try:
                save_assessment(return_id, actor=user, assessed=form.assessed())
            except Invalid as error:
                form.refuse(error)
            except Meanwhile:
                return _meanwhile(request, opened, form)
            else:
                messages.success(request, _("The draft is saved. It counts once it is finished."))
                return redirect("return_assessment", return_id)
    return _page(request, opened, form)


def _its_page(request: HttpRequest, return_id: UUID) -> str:
    """Where the form below stands, for those who may open it."""
    decision_page(request, return_id)
    return reverse("return_assessment", args=[return_id])


@posted_from(_its_page)
def return_assessment_finish(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """What was typed is kept and made final in one act, so that nothing else is finished than what was read."""
    opened = write_decision(request, return_id)
    user = reader(request)
    form = AssessmentForm(request.POST, draft=current_draft(opened.way, user), finishing=True)
    if form.is_valid():
        try:
            finish_assessment(return_id, actor=user, assessed=form.assessed())
        except Invalid as error:
            form.refuse(error)
        except Meanwhile:
            return _meanwhile(request, opened, form)
        else:
            messages.success(
                request, _("This version is finished and stays as it is. You have no vote on the panel.")
            )
            return redirect("return_assessment", return_id)
    return _page(request, opened, form)


def _meanwhile(request: HttpRequest, opened: OpenedReturn, form: AssessmentForm) -> HttpResponse:
    draft = current_draft(opened.way, reader(request))
    again = form.written_meanwhile(
        lambda data: AssessmentForm(data, draft=draft, finishing=form.finishing), reader=reader(request)
    )
    return _page(request, opened, again)


def _page(request: HttpRequest, opened: OpenedReturn, form: AssessmentForm) -> HttpResponse:
    way, draft = opened.way, form.draft
    versions = list(way.assessments.select_related("author", "case__agency"))
    begun = draft._state.adding is False or form.is_bound or "new" in request.GET or not versions
    writes = opened.writes_decision and begun
    inputs = list(way.inputs.select_related("agency").order_by("written_at"))
    there = _latest(inputs, draft.country)
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_assessment"),
        "form": form if writes else None,
        "groups": _groups(form, there) if writes else [],
        "hidden": [field for field in form.hidden_fields()],
        "rest": [form[name] for name in ("conclusion", "refoulement", "reasons", "not_sought")],
        "there": there,
        "there_country": country_name(draft.country),
        "draft": draft,
        "said_count": sum(bool(each.get("likelihood")) for each in draft.factors or []),
        "may_begin": opened.writes_decision and not begun,
        "finish_url": reverse("return_assessment_finish", args=[way.pk]),
        "versions": [
            _version(row, inputs) for row in versions if row.finished_at or (opened.works_here and not writes)
        ],
    }
    return render(request, "repatriation/assessment.html", context, status=422 if form.errors else 200)


def _latest(inputs: list[CountryInput], country: str, until: datetime | None = None) -> CountryInput | None:
    """What that country said last, or had said by then."""
    rows = [row for row in inputs if row.country == country and (until is None or row.written_at <= until)]
    return rows[-1] if rows else None


def _groups(form: AssessmentForm, there: CountryInput | None) -> list[dict[str, Any]]:
    known = said(there)
    return [
        {"label": label, "fields": fields, "there": known.get(code)} for code, label, fields in form.groups()
    ]


def _version(row: SecurityAssessment, inputs: list[CountryInput]) -> dict[str, Any]:
    """Beside a finished version stands what its author had before it, and that there is more since."""
    until, there = holds_until(row), _latest(inputs, row.country, row.finished_at)
    return {
        "row": row,
        "country": country_name(row.country),
        "chip": CHIPS[Conclusion(row.conclusion)] if row.conclusion else "plain",
        "until": until,
        "holds": until is not None and clock.now() <= until,
        "factors": _beside(row, said(there)),
        "there": there,
        "has_newer": _latest(inputs, row.country) != there,
    }


def _beside(row: SecurityAssessment, there: Said) -> list[dict[str, Any]]:
    """Both countries' parts of each factor."""
    here = {each["factor"]: each for each in row.factors or []}
    return [
        {
            "label": factor.label,
            "likelihood": likelihood_words(here.get(factor.value, {}).get("likelihood", "")),
            "sources": here.get(factor.value, {}).get("sources", ""),
            "mitigation": here.get(factor.value, {}).get("mitigation", ""),
            "there": there.get(factor.value),
        }
        for factor in RiskFactor
    ]
