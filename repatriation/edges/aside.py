"""Aside from the way: withdrawn, suspended, ended."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import REASON, SUPERVISOR, TEAM, WORKER, State, step
from repatriation.guards import never
from repatriation.models import Return
from repatriation.models.choices import BEFORE_DEPARTURE, FINAL, UNDECIDED
from workflow.machine import CLOCK, Attempt, Edge


def _way_back(way: Return, attempt: Attempt) -> str:
    """Before a decision to where it stood; what was decided goes before the panel again."""
    return way.suspended_from if way.suspended_from in UNDECIDED else State.PANEL_PENDING


ASIDE = (
    step(
        "withdraw",
        _("The child, or who represents it, withdraws"),
        (*BEFORE_DEPARTURE, State.SUSPENDED),
        State.WITHDRAWN,
        WORKER,
        _("withdrew"),
        inputs=(REASON,),
    ),
    step(
        "suspend",
        _("Suspend the return"),
        BEFORE_DEPARTURE,
        State.SUSPENDED,
        TEAM | {CLOCK},
        _("suspended the return"),
        inputs=(REASON,),
    ),
    Edge(
        name="resume",
        label=_("Go on with the return"),
        sources=(State.SUSPENDED,),
        targets=UNDECIDED,
        who=TEAM,
        guards=(never.CASE_RUNS,),
        inputs=(REASON,),
        choose=_way_back,
        happened=_("went on with the return"),
    ),
    step(
        "end",
        _("Confirm the end"),
        tuple(state for state in State if state not in FINAL),
        State.ENDED,
        SUPERVISOR,
        _("ended the return"),
        guards=(never.SECOND_SUPERVISOR,),
    ),
    Edge(
        name="end_with_case",
        label=_("The case has ended"),
        sources=tuple(state for state in State if state not in FINAL),
        targets=(State.ENDED,),
        who=frozenset(),
        automatic=True,
        happened=_("The case has ended"),
    ),
)
