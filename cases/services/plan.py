"""The plan: goals and their outcomes, what the child says to it, and whether its representative agrees."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import ServiceType, User
from cases.models import Case, ChildView, Goal, Note, PlanAgreement
from cases.models.choices import CaseState, GivenBy
from cases.models.people import Conflict, PersonRole
from cases.models.plan import Means, Outcome, Track
from cases.models.tracks import Representation
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.writing import check_happened, locked_to_write

# While a child is missing its plan waits to be reviewed like that of every other.
REVIEWED_IN = (CaseState.ACTIVE, CaseState.MONITORING, CaseState.SUSPENDED)


@write
def set_goal(
    case_id: UUID,
    *,
    actor: User,
    track: Track,
    service_type: ServiceType,
    words: str,
) -> Goal:
    """At any time, after the approval too: a plan that may not change is not kept. The audit tells who and when."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    goal = Goal(case=case, track=track, service_type=service_type, set_by=actor)
    goal.words = words
    goal.save(force_insert=True)
    record(
        actor,
        "plan.goal_set",
        goal,
        case_id=case.pk,
        sections=sections_of(goal),
        goal_track=track,
        service=service_type,
    )
    settle(case, actor)
    return goal


@write
def end_goal(case_id: UUID, goal_id: UUID, *, actor: User, outcome: Outcome, words: str) -> Goal:
    case = locked_to_write(case_id, actor, Section.PLAN)
    goal = case.goals.select_for_update().get(pk=goal_id)
    if goal.ended_at is not None:
        raise Invalid("outcome", _("This goal has its outcome already."))
    goal.outcome, goal.outcome_words, goal.ended_at = outcome, words, clock.now()
    goal.save()
    record(
        actor,
        "plan.goal_ended",
        goal,
        case_id=case.pk,
        sections=sections_of(goal),
        goal_track=goal.track,
        outcome=outcome,
    )
    settle(case, actor)
    return goal


def sections_of(goal: Goal) -> list[Section]:
    """A goal belongs to the plan and to its track; the codes of the tracks are those of their sections."""
    return [Section.PLAN, Section(goal.track)]


@write
def record_view(
    case_id: UUID,
    *,
    actor: User,
    heard_on: date,
    means: Means | None = None,
    words: str = "",
    impossible_because: str = "",
    observed: str = "",
) -> ChildView:
    """The child was heard, and how; without `means` it was impossible: why, and what was observed (CRC 12)."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    check_happened(case, "heard_on", heard_on)
    if means and not words:
        raise Invalid("words", _("Write down what the child says."))
    if not means and not impossible_because:
        raise Invalid("impossible_because", _("Say why it was impossible."))
    if not means and not observed:
        raise Invalid("observed", _("Say what was observed instead."))
    code = means.value if means else ""
    view = ChildView(case=case, heard_on=heard_on, means=code, recorded_by=actor)
    view.words = words if means else None
    view.impossible_because = None if means else impossible_because
    view.observed = observed or None
    view.save(force_insert=True)
    record(
        actor,
        "plan.child_heard",
        view,
        case_id=case.pk,
        sections=[Section.PLAN],
        heard_by=code or "impossible",
    )
    settle(case, actor)
    return view


@write
def record_agreement(
    case_id: UUID,
    *,
    actor: User,
    given_by: GivenBy,
    agrees: bool,
    given_on: date,
    words: str = "",
) -> PlanAgreement:
    """The latest answer counts. An interim representative speaks only while a guardian is pending."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    if given_by == GivenBy.CHILD:
        raise Invalid("given_by", _("What the child says is recorded as its views, not as an agreement."))
    if given_by == GivenBy.REPRESENTATIVE and not has_interim_representative(case):
        raise Invalid(
            "given_by",
            _(
                "An interim representative agrees only while a guardian is requested, or when one is appointed."
            ),
        )
    check_happened(case, "given_on", given_on)
    agreement = PlanAgreement(
        case=case, given_by=given_by, agrees=agrees, given_on=given_on, recorded_by=actor
    )
    agreement.words = words or None
    agreement.save(force_insert=True)
    record(
        actor,
        "plan.agreement_recorded",
        agreement,
        case_id=case.pk,
        sections=[Section.PLAN],
        spoken_by=given_by,
        agreement="agrees" if agrees else "disagrees",
    )
    settle(case, actor)
    return agreement


@write
def review_plan(case_id: UUID, *, actor: User, words: str) -> Note:
    """What a review of the plan found, kept as a note of the plan; the clock of reviews runs anew (IACM)."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    if case.state not in REVIEWED_IN:
        raise Invalid("words", _("A plan is reviewed once it is approved."))
    note = Note(case=case, section=Section.PLAN, written_by=actor, agency=actor.agency)
    note.words = words
    note.save(force_insert=True)
    record(actor, "plan.reviewed", note, case_id=case.pk, sections=[Section.PLAN])
    clocks.start_again(case, clocks.PLAN_REVIEW)
    return note


def has_interim_representative(case: Case) -> bool:
    """While a guardian is requested somebody stands in; or the one who is appointed is an interim representative."""
    state = case.legal.representation
    if state == Representation.REQUESTED:
        return True
    interim = case.people.filter(
        role=PersonRole.REPRESENTATIVE, removed_at__isnull=True, conflict=Conflict.NONE
    )
    return state == Representation.APPOINTED and interim.exists()
