"""Visits after the handover: when they are due, what they found, and the form that a visitor fills in on the way."""

from dataclasses import dataclass
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
from accounts.permissions import require
from cases.views.loading import reader
from referrals.models.choices import RUNNING
from repatriation.forms.reporting import VisitForm
from repatriation.models import MonitoringVisit, Return
from repatriation.models.choices import VISITED_IN, Occupation, ReturnState, Sign
from repatriation.permissions import can_report_visit, is_received
from repatriation.services.issuing import is_own_report
from repatriation.services.reporting import report_visit
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.parts import part_tabs

Facts = list[tuple[str, Any]]


@dataclass(frozen=True)
class Row:
    """One visit: when it is due, and what it found for whoever may read that."""

    visit: MonitoringVisit
    late: bool
    url: str
    facts: Facts
    signs: list[str]

    @property
    def chip(self) -> tuple[str, str]:
        if self.visit.done_on is not None:
            if self.signs or (self.facts and not self.visit.safe):
                return "late", _("Not well")
            return "done", _("Reported")
        return ("late", _("Late")) if self.late else ("plain", _("To be made"))


@require_safe
def monitoring(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = _opened(request, return_id)
    way, user = opened.way, reader(request)
    today = clock.today(user.agency.time_zone)
    may_report = way.state in VISITED_IN and can_report_visit(user, way)
    visits = list(way.visits.filter(cancelled_at__isnull=True).select_related("reported_by__agency"))
    left = [visit for visit in visits if visit.done_on is None]
    made = [visit.done_on for visit in visits if visit.done_on is not None]
    context = {
        "way": way,
        "opened": opened,
        "tabs": part_tabs(opened, "monitoring"),
        "rows": [_row(opened, visit, may_report, today) for visit in visits],
        "next": left[0] if left and way.state in VISITED_IN else None,
        "last_days": (today - max(made)).days if made else None,
        "alert": way.state == ReturnState.RETRAFFICKING_ALERT,
        "left": len(left),
        **_reception(way, has_left=bool(left)),
    }
    return render(request, "repatriation/visits.html", context)


def _opened(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = open_return(request, return_id, Section.RETURN_JOURNEY)
    if not opened.sees_visits:
        raise Http404
    return opened


def _reception(way: Return, *, has_left: bool) -> dict[str, bool]:
    """Whether the organisation that visits has ended its work, and whether it can still report."""
    received = is_received(way)
    ended = way.reception is None or way.reception.state not in RUNNING or not received
    outstanding = has_left and way.state in VISITED_IN
    return {"reception_ended": outstanding and ended, "is_received": received}


def _row(opened: OpenedReturn, visit: MonitoringVisit, may_report: bool, today: Any) -> Row:
    is_open = visit.done_on is None
    url = reverse("return_visit", args=[opened.way.pk, visit.number]) if may_report and is_open else ""
    reads = opened.reads_journey or is_own_report(opened.way, opened.hands, visit)
    facts = [*visit_facts(visit), *said_in(visit)] if reads and not is_open else []
    signs = [str(Sign(code).label) for code in visit.signs] if reads else []
    return Row(visit, is_open and visit.due_on < today, url, facts, signs)


def visit_facts(visit: MonitoringVisit) -> Facts:
    yes, no = _("Yes"), _("No")
    return [
        (_("Visited on"), date_format(visit.done_on, "j E Y") if visit.done_on else ""),
        (_("Spoken with alone"), yes if visit.seen_alone else no),
        (_("Safe there"), yes if visit.safe else no),
        (_("By day"), str(Occupation(visit.occupation).label)),
    ]


def said_in(visit: MonitoringVisit) -> Facts:
    said = [(_("The child’s own words"), visit.child_words), (_("Besides"), visit.words)]
    return [(label, words) for label, words in said if words]


@require_http_methods(["GET", "HEAD", "POST"])
def return_visit(request: HttpRequest, return_id: UUID, number: int) -> HttpResponse:
    opened, user = _opened(request, return_id), reader(request)
    way = opened.way
    visit = way.visits.filter(number=number, cancelled_at__isnull=True).first()
    if visit is None:
        raise Http404
    require(can_report_visit(user, way))
    today = clock.today(user.agency.time_zone)
    form = VisitForm(request.POST if request.method == "POST" else None, initial={"done_on": today})
    if request.method == "POST" and form.accepted(
        lambda _said: report_visit(return_id, number, actor=user, report=form.report)
    ):
        messages.success(request, _("The visit is reported."))
        return redirect("monitoring", return_id)
    if request.method != "POST" and (visit.done_on is not None or way.state not in VISITED_IN):
        return redirect("monitoring", return_id)
    context = {"way": way, "form": form, "visit": visit}
    return render(request, "repatriation/visit.html", context, status=422 if form.errors else 200)
