"""Nationality and the travel document."""

from django.utils.translation import gettext_lazy as _

from repatriation.edges.parts import (
    CONSULAR,
    LONGEST_NUMBER,
    REASON,
    REFERENCE,
    TEAM,
    WORKER,
    State,
    day,
    step,
)
from repatriation.guards import carrying, never
from repatriation.models.choices import (
    DECIDED_TO_LEAVE,
    NextQuestion,
    Refusal,
    TravelDocumentKind,
    VerifiedAs,
)
from workflow.machine import CODE, WORDS, Field

CONSULATE = (
    step(
        "request_verification",
        _("Ask the consulate who the child is"),
        DECIDED_TO_LEAVE,
        State.VERIFICATION_REQUESTED,
        WORKER,
        _("asked the consulate"),
        guards=(*never.STILL, carrying.REQUEST_FROZEN, carrying.CONSENT_TO_POST),
    ),
    step(
        "verify_nationality",
        _("Confirm the nationality"),
        (State.VERIFICATION_REQUESTED,),
        State.NATIONALITY_VERIFIED,
        CONSULAR,
        _("confirmed the nationality"),
        guards=never.STILL,
        inputs=(
            Field(name="code", kind=CODE, label=_("As what"), choices=tuple(VerifiedAs.choices)),
            REFERENCE,
            day("happened_on", _("Day of the answer")),
        ),
    ),
    step(
        "deny_nationality",
        _("Not a national"),
        (State.VERIFICATION_REQUESTED,),
        State.NOT_A_NATIONAL,
        CONSULAR,
        _("found that the child is not a national"),
        guards=(never.CASE_RUNS,),
        inputs=(REFERENCE, day("happened_on", _("Day of the answer")), REASON),
    ),
    step(
        "find_inconclusive",
        _("No result"),
        (State.VERIFICATION_REQUESTED,),
        State.VERIFICATION_INCONCLUSIVE,
        CONSULAR,
        _("came to no result"),
        guards=(never.CASE_RUNS,),
        inputs=(REFERENCE, day("happened_on", _("Day of the answer")), REASON),
    ),
    step(
        "ask_again",
        _("Ask the same consulate again"),
        (State.VERIFICATION_INCONCLUSIVE,),
        State.VERIFICATION_REQUESTED,
        WORKER,
        _("asked the consulate again"),
        guards=(*never.STILL, carrying.REQUEST_FROZEN, carrying.CONSENT_TO_POST),
    ),
    step(
        "request_document",
        _("Begin with the travel document"),
        (State.NATIONALITY_VERIFIED, State.DOCUMENT_REFUSED),
        State.DOCUMENT_REQUESTED,
        CONSULAR | WORKER,
        _("began with the travel document"),
        guards=never.STILL,
    ),
    step(
        "issue_document",
        _("Issue the travel document"),
        (State.DOCUMENT_REQUESTED,),
        State.DOCUMENT_ISSUED,
        CONSULAR,
        _("issued the travel document"),
        guards=(*never.STILL, carrying.ZONE_HOLDS, carrying.VALID_ON_THE_DAY),
        inputs=(
            Field(
                name="code", kind=CODE, label=_("Which document"), choices=tuple(TravelDocumentKind.choices)
            ),
            Field(name="number", kind=WORDS, label=_("Number"), max_length=LONGEST_NUMBER),
            day("issued_on", _("Issued on")),
            day("expires_on", _("Valid until")),
            Field(
                name="zone",
                kind=WORDS,
                label=_("Machine-readable zone"),
                required=False,
                hint=_("The two or three lines at the foot of the document, each on a line of its own."),
            ),
        ),
    ),
    step(
        "refuse_document",
        _("Refuse the travel document"),
        (State.DOCUMENT_REQUESTED,),
        State.DOCUMENT_REFUSED,
        CONSULAR,
        _("refused the travel document"),
        guards=(never.CASE_RUNS,),
        inputs=(
            Field(name="code", kind=CODE, label=_("Why"), choices=tuple(Refusal.choices)),
            REASON,
        ),
    ),
    step(
        "back_to_panel",
        _("Put the finding before the panel"),
        (State.NOT_A_NATIONAL, State.VERIFICATION_INCONCLUSIVE, State.DOCUMENT_REFUSED, State.WITHDRAWN),
        State.PANEL_PENDING,
        TEAM,
        _("put the finding before the panel"),
        guards=(never.CASE_RUNS,),
        inputs=(
            Field(
                name="code",
                kind=CODE,
                label=_("What the panel is asked"),
                choices=tuple(NextQuestion.choices),
                required=False,
            ),
            REASON,
        ),
    ),
)
