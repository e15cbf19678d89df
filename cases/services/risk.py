"""Risk and safety, looked at again and again; every look is a row of its own."""

from uuid import UUID

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.permissions import require
from cases.models import RiskAssessment
from cases.models.choices import RUNNING_STATES, Risk, Safety
from cases.permissions import can_write
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.locking import locked, must_not_have_ended
from workflow import deadlines


@write
def assess_risk(
    case_id: UUID, *, actor: User, level: Risk, safety: Safety, child_seen: bool, note: str = ""
) -> RiskAssessment:
    """Sets the case's risk and moves the clocks that follow it. Having seen the child is the first response."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.RISK))
    must_not_have_ended(case)
    before = case.risk
    assessment = RiskAssessment(
        case=case,
        level=level,
        safety=safety,
        child_seen=child_seen,
        assessed_by=actor,
        assessed_at=clock.now(),
    )
    assessment.note = note or None
    assessment.save(force_insert=True)
    case.risk = level
    case.save(update_fields=["risk"])
    clocks.follow_risk(case)
    if before and before != level:
        clocks.review_rehabilitation_sooner(case)
    if child_seen:
        deadlines.meet(case.pk, clocks.FIRST_RESPONSE)
    # Of a missing child the clock of contacts stands still until the step that says it is found.
    if child_seen and case.state in RUNNING_STATES and not case.waits_for_takeover:
        clocks.start_again(case, clocks.CONTACT)
    settle(case, actor)
    record(
        actor,
        "risk.assessed",
        assessment,
        case_id=case.pk,
        sections=[Section.RISK],
        before=before,
        after=level,
        safety=safety,
    )
    return assessment
