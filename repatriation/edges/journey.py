"""From the plan of the journey to the handover."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import CONSULAR, ESCORT, REASON, RECEIVER, SUPERVISOR, TEAM, WORKER, State, step
from repatriation.guards import arriving, carrying, never, ready
from repatriation.models.choices import ON_THE_WAY, HandoverRefusal
from workflow.machine import CLOCK, CODE, WORDS, YES, Field

JOURNEY = (
    step(
        "plan_travel",
        _("Complete the plan of the journey"),
        (State.DOCUMENT_ISSUED,),
        State.TRAVEL_PLANNED,
        WORKER | CONSULAR,
        _("planned the journey"),
        guards=(
            *never.STILL,
            carrying.ESCORT_VETTED,
            carrying.RECEPTION_ACCEPTED,
            carrying.ROUTE_KNOWN,
            carrying.AUTHORISED,
        ),
    ),
    step(
        "make_ready",
        _("Say that everything is ready"),
        (State.TRAVEL_PLANNED,),
        State.READY,
        SUPERVISOR,
        _("said that everything is ready"),
        guards=(*never.STILL, *ready.READY),
    ),
    step(
        "plan_again",
        _("Go back to planning"),
        (State.READY,),
        State.TRAVEL_PLANNED,
        WORKER | {CLOCK},
        _("went back to planning"),
    ),
    step(
        "depart",
        _("Depart"),
        (State.READY,),
        State.DEPARTED,
        ESCORT | CONSULAR,
        _("departed"),
        guards=(*never.STILL, *ready.READY, ready.NOT_RUN_OUT, ready.ON_THE_DAY, arriving.IDENTITY_CHECKED),
        inputs=(
            Field(
                name="identity_checked",
                kind=YES,
                label=_("I have compared the child with the travel document."),
            ),
        ),
    ),
    step(
        "arrive",
        _("Arrived"),
        (State.DEPARTED,),
        State.ARRIVED,
        ESCORT | RECEIVER,
        _("arrived"),
    ),
    step(
        "hand_over",
        _("Complete the handover"),
        (State.ARRIVED,),
        State.HANDED_OVER,
        ESCORT | RECEIVER,
        _("handed over"),
        guards=(
            arriving.TWO_SIGNATURES,
            arriving.RECEIVER_IS_NAMED,
            arriving.RECEIVER_IS_FREE,
            arriving.LISTS_DONE,
        ),
    ),
    step(
        "fail_handover",
        _("The handover failed"),
        ON_THE_WAY,
        State.HANDOVER_FAILED,
        ESCORT | RECEIVER,
        _("The handover failed"),
        inputs=(
            Field(name="code", kind=CODE, label=_("Why"), choices=tuple(HandoverRefusal.choices)),
            Field(name="words", kind=WORDS, label=_("Where the child is now, and with whom")),
        ),
    ),
    step(
        "hand_over_to_alternate",
        _("Hand over to the alternate"),
        (State.HANDOVER_FAILED,),
        State.HANDED_OVER,
        ESCORT | RECEIVER,
        _("handed over to the alternate"),
        guards=(
            arriving.TWO_SIGNATURES,
            arriving.ALTERNATE_APPROVED,
            arriving.RECEIVER_IS_FREE,
            arriving.LISTS_DONE,
        ),
    ),
    step(
        "decide_anew",
        _("The child is safe; the panel decides anew"),
        (State.HANDOVER_FAILED,),
        State.PANEL_PENDING,
        TEAM,
        _("put it before the panel after the handover failed"),
        inputs=(
            Field(name="located", kind=YES, label=_("The child is safe, and we know where it is.")),
            REASON,
        ),
    ),
)
