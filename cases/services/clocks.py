"""Deadlines of a case by its risk, and who hears when one passes."""

from datetime import datetime
from uuid import UUID

import clock
from accounts.access import Role
from accounts.models import User
from accounts.notifications import notify
from cases.models import Assignment, Case, CaseAccess
from cases.models.choices import Basis
from workflow import deadlines
from workflow.models import Deadline
from workflow.timeframes import due

ASSIGN = "assign"
FIRST_RESPONSE = "first_response"
ASSESSMENT = "assessment"
RISK_CLOCKS = (FIRST_RESPONSE, ASSESSMENT)


def start_clocks(case: Case, start: datetime) -> None:
    """Every clock of a new case runs from the moment somebody told us, by the case's risk (none yet: high)."""
    for kind in (ASSIGN, *RISK_CLOCKS):
        due_at = due(kind, case.risk, start, case.agency)
        deadlines.start(case.pk, kind, due_at, agency=case.agency, starts_at=start)


def follow_risk(case: Case) -> None:
    """A new risk level moves the clocks that still run; they keep counting from where they began."""
    for deadline in Deadline.objects.open().filter(case_id=case.pk, kind__in=RISK_CLOCKS):
        deadlines.move(deadline, due(deadline.kind, case.risk, deadline.starts_at, case.agency))


def start_task(case: Case, kind: str, due_at: datetime | None = None, **params: str) -> None:
    deadlines.start(case.pk, kind, due_at or clock.now(), agency=case.agency, params=params)


def refresh_due(case_id: UUID) -> None:
    """Keeps `CaseAccess.due` equal to the case's next open deadline."""
    following = (
        Deadline.objects.open().filter(case_id=case_id).order_by("due_at").values_list("due_at", flat=True)
    )
    CaseAccess.objects.filter(case_id=case_id, ended_at__isnull=True).update(due=following.first())


def tell_worker(deadline: Deadline) -> None:
    """Called once for each deadline that passes, inside the sweep's transaction."""
    case = Case.objects.get(pk=deadline.case_id)
    notify(_worker_of(case), f"overdue.{deadline.kind}", case, case_id=case.pk)


def tell_supervisors(deadline: Deadline) -> None:
    """The one escalation: called once for each deadline that stays overdue, inside the sweep's transaction."""
    case = Case.objects.get(pk=deadline.case_id)
    notify(supervisors_of(case), f"overdue.{deadline.kind}", case, case_id=case.pk)


def supervisors_of(case: Case) -> set[User]:
    team = CaseAccess.objects.live().filter(case=case, basis=Basis.TEAM).values("agency_id")
    return set(User.objects.filter(agency__in=team, role=Role.SUPERVISOR, is_active=True))


def _worker_of(case: Case) -> set[User]:
    open_assignment = (
        Assignment.objects.filter(case=case, ended_at__isnull=True).select_related("worker").first()
    )
    return {open_assignment.worker} if open_assignment else set()


def evidence_due(case: Case) -> datetime:
    """Missing evidence and questions to other agencies are due with the comprehensive assessment."""
    return due(ASSESSMENT, case.risk, clock.now(), case.agency)
