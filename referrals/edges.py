"""The one table of a referral's steps: transitions, triggers, pages, diagram and tests come from it."""

from django.utils.translation import gettext_lazy as _

from cases.models.plan import Outcome
from referrals import guards
from referrals.models.choices import FINAL, OFFERED, OPEN, RUNNING, Decline, HandBack
from referrals.models.choices import ReferralState as State
from referrals.models.referral import LONGEST_NAME
from referrals.permissions import Hand, hands
from workflow.machine import CLOCK, CODE, DAY, WORDS, Edge, Field, Machine, Words

SENDER = frozenset({Hand.SENDER})
RECIPIENT = frozenset({Hand.RECIPIENT})
# Before an answer, and not while the recipient waits for one.
ANSWERABLE = (State.SENT, State.ACKNOWLEDGED, State.INFO_PROVIDED)

REASON = Field(name="reason", kind=WORDS, label=_("Reason"))
MORE = Field(name="reason", kind=WORDS, label=_("In words, if something has to be added"), required=False)


def _name(name: str, label: Words) -> Field:
    return Field(name=name, kind=WORDS, label=label, max_length=LONGEST_NAME)


EDGES = (
    Edge(
        name="discard",
        label=_("Discard the draft"),
        sources=(State.DRAFT,),
        targets=(State.DISCARDED,),
        who=SENDER,
        # With the case, when it leaves the open states.
        automatic=True,
        happened=_("discarded the draft"),
    ),
    Edge(
        name="send",
        label=_("Send the referral"),
        sources=(State.DRAFT,),
        targets=(State.SENT,),
        who=SENDER,
        guards=(
            guards.CASE_IS_OPEN,
            guards.PURPOSE_SAID,
            guards.RECIPIENT_OFFERS,
            guards.SOMEBODY_ANSWERS,
            guards.RECIPIENT_KEEPS_FILES,
            guards.MAY_SHARE,
            guards.PREVIEWED,
            guards.ANSWER_BY,
            guards.NOT_TWICE,
            guards.ONE_TRANSFER,
            guards.COSIGNED,
            guards.TRANSFER_BASIS,
            guards.CONTACT_CLEARED,
        ),
        happened=_("sent the referral"),
    ),
    Edge(
        name="acknowledge",
        label=_("Confirm that it arrived"),
        sources=(State.SENT,),
        targets=(State.ACKNOWLEDGED,),
        who=RECIPIENT,
        inputs=(
            _name("contact", _("Who is the contact, with a telephone")),
            _name("alternate", _("Who is asked when the contact is away")),
        ),
        happened=_("confirmed that it arrived"),
    ),
    Edge(
        name="ask",
        label=_("Ask for information"),
        sources=ANSWERABLE,
        targets=(State.INFO_REQUESTED,),
        who=RECIPIENT,
        inputs=(
            Field(
                name="question",
                kind=WORDS,
                label=_("What do you need to know?"),
                hint=_("Your time to answer stands still until the sender has answered."),
            ),
        ),
        happened=_("asked for information"),
    ),
    Edge(
        name="provide",
        label=_("Answer the question"),
        sources=(State.INFO_REQUESTED,),
        targets=(State.INFO_PROVIDED,),
        who=SENDER,
        # Of what is given besides.
        guards=(guards.PREVIEWED, guards.COSIGNED),
        inputs=(
            Field(
                name="answer",
                kind=WORDS,
                label=_("Answer"),
                hint=_("Without anything that tells who the child is: the pack is not open yet."),
            ),
        ),
        happened=_("answered the question"),
    ),
    Edge(
        name="accept",
        label=_("Accept"),
        sources=(State.ACKNOWLEDGED, State.INFO_PROVIDED),
        targets=(State.ACCEPTED,),
        who=RECIPIENT,
        guards=(guards.ASKS_FOR_A_SERVICE,),
        inputs=(
            _name("responsible", _("Who is responsible")),
            Field(name="starts_on", kind=DAY, label=_("From which day")),
        ),
        happened=_("accepted"),
    ),
    Edge(
        name="take_over",
        label=_("Take the case over"),
        sources=(State.ACKNOWLEDGED, State.INFO_PROVIDED),
        # Nothing is left to be done for the sender: from here on it is the recipient's own case.
        targets=(State.COMPLETED,),
        who=RECIPIENT,
        guards=(guards.ASKS_FOR_THE_CASE, guards.RECIPIENT_KEEPS_FILES, guards.NOT_REFUSED_SINCE),
        inputs=(
            Field(
                name="worker",
                kind="worker",
                label=_("Who will work on it"),
                hint=_("The case is yours from this moment, with everything that is due and open in it."),
            ),
        ),
        happened=_("took the case over"),
    ),
    Edge(
        name="decline",
        label=_("Decline"),
        sources=OFFERED,
        targets=(State.DECLINED,),
        who=RECIPIENT,
        inputs=(Field(name="code", kind=CODE, label=_("Why"), choices=tuple(Decline.choices)), MORE),
        happened=_("declined"),
    ),
    Edge(
        name="recall",
        label=_("Recall the offer"),
        sources=OFFERED,
        targets=(State.RECALLED,),
        who=SENDER,
        inputs=(REASON,),
        happened=_("recalled the offer"),
    ),
    Edge(
        name="recall_care",
        label=_("End the referral"),
        sources=RUNNING,
        targets=(State.RECALLED,),
        who=frozenset({Hand.SUPERVISOR}),
        guards=(guards.CARE_ELSEWHERE,),
        inputs=(REASON,),
        happened=_("ended the referral"),
    ),
    Edge(
        name="expire",
        label=_("Expire"),
        sources=OFFERED,
        targets=(State.EXPIRED,),
        who=frozenset({CLOCK}),
        happened=_("The time to answer has passed"),
    ),
    Edge(
        name="hand_back",
        label=_("Hand the referral back"),
        sources=RUNNING,
        targets=(State.HANDED_BACK,),
        who=RECIPIENT,
        inputs=(
            Field(
                name="code",
                kind=CODE,
                label=_("What happens to the child now"),
                choices=tuple(HandBack.choices),
                hint=_("Care goes on until somebody else has taken over."),
            ),
            REASON,
        ),
        happened=_("handed it back"),
    ),
    Edge(
        name="begin_service",
        label=_("Begin the service"),
        sources=(State.ACCEPTED,),
        targets=(State.IN_SERVICE,),
        who=RECIPIENT,
        happened=_("began the service"),
    ),
    Edge(
        name="complete",
        label=_("Complete the service"),
        sources=(State.IN_SERVICE,),
        targets=(State.COMPLETED,),
        who=RECIPIENT,
        inputs=(
            Field(name="outcome", kind=CODE, label=_("Outcome"), choices=tuple(Outcome.choices)),
            Field(name="feedback", kind=WORDS, label=_("What was done, and what the sender should know")),
        ),
        happened=_("completed the service"),
    ),
    Edge(
        name="confirm",
        label=_("Confirm the outcome"),
        sources=(State.COMPLETED,),
        targets=(),
        stays=True,
        who=SENDER,
        guards=(guards.NOT_CONFIRMED,),
        happened=_("confirmed the outcome"),
    ),
    Edge(
        name="end_with_consent",
        label=_("The consent to share was withdrawn"),
        sources=OFFERED,
        targets=(State.RECALLED,),
        who=frozenset(),
        # Whoever writes down the child's no may be nobody of the sender's: it is no move of either side.
        automatic=True,
        happened=_("The consent to share was withdrawn"),
    ),
    Edge(
        name="end_with_transfer",
        label=_("The recipient has taken the case over"),
        sources=OPEN,
        targets=(State.RECALLED,),
        who=frozenset(),
        automatic=True,
        happened=_("The recipient has taken the whole case over"),
    ),
    Edge(
        name="end_with_case",
        label=_("The case has ended"),
        sources=OPEN,
        targets=(State.RECALLED,),
        who=frozenset(),
        automatic=True,
        happened=_("The case has ended"),
    ),
)

REFERRAL = Machine(
    name="referral",
    field="state",
    states=State,
    initial=State.DRAFT,
    edges=EDGES,
    final=FINAL,
    hands=hands,
    hand_labels={hand.value: hand.label for hand in Hand},
    override_hands=frozenset({Hand.SUPERVISOR}),
)
