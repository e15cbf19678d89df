"""Who hears that something of a return is overdue, besides those who work on the case; and which alerts stand."""

from django.db.models import Q, QuerySet

from accounts.access import Role
from accounts.models import AgencyKind, User
from accounts.notifications import notify
from cases.services.clocks import supervisors_of, workers_of
from repatriation.models import Return
from repatriation.models.choices import ON_THE_WAY, ReturnState
from repatriation.services import access, clocks
from repatriation.services.locking import locked_at_once
from workflow import deadlines
from workflow.models import Deadline

UNHANDED = (*ON_THE_WAY, ReturnState.HANDOVER_FAILED)


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
    told = _told(deadline, way) - workers_of(way.case)
    if told:
        notify(told, f"overdue.{deadline.kind}", way, case_id=way.case_id)
    if deadline.kind == clocks.UNCONFIRMED and way.state in UNHANDED:
        # They see no return, only its alert, so theirs is a notice of its own.
        notify(access.focal_points_of(way), "return.unconfirmed", way, case_id=way.case_id)


def answers_for_country(user: User) -> bool:
    """A focal point of its country; other agencies may have accounts with that role, for referrals."""
    return user.role == Role.FOCAL_POINT and user.agency.kind == AgencyKind.FOCAL_POINT


def standing_for(user: User) -> QuerySet[Return]:
    """Alerts that a focal point answers for: of returns from its country or to it, while they stand.

    Signs of trafficking after the return, or a handover of which nobody knows when everybody should.
    """
    country = user.agency.country.code
    if not answers_for_country(user):
        return Return.objects.none()
    overdue = Deadline.objects.open().filter(kind=clocks.UNCONFIRMED, overdue_at__isnull=False)
    unconfirmed = Q(pk__in=list(overdue.values_list("params__return", flat=True)), state__in=UNHANDED)
    found = Return.objects.filter(Q(state=ReturnState.RETRAFFICKING_ALERT) | unconfirmed)
    return found.filter(Q(country=country) | Q(case__agency__country=country))


def _told(deadline: Deadline, way: Return) -> set[User]:
    request = way.facts.request
    if deadline.kind == clocks.REMIND_CONSULATE and way.state == ReturnState.VERIFICATION_REQUESTED:
        return access.officers_of(request) if request else set()
    if deadline.kind == clocks.UNCONFIRMED and way.state in UNHANDED:
        return access.people_concerned(way) | supervisors_of(way.case)
    if deadline.kind == clocks.VISIT:
        return access.answering_of(way.reception)
    return set()
