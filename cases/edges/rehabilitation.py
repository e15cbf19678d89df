"""Rehabilitation and reintegration: needs, an agreed plan, work, reviews, an outcome; and a way back from each end."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.edges.entries import ALWAYS, DAY, REASON, REVIEW_ON, WORDS, Field
from cases.guards import tracks as guards
from cases.models.tracks import RehabilitationState as State
from cases.permissions import TRACK_WORKERS, Hand, hands_in
from workflow.machine import Edge, Guard, Machine, Words

WORKER_OR_PARTNER = TRACK_WORKERS | {Hand.REHABILITATION_PARTNER}

OWN_WORDS = Field(name="own_words", kind=WORDS, label=_("What the child itself says to it"))


def _edge(
    name: str,
    label: Words,
    sources: tuple[str, ...],
    target: str | None,
    happened: Words,
    *inputs: Field,
    who: frozenset[str] = TRACK_WORKERS,
    guards: tuple[Guard, ...] = (),
) -> Edge:
    """A step of rehabilitation; without a target it keeps the state."""
    return Edge(
        name=name,
        label=label,
        sources=sources,
        targets=(target,) if target else (),
        stays=target is None,
        who=who,
        guards=guards,
        inputs=(*ALWAYS, *inputs),
        happened=happened,
    )


REHABILITATION = Machine(
    name="rehabilitation",
    field="state",
    states=State,
    initial=State.NOT_STARTED,
    edges=(
        _edge(
            "assess_needs",
            _("Complete the assessment of needs"),
            (State.NOT_STARTED,),
            State.NEEDS_ASSESSED,
            _("assessed what the child needs"),
            who=WORKER_OR_PARTNER,
            guards=(guards.NEEDS_RECORDED,),
        ),
        _edge(
            "find_no_rehabilitation_needed",
            _("Record that no rehabilitation is needed"),
            (State.NOT_STARTED,),
            State.NOT_APPLICABLE,
            _("recorded that no rehabilitation is needed"),
            REASON,
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "need_rehabilitation_after_all",
            _("Record that rehabilitation is needed after all"),
            (State.NOT_APPLICABLE,),
            State.NOT_STARTED,
            _("recorded that rehabilitation is needed after all"),
            REASON,
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "agree_plan",
            _("Record the agreed plan"),
            (State.NEEDS_ASSESSED,),
            State.PLAN_AGREED,
            _("agreed the plan for rehabilitation"),
            Field(name="education_from", kind=DAY, label=_("Access to education from")),
            guards=(guards.HEARD_ABOUT_PLAN, guards.REPRESENTATIVE_AGREES, guards.REHABILITATION_GOALS),
        ),
        _edge(
            "begin_rehabilitation",
            _("Begin"),
            (State.PLAN_AGREED,),
            State.IN_PROGRESS,
            _("began rehabilitation"),
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "hold",
            _("Put on hold"),
            (State.IN_PROGRESS,),
            State.ON_HOLD,
            _("put rehabilitation on hold"),
            REASON,
            REVIEW_ON,
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "prolong_hold",
            _("Keep on hold"),
            (State.ON_HOLD,),
            None,
            _("kept rehabilitation on hold"),
            REASON,
            REVIEW_ON,
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "go_on",
            _("Go on"),
            (State.ON_HOLD,),
            State.IN_PROGRESS,
            _("went on with rehabilitation"),
            who=WORKER_OR_PARTNER,
        ),
        _edge(
            "begin_review",
            _("Begin a review"),
            (State.IN_PROGRESS,),
            State.REVIEW,
            _("began a review of rehabilitation"),
        ),
        _edge(
            "continue_after_review",
            _("Go on after the review"),
            (State.REVIEW,),
            State.IN_PROGRESS,
            _("went on with rehabilitation after a review"),
            Field(name="finding", kind=WORDS, label=_("What the review found")),
        ),
        _edge(
            "find_achieved",
            _("Record: achieved"),
            (State.REVIEW,),
            State.ACHIEVED,
            _("recorded: rehabilitation achieved"),
            OWN_WORDS,
            guards=(guards.OUTCOMES_RECORDED,),
        ),
        _edge(
            "find_partly_achieved",
            _("Record: partly achieved"),
            (State.REVIEW,),
            State.PARTLY_ACHIEVED,
            _("recorded: rehabilitation partly achieved"),
            OWN_WORDS,
            guards=(guards.OUTCOMES_RECORDED,),
        ),
        _edge(
            "end_rehabilitation",
            _("Record the end"),
            (State.REVIEW,),
            State.ENDED,
            _("recorded the end of rehabilitation"),
            OWN_WORDS,
            REASON,
            guards=(guards.OUTCOMES_RECORDED,),
        ),
        _edge(
            "decline_rehabilitation",
            _("Record that it is refused"),
            (
                State.NOT_STARTED,
                State.NOT_APPLICABLE,
                State.NEEDS_ASSESSED,
                State.PLAN_AGREED,
                State.IN_PROGRESS,
                State.ON_HOLD,
                State.REVIEW,
                State.ACHIEVED,
                State.PARTLY_ACHIEVED,
                State.ENDED,
            ),
            State.DECLINED,
            _("recorded that rehabilitation is refused"),
            REASON,
            REVIEW_ON,
        ),
        _edge(
            "confirm_refusal_of_rehabilitation",
            _("Record that it is still refused"),
            (State.DECLINED,),
            None,
            _("asked again; rehabilitation is still refused"),
            REASON,
            REVIEW_ON,
        ),
        _edge(
            "assess_needs_again",
            _("Assess needs again"),
            (State.DECLINED, State.ENDED, State.ACHIEVED, State.PARTLY_ACHIEVED),
            State.NEEDS_ASSESSED,
            _("assessed needs again"),
            REASON,
            REVIEW_ON,
        ),
    ),
    final=frozenset({State.ACHIEVED, State.PARTLY_ACHIEVED, State.ENDED, State.NOT_APPLICABLE}),
    hands=hands_in(Section.REHABILITATION),
    hand_labels={hand.value: hand.label for hand in Hand},
)
