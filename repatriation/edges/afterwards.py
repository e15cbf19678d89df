"""After the handover or the decision: visits, an alert, the end that was hoped for."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import REASON, RECEIVER, SUPERVISOR, TEAM, WORKER, State, step
from repatriation.guards import arriving
from repatriation.models.choices import AFTER_HANDOVER
from workflow.machine import WORDS, Edge, Field

AFTERWARDS = (
    Edge(
        name="begin_visits",
        label=_("Begin the visits"),
        sources=(State.HANDED_OVER,),
        targets=(State.MONITORING,),
        who=frozenset(),
        automatic=True,
        happened=_("The visits are planned"),
    ),
    step(
        "complete",
        _("Complete the return"),
        (State.MONITORING,),
        State.COMPLETED,
        SUPERVISOR,
        _("completed the return"),
        guards=(arriving.REPORTS_IN, arriving.LAST_IS_WELL),
    ),
    step(
        "raise_alert",
        _("Raise the alert"),
        AFTER_HANDOVER,
        State.RETRAFFICKING_ALERT,
        RECEIVER | WORKER,
        _("raised the alert"),
        inputs=(Field(name="words", kind=WORDS, label=_("What was seen or heard")),),
        automatic=True,
    ),
    step(
        "go_on_visiting",
        _("Go on with the visits"),
        (State.RETRAFFICKING_ALERT,),
        State.MONITORING,
        TEAM,
        _("went on with the visits"),
        inputs=(REASON,),
    ),
    step(
        "alert_to_panel",
        _("The panel decides anew"),
        (State.RETRAFFICKING_ALERT,),
        State.PANEL_PENDING,
        TEAM,
        _("put it before the panel after the alert"),
        inputs=(REASON,),
    ),
)
