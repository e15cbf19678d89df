"""The table of a return: transitions, triggers, pages, diagram and tests come from it."""

from accounts.access import Section
from repatriation.edges.afterwards import AFTERWARDS
from repatriation.edges.aside import ASIDE
from repatriation.edges.consulate import CONSULATE
from repatriation.edges.deciding import DECIDING
from repatriation.edges.finding import FINDING_OUT
from repatriation.edges.journey import JOURNEY
from repatriation.edges.parts import State
from repatriation.models.choices import FINAL, ReturnState
from repatriation.permissions import Hand, hands
from workflow.machine import Machine

# Of the steps that belong to no one list: what they speak of.
_OF_DECISION = frozenset(edge.name for edge in (*FINDING_OUT, *DECIDING)) | {
    "back_to_panel",
    "decide_anew",
    "alert_to_panel",
    "withdraw",
    "suspend",
    "resume",
    "end",
    "end_with_case",
}


def section_of(edge_name: str) -> Section:
    """The section of the file to which a step belongs: whoever does not read it is not told of the step."""
    return Section.RETURN_DECISION if edge_name in _OF_DECISION else Section.RETURN_JOURNEY


RETURN = Machine(
    name="return",
    field="state",
    states=ReturnState,
    initial=State.CONSIDERED,
    edges=(*FINDING_OUT, *DECIDING, *CONSULATE, *JOURNEY, *AFTERWARDS, *ASIDE),
    final=FINAL,
    hands=hands,
    hand_labels={hand.value: hand.label for hand in Hand},
    override_hands=frozenset({Hand.SUPERVISOR}),
)
