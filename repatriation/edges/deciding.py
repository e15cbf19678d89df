"""The panel decides, and what was decided may come before it again."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import CHAIR, REASON, SUPERVISOR, State, day, step
from repatriation.guards import deciding, never
from repatriation.models.choices import DECIDED_TO_LEAVE, Option, ReturnState
from workflow.machine import Edge, Field, Words

# By which step each outcome of a vote is decided.
DECIDED_BY = {
    Option.RETURN: "decide_return",
    Option.INTEGRATION: "decide_integration",
    Option.THIRD_COUNTRY: "decide_third_country",
    Option.DEFERRAL: "decide_later",
}


def _decide(
    option: Option,
    label: Words,
    target: ReturnState,
    happened: Words,
    inputs: Iterable[Field] = (),
) -> Edge:
    extra = never.DECIDES.get(option, ())
    review = (deciding.REVIEW_IN_TIME,) if option == Option.DEFERRAL else ()
    return Edge(
        name=DECIDED_BY[option],
        label=label,
        sources=(State.PANEL_PENDING,),
        targets=(target,),
        who=CHAIR,
        guards=(
            never.CASE_RUNS,
            deciding.voted_for(option),
            *deciding.PANEL,
            never.VOTERS_ARE_FREE,
            *extra,
            *review,
        ),
        inputs=tuple(inputs),
        happened=happened,
    )


DECIDING = (
    _decide(
        Option.RETURN,
        _("Decide: return"),
        State.DECIDED_RETURN,
        _("decided on a return"),
    ),
    _decide(
        Option.INTEGRATION,
        _("Decide: integration here"),
        State.DECIDED_INTEGRATION,
        _("decided on integration here"),
    ),
    _decide(
        Option.THIRD_COUNTRY,
        _("Decide: a third country"),
        State.DECIDED_THIRD_COUNTRY,
        _("decided on a third country"),
    ),
    _decide(
        Option.DEFERRAL,
        _("Decide later"),
        State.DEFERRED,
        _("deferred the decision"),
        inputs=(day("review_on", _("Day of the review")),),
    ),
    step(
        "reopen_decision",
        _("Put it before the panel again"),
        (*DECIDED_TO_LEAVE, State.DECIDED_INTEGRATION, State.DEFERRED),
        State.PANEL_PENDING,
        SUPERVISOR,
        _("put it before the panel again"),
        guards=(never.CASE_RUNS, deciding.NO_OTHER_OPEN),
        inputs=(REASON,),
    ),
)
