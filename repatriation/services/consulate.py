"""What steps of the consulate do besides moving the return; parts of those steps."""

import clock
from repatriation.models import Return, TravelDocument
from repatriation.services import access
from workflow.machine import Attempt


def send(way: Return) -> None:
    """Only now the post reads the request, as it was frozen."""
    request = way.facts.request
    if request is None:
        raise TypeError("A request that is sent was written before.")
    request.sent_at = clock.now()
    request.verified_as, request.answered_on, request.answered_by = "", None, None
    request.save(update_fields=["sent_at", "verified_as", "answered_on", "answered_by"])
    access.open_for_consulate(request, by=request.made_by)


def answered(way: Return, attempt: Attempt) -> None:
    request = way.facts.request
    if request is None or attempt.actor is None:
        raise TypeError("Only a post that was asked answers.")
    request.reference = str(attempt.values.get("reference") or "")
    request.verified_as = str(attempt.values.get("code") or "")
    request.answered_on = attempt.values.get("happened_on")
    request.answered_by = attempt.actor
    request.save(update_fields=["reference", "verified_as", "answered_on", "answered_by"])


def issued(way: Return, attempt: Attempt) -> None:
    """An earlier document of this return is not the one to travel with any more."""
    request, values = way.facts.request, attempt.values
    if request is None or attempt.actor is None:
        raise TypeError("Only a post that was asked issues a document.")
    for earlier in way.travel_documents.filter(ended_at__isnull=True):
        earlier.ended_at = clock.now()
        earlier.save(update_fields=["ended_at"])
    document = TravelDocument(
        way=way,
        case=way.case,
        request=request,
        kind=values["code"],
        issued_on=values["issued_on"],
        expires_on=values["expires_on"],
        entered_by=attempt.actor,
    )
    document.number = str(values["number"])
    document.zone = str(values.get("zone") or "") or None
    document.save(force_insert=True)
