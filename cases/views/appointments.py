"""Making an appointment, moving it, recording what came of it, cancelling it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import Section
from accounts.permissions import require
from accounts.presenting import in_both_zones
from cases.forms.base import FileForm
from cases.forms.meetings import (
    AppointmentDoneForm,
    AppointmentForm,
    AppointmentMoveForm,
    CancelForm,
    moment_of,
)
from cases.models import Appointment
from cases.permissions import labels_to_write, may_be_given_tasks
from cases.services.appointments import (
    cancel_appointment,
    make_appointment,
    move_appointment,
    record_appointment,
)
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.moved import moved_on
from vault import keys


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whoever writes a part of the file makes appointments of that part: a lawyer knows the day in court first."""
    opened = read_case(request, case_id, shown=[Section.PLAN])
    labels = labels_to_write(opened.grounds)
    require(bool(labels))
    form = AppointmentForm(
        sent(request),
        agency=opened.case.agency,
        people=may_be_given_tasks(reader(request), opened.case),
        labels=labels,
    )
    sheet = Sheet(
        title=_("Make an appointment"),
        text=_(
            "A day in court, at the doctor’s, at an office: where the child, or somebody for it, has to be."
        ),
        action=_("Save the appointment"),
        done=_("The appointment stands in the calendar."),
        back=_calendar(case_id),
    )

    def save(data: dict[str, Any]) -> None:
        make_appointment(case_id, actor=reader(request), planned=form.planned())

    return fill(request, opened, form, sheet, save)


def _calendar(case_id: UUID) -> str:
    return reverse("case_calendar", args=[case_id])


def _written(request: HttpRequest, case_id: UUID, appointment_id: UUID) -> tuple[OpenedCase, Appointment]:
    """404 without sight of its part of the file, 403 with sight only."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    found = get_object_or_404(opened.case.appointments.select_related("companion"), pk=appointment_id)
    section = Section(found.section)
    if not opened.sees(section):
        raise Http404
    require(section in labels_to_write(opened.grounds))
    return opened, found


def _about(appointment: Appointment, opened: OpenedCase) -> list[tuple[str, str]]:
    facts = [
        (_("What"), appointment.get_kind_display()),
        (_("When"), in_both_zones(appointment.starts_at, opened.case.agency)),
        (_("Place"), appointment.place or ""),
        (_("What it is about"), appointment.words or ""),
        (_("Who goes along"), appointment.companion.name if appointment.companion else ""),
    ]
    return [(label, value) for label, value in facts if value]


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_move(request: HttpRequest, case_id: UUID, appointment_id: UUID) -> HttpResponse:
    opened, found = _written(request, case_id, appointment_id)
    form = _move_form(sent(request), found)
    if not found.is_open:
        return _ended(request, opened, form)
    sheet = Sheet(
        title=_("Move an appointment"),
        action=_("Move the appointment"),
        done=_("The appointment is moved."),
        back=_calendar(case_id),
        about=_about(found, opened),
    )

    def save(data: dict[str, Any]) -> None:
        move_appointment(
            case_id,
            appointment_id,
            actor=reader(request),
            starts_at=form.starts_at,
            place=data["place"],
            seen=form.seen_state,
        )

    def anew(data: QueryDict | None) -> AppointmentMoveForm:
        found.refresh_from_db(fields=["starts_at", "place"])
        return _move_form(data, found)

    return fill(request, opened, form, sheet, save, anew)


def _move_form(data: QueryDict | None, appointment: Appointment) -> AppointmentMoveForm:
    agency = appointment.case.agency
    initial = {**moment_of(appointment.starts_at, agency), "place": appointment.place or ""}
    return AppointmentMoveForm(data, agency=agency, row=appointment, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_done(request: HttpRequest, case_id: UUID, appointment_id: UUID) -> HttpResponse:
    opened, found = _written(request, case_id, appointment_id)
    form = AppointmentDoneForm(sent(request))
    if not found.is_open:
        return _ended(request, opened, form)
    if found.starts_at > clock.now():
        return _ended(request, opened, form, _("The appointment is still to come."))
    sheet = Sheet(
        title=_("The appointment took place"),
        action=_("Record it"),
        done=_("Recorded."),
        back=_calendar(case_id),
        about=_about(found, opened),
        other=(reverse("appointment_cancel", args=[case_id, appointment_id]), _("It did not take place")),
    )

    def save(data: dict[str, Any]) -> None:
        record_appointment(case_id, appointment_id, actor=reader(request), outcome=data["outcome"])

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request: HttpRequest, case_id: UUID, appointment_id: UUID) -> HttpResponse:
    opened, found = _written(request, case_id, appointment_id)
    form = CancelForm(sent(request))
    if not found.is_open:
        return _ended(request, opened, form)
    sheet = Sheet(
        title=_("Cancel an appointment"),
        text=_("History keeps that it was planned, and your reason."),
        action=_("Cancel the appointment"),
        done=_("The appointment is cancelled."),
        back=_calendar(case_id),
        about=_about(found, opened),
        danger=True,
    )

    def save(data: dict[str, Any]) -> None:
        cancel_appointment(case_id, appointment_id, actor=reader(request), reason=data["reason"])

    return fill(request, opened, form, sheet, save)


def _ended(request: HttpRequest, opened: OpenedCase, form: FileForm, sentence: str = "") -> HttpResponse:
    said = sentence or _("This appointment has ended already.")
    return moved_on(request, opened.case, [said], page=_calendar(opened.case.pk), form=form)
