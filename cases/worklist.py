"""What is due for a person, what hurts most first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case as Either
from django.db.models import (
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)

from accounts.access import Role
from accounts.models import User
from cases.models import Case, CaseAccess, Task
from cases.models.choices import WORKING, Risk
from cases.services import tasks
from cases.services.clocks import EMERGENCY_REVIEW, OF_THEIR_OWN, TELL_POLICE
from workflow.models import Deadline, DeadlineQuerySet

# Deadlines by case and kind, with the soonest of each as `due`; no type of Django says so.
Tasks = QuerySet[Any, Any]


def deadlines_of(user: User) -> DeadlineQuerySet:
    """What is due for a person, one by one.

    Deadlines are the business of those who work on a case, not of whoever may read a part of it; the tasks that
    were given to somebody are that one's business everywhere.
    """
    held = CaseAccess.objects.live_for(user)
    works, elsewhere = held.filter(basis__in=WORKING), held.exclude(basis__in=WORKING)
    given = given_tasks(user, elsewhere.values("case_id"))
    mine = Deadline.objects.open().filter(Q(case_id__in=works.values("case_id")) | given)
    if user.role != Role.SUPERVISOR:
        mine = mine.exclude(kind=EMERGENCY_REVIEW)
    return mine


def of_known_risk(due: DeadlineQuerySet, user: User, risk: Q) -> DeadlineQuerySet:
    """Those in files of this risk, where this person may know of it. `risk` is asked of the grounds."""
    works = CaseAccess.objects.live_for(user).filter(risk, basis__in=WORKING)
    return due.filter(case_id__in=works.values("case_id"))


def together(mine: DeadlineQuerySet) -> Tasks:
    """One for each case and kind, and one for each task, visit, conference and appointment."""
    own = Either(When(kind__in=OF_THEIR_OWN, then=F("pk")), output_field=UUIDField())
    return mine.annotate(own=own).values("case_id", "kind", "own").annotate(due=Min("due_at"))


def given_tasks(user: User, case_ids: Iterable[UUID] | QuerySet[Any]) -> Q:
    """Deadlines of the tasks that were given to this account in these cases: one query for the tasks.

    For those who do not work on a case: they see none of its other deadlines.
    """
    mine = Task.objects.filter(
        assignee=user, done_at__isnull=True, dropped_at__isnull=True, case_id__in=case_ids
    )
    rows = list(mine.values_list("pk", "case_id"))
    if not rows:
        return Q(pk__in=[])
    wanted = [str(task_id) for task_id, _case_id in rows]
    return Q(case_id__in={case_id for _task_id, case_id in rows}, kind=tasks.KIND, params__task__in=wanted)


def late(due: Tasks, now: datetime) -> Tasks:
    return due.filter(due__lte=now)


def coming(due: Tasks, now: datetime) -> Tasks:
    return due.filter(due__gt=now)


def counts(due: Tasks, now: datetime) -> tuple[int, int]:
    """How many there are, and how many of them are late."""
    found = due.aggregate(total=Count("due"), late=Count("due", filter=Q(due__lte=now)))
    return found["total"], found["late"]


def worst_first(due: Tasks, now: datetime) -> Tasks:
    """A missing child of whom the police do not know; then what is late, by risk; then what comes. Each by time."""
    risk = Subquery(Case.objects.filter(pk=OuterRef("case_id")).values("risk"))
    is_late = When(due__lte=now, then=F("risk_place"))
    # Without an assessment the child may be in the greatest danger.
    places = Either(
        When(risk=Risk.LOW, then=2), When(risk=Risk.MEDIUM, then=1), default=0, output_field=IntegerField()
    )
    place = Either(
        When(kind=TELL_POLICE, then=Value(-1)), is_late, default=Value(3), output_field=IntegerField()
    )
    placed: Tasks = due.annotate(risk=risk).annotate(risk_place=places).annotate(place=place)
    return placed.order_by("place", "due", "case_id", "kind", "own")
