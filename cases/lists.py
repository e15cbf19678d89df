"""The lists of this room: what each can be sorted and filtered by (`accounts/lists.py`)."""

from datetime import timedelta
from functools import partial

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Ability, can
from accounts.lists import Choice, List, Options, Sort, in_order_of
from cases.models import Assignment
from cases.models.choices import WORKING, CaseState, Risk
from cases.wording import DUE

NOT_ASSESSED = "unset"
# From the greatest danger on; without an assessment the child may be in it.
BY_DANGER = (Risk.HIGH, "", Risk.MEDIUM, Risk.LOW)
LATE, SOON, WEEK, NOTHING = "late", "soon", "week", "none"
RISKS = (*Risk.choices, (NOT_ASSESSED, _("Not assessed")))

_worker = Assignment.objects.filter(case=OuterRef("case_id"), ended_at__isnull=True).values("worker__name")

sees_cases = partial(can, ability=Ability.SEE_CASES)
works_at_desk = partial(can, ability=Ability.WORK_DESK)
supervises = partial(can, ability=Ability.ASSIGN_WORKER)

# Of the grounds on which a reader sees cases. Risk and deadlines tell even by a place in a list, so only those who work
# on a case are ordered by them.
CASES = List(
    name="cases",
    title=_("Cases"),
    may=sees_cases,
    page="case_list",
    first="due",
    sorts=(
        Sort("code", _("Case"), "case__code"),
        Sort("stage", _("Stage"), in_order_of("case__state", CaseState.values)),
        Sort("risk", _("Risk"), in_order_of("case__risk", BY_DANGER, basis__in=WORKING)),
        Sort("worker", _("Worker"), Subquery(_worker[:1])),
        Sort("due", _("Next deadline"), "due"),
    ),
    choices=(
        Choice("state", _("Stage"), (*CaseState.choices, ("all", _("All"))), every=_("All open")),
        Choice("risk", _("Risk"), RISKS),
        Choice(
            "due",
            _("Next deadline"),
            ((LATE, _("Late")), (WEEK, _("Within a week")), (NOTHING, _("nothing due"))),
        ),
        Choice("worker", _("Worker")),
        Choice("unassigned", _("Without a worker"), (("1", _("Without a worker")),), apart=True),
        Choice("proposed", _("End proposed"), (("1", _("End proposed")),), apart=True),
    ),
)


def _kinds() -> Options:
    return [(kind, words.title) for kind, words in DUE.items()]


# Its order is that of what hurts most, and no other: whoever begins a day begins there.
TODAY = List(
    name="today",
    title=_("Today"),
    may=sees_cases,
    page="today",
    is_kept=False,
    choices=(
        Choice("show", _("Show"), ((LATE, _("Late")), (SOON, _("Coming"))), apart=True),
        Choice("kind", _("What"), _kinds),
        Choice("risk", _("Risk"), RISKS),
    ),
)


def is_due(when: str) -> Q:
    """Of grounds, by their next deadline."""
    now = clock.now()
    return {
        LATE: Q(due__lte=now),
        WEEK: Q(due__gt=now, due__lte=now + timedelta(days=7)),
        NOTHING: Q(due__isnull=True),
    }[when]


def of_risk(risk: str) -> Q:
    return Q(case__risk="" if risk == NOT_ASSESSED else risk)


LISTS = (CASES, TODAY)
