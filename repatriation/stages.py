"""The way home in five stages, for boards and drawings. Every state stands in exactly one."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from repatriation.models import Return
from repatriation.models.choices import ReturnState as State

FINDING, DECIDING, CONSULATE, JOURNEY, AFTERWARDS, OVER = (
    "finding",
    "deciding",
    "consulate",
    "journey",
    "afterwards",
    "over",
)
STAGES: tuple[tuple[str, StrPromise, tuple[State, ...]], ...] = (
    (
        FINDING,
        _("Finding out"),
        (State.CONSIDERED, State.TRACING, State.FAMILY_ASSESSMENT, State.RISK_ASSESSMENT),
    ),
    (
        DECIDING,
        _("Deciding"),
        (
            State.PANEL_PENDING,
            State.DEFERRED,
            State.WITHDRAWN,
            State.SUSPENDED,
            State.DECIDED_RETURN,
            State.DECIDED_THIRD_COUNTRY,
        ),
    ),
    (
        CONSULATE,
        _("Consulate"),
        (
            State.VERIFICATION_REQUESTED,
            State.NATIONALITY_VERIFIED,
            State.NOT_A_NATIONAL,
            State.VERIFICATION_INCONCLUSIVE,
            State.DOCUMENT_REQUESTED,
            State.DOCUMENT_ISSUED,
            State.DOCUMENT_REFUSED,
        ),
    ),
    (
        JOURNEY,
        _("Journey"),
        (State.TRAVEL_PLANNED, State.READY, State.DEPARTED, State.ARRIVED, State.HANDOVER_FAILED),
    ),
    (AFTERWARDS, _("Afterwards"), (State.HANDED_OVER, State.MONITORING, State.RETRAFFICKING_ALERT)),
    (OVER, _("Over"), (State.DECIDED_INTEGRATION, State.COMPLETED, State.ENDED)),
)
STAGE_OF: Mapping[str, str] = {state: code for code, _label, states in STAGES for state in states}


def stages(way: Return) -> Sequence[tuple[str, str]]:
    """Of the five stages before the end: label, and `done`, `now` or `ahead`."""
    codes = [code for code, _label, _states in STAGES if code != OVER]
    here = STAGE_OF[way.state]
    reached = len(codes) if here == OVER else codes.index(here)
    if way.state in (State.DECIDED_INTEGRATION, State.ENDED):
        # What was not needed was not done.
        reached = 2
    labels = {code: str(label) for code, label, _states in STAGES}
    return [
        (labels[code], "done" if number < reached else "now" if code == here else "ahead")
        for number, code in enumerate(codes)
    ]


# How a state is coloured, wherever it is shown; the others are plain.
CHIPS: Mapping[str, str] = {
    State.SUSPENDED: "late",
    State.HANDOVER_FAILED: "late",
    State.RETRAFFICKING_ALERT: "late",
    State.NOT_A_NATIONAL: "due",
    State.VERIFICATION_INCONCLUSIVE: "due",
    State.DOCUMENT_REFUSED: "due",
    State.DEFERRED: "due",
    State.READY: "done",
    State.HANDED_OVER: "done",
    State.COMPLETED: "done",
}


def chip_of(way: Return) -> str:
    return CHIPS.get(way.state, "plain")
