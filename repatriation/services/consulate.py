"""What steps of the consulate do besides moving the return; parts of those steps."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Consent
from cases.models.choices import Purpose
from repatriation.models import Return, TravelDocument, VerificationRequest
from repatriation.models.choices import PostAnswer, ReturnState
from repatriation.services import access, plans, sameness
from workflow.machine import Attempt

ANSWERS = {
    ReturnState.NATIONALITY_VERIFIED: PostAnswer.VERIFIED,
    ReturnState.NOT_A_NATIONAL: PostAnswer.NOT_A_NATIONAL,
    ReturnState.VERIFICATION_INCONCLUSIVE: PostAnswer.NO_RESULT,
}


def send(way: Return) -> None:
    """Only now the post reads the request, as it was frozen. One that was answered stays, with its answer."""
    request = way.facts.request
    if request is None:
        raise TypeError("A request that is sent was written before.")
    if request.answer:
        request = renewed(request)
    request.sent_at = clock.now()
    request.save(update_fields=["sent_at"])
    access.open_for_consulate(request, by=request.made_by)


def renewed(earlier: VerificationRequest) -> VerificationRequest:
    """The same question to the same post; what it answered to the earlier one is a finding."""
    access.close_for_consulate(earlier.way)
    request = VerificationRequest(
        way=earlier.way,
        case=earlier.case,
        post=earlier.post,
        country=earlier.country,
        made_by=earlier.made_by,
    )
    request.frozen, request.reference = earlier.frozen, earlier.reference
    request.save(force_insert=True)
    return request


def answered(way: Return, attempt: Attempt) -> None:
    request = way.facts.request
    if request is None or attempt.actor is None:
        raise TypeError("Only a post that was asked answers.")
    _check_day(request, attempt.actor, attempt.values.get("happened_on"))
    request.answer = ANSWERS[ReturnState(way.state)]
    request.reference = str(attempt.values.get("reference") or request.reference or "")
    verified = request.answer == PostAnswer.VERIFIED
    request.verified_as = str(attempt.values.get("code") or "") if verified else ""
    request.answered_on = attempt.values.get("happened_on")
    request.answered_by = attempt.actor
    request.save(update_fields=["answer", "reference", "verified_as", "answered_on", "answered_by"])


def what_follows(case: Case, consent: Consent) -> list[str]:
    """Said before the consent is taken back."""
    if consent.purpose != Purpose.SHARING:
        return []
    asked = VerificationRequest.objects.filter(
        case=case, post=consent.recipient_id, ended_at__isnull=True, sent_at__isnull=False
    )
    return [_("The consulate loses access at once, and the return is suspended.")] if asked.exists() else []


def _check_day(request: VerificationRequest, officer: User, day: date | None) -> None:
    """A day is the post's own."""
    zone = officer.agency.time_zone
    if day is not None and day > clock.today(zone):
        raise Invalid("happened_on", _("This day has not come yet."))
    sent = request.sent_at.astimezone(ZoneInfo(zone)).date() if request.sent_at else None
    if day is not None and sent is not None and day < sent:
        raise Invalid("happened_on", _("This is before the day on which the consulate was asked."))


def issued(way: Return, attempt: Attempt) -> None:
    request, values = way.facts.request, attempt.values
    if request is None or attempt.actor is None:
        raise TypeError("Only a post that was asked issues a document.")
    document = TravelDocument(
        way=way,
        case=way.case,
        request=request,
        kind=values["code"],
        issued_on=values["issued_on"],
        expires_on=values["expires_on"],
        entered_by=attempt.actor,
    )
    lines = str(values.get("zone") or "")
    sameness.check_child(request, lines, confirmed=values.get("same_child") is True, actor=attempt.actor)
    add_document(document, str(values["number"]), lines)


def add_document(document: TravelDocument, number: str, zone: str) -> None:
    """An earlier document of this return is not the one to travel with any more. Raises Invalid."""
    number = sameness.check_number(document.way, number)
    for earlier in document.way.travel_documents.filter(ended_at__isnull=True):
        earlier.ended_at = clock.now()
        earlier.save(update_fields=["ended_at"])
    # What is sealed needs the row's id and its case first.
    document.number, document.zone = number, zone or None
    document.save(force_insert=True)
    plans.outdate_papers(document.way)
