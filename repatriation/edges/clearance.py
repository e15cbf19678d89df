"""The small table of contact with a country."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import REASON, SUPERVISOR
from repatriation.guards import never
from repatriation.models.choices import ClearanceState
from repatriation.permissions import Hand, can_clear_contact
from workflow.machine import WORDS, Edge, Field, Machine


def _clearing_hands(user: object, clearance: object) -> frozenset[str]:
    may = can_clear_contact(user, clearance.case)  # type: ignore[arg-type, attr-defined]
    return SUPERVISOR if may else frozenset()


CLEARANCE = Machine(
    name="clearance",
    field="state",
    states=ClearanceState,
    initial=ClearanceState.NOT_CLEARED,
    edges=(
        Edge(
            name="clear",
            label=_("Clear contact with this country"),
            sources=(ClearanceState.NOT_CLEARED, ClearanceState.REVOKED),
            targets=(ClearanceState.CLEARED,),
            who=SUPERVISOR,
            guards=(never.NOT_PROTECTED,),
            inputs=(
                Field(
                    name="reason",
                    kind=WORDS,
                    label=_("Why contact is safe"),
                    min_length=20,
                    hint=_("At least 20 characters: what speaks for it, and who was asked."),
                ),
            ),
            happened=_("cleared contact"),
        ),
        Edge(
            name="revoke",
            label=_("Revoke the clearance"),
            sources=(ClearanceState.CLEARED,),
            targets=(ClearanceState.REVOKED,),
            who=SUPERVISOR,
            inputs=(REASON,),
            # A claim for protection, or a new risk, revokes it at once.
            automatic=True,
            happened=_("revoked the clearance"),
        ),
    ),
    final=frozenset({ClearanceState.CLEARED}),
    hands=_clearing_hands,
    hand_labels={Hand.SUPERVISOR.value: Hand.SUPERVISOR.label},
)
