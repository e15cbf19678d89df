"""Days in court, at the doctor's, at an office: made, moved, taken place, cancelled."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Appointment, Case
from cases.models.conferences import AppointmentKind
from cases.permissions import can_read, grounds, labels_to_write, may_be_given_tasks, people_on
from cases.services import clocks
from cases.services.locking import locked
from cases.services.standing import require_open
from cases.services.writing import check_planned
from workflow import deadlines

KIND = "appointment"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the form asks. `companion` goes along; who has no account is named in the words."""

    kind: AppointmentKind
    section: Section
    starts_at: datetime
    place: str = ""
    words: str = ""
    companion: User | None = None


@write
def make_appointment(case_id: UUID, *, actor: User, planned: Planned) -> Appointment:
    """Under a label that this person writes; read by those who read that part of the file."""
    case = _locked_to_write(case_id, actor, planned.section)
    _check_day(case, planned.starts_at)
    if planned.companion:
        _check_companion(case, actor, planned.companion, planned.section)
    appointment = Appointment(
        case=case,
        kind=planned.kind,
        section=planned.section,
        starts_at=planned.starts_at,
        companion=planned.companion,
        made_by=actor,
    )
    appointment.place, appointment.words = planned.place or None, planned.words or None
    appointment.save(force_insert=True)
    _start_clock(appointment)
    _record(actor, "appointment.made", appointment)
    _tell_companion(appointment, "appointment.made", actor)
    return appointment


def _locked_to_write(case_id: UUID, actor: User, section: Section) -> Case:
    case = locked(case_id, actor)
    require(section in labels_to_write(grounds(actor, case)))
    require_open(case)
    return case


def _check_day(case: Case, starts_at: datetime) -> None:
    check_planned(case, "on", starts_at.astimezone(ZoneInfo(case.agency.time_zone)).date())


def _check_companion(case: Case, actor: User, companion: User, section: Section) -> None:
    if not may_be_given_tasks(actor, case).filter(pk=companion.pk).exists():
        raise Invalid("companion", _("Choose somebody who has access to the case now."))
    if not can_read(companion, case, section):
        raise Invalid("companion", _("This person may not read that part of the file."))


def _start_clock(appointment: Appointment) -> None:
    case = appointment.case
    day = appointment.starts_at.astimezone(ZoneInfo(case.agency.time_zone)).date()
    clocks.start_task(case, KIND, clocks.end_of_day(day, case.agency), **_named(appointment))


def _named(appointment: Appointment) -> dict[str, str]:
    return {"appointment": str(appointment.pk)}


def _tell_companion(appointment: Appointment, kind: str, actor: User) -> None:
    """Whoever lost the case in between hears nothing of it any more."""
    companion = appointment.companion
    if companion and companion != actor and grounds(companion, appointment.case):
        notify([companion], kind, appointment, case_id=appointment.case_id)


@write
def move_appointment(
    case_id: UUID, appointment_id: UUID, *, actor: User, starts_at: datetime, place: str, seen: str = ""
) -> Appointment:
    """Raises Meanwhile when somebody else has written since the page was shown (`seen`)."""
    appointment = _open_appointment(case_id, appointment_id, actor, "on")
    require_unchanged(appointment, seen)
    _check_day(appointment.case, starts_at)
    appointment.starts_at, appointment.place = starts_at, place or None
    appointment.save()
    _start_clock(appointment)
    _record(actor, "appointment.moved", appointment)
    _tell_companion(appointment, "appointment.moved", actor)
    return appointment


@write
def record_appointment(case_id: UUID, appointment_id: UUID, *, actor: User, outcome: str) -> Appointment:
    """It took place."""
    appointment = _open_appointment(case_id, appointment_id, actor, "outcome")
    if appointment.starts_at > clock.now():
        raise Invalid("outcome", _("The appointment is still to come."))
    appointment.done_at, appointment.outcome = clock.now(), outcome or None
    appointment.save()
    deadlines.meet(case_id, KIND, _named(appointment))
    _record(actor, "appointment.done", appointment)
    return appointment


@write
def cancel_appointment(case_id: UUID, appointment_id: UUID, *, actor: User, reason: str) -> Appointment:
    appointment = _open_appointment(case_id, appointment_id, actor, "reason")
    appointment.cancelled_at = clock.now()
    appointment.save(update_fields=["cancelled_at"])
    deadlines.cancel(case_id, KIND, _named(appointment))
    _record(actor, "appointment.cancelled", appointment, reason=reason)
    _tell_companion(appointment, "appointment.cancelled", actor)
    return appointment


def _open_appointment(case_id: UUID, appointment_id: UUID, actor: User, field: str) -> Appointment:
    case = locked(case_id, actor)
    rows = case.appointments.select_for_update(of=("self",)).select_related("companion__agency")
    appointment = rows.get(pk=appointment_id)
    appointment.case = case
    require(Section(appointment.section) in labels_to_write(grounds(actor, case)))
    require_open(case)
    if not appointment.is_open:
        raise Invalid(field, _("This appointment has ended already."))
    return appointment


def take_from_absent(case: Case, worker: User, *, by: User) -> None:
    """A part of giving the case to a worker: nobody else goes along in place of somebody who has left it."""
    waiting = case.appointments.filter(
        done_at__isnull=True, cancelled_at__isnull=True, companion__isnull=False
    )
    for appointment in waiting.exclude(companion__in=people_on(case)).select_for_update(of=("self",)):
        appointment.companion = worker
        appointment.save(update_fields=["companion"])
        _record(by, "appointment.handed_over", appointment)


def _record(actor: User, verb: str, appointment: Appointment, *, reason: str = "") -> None:
    record(
        actor,
        verb,
        appointment,
        case_id=appointment.case_id,
        sections=[Section(appointment.section)],
        reason=reason,
        appointment=appointment.kind,
    )
