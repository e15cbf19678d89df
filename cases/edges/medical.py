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


class RefusedBy(TextChoices):
    CHILD = "child", _("The child")
    REPRESENTATIVE = "representative", _("Its representative or parent")


def _edge(
    name: str,
    label: Words,
    sources: tuple[str, ...],
    target: str,
    happened: Words,
    *inputs: Field,
    who: frozenset[str] = CLINIC,
    guards: tuple[Guard, ...] = (),
) -> Edge:
    return Edge(
        name=name,
        label=label,
        sources=sources,
        targets=(target,),
        who=who,
        guards=guards,
        inputs=(*ALWAYS, *inputs),
        happened=happened,
    )


TREATING = (State.TRIAGE, State.URGENT_CARE, State.ASSESSMENT, State.TREATMENT, State.STABLE_FOLLOW_UP)

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
            Field(
                name="incident",
                kind=CODE,
                label=_("When was the child last harmed?"),
                choices=tuple(Incident.choices),
                hint=_(
                    "Ask for the last time, not for the first. Some care has to begin within 72 or 120 hours."
                ),
            ),
            Field(
                name="incident_on",
                kind=DAY,
                label=_("Day of that last time"),
                required=False,
                hint=_("If it is known. Without it, the clocks run from now."),
            ),
            who=WORKER_OR_CLINIC,
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
            guards=(guards.TREATMENT_PLAN, guards.MEDICATION_LIST, guards.MENTAL_HEALTH_SCREENED),
        ),
        _edge(
            "find_stable",
            _("Record: stable, in follow-up"),
            (State.TREATMENT,),
            State.STABLE_FOLLOW_UP,
            _("recorded: stable, in follow-up"),
            guards=(guards.TREATMENT_PLAN, guards.MEDICATION_LIST, guards.MENTAL_HEALTH_SCREENED),
        ),
        _edge(
            "treat_again",
            _("Treat again"),
            (State.STABLE_FOLLOW_UP,),
            State.TREATMENT,
            _("began treatment again"),
            REASON,
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
        ),
        _edge(
            "decline_care",
            _("Record that care is refused"),
            (State.NOT_STARTED, State.NOT_APPLICABLE, *TREATING, State.COMPLETED),
            State.DECLINED,
            _("recorded that medical care is refused"),
            Field(name="refused_by", kind=CODE, label=_("Who refuses?"), choices=tuple(RefusedBy.choices)),
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
            who=WORKER_OR_CLINIC,
        ),
    ),
    final=frozenset({State.COMPLETED, State.NOT_APPLICABLE}),
    hands=hands_in(Section.MEDICAL),
    hand_labels={hand.value: hand.label for hand in Hand},
)
