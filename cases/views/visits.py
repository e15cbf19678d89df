"""Planning a visit, recording it, calling it off."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import Section
from cases.forms.base import FileForm
from cases.forms.plan import ALONE, VisitCancelForm, VisitDoneForm, VisitForm
from cases.models import Visit
from cases.models.plan import VisitKind
from cases.permissions import GIVEN_VISITS, people_on
from cases.services.visits import cancel_visit, plan_visit, record_visit
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, reader, write_case
from cases.views.moved import moved_on


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    form = VisitForm(
        sent(request), people=people_on(opened.case, GIVEN_VISITS), initial={"visitor": reader(request).pk}
    )
    sheet = Sheet(
        title=_("Plan a visit"),
        text=_("Seeing the child is how the plan is kept honest."),
        action=_("Plan the visit"),
        done=_("The visit is planned. It stands on Today until it is made."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        plan_visit(case_id, actor=reader(request), **data | {"kind": VisitKind(data["kind"])})

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_done(request: HttpRequest, case_id: UUID, visit_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    visit = _visit_or_404(opened, visit_id)
    form = VisitDoneForm(sent(request), initial={"done_on": clock.today(opened.case.agency.time_zone)})
    if not visit.is_open:
        return _ended(request, opened, form)
    sheet = Sheet(
        title=_("Record a visit"),
        text=_("A visit at which the child was seen counts as contact with the child."),
        action=_("Record the visit"),
        done=_("The visit is recorded. The clock of contact runs anew from that day."),
        back=reverse("plan", args=[case_id]),
        about=_about(visit),
        other=(reverse("visit_cancel", args=[case_id, visit_id]), _("It does not take place")),
    )

    def save(data: dict[str, Any]) -> None:
        record_visit(
            case_id,
            visit_id,
            actor=reader(request),
            done_on=data["done_on"],
            child_seen_alone=data["seen"] == ALONE,
            observations=data["observations"],
        )

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_cancel(request: HttpRequest, case_id: UUID, visit_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    visit = _visit_or_404(opened, visit_id)
    form = VisitCancelForm(sent(request))
    if not visit.is_open:
        return _ended(request, opened, form)
    sheet = Sheet(
        title=_("Call off a visit"),
        text=_("History keeps that it was planned, and your reason."),
        action=_("Call off the visit"),
        done=_("The visit is called off."),
        back=reverse("plan", args=[case_id]),
        about=_about(visit),
        danger=True,
    )

    def save(data: dict[str, Any]) -> None:
        cancel_visit(case_id, visit_id, actor=reader(request), reason=data["reason"])

    return fill(request, opened, form, sheet, save)


def _visit_or_404(opened: OpenedCase, visit_id: UUID) -> Visit:
    found: Visit = get_object_or_404(opened.case.visits.select_related("visitor"), pk=visit_id)
    return found


def _about(visit: Visit) -> list[tuple[str, str]]:
    return [
        (_("Where"), visit.get_kind_display()),
        (_("Planned for"), date_format(visit.planned_on, "l j E Y")),
        (_("Who visits"), visit.visitor.name),
    ]


def _ended(request: HttpRequest, opened: OpenedCase, form: FileForm) -> HttpResponse:
    page = reverse("plan", args=[opened.case.pk])
    return moved_on(request, opened.case, [_("This visit has ended already.")], page=page, form=form)
