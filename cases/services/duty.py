"""The plan of duty: who is called outside office hours, and therefore sees the agency's open files."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Ability, Role, can
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.holidays import outside_office_hours
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import DutyShift

LONGEST_SPAN_DAYS = 31


@write
def plan_duty(*, actor: User, worker: User, starts_at: datetime, ends_at: datetime) -> list[DutyShift]:
    """One shift for each stretch of this time during which the office is closed.

    So nobody sees all files of the agency by day because the week was entered in one go. Exactly the same again
    plans nothing twice. Raises Invalid with a sentence.
    """
    require(can(actor, Ability.ASSIGN_WORKER))
    if worker.role != Role.CASE_WORKER or worker.agency_id != actor.agency_id or not worker.is_active:
        raise Invalid("worker", _("Choose a case worker of this agency."))
    _check_time(starts_at, ends_at)
    closed = outside_office_hours(actor.agency, starts_at, ends_at)
    stretches = [(begin, end) for begin, end in closed if end > clock.now()]
    if not stretches:
        raise Invalid("ends_on", _("The office is open all this time. Duty is for when it is closed."))
    # One plan for one person at a time: two clicks at one moment must not both find nothing.
    User.objects.select_for_update(no_key=True).get(pk=worker.pk)
    planned = DutyShift.objects.filter(
        worker=worker, cancelled_at__isnull=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    same = [shift for shift in planned if (shift.starts_at, shift.ends_at) in stretches]
    if planned:
        if len(same) == len(stretches) == len(planned):
            return same
        raise Invalid("starts_on", _("This worker is on duty for a part of this time already."))
    shifts = [
        DutyShift.objects.create(
            agency=actor.agency, worker=worker, starts_at=begin, ends_at=end, planned_by=actor
        )
        for begin, end in stretches
    ]
    for shift in shifts:
        record(actor, "duty.planned", shift, worker=str(worker.pk))
    notify([worker], "duty.planned", shifts[0])
    return shifts


def _check_time(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid("ends_on", _("The duty must end after it begins."))
    if ends_at <= clock.now():
        raise Invalid("ends_on", _("The duty must end in the future."))
    if ends_at - starts_at > timedelta(days=LONGEST_SPAN_DAYS):
        raise Invalid("ends_on", _("Plan at most a month at once."))


@write
def cancel_duty(shift_id: UUID, *, actor: User) -> None:
    """Whoever was to be on duty sees nothing more by it from now on. Again, it changes nothing.

    Raises DutyShift.DoesNotExist for a shift of another agency.
    """
    require(can(actor, Ability.ASSIGN_WORKER))
    shift = (
        DutyShift.objects.select_for_update(of=("self",))
        .select_related("worker")
        .get(pk=shift_id, agency=actor.agency_id)
    )
    if shift.cancelled_at is not None or shift.ends_at <= clock.now():
        return
    shift.cancelled_at = clock.now()
    shift.save(update_fields=["cancelled_at"])
    record(actor, "duty.cancelled", shift, worker=str(shift.worker_id))
    notify([shift.worker], "duty.cancelled", shift)
