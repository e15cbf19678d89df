"""Answers to the questions that only the child or its representative can answer, and taking an answer back."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.holidays import add_working_days
from accounts.models import Agency, User
from accounts.notifications import notify
from accounts.permissions import require
from cases.edges.lifecycle import LIFECYCLE, edges_up_to
from cases.guards.lifecycle import CONSENT_TO_DATA, CONSENT_TO_SERVICES
from cases.models import Case, CaseAccess, Consent
from cases.models.choices import AGREES, OPEN_STATES, Answer, Basis, GivenBy, Purpose
from cases.permissions import can_decide_withdrawal, can_write
from cases.registry import consent_answered
from cases.services import clocks, grounds
from cases.services.evidence import settle
from cases.services.locking import locked, must_not_have_ended
from workflow import deadlines
from workflow.machine import Edge
from workflow.models import Deadline
from workflow.services import withdraw_overrides

WITHDRAWN = "consent_withdrawn"
DECIDE_DAYS = "consent.withdrawn_days"
# A new answer makes a supervisor's leave to go on without one void.
GUARD_OF = {Purpose.SERVICES: CONSENT_TO_SERVICES.code, Purpose.DATA: CONSENT_TO_DATA.code}


@write
def record_consent(
    case_id: UUID,
    *,
    actor: User,
    purpose: Purpose,
    answer: Answer,
    given_by: GivenBy,
    given_on: date,
    explained: str = "",
    recipient: Agency | None = None,
) -> Consent:
    """Adds one answer; the latest answer for a purpose counts, earlier ones stay readable."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.LEGAL))
    must_not_have_ended(case)
    if answer == Answer.WITHDRAWN:
        # What follows from it has to be shown before it is confirmed.
        raise Invalid("answer", _("Withdraw the answer itself, from the list of answers."))
    if (purpose == Purpose.SHARING) != (recipient is not None):
        raise Invalid("recipient", _("Name the recipient for sharing, and only for sharing."))
    if answer == Answer.ASSENT and given_by != GivenBy.CHILD:
        raise Invalid("answer", _("Assent is given by the child. A parent or representative consents."))
    _check_day(case, given_on)
    consent = _added(
        case,
        actor,
        purpose=purpose,
        recipient=recipient,
        answer=answer,
        given_by=given_by,
        given_on=given_on,
        explained=explained,
    )
    if answer in AGREES:
        deadlines.meet(case.pk, WITHDRAWN, {"purpose": purpose})
    settle(case, actor)
    consent_answered(case, consent, actor)
    return consent


def _check_day(case: Case, given_on: date) -> None:
    if given_on > clock.today(case.agency.time_zone):
        raise Invalid("given_on", _("The day cannot be in the future."))
    if given_on < case.reported_at.astimezone(ZoneInfo(case.agency.time_zone)).date():
        raise Invalid("given_on", _("The day cannot be before the child was reported."))


def _added(case: Case, actor: User, *, explained: str, **columns: Any) -> Consent:
    consent = Consent(case=case, recorded_by=actor, recorded_at=clock.now(), **columns)
    consent.explained = explained or None
    consent.save(force_insert=True)
    record(
        actor,
        "consent.recorded",
        consent,
        case_id=case.pk,
        sections=[Section.LEGAL],
        purpose=consent.purpose,
        answer=consent.answer,
        given_by=consent.given_by,
    )
    if consent.purpose in GUARD_OF:
        withdraw_overrides(case, GUARD_OF[Purpose(consent.purpose)])
    return consent


@dataclass(frozen=True)
class Effects:
    """What follows when one answer is withdrawn."""

    # Steps that ask for this agreement, and whether the case has yet to take each.
    steps: list[tuple[Edge, bool]]
    # Personal grants to accounts of the recipient, which end.
    grants: list[CaseAccess]
    # Whether a supervisor has to decide how help goes on.
    to_decide: bool


def effects_of_withdrawal(case: Case, consent: Consent) -> Effects:
    code = GUARD_OF.get(Purpose(consent.purpose))
    asking = [edge for edge in LIFECYCLE.edges if code in {guard.code for guard in edge.guards}]
    passed = {edge.name for edge in edges_up_to(case.suspended_from or case.state)}
    live = CaseAccess.objects.live().filter(
        case=case, basis=Basis.PERSONAL, account__agency=consent.recipient_id, account__isnull=False
    )
    grants = list(live.select_related("account__agency", "case")) if consent.recipient_id else []
    return Effects([(edge, edge.name not in passed) for edge in asking], grants, to_decide=code is not None)


def is_in_force(case: Case, consent: Consent) -> bool:
    """The latest answer for its purpose and its recipient, and one that agrees."""
    same = (consent.purpose, consent.recipient_id)
    answers = [each for each in case.facts.consents if (each.purpose, each.recipient_id) == same]
    latest = max(answers, key=lambda each: (each.given_on or date.min, each.recorded_at))
    return latest == consent and consent.answer in AGREES


@write
def withdraw_consent(
    case_id: UUID, consent_id: UUID, *, actor: User, given_by: GivenBy, given_on: date, explained: str = ""
) -> Consent:
    """The answer is taken back. Whoever got data because of it loses access in the same transaction.

    Raises Consent.DoesNotExist for an answer of another case, or one that does not count any more.
    """
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.LEGAL))
    consent = Consent.objects.select_related("recipient").get(pk=consent_id, case=case)
    if not is_in_force(case, consent):
        raise Consent.DoesNotExist
    _check_day(case, given_on)
    if consent.given_on is not None and given_on < consent.given_on:
        raise Invalid("given_on", _("The day cannot be before the answer that is withdrawn."))
    effects = effects_of_withdrawal(case, consent)
    withdrawn = _added(
        case,
        actor,
        purpose=consent.purpose,
        recipient=consent.recipient,
        answer=Answer.WITHDRAWN,
        given_by=given_by,
        given_on=given_on,
        explained=explained,
    )
    if effects.to_decide and case.state in OPEN_STATES:
        due_at = add_working_days(case.agency, clock.now(), policy.get(DECIDE_DAYS, agency=case.agency))
        clocks.start_task(case, WITHDRAWN, due_at, purpose=consent.purpose)
    for row in effects.grants:
        grounds.end_ground(row, by=actor)
        holder = str(row.account_id)
        record(actor, "access.ended", case, case_id=case.pk, basis=row.basis, holder=holder)
    consent_answered(case, withdrawn, actor)
    notify(clocks.supervisors_of(case) - {actor}, "consent.withdrawn", case, case_id=case.pk)
    return withdrawn


def withdrawals_to_decide(case_id: UUID) -> list[Purpose]:
    rows = Deadline.objects.open().filter(case_id=case_id, kind=WITHDRAWN).order_by("due_at")
    return [Purpose(row.params["purpose"]) for row in rows]


@write
def decide_withdrawal(case_id: UUID, *, actor: User, purpose: Purpose, reason: str) -> None:
    """How help goes on without the agreement, or that it ends: a supervisor says it, in words."""
    case = locked(case_id, actor)
    require(can_decide_withdrawal(actor, case))
    if not deadlines.meet(case.pk, WITHDRAWN, {"purpose": purpose}):
        raise Invalid("reason", _("Nothing waits for a decision here."))
    sections = [Section.LEGAL]
    record(actor, "consent.decided", case, case_id=case.pk, reason=reason, sections=sections, purpose=purpose)
