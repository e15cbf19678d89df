"""Medical care: from the first question about harm to follow-up. Refusing is always possible, coming back too."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.edges.entries import ALWAYS, CODE, DAY, REASON, REVIEW_ON, WORDS, Field
from cases.guards import tracks as guards
from cases.models.tracks import MedicalState as State
from cases.permissions import TRACK_WORKERS, Hand, hands_in
from workflow.machine import Edge, Guard, Machine, Words

WORKER_OR_CLINIC = TRACK_WORKERS | {Hand.CLINIC}
CLINIC = frozenset({Hand.CLINIC})


class Incident(TextChoices):
    """When the child was last harmed: clinical clocks run from then, not from intake (MED)."""

    WITHIN_72_HOURS = "within_72", _("In the last 72 hours")
    WITHIN_120_HOURS = "within_120", _("More than 72, less than 120 hours ago")
    LONGER_AGO = "longer", _("Longer ago")
    NOT_KNOWN = "not_known", _("Asked; the child cannot or does not want to say")


class UrgentAnswer(TextChoices):
    """What became of care that has to begin in time."""

    BEGUN = "begun", _("Begun")
    NOT_NEEDED = "not_needed", _("Not needed, as a clinician found")
    REFUSED = "refused", _("Refused by the child or its representative")
    TOO_LATE = "too_late", _("Too late, the time had passed")


class RefusedBy(TextChoices):
    CHILD = "child", _("The child")
    REPRESENTATIVE = "representative", _("Its representative or parent")


def _edge(
    name: str,
    label: Words,
    sources: tuple[str, ...],
    target: str | None,
    happened: Words,
    *inputs: Field,
    who: frozenset[str] = CLINIC,
    guards: tuple[Guard, ...] = (),
) -> Edge:
    """A step of medical care; without a target it keeps the state."""
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


TREATING = (State.TRIAGE, State.URGENT_CARE, State.ASSESSMENT, State.TREATMENT, State.STABLE_FOLLOW_UP)
WRITTEN = (guards.TREATMENT_PLAN, guards.MEDICATION_LIST, guards.MENTAL_HEALTH_SCREENED)
# Asked whenever triage begins: a child that comes back may have been harmed again.
INCIDENT = (
    Field(
        name="incident",
        kind=CODE,
        label=_("When was the child last harmed?"),
        choices=tuple(Incident.choices),
        hint=_("Counted from now. Ask for the last time, not for the first, and not for the day of intake."),
    ),
    Field(
        name="incident_on",
        kind=DAY,
        label=_("Day of that last time"),
        required=False,
        hint=_(
            "Needed for the last 120 hours: the clocks count from the beginning of that day. When in doubt, "
            "enter the earliest day that it can have been."
        ),
    ),
)
REFUSED_BY = Field(name="refused_by", kind=CODE, label=_("Who refuses?"), choices=tuple(RefusedBy.choices))


def _answer(name: str, label: Words, happened: Words) -> Edge:
    """What became of urgent care. It keeps the state, so it can be said at any time, also afterwards."""
    asked = Field(
        name="answer", kind=CODE, label=_("What became of it?"), choices=tuple(UrgentAnswer.choices)
    )
    return _edge(name, label, (*TREATING, State.COMPLETED), None, happened, asked, who=WORKER_OR_CLINIC)


MEDICAL = Machine(
    name="medical",
    field="state",
    states=State,
    initial=State.NOT_STARTED,
    edges=(
        _edge(
            "begin_triage",
            _("Begin triage"),
            (State.NOT_STARTED,),
            State.TRIAGE,
            _("began medical triage"),
            *INCIDENT,
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "name_incident",
            _("Record when the child was last harmed"),
            TREATING,
            None,
            _("recorded when the child was last harmed"),
            *INCIDENT,
            who=WORKER_OR_CLINIC,
        ),
        _answer(
            "answer_prophylaxis",
            _("Record what became of HIV prophylaxis"),
            _("recorded what became of HIV prophylaxis"),
        ),
        _answer(
            "answer_contraception",
            _("Record what became of emergency contraception"),
            _("recorded what became of emergency contraception"),
        ),
        _edge(
            "find_no_care_needed",
            _("Record that no medical care is needed"),
            (State.NOT_STARTED,),
            State.NOT_APPLICABLE,
            _("recorded that no medical care is needed"),
            REASON,
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "need_care_after_all",
            _("Record that medical care is needed after all"),
            (State.NOT_APPLICABLE,),
            State.NOT_STARTED,
            _("recorded that medical care is needed after all"),
            REASON,
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "begin_urgent_care",
            _("Begin urgent care"),
            (State.TRIAGE,),
            State.URGENT_CARE,
            _("began urgent care"),
            Field(name="measures", kind=WORDS, label=_("What was begun")),
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "begin_assessment",
            _("Begin the medical assessment"),
            (State.TRIAGE, State.URGENT_CARE),
            State.ASSESSMENT,
            _("began the medical assessment"),
            who=WORKER_OR_CLINIC,
            guards=(guards.EXAMINATION_CONSENTED,),
        ),
        _edge(
            "begin_treatment",
            _("Begin treatment"),
            (State.ASSESSMENT,),
            State.TREATMENT,
            _("began treatment"),
            guards=WRITTEN,
        ),
        _edge(
            "find_stable",
            _("Record: stable, in follow-up"),
            (State.TREATMENT,),
            State.STABLE_FOLLOW_UP,
            _("recorded: stable, in follow-up"),
            guards=WRITTEN,
        ),
        _edge(
            "treat_again",
            _("Treat again"),
            (State.STABLE_FOLLOW_UP,),
            State.TREATMENT,
            _("began treatment again"),
            REASON,
            guards=WRITTEN,
        ),
        _edge(
            "complete_care",
            _("Complete medical care"),
            (State.ASSESSMENT, State.STABLE_FOLLOW_UP),
            State.COMPLETED,
            _("completed medical care"),
            guards=(guards.MEDICAL_SUMMARY,),
        ),
        _edge(
            "start_care_again",
            _("Start again"),
            (State.COMPLETED,),
            State.TRIAGE,
            _("started medical care again"),
            REASON,
            *INCIDENT,
        ),
        _edge(
            "decline_care",
            _("Record that care is refused"),
            (State.NOT_STARTED, State.NOT_APPLICABLE, *TREATING, State.COMPLETED),
            State.DECLINED,
            _("recorded that medical care is refused"),
            REFUSED_BY,
            REASON,
            REVIEW_ON,
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "confirm_refusal_of_care",
            _("Record that care is still refused"),
            (State.DECLINED,),
            None,
            _("asked again; medical care is still refused"),
            REFUSED_BY,
            REASON,
            REVIEW_ON,
            who=WORKER_OR_CLINIC,
        ),
        _edge(
            "accept_care",
            _("Record that care is wanted again"),
            (State.DECLINED,),
            State.TRIAGE,
            _("recorded that medical care is wanted again"),
            *INCIDENT,
            who=WORKER_OR_CLINIC,
        ),
    ),
    final=frozenset({State.COMPLETED, State.NOT_APPLICABLE}),
    hands=hands_in(Section.MEDICAL),
    hand_labels={hand.value: hand.label for hand in Hand},
)
