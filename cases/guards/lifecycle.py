"""What must hold before a case moves along its lifecycle."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

import clock
from accounts import policy
from cases.models import Case
from cases.models.child import MAJORITY
from cases.models.choices import CaseState, EarlyEnd, Purpose, Risk
from cases.models.closing import DurableSolution
from cases.models.facts import among
from cases.models.plan import Track
from cases.models.situation import PlacementKind
from cases.models.tracks import MedicalState, RehabilitationState, Representation
from cases.registry import open_matters
from cases.settled import unsettled_tracks
from workflow.machine import Attempt, Guard, Override


def _worker_assigned(case: Case, attempt: Attempt) -> bool:
    return case.facts.assignment is not None


def _safety_looked_at(case: Case, attempt: Attempt) -> bool:
    """An assessment, and nothing else, sets the case's risk level."""
    return bool(case.risk)


def _agreed_to_services(case: Case, attempt: Attempt) -> bool:
    return case.facts.agreed(Purpose.SERVICES)


def _agreed_to_data(case: Case, attempt: Attempt) -> bool:
    return case.facts.agreed(Purpose.DATA)


def _is_a_child(case: Case, attempt: Attempt) -> bool:
    """Under 18, or of uncertain age with recorded reasons to believe that this is a child."""
    child = case.facts.child
    if child is None:
        return False
    day = clock.today(case.agency.time_zone)
    if child.is_certainly_child(day):
        return True
    return bool(child.presumed_because) and not child.is_certainly_adult(day)


def _duplicate_check_run(case: Case, attempt: Attempt) -> bool:
    return case.facts.duplicate_check_stands


def _candidates_decided(case: Case, attempt: Attempt) -> bool:
    """Before the first check nobody knows whether there are any."""
    return case.facts.duplicate_check_was_run and not case.facts.undecided_here


def _plan_approver_is_another(case: Case, attempt: Attempt) -> bool:
    """Neither who completed the plan nor whoever set one of its goals approves it."""
    if not _another(case.plan_author_id, attempt):
        return False
    return not case.goals.filter(ended_at__isnull=True, set_by=attempt.actor).exists()


def _closure_approver_is_another(case: Case, attempt: Attempt) -> bool:
    return _another(case.closure_author_id, attempt)


def _another(author_id: object, attempt: Attempt) -> bool:
    return author_id is not None and attempt.actor is not None and attempt.actor.pk != author_id


def _early_end_proposed(case: Case, attempt: Attempt) -> bool:
    """And the reason still agrees with the file: a child that was seen meanwhile is not lost."""
    return bool(case.early_end) and contradiction(case, EarlyEnd(case.early_end)) is None


def contradiction(case: Case, why: EarlyEnd) -> str | None:
    """What in the file speaks against ending the case for this reason, as a code; None when nothing does."""
    if why not in ends_open_to(case):
        return "missing" if case.state == CaseState.SUSPENDED else "not_missing"
    today = clock.today(case.agency.time_zone)
    if why == EarlyEnd.CAME_OF_AGE:
        return _against_age(case, today)
    lost_for = timedelta(days=policy.get("case.contact_lost_days", agency=case.agency))
    if why == EarlyEnd.CONTACT_LOST and case.facts.last_contact > today - lost_for:
        return "in_contact"
    return _against_long_missing(case) if why == EarlyEnd.LONG_MISSING else None


def _against_age(case: Case, today: date) -> str | None:
    """Whoever is presumed a child is one until the file says otherwise, be it by an estimate."""
    age = case.facts.child.age_on(today) if case.facts.child else None
    if age is None:
        return "no_age"
    return "under_age" if age < MAJORITY else None


def ends_open_to(case: Case) -> tuple[EarlyEnd, ...]:
    """Of a missing child nobody can know that it declined, or that contact was lost in another way."""
    if case.state == CaseState.SUSPENDED:
        return (EarlyEnd.DIED, EarlyEnd.LONG_MISSING)
    return tuple(why for why in EarlyEnd if why != EarlyEnd.LONG_MISSING)


def _against_long_missing(case: Case) -> str | None:
    days = policy.get("case.long_missing_days", agency=case.agency)
    if case.suspended_at is None or case.suspended_at > clock.now() - timedelta(days=days):
        return "not_long"
    return None if case.police_reference else "no_reference"


def _seen_since_missing(case: Case, attempt: Attempt) -> bool:
    """Nobody is found from a desk: whoever assesses has seen the child or spoken with it."""
    risk, missing_since = case.facts.risk, case.suspended_at
    if risk is None or missing_since is None:
        return False
    return risk.assessed_at > missing_since and risk.child_seen


def _represented(case: Case, attempt: Attempt) -> bool:
    state = case.legal.representation
    if state in (Representation.APPOINTED, Representation.NOT_NEEDED):
        return True
    if state != Representation.REQUESTED:
        return False
    return case.facts.requested_in_time(policy.get("legal.representation_hours", agency=case.agency))


def _placed_safely(case: Case, attempt: Attempt) -> bool:
    marks = case.facts.marks
    return bool(marks.placement_is_safe) and marks.placement != PlacementKind.DETENTION


def _best_interests_assessed(case: Case, attempt: Attempt) -> bool:
    return bool(case.facts.marks.best_interests)


def _child_heard(case: Case, attempt: Attempt) -> bool:
    return bool(case.facts.marks.was_heard)


def _goals_set(case: Case, attempt: Attempt) -> bool:
    """A track that does not apply needs no goal; legal protection always applies."""
    wanted = [Track.LEGAL]
    if case.medical.state != MedicalState.NOT_APPLICABLE:
        wanted.append(Track.MEDICAL)
    if case.rehabilitation.state != RehabilitationState.NOT_APPLICABLE:
        wanted.append(Track.REHABILITATION)
    return all(among(track, case.facts.marks.goal_tracks) for track in wanted)


def _plan_agreed(case: Case, attempt: Attempt) -> bool:
    return bool(case.facts.marks.plan_agreed)


def _tracks_settled(case: Case, attempt: Attempt) -> bool:
    return not unsettled_tracks(case)


def _solution_found(case: Case, attempt: Attempt) -> bool:
    """What a supervisor confirmed counts only while it is still so; the others are the return's to set."""
    if case.durable_solution == DurableSolution.NOT_REQUIRED:
        return lives_safely_with_family(case)
    return case.durable_solution in DurableSolution.values


def lives_safely_with_family(case: Case) -> bool:
    marks = case.facts.marks
    with_family = marks.placement in (PlacementKind.PARENTS, PlacementKind.KINSHIP)
    return with_family and bool(marks.placement_is_safe) and case.risk in (Risk.MEDIUM, Risk.LOW)


def _visits_done(case: Case, attempt: Attempt) -> bool:
    """None waits, one was made since monitoring began, and the risk is not high."""
    marks = case.facts.marks
    if marks.visits_waiting or case.risk == Risk.HIGH or marks.visit_last_done is None:
        return False
    began = case.state_since.astimezone(ZoneInfo(case.agency.time_zone)).date()
    return bool(marks.visit_last_done >= began)


def _nothing_open(case: Case, attempt: Attempt) -> bool:
    """Clocks that come round for as long as a case is open are not in the way; what is left undone is."""
    marks = case.facts.marks
    return not (marks.tasks_open or marks.left_undone or open_matters(case))


def _closure_written(case: Case, attempt: Attempt) -> bool:
    """Since monitoring began: the closure of an earlier time says nothing about this one."""
    written = case.facts.marks.closure_at
    return written is not None and written >= case.state_since


def _retention_known(case: Case, attempt: Attempt) -> bool:
    return case.retain_until is not None


def _died_or_long_missing(case: Case, attempt: Attempt) -> bool:
    if not case.early_end:
        return False
    return contradiction(case, EarlyEnd(case.early_end)) is None


def _accepted_outside(case: Case, attempt: Attempt) -> bool:
    return bool(case.facts.marks.outside)


def _differs(author: str, approver: str) -> str:
    """SQL over the new row: true where nobody, or the author itself, approved."""
    return f"NEW.{author} IS NULL OR NEW.{approver} IS NULL OR NEW.{author} = NEW.{approver}"


# SQL over the new row: true where whoever approves set one of the goals that count.
_SET_A_GOAL = (
    "EXISTS (SELECT FROM cases_goal goal WHERE goal.case_id = NEW.id"
    " AND goal.ended_at IS NULL AND goal.set_by_id = NEW.plan_approver_id)"
)
ANOTHER_SUPERVISOR = _("A supervisor who is not its author has to do this.")

WORKER_ASSIGNED = Guard(
    code="worker_assigned",
    sentence=_("A worker is assigned."),
    source=("IACM",),
    check=_worker_assigned,
    remedy="case_assign",
    remedy_label=_("Assign a worker"),
    why=_("One person answers for each child, and is told when something is due."),
)
SAFETY_LOOKED_AT = Guard(
    code="safety_looked_at",
    sentence=_("Risk and safety are assessed."),
    source=("IACM", "CETS197 12(1)"),
    check=_safety_looked_at,
    remedy="case_risk",
    remedy_label=_("Assess risk and safety"),
)
CONSENT_TO_SERVICES = Guard(
    code="consent_services",
    sentence=_("Consent or assent to help and case management is recorded."),
    source=("HTCDS", "IACM"),
    check=_agreed_to_services,
    override=Override.SUPERVISOR,
    remedy="consent_new",
    remedy_label=_("Record consent"),
    why=_(
        "Nobody is helped against its will. Whoever answers has to know what happens, and that it can say no."
    ),
)
CONSENT_TO_DATA = Guard(
    code="consent_data",
    sentence=_("Consent or assent to keeping a file with personal data is recorded."),
    source=("HTCDS", "IACM"),
    check=_agreed_to_data,
    override=Override.SUPERVISOR,
    remedy="consent_new",
    remedy_label=_("Record consent"),
    why=_("A file is kept with somebody’s agreement, or on a ground for which a supervisor answers."),
)
IS_A_CHILD = Guard(
    code="is_a_child",
    sentence=_(
        "The person is under 18, or the age is uncertain and the reasons to believe a child are recorded."
    ),
    source=("CETS197 10(3)", "EU2011/36 13(2)"),
    check=_is_a_child,
    remedy="case_identity",
    remedy_label=_("Record age, or the reasons"),
)
DUPLICATE_CHECK_RUN = Guard(
    code="duplicate_check_run",
    sentence=_("The duplicate check was run with the names and birth date recorded now."),
    source=("IACM",),
    check=_duplicate_check_run,
    remedy="case_duplicates",
    remedy_label=_("Run the duplicate check"),
    why=_("A child that has two files is asked everything twice, and each file knows half."),
)
CANDIDATES_DECIDED = Guard(
    code="candidates_decided",
    sentence=_("Every possible duplicate in this agency is decided."),
    source=("IACM",),
    check=_candidates_decided,
    remedy="case_duplicates",
    remedy_label=_("Compare the files"),
    why=_("A child that has two files is asked everything twice, and each file knows half."),
)
REPRESENTATION = Guard(
    code="representation",
    sentence=_(
        "A guardian or representative is appointed, or requested within the time allowed with the reason why it is "
        "pending, or not needed because the parents are safe."
    ),
    source=("CETS197 10(4)", "EU2011/36 14(2)"),
    check=_represented,
    remedy="legal",
    remedy_label=_("Legal protection"),
)
PLACEMENT = Guard(
    code="placement",
    sentence=_("A safe placement is recorded, and it is never detention."),
    source=("CETS197 12(1)", "CRC 37(b)"),
    check=_placed_safely,
    remedy="placement",
    remedy_label=_("Record the placement"),
)
BEST_INTERESTS_ASSESSMENT = Guard(
    code="best_interests_assessment",
    sentence=_("The first best-interests assessment is recorded."),
    source=("UNHCR-BIP",),
    check=_best_interests_assessed,
    remedy="best_interests",
    remedy_label=_("Assess best interests"),
)
CHILD_HEARD = Guard(
    code="child_heard",
    sentence=_(
        "The child’s views are recorded, heard in a way that fits its age, or why that was impossible and what was "
        "observed."
    ),
    source=("CRC 12",),
    check=_child_heard,
    remedy="plan",
    remedy_label=_("Record what the child says"),
)
GOALS_SET = Guard(
    code="goals_set",
    sentence=_("Each track that applies has at least one goal."),
    source=("IACM",),
    check=_goals_set,
    remedy="plan",
    remedy_label=_("Set goals"),
    why=_("Without a goal nobody can say later whether the help has helped."),
)
PLAN_AGREED = Guard(
    code="plan_agreed",
    sentence=_("The guardian, a parent, or the interim representative agrees with the plan."),
    source=("EU2011/36 14(2)",),
    check=_plan_agreed,
    remedy="plan",
    remedy_label=_("Record the agreement"),
)
PLAN_APPROVED_BY_ANOTHER = Guard(
    code="plan_approved_by_another",
    sentence=_("The plan is approved by somebody who did not write it."),
    source=("IACM",),
    check=_plan_approver_is_another,
    override=Override.NEVER,
    violation=f"{_differs('plan_author_id', 'plan_approver_id')} OR {_SET_A_GOAL}",
    hint=ANOTHER_SUPERVISOR,
    why=_("Four eyes see more than two: whoever wrote something does not approve it."),
)
TRACKS_SETTLED = Guard(
    code="tracks_settled",
    sentence=_("Legal protection, medical care and rehabilitation are each settled."),
    source=("IACM", "LANZ14"),
    check=_tracks_settled,
    remedy="case#tracks",
    remedy_label=_("See the tracks"),
    why=_("A case that is closed too early leaves the child alone with the rest."),
)
DURABLE_SOLUTION = Guard(
    code="durable_solution",
    sentence=_("The durable solution is carried out, or a supervisor confirmed that none is required."),
    source=("EU2011/36 16", "UNHCR-BIP"),
    check=_solution_found,
    remedy="durable_solution",
    remedy_label=_("Durable solution"),
)
VISITS_DONE = Guard(
    code="visits_done",
    sentence=_("The required visits are done, one of them since monitoring began, and the risk is not high."),
    source=("IACM",),
    check=_visits_done,
    remedy="plan",
    remedy_label=_("See the visits"),
    why=_("A child that nobody sees can be in danger without anybody knowing."),
)
NOTHING_OPEN = Guard(
    code="nothing_open",
    sentence=_("No referral, task, return or legal deadline is open."),
    source=("IACM",),
    check=_nothing_open,
    # Not the plan: deadlines and what an authority still owes stand on no other page.
    remedy="case#next",
    remedy_label=_("See what is open"),
    why=_("What is still open would be forgotten with the file."),
)
CLOSURE_SUMMARY = Guard(
    code="closure_summary",
    sentence=_("The closure summary is written, and the child and the guardian are informed."),
    source=("IACM", "CRC 12"),
    check=_closure_written,
    remedy="closure",
    remedy_label=_("Write the closure"),
)
RETENTION_DATE = Guard(
    code="retention_date",
    sentence=_("The date until which the file is kept is computed."),
    source=("IACM",),
    check=_retention_known,
    remedy="closure",
    remedy_label=_("Write the closure"),
    why=_("Data about a child are not kept for ever, so the last day is known before the file is closed."),
)
CLOSURE_APPROVED_BY_ANOTHER = Guard(
    code="closure_approved_by_another",
    sentence=_("The closure is approved by somebody who did not propose it."),
    source=("IACM",),
    check=_closure_approver_is_another,
    override=Override.NEVER,
    violation=_differs("closure_author_id", "closure_approver_id"),
    hint=ANOTHER_SUPERVISOR,
    why=_("Four eyes see more than two: whoever wrote something does not approve it."),
)
EARLY_END_PROPOSED = Guard(
    code="early_end_proposed",
    sentence=_("A supervisor proposed to end the case, with a reason from the list that still holds."),
    source=("IACM",),
    check=_early_end_proposed,
    remedy="case_propose_end",
    remedy_label=_("Propose to end the case"),
)
FOUND_AND_SAFE = Guard(
    code="found_and_safe",
    sentence=_(
        "Since the child went missing, somebody saw it or spoke with it and assessed its safety again."
    ),
    source=("IACM", "CETS197 12(1)"),
    check=_seen_since_missing,
    remedy="case_risk",
    remedy_label=_("Assess risk and safety"),
)
DIED_OR_LONG_MISSING = Guard(
    code="died_or_long_missing",
    sentence=_("The child died, or has been missing for the time allowed, with the police reference."),
    source=("IACM",),
    check=_died_or_long_missing,
    remedy="case_propose_end",
    remedy_label=_("Record why the case ends"),
)
ACCEPTED_OUTSIDE = Guard(
    code="accepted_outside",
    sentence=_("An agency outside this system accepted the case on paper, and the document is attached."),
    source=("TRM",),
    check=_accepted_outside,
    remedy="outside",
    remedy_label=_("Record who took the case on"),
)
