"""Deadlines of a case by its risk, and who hears when one passes."""

from datetime import datetime
from uuid import UUID

import clock
from accounts.access import Role
from accounts.holidays import in_office_hours
from accounts.models import Agency, User
from accounts.notifications import notify
from cases.models import Case, CaseAccess
from cases.models.choices import WORKING, Basis
from workflow import deadlines
from workflow.models import Deadline
from workflow.timeframes import due

ASSIGN = "assign"
FIRST_RESPONSE = "first_response"
ASSESSMENT = "assessment"
CONTACT = "contact"
PLAN_REVIEW = "plan_review"
TELL_POLICE = "tell_police"
# What runs from the first report; and everything that is sooner where the risk is higher.
FIRST_CLOCKS = (FIRST_RESPONSE, ASSESSMENT)
RISK_CLOCKS = (*FIRST_CLOCKS, CONTACT, PLAN_REVIEW)


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


def start_again(case: Case, kind: str) -> None:
    """A clock that comes round: contact with the child, review of the plan."""
    deadlines.meet(case.pk, kind)
    deadlines.start(case.pk, kind, due(kind, case.risk, clock.now(), case.agency), agency=case.agency)


def start_task(case: Case, kind: str, due_at: datetime | None = None, **params: str) -> None:
    deadlines.start(case.pk, kind, due_at or clock.now(), agency=case.agency, params=params)


def refresh_due(case_id: UUID) -> None:
    """Keeps `CaseAccess.due` equal to the case's next open deadline, for those who work on the case."""
    following = (
        Deadline.objects.open().filter(case_id=case_id).order_by("due_at").values_list("due_at", flat=True)
    )
    workers = CaseAccess.objects.filter(case_id=case_id, ended_at__isnull=True, basis__in=WORKING)
    workers.update(due=following.first())


def escalate(deadline: Deadline) -> None:
    """The one escalation: called once for each deadline that stays overdue, inside the sweep's transaction.

    To the supervisors, outside office hours to the duty worker as well; for a report that nobody has taken,
    to those who work at its desk.
    """
    case = Case.objects.select_related("agency").filter(pk=deadline.case_id).first()
    if case is None:
        notify(desk_workers(deadline.agency), "overdue.report", deadline)
        return
    told = supervisors_of(case)
    if not in_office_hours(case.agency, clock.now()):
        told |= _on_duty(case)
    notify(told, f"overdue.{deadline.kind}", case, case_id=case.pk)


def desk_workers(desk: Agency) -> set[User]:
    roles = [Role.CASE_WORKER, Role.SUPERVISOR]
    return set(User.objects.filter(agency=desk, role__in=roles, is_active=True))


def _on_duty(case: Case) -> set[User]:
    grounds = CaseAccess.objects.live().filter(case=case, basis=Basis.DUTY, account__isnull=False)
    return {ground.account for ground in grounds.select_related("account") if ground.account}


def supervisors_of(case: Case) -> set[User]:
    team = CaseAccess.objects.live().filter(case=case, basis=Basis.TEAM).values("agency_id")
    return set(User.objects.filter(agency__in=team, role=Role.SUPERVISOR, is_active=True))


def evidence_due(case: Case) -> datetime:
    """Missing evidence and questions to other agencies are due with the comprehensive assessment."""
    return due(ASSESSMENT, case.risk, clock.now(), case.agency)
