"""Deadlines of a case by its risk, and who hears when one passes."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

import clock
from accounts import policy
from accounts.access import Role
from accounts.acting import at_end_of_write
from accounts.holidays import in_office_hours
from accounts.models import Agency, Notification, User
from accounts.notifications import notify
from cases.models import Appointment, Case, CaseAccess, DutyShift, Task, Visit
from cases.models.choices import WORKING, Basis
from cases.models.tracks import RehabilitationState
from cases.permissions import grounds
from workflow import deadlines
from workflow.models import Deadline
from workflow.services import data_protection_officers
from workflow.timeframes import DAYS, MONTHS, due, later

ASSIGN = "assign"
FIRST_RESPONSE = "first_response"
ASSESSMENT = "assessment"
CONTACT = "contact"
PLAN_REVIEW = "plan_review"
TELL_POLICE = "tell_police"
# What runs from the first report; and everything that is sooner where the risk is higher.
FIRST_CLOCKS = (FIRST_RESPONSE, ASSESSMENT)
RISK_CLOCKS = (*FIRST_CLOCKS, CONTACT, PLAN_REVIEW)
REHABILITATION_REVIEW = "rehabilitation_review"
TURNS_18 = "turns_18"
# Of those who did not open the file: the business of supervisors and officers, and of nobody who works on the case.
EMERGENCY_REVIEW = "emergency_review"
# Each of these is one thing to do, however many there are in a file: a task, a visit, the minute of a conference.
OF_THEIR_OWN = ("task", "visit", "minute", "appointment")


def start_clocks(case: Case, start: datetime) -> None:
    """Every clock of a new case runs from the moment somebody told us, by the case's risk (none yet: high)."""
    for kind in (ASSIGN, *FIRST_CLOCKS):
        due_at = due(kind, case.risk, start, case.agency)
        deadlines.start(case.pk, kind, due_at, agency=case.agency, starts_at=start)


def follow_risk(case: Case) -> None:
    """A new risk level moves the clocks that still run; they keep counting from where they began."""
    for deadline in Deadline.objects.open().filter(case_id=case.pk, kind__in=RISK_CLOCKS):
        deadlines.move(deadline, due(deadline.kind, case.risk, deadline.starts_at, case.agency))


def start_assign(case_key: UUID, agency: Agency, start: datetime, risk: str = "") -> None:
    """Runs from the report itself: one that waits at the desk all night is late too."""
    due_at = due(ASSIGN, risk, start, agency)
    deadlines.start(case_key, ASSIGN, due_at, agency=agency, starts_at=start)


def start_again(case: Case, kind: str, since: datetime | None = None) -> None:
    """A clock that comes round: contact with the child, review of the plan.

    `since` is when it happened, if that is typed in later; a clock that began after that runs on.
    """
    start = since or clock.now()
    if since and Deadline.objects.open().filter(case_id=case.pk, kind=kind, starts_at__gte=since).exists():
        return
    deadlines.meet(case.pk, kind)
    due_at = due(kind, case.risk, start, case.agency)
    deadlines.start(case.pk, kind, due_at, agency=case.agency, starts_at=start)


def start_task(case: Case, kind: str, due_at: datetime | None = None, **params: str) -> None:
    deadlines.start(case.pk, kind, due_at or clock.now(), agency=case.agency, params=params)


def start_rehabilitation_review(case: Case, since: datetime) -> None:
    """Every so many months."""
    months = policy.get("rehabilitation.review_months", agency=case.agency)
    start_task(case, REHABILITATION_REVIEW, later(since, months, MONTHS, case.agency))


def review_rehabilitation_sooner(case: Case) -> None:
    """The risk has changed, so what goes on is looked at again soon; never later than it was to be."""
    if case.rehabilitation.state != RehabilitationState.IN_PROGRESS:
        return
    days = policy.get("rehabilitation.risk_review_days", agency=case.agency)
    soon = later(clock.now(), days, DAYS, case.agency)
    running = Deadline.objects.open().filter(case_id=case.pk, kind=REHABILITATION_REVIEW).first()
    if running is None or running.due_at > soon:
        start_task(case, REHABILITATION_REVIEW, soon)


def end_of_day(day: date, agency: Agency) -> datetime:
    """The last second of a day where the agency works."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(agency.time_zone))


def follow_birthday(case: Case) -> None:
    """A review is due when the child turns 18 (EU2011/36 14(1)): consent, guardian, transition to adulthood.

    Deadlines lie in clear, so it is due with the month of the birthday and never tells the day. Once it is recorded
    it is not asked for again, unless the birthday turns out to lie in another month.
    """
    day = case.facts.child.turns_18_on() if case.facts.child else None
    if day is None:
        deadlines.cancel(case.pk, TURNS_18)
        return
    due_at = datetime.combine(day.replace(day=1), time(), ZoneInfo(case.agency.time_zone)).astimezone(UTC)
    if not Deadline.objects.filter(
        case_id=case.pk, kind=TURNS_18, due_at=due_at, met_at__isnull=False
    ).exists():
        start_task(case, TURNS_18, due_at)


def follow_agency(case: Case, before: Agency) -> None:
    """What was due to the former owner is due to the new one, by its calendar and where its days end."""
    deadlines.change_agency(case.pk, before, case.agency)
    follow_risk(case)
    running = Deadline.objects.open().filter(case_id=case.pk, agency=case.agency)
    if running.filter(kind=TURNS_18).exists():
        follow_birthday(case)
    for deadline in running.filter(kind__in=("task", "visit")):
        day = _planned_day(deadline)
        if day is not None:
            deadlines.move(deadline, end_of_day(day, case.agency))


def _planned_day(deadline: Deadline) -> date | None:
    params = deadline.params
    if task := Task.objects.filter(pk=params.get("task"), case=deadline.case_id).first():
        return task.due_on
    visit = Visit.objects.filter(pk=params.get("visit"), case=deadline.case_id).first()
    return visit.planned_on if visit else None


def review_of_age_is_due(case: Case) -> bool:
    return Deadline.objects.open().filter(case_id=case.pk, kind=TURNS_18, due_at__lte=clock.now()).exists()


def tell_of_age(deadline: Deadline) -> None:
    """Called once for each deadline that passes: the worker hears that the review is due."""
    if deadline.kind != TURNS_18:
        return
    case = Case.objects.select_related("agency").filter(pk=deadline.case_id).first()
    if case is not None and case.facts.assignment is not None:
        notify([case.facts.assignment.worker], "case.turned_18", case, case_id=case.pk)


def refresh_due(case_id: UUID) -> None:
    """Keeps `CaseAccess.due` equal to the case's next open deadline, for those who work on the case."""
    at_end_of_write(_refresh_due, case_id)


def _refresh_due(case_id: UUID) -> None:
    following = (
        Deadline.objects.open()
        .filter(case_id=case_id)
        .exclude(kind=EMERGENCY_REVIEW)
        .order_by("due_at")
        .values_list("due_at", flat=True)
    )
    workers = CaseAccess.objects.filter(case_id=case_id, ended_at__isnull=True, basis__in=WORKING)
    workers.update(due=following.first())


def remind(deadline: Deadline) -> None:
    """Once, some time before it is due: whom it concerns. Called inside the sweep's transaction."""
    case = Case.objects.filter(pk=deadline.case_id).first()
    if case is not None:
        notify(_concerned(deadline, case), "due.soon", deadline, case_id=case.pk)


def tell_overdue(deadline: Deadline) -> None:
    """Once, when it has passed: whom it concerns, outside office hours the duty worker as well."""
    case = Case.objects.select_related("agency").filter(pk=deadline.case_id).first()
    if case is not None:
        called = set() if deadline.kind == EMERGENCY_REVIEW else _called_now(case)
        told = _concerned(deadline, case) | called
        notify(told, f"overdue.{deadline.kind}", deadline, case_id=case.pk)


def escalate(deadline: Deadline) -> None:
    """The one escalation: called once for each deadline that stays overdue, inside the sweep's transaction.

    To the supervisors, outside office hours to the duty worker as well, who may know it already; for a report
    that nobody has taken, to those who work at its desk.
    """
    case = Case.objects.select_related("agency").filter(pk=deadline.case_id).first()
    if case is None:
        notify(desk_workers(deadline.agency), "overdue.report", deadline)
        return
    if deadline.kind == EMERGENCY_REVIEW:
        # All who can do it were told when it passed.
        return
    called = _called_now(case)
    heard = Notification.objects.filter(
        receiver__in=called, target_id=deadline.pk, kind=f"overdue.{deadline.kind}"
    )
    know = set(heard.values_list("receiver", flat=True))
    told = supervisors_of(case) | {user for user in called if user.pk not in know}
    notify(told, f"overdue.{deadline.kind}", deadline, case_id=case.pk)


def desk_workers(desk: Agency) -> set[User]:
    roles = [Role.CASE_WORKER, Role.SUPERVISOR]
    return set(User.objects.filter(agency=desk, role__in=roles, is_active=True))


def _concerned(deadline: Deadline, case: Case) -> set[User]:
    """Those who work on the case, and whoever is to do or attend this very thing and still sees the case."""
    if deadline.kind == EMERGENCY_REVIEW:
        return reviewers_of(case)
    task, visit, appointment = (deadline.params.get(name) for name in ("task", "visit", "appointment"))
    doers = User.objects.filter(
        Q(pk__in=Task.objects.filter(pk=task, case=case).values("assignee_id"))
        | Q(pk__in=Visit.objects.filter(pk=visit, case=case).values("visitor_id"))
        | Q(pk__in=Appointment.objects.filter(pk=appointment, case=case).values("companion_id"))
    )
    named = {user for user in doers if grounds(user, case)} if task or visit or appointment else set()
    return workers_of(case) | named


def workers_of(case: Case) -> set[User]:
    """Whoever works on the case now: the assigned worker, and who covers for them."""
    held = CaseAccess.objects.live().filter(case=case, basis__in=[Basis.ASSIGNMENT, Basis.COVER])
    return _case_workers(case, Q(pk__in=held.values("account_id")))


def _called_now(case: Case) -> set[User]:
    """Outside office hours, the duty worker."""
    return set() if in_office_hours(case.agency, clock.now()) else on_duty(case)


def on_duty_now(agency: Agency) -> list[DutyShift]:
    """Shifts that run, of those to whom they still open something."""
    shifts = DutyShift.objects.at().filter(agency=agency, worker__agency=agency, worker__is_active=True)
    shifts = shifts.filter(worker__role=Role.CASE_WORKER)
    return list(shifts.select_related("worker__agency", "planned_by"))


def on_duty(case: Case) -> set[User]:
    shifts = DutyShift.objects.at().filter(agency=case.agency_id)
    held = CaseAccess.objects.live().filter(case=case, basis=Basis.DUTY, account__isnull=False)
    return _case_workers(case, Q(pk__in=shifts.values("worker_id")) | Q(pk__in=held.values("account_id")))


def _case_workers(case: Case, which: Q) -> set[User]:
    """Of the agency that owns the case: somebody who works elsewhere now has lost the file."""
    accounts = User.objects.filter(which, agency=case.agency_id, role=Role.CASE_WORKER, is_active=True)
    return set(accounts)


def supervisors_of(case: Case) -> set[User]:
    team = CaseAccess.objects.live().filter(case=case, basis=Basis.TEAM).values("agency_id")
    return set(User.objects.filter(agency__in=team, role=Role.SUPERVISOR, is_active=True))


def reviewers_of(case: Case) -> set[User]:
    """Who reviews what was opened in an emergency: the team's supervisors, and the data-protection officers."""
    return supervisors_of(case) | set(data_protection_officers(case.agency))


def evidence_due(case: Case) -> datetime:
    """Missing evidence and questions to other agencies are due with the comprehensive assessment."""
    return due(ASSESSMENT, case.risk, clock.now(), case.agency)
