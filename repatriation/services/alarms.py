"""Who hears that something of a return is overdue, besides those who work on the case."""

from accounts.models import User
from accounts.notifications import notify
from cases.services.clocks import supervisors_of
from repatriation.models import Return
from repatriation.models.choices import ON_THE_WAY, ReturnState
from repatriation.services import access, clocks
from repatriation.services.locking import locked_at_once
from workflow import deadlines
from workflow.models import Deadline


def is_last_reminder(deadline: Deadline) -> bool:
    return bool(deadline.params.get("number") == len(clocks.REMINDER_DAYS))


def remind_consulate(deadline: Deadline) -> None:
    """Called inside the sweep, once: a reminder is over when it was given. The last one stays, and escalates.

    Raises Later.
    """
    if deadline.kind != clocks.REMIND_CONSULATE or is_last_reminder(deadline):
        return
    found = clocks.return_of(deadline)
    if found is not None:
        way = locked_at_once(found)
        deadlines.meet(way.case_id, deadline.kind, deadline.params)


def tell(deadline: Deadline) -> None:
    """Called inside the sweep, once for each deadline; the case's own callbacks tell its workers."""
    way = clocks.return_of(deadline)
    if way is None:
        return
    told = _told(deadline, way)
    if told:
        notify(told, f"overdue.{deadline.kind}", way, case_id=way.case_id)


def _told(deadline: Deadline, way: Return) -> set[User]:
    request = way.facts.request
    if deadline.kind == clocks.REMIND_CONSULATE and way.state == ReturnState.VERIFICATION_REQUESTED:
        return access.officers_of(request) if request else set()
    if deadline.kind == clocks.UNCONFIRMED and way.state in ON_THE_WAY:
        return access.people_concerned(way) | supervisors_of(way.case) | access.focal_points_of(way)
    if deadline.kind == clocks.VISIT:
        return access.answering_of(way.reception)
    return set()
