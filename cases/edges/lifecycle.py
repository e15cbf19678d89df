"""The case's lifecycle: the one table from which transitions, triggers, pages, diagram and matrix test are made."""

from django.utils.translation import gettext_lazy as _

from cases.guards import lifecycle as guards
from cases.models import Case
from cases.models.choices import FINAL_STATES, OPEN_STATES, RUNNING_STATES, CaseState, NotEligible
from cases.permissions import Hand, hands
from workflow.machine import COUNTRY, Attempt, Edge, Field, Machine, Override, Result

WORKER = frozenset({Hand.CASE_WORKER})
SUPERVISOR = frozenset({Hand.SUPERVISOR})

REASON = Field(name="reason", kind="text", label=_("Reason"))


def _before_suspension(case: Case, attempt: Attempt) -> str:
    return case.suspended_from


def _before_merge(case: Case, attempt: Attempt) -> str:
    return case.merged_from


EDGES = (
    Edge(
        name="begin_screening",
        label=_("Begin screening"),
        sources=(CaseState.REPORTED,),
        targets=(CaseState.SCREENING,),
        who=WORKER,
        guards=(guards.WORKER_ASSIGNED,),
    ),
    Edge(
        name="take_over",
        label=_("Take over the imported case"),
        sources=RUNNING_STATES,
        targets=(),
        stays=True,
        who=WORKER,
        guards=(guards.WORKER_ASSIGNED, guards.SAFETY_LOOKED_AT),
    ),
    Edge(
        name="register",
        label=_("Register the case"),
        sources=(CaseState.SCREENING,),
        targets=(CaseState.REGISTERED,),
        who=WORKER,
        guards=(
            guards.CONSENT_TO_SERVICES,
            guards.CONSENT_TO_DATA,
            guards.IS_A_CHILD,
            guards.DUPLICATE_CHECK_RUN,
            guards.CANDIDATES_DECIDED,
        ),
    ),
    Edge(
        name="find_not_eligible",
        label=_("Find not eligible"),
        sources=RUNNING_STATES,
        targets=(CaseState.NOT_ELIGIBLE,),
        who=SUPERVISOR,
        inputs=(
            Field(name="code", kind="code", label=_("Why not eligible"), choices=tuple(NotEligible.choices)),
            Field(name="signpost", kind="text", label=_("Where the person was sent for help")),
        ),
    ),
    Edge(
        name="assess",
        label=_("Complete the assessment"),
        sources=(CaseState.REGISTERED,),
        targets=(CaseState.ASSESSED,),
        who=WORKER,
        guards=(
            guards.SAFETY_LOOKED_AT,
            guards.REPRESENTATION,
            guards.PLACEMENT,
            guards.BEST_INTERESTS_ASSESSMENT,
        ),
    ),
    Edge(
        name="plan",
        label=_("Complete the plan"),
        sources=(CaseState.ASSESSED,),
        targets=(CaseState.PLANNED,),
        who=WORKER,
        guards=(guards.CHILD_HEARD, guards.GOALS_SET, guards.PLAN_AGREED),
    ),
    Edge(
        name="activate",
        label=_("Approve the plan"),
        sources=(CaseState.PLANNED,),
        targets=(CaseState.ACTIVE,),
        who=SUPERVISOR,
        guards=(guards.PLAN_APPROVED_BY_ANOTHER,),
    ),
    Edge(
        name="begin_monitoring",
        label=_("Begin monitoring"),
        sources=(CaseState.ACTIVE,),
        targets=(CaseState.MONITORING,),
        who=WORKER,
        guards=(guards.TRACKS_SETTLED, guards.DURABLE_SOLUTION),
    ),
    Edge(
        name="return_to_active",
        label=_("Return to active work"),
        sources=(CaseState.MONITORING,),
        targets=(CaseState.ACTIVE,),
        who=WORKER,
        inputs=(REASON,),
        # An alarm after a return does it too (CETS197 33(1)).
        automatic=True,
    ),
    Edge(
        name="close",
        label=_("Close the case"),
        sources=(CaseState.MONITORING,),
        targets=(CaseState.CLOSED,),
        who=SUPERVISOR,
        guards=(
            guards.VISITS_DONE,
            guards.NOTHING_OPEN,
            guards.CLOSURE_SUMMARY,
            guards.RETENTION_DATE,
            guards.CLOSURE_APPROVED_BY_ANOTHER,
        ),
    ),
    Edge(
        name="end_early",
        label=_("Confirm the end of the case"),
        sources=RUNNING_STATES,
        targets=(CaseState.CLOSED,),
        who=SUPERVISOR,
        guards=(guards.EARLY_END_PROPOSED, guards.CLOSURE_APPROVED_BY_ANOTHER),
    ),
    Edge(
        name="suspend",
        label=_("The child is missing"),
        sources=RUNNING_STATES,
        targets=(CaseState.SUSPENDED,),
        who=frozenset({Hand.CASE_WORKER, Hand.SUPERVISOR, Hand.DUTY_WORKER, Hand.CARING_PARTNER}),
        inputs=(
            Field(name="reason", kind="text", label=_("What is known"), required=False),
            # CETS197 33(1): only then may another country be told before contact with it is cleared.
            Field(
                name="danger_in",
                kind=COUNTRY,
                label=_("Believed to be in danger in another country"),
                required=False,
                hint=_(
                    "Leave this empty unless there are reasons to believe it. That country is told at once."
                ),
            ),
        ),
    ),
    Edge(
        name="resume",
        label=_("The child is found"),
        sources=(CaseState.SUSPENDED,),
        targets=RUNNING_STATES,
        choose=_before_suspension,
        who=WORKER,
        guards=(guards.FOUND_AND_SAFE,),
    ),
    Edge(
        name="close_suspended",
        label=_("Close the case of a missing child"),
        sources=(CaseState.SUSPENDED,),
        targets=(CaseState.CLOSED,),
        who=SUPERVISOR,
        guards=(guards.DIED_OR_LONG_MISSING,),
    ),
    Edge(
        name="reopen",
        label=_("Reopen the case"),
        sources=(CaseState.CLOSED,),
        targets=(CaseState.ACTIVE,),
        who=SUPERVISOR,
        inputs=(REASON,),
    ),
    Edge(
        name="mark_duplicate",
        label=_("Mark as a duplicate"),
        sources=OPEN_STATES,
        targets=(CaseState.DUPLICATE,),
        who=SUPERVISOR,
        inputs=(Field(name="surviving_case", kind="case", label=_("Code of the file that stays")),),
    ),
    Edge(
        name="undo_duplicate",
        label=_("Undo the merge"),
        sources=(CaseState.DUPLICATE,),
        targets=OPEN_STATES,
        choose=_before_merge,
        who=SUPERVISOR,
        inputs=(REASON,),
    ),
    Edge(
        name="refer_out",
        label=_("Refer out of the system"),
        sources=RUNNING_STATES,
        targets=(CaseState.REFERRED_OUT,),
        who=SUPERVISOR,
        guards=(guards.ACCEPTED_OUTSIDE,),
    ),
)

LIFECYCLE = Machine(
    name="case",
    field="state",
    states=CaseState,
    initial=CaseState.REPORTED,
    edges=EDGES,
    final=frozenset(FINAL_STATES),
    hands=hands,
    hand_labels={hand.value: hand.label for hand in Hand},
    imported_field="imported_at",
)

# The way that a case goes when nothing goes wrong; what an imported case has skipped is judged along it.
MAIN_PATH = ("begin_screening", "register", "assess", "plan", "activate", "begin_monitoring", "close")


def edges_up_to(state: str) -> list[Edge]:
    """The main path's edges up to the one that leads to `state`; none when the path does not lead there."""
    path = [LIFECYCLE.edge(name) for name in MAIN_PATH]
    ends = [edge.targets[0] for edge in path]
    return path[: ends.index(state) + 1] if state in ends else []


def lacking(case: Case, attempt: Attempt) -> list[tuple[Edge, Result]]:
    """What does not hold of the conditions on the way from the first report to the present state.

    Who approved what is a fact of its moment: nothing that is done later could make up for it.
    """
    return [
        (edge, result)
        for edge in edges_up_to(case.state)
        for result in LIFECYCLE.judge(edge, case, attempt)
        if not result.passed and result.guard.override is not Override.NEVER
    ]


def next_edge(state: str) -> Edge | None:
    """The main path's edge out of `state`."""
    return next((edge for edge in map(LIFECYCLE.edge, MAIN_PATH) if state in edge.sources), None)
