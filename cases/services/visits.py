"""Visits to the child: planned, made, called off."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.models import Case, Visit
from cases.models.choices import RUNNING_STATES
from cases.models.plan import VisitKind
from cases.permissions import GIVEN_VISITS, people_on
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.writing import check_happened, check_planned, locked_to_write
from workflow import deadlines

KIND = "visit"


@write
def plan_visit(
    case_id: UUID,
    *,
    actor: User,
    kind: VisitKind,
    planned_on: date,
    visitor: User,
    is_required: bool = True,
) -> Visit:
    """By somebody who works on the case. A required visit must be made before the case can close."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    check_planned(case, "planned_on", planned_on)
    if not people_on(case, GIVEN_VISITS).filter(pk=visitor.pk).exists():
        raise Invalid("visitor", _("Choose somebody who works on this case now."))
    visit = Visit(
        case=case,
        kind=kind,
        planned_on=planned_on,
        is_required=is_required,
        visitor=visitor,
        planned_by=actor,
    )
    visit.save(force_insert=True)
    clocks.start_task(case, KIND, clocks.end_of_day(planned_on, case.agency), visit=str(visit.pk))
    _record(actor, "plan.visit_planned", visit)
    if visitor != actor:
        notify([visitor], "visit.planned", visit, case_id=case.pk)
    return visit


@write
def record_visit(
    case_id: UUID,
    visit_id: UUID,
    *,
    actor: User,
    done_on: date,
    child_seen_alone: bool,
    observations: str,
) -> Visit:
    """The child was seen: the first response, and contact. A visit that missed the child is called off instead."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    visit = _open_visit(case, visit_id, "done_on")
    check_happened(case, "done_on", done_on)
    visit.done_on, visit.child_seen_alone, visit.observations = done_on, child_seen_alone, observations
    visit.save()
    deadlines.meet(case.pk, KIND, {"visit": str(visit.pk)})
    _count_as_contact(case, done_on)
    _record(actor, "plan.visit_done", visit)
    settle(case, actor)
    return visit


def _count_as_contact(case: Case, day: date) -> None:
    """The clock of contact runs from the day on which the child was seen, not from when that was typed in."""
    deadlines.meet(case.pk, clocks.FIRST_RESPONSE)
    if case.state in RUNNING_STATES and not case.waits_for_takeover:
        end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(case.agency.time_zone))
        clocks.start_again(case, clocks.CONTACT, since=min(end, clock.now()))


@write
def cancel_visit(case_id: UUID, visit_id: UUID, *, actor: User, reason: str) -> Visit:
    case = locked_to_write(case_id, actor, Section.PLAN)
    visit = _open_visit(case, visit_id, "reason")
    visit.cancelled_at = clock.now()
    visit.save()
    deadlines.cancel(case.pk, KIND, {"visit": str(visit.pk)})
    _record(actor, "plan.visit_cancelled", visit, reason=reason)
    if visit.visitor_id != actor.pk:
        notify([visit.visitor], "visit.cancelled", visit, case_id=case.pk)
    settle(case, actor)
    return visit


def _open_visit(case: Case, visit_id: UUID, field: str) -> Visit:
    visit = case.visits.select_for_update(of=("self",)).select_related("visitor").get(pk=visit_id)
    if not visit.is_open:
        raise Invalid(field, _("This visit has ended already."))
    return visit


def take_from_absent(case: Case, worker: User, *, by: User) -> None:
    """A part of giving the case to a worker: nobody else makes the visits of somebody who has left it."""
    waiting = case.visits.filter(done_on__isnull=True, cancelled_at__isnull=True)
    for visit in waiting.exclude(visitor__in=people_on(case, GIVEN_VISITS)).select_for_update(of=("self",)):
        visit.visitor = worker
        visit.save(update_fields=["visitor"])
        _record(by, "plan.visit_handed_over", visit)


def _record(actor: User, verb: str, visit: Visit, *, reason: str = "") -> None:
    sections = [Section.PLAN]
    record(actor, verb, visit, case_id=visit.case_id, sections=sections, reason=reason, visit=visit.kind)
