"""G-READY as a page for each side: what is there, what is missing, who has it, by when; and two of its facts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.posting import posted_from
from cases.models.plan import Means
from cases.views.loading import reader
from repatriation.forms.readiness import AssentForm, WaiverForm
from repatriation.models import Return
from repatriation.models.choices import BEFORE_DEPARTURE, AssentKind, ReturnState
from repatriation.services.readiness import record_assent, take_waiver_back, waive_reflection
from repatriation.views.loading import OpenedReturn, open_return, write_journey
from repatriation.views.parts import has_part, part_tabs
from repatriation.views.ready_lines import Line, lines
from repatriation.views.returns import remedy_url, steps_of

# The steps that begin and end at this list.
_STEPS = frozenset({"plan_travel", "make_ready", "plan_again", "depart"})


@require_safe
def return_ready(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_return(request, return_id, Section.RETURN_JOURNEY)
    if not has_part(opened):
        raise Http404
    way = opened.way
    # Once the child has departed nothing of it is missing any more, whatever has grown old since.
    counts = way.state in BEFORE_DEPARTURE or (way.is_open and way.departed_at is None)
    found = lines(opened) if counts else []
    writes = opened.writes_journey and way.state in BEFORE_DEPARTURE
    context = {
        "way": way,
        "opened": opened,
        "tabs": part_tabs(opened, "return_ready"),
        "counts": counts,
        "missing": [_shown(opened, line) for line in found if not line.there],
        "there": [line for line in found if line.there],
        "until": way.ready_until if way.state == ReturnState.READY else None,
        "steps": [step for step in steps_of(opened) if step[0].name in _STEPS],
        "said": _said(way) if opened.reads_journey else [],
        "waived": way.reflection_waived_on if opened.reads_journey else None,
        "waits": _waits(way),
        "writes": writes,
    }
    return render(request, "repatriation/ready.html", context)


def _shown(opened: OpenedReturn, line: Line) -> dict[str, Any]:
    here = reverse("return_ready", args=[opened.way.pk])
    url = remedy_url(opened, line.guard.remedy) if line.guard else ""
    return {
        "line": line,
        # The forms of this page stand on it.
        "url": "" if url == here else url,
        "action": line.guard.remedy_label if line.guard else "",
    }


def _said(way: Return) -> list[tuple[str, Any]]:
    assent = way.facts.assent
    if assent is None:
        return []
    day = date_format(assent.given_on, "j E Y")
    return [
        (_("Answer"), assent.get_kind_display()),
        (_("Day"), f"{day} · {assent.get_means_display()}"),
        (_("In its own words"), assent.words),
    ]


def _waits(way: Return) -> bool:
    """Whether the reflection period goes on beyond what is planned, so that a waiver is a question at all."""
    until, journey = way.case.legal.reflection_until, way.facts.journey
    today = clock.today(way.case.agency.time_zone)
    return until is not None and until >= (journey.departs_on if journey else today)


@require_http_methods(["GET", "HEAD", "POST"])
def return_assent(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = write_journey(request, return_id)
    today = clock.today(opened.way.case.agency.time_zone)
    form = AssentForm(request.POST if request.method == "POST" else None, initial={"given_on": today})
    if request.method == "POST" and form.accepted(
        lambda entered: record_assent(
            return_id,
            actor=reader(request),
            kind=AssentKind(entered["kind"]),
            given_on=entered["given_on"],
            means=Means(entered["means"]),
            words=entered["words"],
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("return_ready", return_id)
    context = {"way": opened.way, "form": form}
    return render(request, "repatriation/assent.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def return_waiver(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = write_journey(request, return_id)
    today = clock.today(opened.way.case.agency.time_zone)
    form = WaiverForm(request.POST if request.method == "POST" else None, initial={"said_on": today})
    if request.method == "POST" and form.accepted(
        lambda _entered: waive_reflection(return_id, actor=reader(request), waiver=form.waiver)
    ):
        messages.success(request, _("Saved."))
        return redirect("return_ready", return_id)
    context = {"way": opened.way, "form": form}
    return render(request, "repatriation/waiver.html", context, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, return_id: UUID) -> str:
    write_journey(request, return_id)
    return reverse("return_ready", args=[return_id])


@posted_from(_its_page)
def return_waiver_back(request: HttpRequest, return_id: UUID) -> HttpResponse:
    write_journey(request, return_id)
    try:
        take_waiver_back(return_id, actor=reader(request))
    except Invalid as error:
        messages.warning(request, error.sentence)
    else:
        messages.success(request, _("The reflection period counts again."))
    return redirect("return_ready", return_id)
