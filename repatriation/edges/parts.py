"""What the tables of a return are made of: whose hands, how a step is written, fields of several steps."""

from django.utils.translation import gettext_lazy as _

from repatriation.models.choices import ReturnState
from repatriation.permissions import Hand
from workflow.machine import DAY, WORDS, Edge, Field, Guard, Words

State = ReturnState
WORKER = frozenset({Hand.CASE_WORKER})
SUPERVISOR = frozenset({Hand.SUPERVISOR})
TEAM = WORKER | SUPERVISOR
PARTNER = frozenset({Hand.PARTNER_ABROAD})
CHAIR = frozenset({Hand.CHAIR})
CONSULAR = frozenset({Hand.CONSULAR})
ESCORT = frozenset({Hand.ESCORT})
RECEIVER = frozenset({Hand.RECEIVER})

REASON = Field(name="reason", kind=WORDS, label=_("Reason"))
REFERENCE = Field(
    name="reference", kind=WORDS, label=_("The consulate’s reference"), max_length=60, required=False
)
LONGEST_NUMBER = 40


def day(name: str, label: Words, *, required: bool = True) -> Field:
    return Field(name=name, kind=DAY, label=label, required=required)


def step(
    name: str,
    label: Words,
    sources: tuple[ReturnState, ...],
    target: ReturnState,
    who: frozenset[str],
    happened: Words,
    *,
    guards: tuple[Guard, ...] = (),
    inputs: tuple[Field, ...] = (),
    automatic: bool = False,
) -> Edge:
    return Edge(
        name=name,
        label=label,
        sources=sources,
        targets=(target,),
        who=who,
        guards=guards,
        inputs=inputs,
        automatic=automatic,
        happened=happened,
    )
