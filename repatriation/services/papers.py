"""Travel documents besides the one that the consulate issued first, and the permits that a journey needs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from repatriation import zone
from repatriation.guards.deciding import today
from repatriation.models import Return, TravelDocument, TravelPermit
from repatriation.models.choices import BEFORE_DEPARTURE, PermitKind, ReturnState, TravelDocumentKind
from repatriation.permissions import can_keep_papers
from repatriation.services import consulate, sameness
from repatriation.services.events import add_event
from repatriation.services.locking import locked

# The first document is a step of the consulate; a later one takes its place, and the return stays where it is.
HAS_DOCUMENT = (ReturnState.DOCUMENT_ISSUED, ReturnState.TRAVEL_PLANNED, ReturnState.READY)
# The first sign that something has to be done for a permit is the answer of the consulate.
NEEDS_PERMITS = (
    ReturnState.NATIONALITY_VERIFIED,
    ReturnState.DOCUMENT_REQUESTED,
    ReturnState.DOCUMENT_REFUSED,
    *HAS_DOCUMENT,
)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands in a travel document."""

    kind: TravelDocumentKind
    number: str
    issued_on: date
    expires_on: date
    zone: str = ""
    # The name in the zone is another one, and somebody answers for it.
    same_child: bool = False


@write
def replace_document(return_id: UUID, *, actor: User, paper: Paper) -> TravelDocument:
    """Another document to travel with. Raises Invalid; what was ready with the former one is judged anew."""
    way = _opened(return_id, actor)
    former = way.facts.document
    if way.state not in HAS_DOCUMENT or former is None:
        raise Invalid(
            "", _("Another document is entered when the consulate has issued one, before departure.")
        )
    _check(way, actor, paper)
    request = way.facts.request or former.request
    sameness.check_child(request, paper.zone, confirmed=paper.same_child, actor=actor)
    document = TravelDocument(
        way=way,
        case=way.case,
        request=request,
        kind=paper.kind,
        issued_on=paper.issued_on,
        expires_on=paper.expires_on,
        entered_by=actor,
    )
    consulate.add_document(document, paper.number, paper.zone)
    _written(way, actor, "document_replaced", document, code=paper.kind)
    return document


def _check(way: Return, actor: User, paper: Paper) -> None:
    """As the step of the consulate is judged."""
    if paper.kind not in TravelDocumentKind.values:
        raise Invalid("code", _("Choose an answer."))
    if paper.issued_on > _day_of(actor):
        raise Invalid("issued_on", _("This day has not come yet."))
    journey = way.facts.journey
    needed = journey.arrives_on if journey else today(way)
    if paper.expires_on <= paper.issued_on or paper.expires_on < needed:
        raise Invalid("expires_on", _("It is not valid until the arrival."))
    if paper.zone.strip() and not zone.agrees(paper.zone, number=paper.number, expires_on=paper.expires_on):
        raise Invalid(
            "zone", _("These lines do not agree with what stands above. Compare them sign by sign.")
        )


@write
def add_permit(return_id: UUID, *, actor: User, kind: PermitKind, country: str) -> TravelPermit:
    """The journey needs it from now on: without it nobody departs. Raises Invalid."""
    way = _opened(return_id, actor)
    if way.state not in NEEDS_PERMITS:
        raise Invalid("", _("Permits are noted from the consulate’s answer on, until departure."))
    if kind not in PermitKind.values:
        raise Invalid("kind", _("Choose an answer."))
    if not is_country(country):
        raise Invalid("country", _("Choose a country."))
    if way.permits.filter(kind=kind, country=country, removed_at__isnull=True).exists():
        raise Invalid("kind", _("It is noted already."))
    permit = TravelPermit.objects.create(way=way, case=way.case, kind=kind, country=country, made_by=actor)
    _written(way, actor, "permit_needed", permit, code=kind)
    return permit


@write
def grant_permit(
    return_id: UUID,
    permit_id: UUID,
    *,
    actor: User,
    granted_on: date,
    valid_until: date | None,
    seen: str = "",
) -> TravelPermit:
    """Granted, or granted anew with other days. Raises Invalid, Meanwhile, TravelPermit.DoesNotExist."""
    way = _opened(return_id, actor)
    permit = _permit(way, permit_id)
    require_unchanged(permit, seen)
    if granted_on > _day_of(actor):
        raise Invalid("granted_on", _("This day has not come yet."))
    if valid_until is not None and valid_until < granted_on:
        raise Invalid("valid_until", _("It cannot end before it was granted."))
    permit.granted_on, permit.valid_until = granted_on, valid_until
    permit.save(update_fields=["granted_on", "valid_until"])
    _written(way, actor, "permit_granted", permit, code=permit.kind)
    return permit


@write
def remove_permit(return_id: UUID, permit_id: UUID, *, actor: User) -> TravelPermit:
    """The journey does not need it after all. Raises TravelPermit.DoesNotExist."""
    way = _opened(return_id, actor)
    permit = _permit(way, permit_id)
    permit.removed_at = clock.now()
    permit.save(update_fields=["removed_at"])
    _written(way, actor, "permit_removed", permit, code=permit.kind)
    return permit


def _opened(return_id: UUID, actor: User) -> Return:
    way = locked(return_id, actor)
    require(can_keep_papers(actor, way))
    if way.state not in BEFORE_DEPARTURE:
        raise Invalid("", _("The child has departed, or this return has ended: its papers stay as they are."))
    return way


def _day_of(actor: User) -> date:
    """Where the hand works that writes it down."""
    return clock.today(actor.agency.time_zone)


def _permit(way: Return, permit_id: UUID) -> TravelPermit:
    return way.permits.get(pk=permit_id, removed_at__isnull=True)


def _written(way: Return, actor: User, verb: str, row: TravelDocument | TravelPermit, *, code: str) -> None:
    record(
        actor,
        f"return.{verb}",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_JOURNEY],
        code=str(code),
    )
    add_event(way, verb, actor=actor, code=str(code))
