"""What is due for a person, what hurts most first."""

from datetime import datetime
from typing import Any

from django.db.models import Case as Either
from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import WORKING, Risk
from cases.services.clocks import TELL_POLICE
from workflow.models import Deadline

# Deadlines by case and kind, with the soonest of each as `due`; no type of Django says so.
Tasks = QuerySet[Any, Any]


def tasks_of(user: User) -> Tasks:
    """One for each case and kind: ten pieces of evidence missing in one file are one thing to do.

    Deadlines are the business of those who work on a case, not of whoever may read a part of it.
    """
    grounds = CaseAccess.objects.live_for(user).filter(basis__in=WORKING)
    mine = Deadline.objects.open().filter(case_id__in=grounds.values("case_id"))
    return mine.values("case_id", "kind").annotate(due=Min("due_at"))


def late(tasks: Tasks, now: datetime) -> Tasks:
    return tasks.filter(due__lte=now)


def coming(tasks: Tasks, now: datetime) -> Tasks:
    return tasks.filter(due__gt=now)


def counts(tasks: Tasks, now: datetime) -> tuple[int, int]:
    """How many there are, and how many of them are late."""
    found = tasks.aggregate(total=Count("due"), late=Count("due", filter=Q(due__lte=now)))
    return found["total"], found["late"]


def worst_first(tasks: Tasks, now: datetime) -> Tasks:
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
    placed: Tasks = tasks.annotate(risk=risk).annotate(risk_place=places).annotate(place=place)
    return placed.order_by("place", "due", "case_id", "kind")
