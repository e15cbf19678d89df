"""The home study: written by the partner abroad on its own page, read by who decides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Section
from accounts.permissions import require
from cases.views.loading import reader
from repatriation.forms.visiting import StudyForm
from repatriation.models import CareArrangement, HomeStudy
from repatriation.models.choices import Suitability
from repatriation.services.beginning import may_answer
from repatriation.services.studies import write_study
from repatriation.study import PARTS, Question, Seen
from repatriation.views.care import is_for_partner
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.parts import part_tabs

CHIPS = {Suitability.SUITABLE: "done", Suitability.WITH_SUPPORT: "due", Suitability.UNSUITABLE: "late"}
Facts = list[tuple[str, str, str]]


@require_safe
def return_study(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Who decides reads every study; the partner its own, and whom it is to visit."""
    opened = _opened(request, return_id)
    way = opened.way
    rows = way.home_studies.select_related(
        "arrangement__person", "arrangement__agency", "written_by", "agency"
    )
    if not opened.reads_decision:
        rows = rows.filter(agency=reader(request).agency_id)
    may_write = opened.is_partner and way.is_open
    must_wait = may_write and not may_answer(way, reader(request))
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_study"),
        "to_visit": _to_visit(opened) if may_write and not must_wait else [],
        "is_partner": opened.is_partner,
        "may_write": may_write and not must_wait,
        "must_wait": must_wait,
        "studies": [
            {
                "row": row,
                "carer": row.arrangement.carer,
                "chip": CHIPS[Suitability(row.conclusion)],
                "parts": told(row),
            }
            for row in rows
        ],
    }
    return render(request, "repatriation/study.html", context)


def _opened(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """The page names who was visited."""
    opened = open_return(request, return_id, Section.RETURN_DECISION, Section.CONTACTS)
    if not (opened.reads_decision or opened.is_partner):
        raise Http404
    return opened


def _to_visit(opened: OpenedReturn) -> list[dict[str, Any]]:
    """Those named for the partner's own country, and what of them is there already."""
    rows = opened.way.arrangements.filter(ended_at__isnull=True).select_related("person", "agency")
    return [
        {
            "row": row,
            "carer": row.carer,
            "visited": row.studies.exists(),
            "study_url": reverse("return_study_new", args=[opened.way.pk, row.pk]),
            "agreement_url": reverse("return_agreement", args=[opened.way.pk, row.pk]),
        }
        for row in rows.order_by("alternate")
        if is_for_partner(opened, row)
    ]


def told(row: HomeStudy) -> list[tuple[str, Facts]]:
    """Part by part; an answer to look at twice says so."""
    answers = row.answers or {}
    return [(str(part.label), [_fact(each, answers) for each in part.questions]) for part in PARTS]


def _fact(question: Question, answers: dict[str, str]) -> tuple[str, str, str]:
    said = answers.get(question.code, "")
    if question.in_words:
        return str(question.label), said, ""
    words = str(dict(Seen.choices).get(said, said))
    worries = said in (question.worry, Seen.UNCLEAR)
    return str(question.label), words, _("Look at this twice.") if worries else ""


@require_http_methods(["GET", "HEAD", "POST"])
def return_study_new(request: HttpRequest, return_id: UUID, arrangement_id: UUID) -> HttpResponse:
    opened = _opened(request, return_id)
    row = _to_be_visited(opened, arrangement_id)
    way, user = opened.way, reader(request)
    require(opened.is_partner and way.is_open and may_answer(way, user))
    form = StudyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda _entered: write_study(return_id, arrangement_id, actor=user, visited=form.visited())
    ):
        messages.success(request, _("The study is there. Who works on the case has been told."))
        return redirect("return_study", return_id)
    context = {"way": way, "carer": row.carer, "row": row, "form": form}
    return render(request, "repatriation/study_new.html", context, status=422 if form.errors else 200)


def _to_be_visited(opened: OpenedReturn, arrangement_id: UUID) -> CareArrangement:
    rows = opened.way.arrangements.filter(ended_at__isnull=True).select_related("person", "agency")
    row = rows.filter(pk=arrangement_id).first()
    if row is None or not is_for_partner(opened, row):
        raise Http404
    return row
