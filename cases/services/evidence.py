"""Tasks about what an imported case did not bring along: opened at take-over, ended as soon as each thing is there."""

from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Case
from cases.models.facts import Facts
from workflow import deadlines
from workflow.machine import Attempt
from workflow.models import Deadline

KIND = "evidence"


def settle(case: Case, actor: User) -> None:
    """A part of every write that can make a condition hold."""
    open_ones = list(Deadline.objects.open().filter(case_id=case.pk, kind=KIND))
    if not open_ones:
        return
    # What was loaded before the write is old by now.
    case.facts = Facts(case)
    for deadline in open_ones:
        guard = LIFECYCLE.guard(deadline.params["guard"])
        if guard.judge(case, Attempt(actor=actor)).passed:
            deadlines.meet(case.pk, KIND, deadline.params)
