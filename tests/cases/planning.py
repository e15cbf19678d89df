"""What tests of the plan share: somebody who only reads it, and rows of the plan made by its services."""

from datetime import date, timedelta
from typing import Any

import clock
from accounts.access import Section
from accounts.models import ServiceType, User
from cases.models import Case, CaseAccess, Goal, Task, Visit
from cases.models.choices import Basis, GivenBy
from cases.models.plan import Means, Track, VisitKind
from cases.services.plan import record_agreement, record_view, set_goal
from cases.services.tasks import give_task
from cases.services.visits import plan_visit
from tests.cases import files

ZONE = "Europe/Vienna"


def today() -> date:
    return clock.today(ZONE)


def let_read(case: Case, person: User, *sections: Section, may_write: bool = False) -> CaseAccess:
    """A personal grant for ten days."""
    until = clock.now() + timedelta(days=10)
    return files.ground(
        case, Basis.PERSONAL, account=person, until=until, sections=list(sections), may_write=may_write
    )


def a_goal(case: Case, worker: User, track: Track = Track.LEGAL, words: str = "A guardian for her.") -> Goal:
    return set_goal(case.pk, actor=worker, track=track, service_type=ServiceType.LEGAL, words=words)


def a_task(case: Case, giver: User, assignee: User | None = None, **changes: Any) -> Task:
    settled: dict[str, Any] = {"words": "Ring the school.", "assignee": assignee or giver, "due_on": today()}
    return give_task(case.pk, actor=giver, **settled | changes)


def a_visit(case: Case, planner: User, visitor: User | None = None, **changes: Any) -> Visit:
    settled: dict[str, Any] = {"kind": VisitKind.HOME, "planned_on": today(), "visitor": visitor or planner}
    return plan_visit(case.pk, actor=planner, **settled | changes)


def whole_plan(case: Case, worker: User) -> None:
    """Everything that the step `plan` asks for."""
    record_view(case.pk, actor=worker, heard_on=today(), means=Means.TALK, words="I want to go to school.")
    for track in Track:
        a_goal(case, worker, track)
    record_agreement(case.pk, actor=worker, given_by=GivenBy.PARENT, agrees=True, given_on=today())
