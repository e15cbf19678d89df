"""How a case ends well: the closure, the durable solution, an agency outside that takes it on, coming of age."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, User
from accounts.notifications import notify
from accounts.permissions import require
from cases.guards.lifecycle import lives_safely_with_family
from cases.models import Case, Closure, Document, Note, OutsideAcceptance
from cases.models.choices import RUNNING_STATES, CaseState
from cases.models.closing import DurableSolution
from cases.permissions import (
    can_confirm_solution,
    can_read,
    can_record_outside,
    can_review_coming_of_age,
    can_write_closure,
)
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.locking import locked
from cases.services.retention import kept_until
from workflow import deadlines


@write
def write_closure(
    case_id: UUID,
    *,
    actor: User,
    summary: str,
    child_informed_on: date,
    guardian_informed_on: date | None = None,
    no_guardian_because: str = "",
) -> Closure:
    """The worker proposes to close; a supervisor who is not the author then closes. The latest closure counts."""
    case = locked(case_id, actor)
    require(can_write_closure(actor, case))
    if case.state != CaseState.MONITORING:
        raise Invalid("summary", _("A closure is written once monitoring has begun."))
    _check_informed(case, child_informed_on, guardian_informed_on, no_guardian_because)
    closure = Closure(
        case=case,
        child_informed_on=child_informed_on,
        guardian_informed_on=guardian_informed_on,
        written_by=actor,
        written_at=clock.now(),
    )
    closure.summary, closure.no_guardian_because = summary, no_guardian_because or None
    closure.save(force_insert=True)
    # One proposal at a time: a supervisor's earlier one to end the case for another reason counts no more.
    case.closure_author, case.early_end, case.retain_until = actor, "", kept_until(case)
    case.save(update_fields=["closure_author", "early_end", "retain_until"])
    record(actor, "closure.written", closure, case_id=case.pk, sections=[Section.PLAN])
    notify(clocks.supervisors_of(case) - {actor}, "closure.written", case, case_id=case.pk)
    return closure


def _check_informed(case: Case, child: date, guardian: date | None, no_guardian: str) -> None:
    today = clock.today(case.agency.time_zone)
    if child > today:
        raise Invalid("child_informed_on", _("The day cannot be in the future."))
    if guardian is not None and guardian > today:
        raise Invalid("guardian_informed_on", _("The day cannot be in the future."))
    if (guardian is None) == (not no_guardian):
        raise Invalid(
            "guardian_informed_on", _("Enter the day, or say why there is no guardian to inform; not both.")
        )


@write
def confirm_solution(case_id: UUID, *, actor: User, solution: DurableSolution, reason: str) -> Case:
    """A supervisor confirms that none is required. What a return brought about, only the return itself records."""
    case = locked(case_id, actor)
    require(can_confirm_solution(actor, case))
    if solution != DurableSolution.NOT_REQUIRED:
        raise Invalid("reason", _("Only a return, carried out to its end, records this."))
    if case.state not in RUNNING_STATES:
        raise Invalid("reason", _("The case is not open, or the child is missing."))
    if not lives_safely_with_family(case):
        raise Invalid(
            "reason", _("This needs a safe placement with parents or relatives, and a risk that is not high.")
        )
    case.durable_solution, case.durable_solution_by = solution, actor
    case.save(update_fields=["durable_solution", "durable_solution_by"])
    sections = [Section.PLAN]
    record(
        actor,
        "case.solution_confirmed",
        case,
        case_id=case.pk,
        reason=reason,
        sections=sections,
        solution=solution,
    )
    settle(case, actor)
    return case


@write
def record_outside(
    case_id: UUID, *, actor: User, agency: Agency, accepted_on: date, contact: str, document: Document
) -> OutsideAcceptance:
    """On paper: an agency outside this installation has taken the case on. The step itself is the supervisor's."""
    case = locked(case_id, actor)
    require(can_record_outside(actor, case))
    if case.state not in RUNNING_STATES:
        raise Invalid("agency", _("The case is not open, or the child is missing."))
    if agency.kind != AgencyKind.OUTSIDE or not agency.is_active:
        raise Invalid("agency", _("Choose an agency outside this installation."))
    if accepted_on > clock.today(case.agency.time_zone):
        raise Invalid("accepted_on", _("The day cannot be in the future."))
    if document.case_id != case.pk or not document.is_readable:
        raise Invalid("document", _("Choose one of the documents in this file."))
    if not can_read(actor, case, Section(document.section)):
        raise Invalid("document", _("Choose one of the documents in this file."))
    accepted = OutsideAcceptance(
        case=case,
        agency=agency,
        accepted_on=accepted_on,
        document=document,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    accepted.contact = contact
    accepted.save(force_insert=True)
    record(actor, "outside.accepted", accepted, case_id=case.pk, sections=[Section.PLAN])
    if actor not in (supervisors := clocks.supervisors_of(case)):
        notify(supervisors, "outside.accepted", case, case_id=case.pk)
    return accepted


@write
def review_coming_of_age(
    case_id: UUID, *, actor: User, consent: str, representation: str, transition: str
) -> Note:
    """The review that turning 18 asks for, kept as a note of the plan (EU2011/36 14(1))."""
    case = locked(case_id, actor)
    require(can_review_coming_of_age(actor, case))
    if not clocks.review_of_age_is_due(case):
        raise Invalid("consent", _("No review is due yet: it begins with the month of the 18th birthday."))
    parts = (
        (_("Consent, now the young person’s own"), consent),
        (_("Guardian or representative"), representation),
        (_("Transition to adulthood"), transition),
    )
    note = Note(
        case=case, section=Section.PLAN, written_by=actor, agency=actor.agency, written_at=clock.now()
    )
    note.words = "\n\n".join(f"{label}: {words}" for label, words in parts)
    note.save(force_insert=True)
    record(actor, "case.age_reviewed", note, case_id=case.pk, sections=[Section.PLAN])
    deadlines.meet(case.pk, clocks.TURNS_18)
    return note
