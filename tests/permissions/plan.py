"""The plan: goals, tasks, visits, what the child says, who agrees."""

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from accounts.models import ServiceType
from cases.models import Case
from cases.models.plan import Track, VisitKind
from cases.services.plan import set_goal
from cases.services.tasks import give_task
from cases.services.visits import plan_visit
from tests.cast import Cast
from tests.permissions.base import NOT_HERE, WORK_ON_IT, Address, Row, cells, parts

# Whoever sees the plan writes it: the worker, the duty worker, the supervisor of the team.
WRITES_PLAN = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT))

ROWS: Mapping[str, Row] = {
    "plan": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "goal_new": WRITES_PLAN,
    "goal_end": WRITES_PLAN,
    "task_new": WRITES_PLAN,
    "task_done": WRITES_PLAN,
    "task_drop": WRITES_PLAN,
    "visit_new": WRITES_PLAN,
    "visit_done": WRITES_PLAN,
    "visit_cancel": WRITES_PLAN,
    "view_new": WRITES_PLAN,
    # The file of the matrix is in screening, where no plan is approved yet.
    "plan_review": Row(cells(404, s200=WORK_ON_IT), cells(404, s422=WORK_ON_IT)),
    "agreement_new": WRITES_PLAN,
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    ana, today = cast.ana, clock.today("Europe/Vienna")
    later = today + timedelta(days=3)
    goal = set_goal(
        case.pk, actor=ana, track=Track.LEGAL, service_type=ServiceType.LEGAL, words="A guardian."
    )
    task = give_task(case.pk, actor=ana, words="Ring the school.", assignee=ana, due_on=later)
    visit = plan_visit(case.pk, actor=ana, kind=VisitKind.HOME, planned_on=later, visitor=ana)

    def of_case(name: str, *more: object, **data: object) -> Address:
        return Address(reverse(name, args=[case.pk, *more]), data)

    return {
        "plan": of_case("plan"),
        "goal_new": of_case("goal_new", track="legal", service_type="Legal", words="w"),
        "goal_end": of_case("goal_end", goal.pk, outcome="achieved", words="w"),
        "task_new": of_case("task_new", words="w", assignee=ana.pk, **parts("due_on", later)),
        "task_done": of_case("task_done", task.pk, result="w"),
        "task_drop": of_case("task_drop", task.pk, reason="w"),
        "visit_new": of_case("visit_new", kind="home", visitor=ana.pk, **parts("planned_on", later)),
        "visit_done": of_case(
            "visit_done", visit.pk, seen="alone", observations="w", **parts("done_on", today)
        ),
        "visit_cancel": of_case("visit_cancel", visit.pk, reason="w"),
        "view_new": of_case("view_new", means="talk", words="w", **parts("heard_on", today)),
        "plan_review": of_case("plan_review", words="w"),
        "agreement_new": of_case(
            "agreement_new", given_by="parent", agrees="yes", **parts("given_on", today)
        ),
    }
