"""Answers to the questions that only the child or its representative can answer."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import Agency, User
from accounts.permissions import require
from cases.guards.lifecycle import CONSENT_TO_DATA, CONSENT_TO_SERVICES
from cases.models import Consent
from cases.models.choices import Answer, GivenBy, Purpose
from cases.permissions import can_write
from cases.services.errors import Invalid
from cases.services.evidence import settle
from cases.services.locking import locked, must_not_have_ended
from workflow.services import withdraw_overrides

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
    if (purpose == Purpose.SHARING) != (recipient is not None):
        raise Invalid("recipient", _("Name the recipient for sharing, and only for sharing."))
    if answer == Answer.ASSENT and given_by != GivenBy.CHILD:
        raise Invalid("answer", _("Assent is given by the child. A parent or representative consents."))
    if given_on > clock.today(case.agency.time_zone):
        raise Invalid("given_on", _("The day cannot be in the future."))
    if given_on < case.reported_at.astimezone(ZoneInfo(case.agency.time_zone)).date():
        raise Invalid("given_on", _("The day cannot be before the child was reported."))
    consent = Consent(
        case=case,
        purpose=purpose,
        answer=answer,
        given_by=given_by,
        given_on=given_on,
        recipient=recipient,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    consent.explained = explained or None
    consent.save(force_insert=True)
    record(
        actor,
        "consent.recorded",
        consent,
        case_id=case.pk,
        sections=[Section.LEGAL],
        purpose=purpose,
        answer=answer,
        given_by=given_by,
    )
    if purpose in GUARD_OF:
        withdraw_overrides(case, GUARD_OF[purpose])
    settle(case, actor)
    return consent
