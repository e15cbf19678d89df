"""The tables of a return and of a contact clearance: transitions, triggers, pages, diagram and tests come from them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from repatriation.guards import arriving, carrying, deciding, never, ready
from repatriation.models import Return
from repatriation.models.choices import (
    AFTER_HANDOVER,
    BEFORE_DEPARTURE,
    DECIDED_TO_LEAVE,
    FINAL,
    ON_THE_WAY,
    UNDECIDED,
    Channel,
    ClearanceState,
    Finding,
    HandoverRefusal,
    NextQuestion,
    Option,
    Refusal,
    ReturnState,
    TravelDocumentKind,
    VerifiedAs,
)
from repatriation.permissions import Hand, can_clear_contact, hands
from workflow.machine import CLOCK, CODE, DAY, WORDS, YES, Attempt, Edge, Field, Guard, Machine, Words

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


def _day(name: str, label: Words, *, required: bool = True) -> Field:
    return Field(name=name, kind=DAY, label=label, required=required)


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


def _step(
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


def _way_back(way: Return, attempt: Attempt) -> str:
    """Before a decision to where it stood; what was decided goes before the panel again."""
    return way.suspended_from if way.suspended_from in UNDECIDED else State.PANEL_PENDING


FINDING_OUT = (
    _step(
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
    _step(
        "assess_family",
        _("Look at the family"),
        (State.TRACING,),
        State.FAMILY_ASSESSMENT,
        WORKER | PARTNER,
        _("began to look at the family"),
        guards=(never.CASE_RUNS, deciding.RELATIONSHIP_VERIFIED),
    ),
    _step(
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
    _step(
        "submit_to_panel",
        _("Put it before the panel"),
        (State.RISK_ASSESSMENT,),
        State.PANEL_PENDING,
        SUPERVISOR,
        _("put it before the panel"),
        guards=(never.CASE_RUNS, deciding.FRESH_ASSESSMENT, deciding.INPUT_OR_REASON),
    ),
    _step(
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
        inputs=(_day("review_on", _("Day of the review")),),
    ),
    _step(
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

CONSULATE = (
    _step(
        "request_verification",
        _("Ask the consulate who the child is"),
        DECIDED_TO_LEAVE,
        State.VERIFICATION_REQUESTED,
        WORKER,
        _("asked the consulate"),
        guards=(*never.STILL, carrying.REQUEST_FROZEN, carrying.CONSENT_TO_POST),
    ),
    _step(
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
            _day("happened_on", _("Day of the answer")),
        ),
    ),
    _step(
        "deny_nationality",
        _("Not a national"),
        (State.VERIFICATION_REQUESTED,),
        State.NOT_A_NATIONAL,
        CONSULAR,
        _("found that the child is not a national"),
        guards=(never.CASE_RUNS,),
        inputs=(REFERENCE, _day("happened_on", _("Day of the answer")), REASON),
    ),
    _step(
        "find_inconclusive",
        _("No result"),
        (State.VERIFICATION_REQUESTED,),
        State.VERIFICATION_INCONCLUSIVE,
        CONSULAR,
        _("came to no result"),
        guards=(never.CASE_RUNS,),
        inputs=(REFERENCE, _day("happened_on", _("Day of the answer")), REASON),
    ),
    _step(
        "ask_again",
        _("Ask the same consulate again"),
        (State.VERIFICATION_INCONCLUSIVE,),
        State.VERIFICATION_REQUESTED,
        WORKER,
        _("asked the consulate again"),
        guards=(*never.STILL, carrying.REQUEST_FROZEN, carrying.CONSENT_TO_POST),
    ),
    _step(
        "request_document",
        _("Begin with the travel document"),
        (State.NATIONALITY_VERIFIED, State.DOCUMENT_REFUSED),
        State.DOCUMENT_REQUESTED,
        CONSULAR | WORKER,
        _("began with the travel document"),
        guards=never.STILL,
    ),
    _step(
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
            _day("issued_on", _("Issued on")),
            _day("expires_on", _("Valid until")),
            Field(
                name="zone",
                kind=WORDS,
                label=_("Machine-readable zone"),
                required=False,
                hint=_("The two or three lines at the foot of the document, each on a line of its own."),
            ),
        ),
    ),
    _step(
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
    _step(
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

JOURNEY = (
    _step(
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
    _step(
        "make_ready",
        _("Say that everything is ready"),
        (State.TRAVEL_PLANNED,),
        State.READY,
        SUPERVISOR,
        _("said that everything is ready"),
        guards=(*never.STILL, *ready.READY),
    ),
    _step(
        "plan_again",
        _("Go back to planning"),
        (State.READY,),
        State.TRAVEL_PLANNED,
        WORKER | {CLOCK},
        _("went back to planning"),
    ),
    _step(
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
    _step(
        "arrive",
        _("Arrived"),
        (State.DEPARTED,),
        State.ARRIVED,
        ESCORT | RECEIVER,
        _("arrived"),
    ),
    _step(
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
    _step(
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
    _step(
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
    _step(
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
    _step(
        "complete",
        _("Complete the return"),
        (State.MONITORING,),
        State.COMPLETED,
        SUPERVISOR,
        _("completed the return"),
        guards=(arriving.REPORTS_IN, arriving.LAST_IS_WELL),
    ),
    _step(
        "raise_alert",
        _("Raise the alert"),
        AFTER_HANDOVER,
        State.RETRAFFICKING_ALERT,
        RECEIVER | WORKER,
        _("raised the alert"),
        inputs=(Field(name="words", kind=WORDS, label=_("What was seen or heard")),),
        automatic=True,
    ),
    _step(
        "go_on_visiting",
        _("Go on with the visits"),
        (State.RETRAFFICKING_ALERT,),
        State.MONITORING,
        TEAM,
        _("went on with the visits"),
        inputs=(REASON,),
    ),
    _step(
        "alert_to_panel",
        _("The panel decides anew"),
        (State.RETRAFFICKING_ALERT,),
        State.PANEL_PENDING,
        TEAM,
        _("put it before the panel after the alert"),
        inputs=(REASON,),
    ),
)

ASIDE = (
    _step(
        "withdraw",
        _("The child, or who represents it, withdraws"),
        (*BEFORE_DEPARTURE, State.SUSPENDED),
        State.WITHDRAWN,
        WORKER,
        _("withdrew"),
        inputs=(REASON,),
    ),
    _step(
        "suspend",
        _("Suspend the return"),
        BEFORE_DEPARTURE,
        State.SUSPENDED,
        TEAM | {CLOCK},
        _("suspended the return"),
        inputs=(REASON,),
    ),
    Edge(
        name="resume",
        label=_("Go on with the return"),
        sources=(State.SUSPENDED,),
        targets=UNDECIDED,
        who=TEAM,
        guards=(never.CASE_RUNS,),
        inputs=(REASON,),
        choose=_way_back,
        happened=_("went on with the return"),
    ),
    _step(
        "end",
        _("Confirm the end"),
        tuple(state for state in State if state not in FINAL),
        State.ENDED,
        SUPERVISOR,
        _("ended the return"),
        guards=(never.SECOND_SUPERVISOR,),
    ),
    Edge(
        name="end_with_case",
        label=_("The case has ended"),
        sources=tuple(state for state in State if state not in FINAL),
        targets=(State.ENDED,),
        who=frozenset(),
        automatic=True,
        happened=_("The case has ended"),
    ),
)

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
