"""Something that one person is to do for a child until a day. Its clock is a deadline like every other."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Goal, Task
from cases.permissions import can_finish_task, may_be_given_tasks, people_on
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.locking import locked
from cases.services.standing import require_open
from cases.services.writing import check_planned, locked_to_write
from workflow import deadlines

KIND = "task"


@write
def give_task(
    case_id: UUID,
    *,
    actor: User,
    words: str,
    assignee: User,
    due_on: date,
    goal: Goal | None = None,
) -> Task:
    """To somebody who has access to the case now; it is told, and sees the task even without the plan."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    return give(case, actor=actor, words=words, assignee=assignee, due_on=due_on, goal=goal)


def give(
    case: Case, *, actor: User, words: str, assignee: User, due_on: date, goal: Goal | None = None
) -> Task:
    """A part of every write that makes a task, in a case that is locked by somebody who writes its plan."""
    check_planned(case, "due_on", due_on)
    if not may_be_given_tasks(actor, case).filter(pk=assignee.pk).exists():
        raise Invalid("assignee", _("Choose somebody who has access to the case now."))
    if goal and (goal.case_id != case.pk or goal.ended_at is not None):
        raise Invalid("goal", _("Choose one of the goals of this case that have no outcome yet."))
    task = Task(case=case, goal=goal, assignee=assignee, due_on=due_on, made_by=actor)
    task.words = words
    task.save(force_insert=True)
    clocks.start_task(case, KIND, clocks.end_of_day(due_on, case.agency), task=str(task.pk))
    _record(actor, "plan.task_given", task, assignee=str(assignee.pk))
    if assignee != actor:
        notify([assignee], "task.given", task, case_id=case.pk)
    return task


@write
def finish_task(case_id: UUID, task_id: UUID, *, actor: User, result: str = "") -> Task:
    """By whoever writes the plan, or by the one to whom it was given. Whoever gave it is told."""
    case = locked(case_id, actor)
    task = _open_task(case, task_id, actor, "result")
    task.result = result or None
    task.done_at, task.done_by = clock.now(), actor
    task.save()
    deadlines.meet(case.pk, KIND, {"task": str(task.pk)})
    _record(actor, "plan.task_done", task)
    if task.made_by_id != actor.pk:
        notify([task.made_by], "task.done", task, case_id=case.pk)
    settle(case, actor)
    return task


@write
def drop_task(case_id: UUID, task_id: UUID, *, actor: User, reason: str) -> Task:
    """It will not be done. Only those who write the plan decide that; the reason stays in the audit."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    task = _open_task(case, task_id, actor, "reason")
    task.dropped_at = clock.now()
    task.save()
    deadlines.cancel(case.pk, KIND, {"task": str(task.pk)})
    _record(actor, "plan.task_dropped", task, reason=reason)
    if task.assignee_id != actor.pk:
        notify([task.assignee], "task.dropped", task, case_id=case.pk)
    return task


def _open_task(case: Case, task_id: UUID, actor: User, field: str) -> Task:
    rows = case.tasks.select_for_update(of=("self",)).select_related("assignee", "made_by")
    task = rows.get(pk=task_id)
    task.case = case
    require(can_finish_task(actor, task))
    require_open(case)
    if not task.is_open:
        raise Invalid(field, _("This task has ended already."))
    return task


def take_from_absent(case: Case, worker: User, *, by: User) -> None:
    """A part of giving the case to a worker: what was given to somebody who does not see it any more falls to it."""
    waiting = case.tasks.filter(done_at__isnull=True, dropped_at__isnull=True)
    for task in waiting.exclude(assignee__in=people_on(case)).select_for_update(of=("self",)):
        task.assignee = worker
        task.save(update_fields=["assignee"])
        _record(by, "plan.task_handed_over", task, assignee=str(worker.pk))


def _record(actor: User, verb: str, task: Task, *, reason: str = "", **details: str) -> None:
    record(actor, verb, task, case_id=task.case_id, sections=[Section.PLAN], reason=reason, **details)
