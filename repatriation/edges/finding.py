"""Finding out: the family, its home and the risks, until the panel has what it decides on."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import PARTNER, REASON, SUPERVISOR, WORKER, State, step
from repatriation.guards import deciding, never
from repatriation.models.choices import Channel, Finding
from workflow.machine import CODE, WORDS, Field

FINDING_OUT = (
    step(
        "trace",
        _("Look for the family"),
        (State.CONSIDERED,),
        State.TRACING,
        WORKER,
        _("began to look for the family"),
        guards=(
            never.CASE_RUNS,
            deciding.WISH_KNOWN,
            deciding.CONSENT_TO_TRACING,
            deciding.CHANNEL_CLEARED,
        ),
        inputs=(Field(name="code", kind=CODE, label=_("By whom"), choices=tuple(Channel.choices)),),
    ),
    step(
        "assess_family",
        _("Look at the family"),
        (State.TRACING,),
        State.FAMILY_ASSESSMENT,
        WORKER | PARTNER,
        _("began to look at the family"),
        guards=(never.CASE_RUNS, deciding.RELATIONSHIP_VERIFIED),
    ),
    step(
        "record_finding",
        _("Record what was found"),
        (State.CONSIDERED, State.TRACING, State.FAMILY_ASSESSMENT),
        State.RISK_ASSESSMENT,
        WORKER | PARTNER,
        _("recorded what was found"),
        guards=(never.CASE_RUNS,),
        inputs=(
            Field(name="code", kind=CODE, label=_("What was found"), choices=tuple(Finding.choices)),
            Field(
                name="words",
                kind=WORDS,
                label=_("What shows it"),
                min_length=deciding.SHORTEST_EVIDENCE,
                hint=_("At least 20 characters: who found it out, when, and by what."),
            ),
            Field(name="document", kind="document", label=_("Document"), required=False),
        ),
    ),
    step(
        "submit_to_panel",
        _("Put it before the panel"),
        (State.RISK_ASSESSMENT,),
        State.PANEL_PENDING,
        SUPERVISOR,
        _("put it before the panel"),
        guards=(never.CASE_RUNS, deciding.FRESH_ASSESSMENT, deciding.INPUT_OR_REASON),
    ),
    step(
        "reassess",
        _("Assess the risk anew"),
        (State.PANEL_PENDING,),
        State.RISK_ASSESSMENT,
        SUPERVISOR,
        _("sent it back to the assessment"),
        guards=(never.CASE_RUNS,),
        inputs=(REASON,),
    ),
)
