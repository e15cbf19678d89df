"""The plan of a journey: the way leg by leg, and who goes along, with what, to whom."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

import clock
from accounts.access import Role, Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Document
from cases.services.clocks import workers_of
from repatriation.models import Journey, Leg, Return
from repatriation.models.choices import CARRYING_OUT, DECIDED_TO_LEAVE, Authority, ReturnState
from repatriation.permissions import can_write_journey
from repatriation.services import access
from repatriation.services.events import add_event
from repatriation.services.locking import locked, locked_row
from repatriation.services.moving import by_itself
from repatriation.services.plans import end_plan, outdate_papers

# Nobody is named for a journey before it is decided on, and none that has begun is planned.
PLANNABLE = (*DECIDED_TO_LEAVE, *CARRYING_OUT)
MOST_LEGS = 8
HERE, THERE = "here", "there"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One leg as it is planned. Moments; each end with the zone in which people read its clock."""

    start: str
    end: str
    carrier: str = ""
    departs_at: datetime
    departs_zone: str
    arrives_at: datetime
    arrives_zone: str


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """What is arranged besides the way itself. `contacts` are rows of side (`here`, `there`), name, telephone."""

    escort: User | None = None
    escort_vetted_on: date | None = None
    vetted_until: date | None = None
    escort_gender: str = ""
    mandate: str = ""
    assistance: str = ""
    contacts: Sequence[tuple[str, str, str]] = ()
    to_carry: Sequence[str] = ()
    fallback: str = ""
    authorised_by: str = ""
    authorised_on: date | None = None
    authorisation: Document | None = None


@write
def plan_route(return_id: UUID, *, actor: User, legs: Sequence[Stretch], seen: str = "") -> Journey:
    """A new plan beside the one before, which ends; what was arranged moves along. Raises Invalid, Meanwhile.

    A return that was ready goes back to planning when its departure moves.
    """
    way = _plannable(return_id, actor)
    before = way.facts.journey
    require_unchanged(before or way, seen)
    _check_legs(legs)
    journey = _begun(way, before, actor, legs)
    _write_legs(journey, legs)
    access.close_for_escort(way)
    access.open_for_escort(journey, by=actor)
    _said(way, journey, actor, "route_set")
    if way.state == ReturnState.READY and before is not None and before.departs_at != journey.departs_at:
        by_itself(locked_row(way.pk), "plan_again", "date_moved")
    return journey


def _plannable(return_id: UUID, actor: User) -> Return:
    way = locked(return_id, actor)
    require(can_write_journey(actor, way))
    if way.state not in PLANNABLE:
        raise Invalid("", _("A journey is planned after the decision, and before the departure."))
    return way


def _check_legs(legs: Sequence[Stretch]) -> None:
    if not legs or len(legs) > MOST_LEGS:
        raise Invalid("", _("A journey has between one and %(most)s legs.") % {"most": MOST_LEGS})
    for number, leg in enumerate(legs, start=1):
        if not leg.start.strip() or not leg.end.strip():
            raise Invalid(f"start_{number}", _("Say from where to where."))
        if not {leg.departs_zone, leg.arrives_zone} <= available_timezones():
            raise Invalid(f"departs_zone_{number}", _("Choose a time zone of the list."))
        if leg.arrives_at <= leg.departs_at:
            raise Invalid(
                f"arrives_on_{number}", _("It arrives before it departs. Look at both times again.")
            )
    if legs[0].departs_at <= clock.now():
        raise Invalid("departs_on_1", _("The departure lies in the past."))
    if legs[-1].arrives_at <= legs[0].departs_at:
        raise Invalid(f"arrives_on_{len(legs)}", _("The last leg arrives before the first one departs."))


def _begun(way: Return, before: Journey | None, actor: User, legs: Sequence[Stretch]) -> Journey:
    first, last = legs[0], legs[-1]
    journey = Journey(
        way=way,
        case=way.case,
        departs_at=first.departs_at,
        arrives_at=last.arrives_at,
        departs_on=first.departs_at.astimezone(ZoneInfo(first.departs_zone)).date(),
        arrives_on=last.arrives_at.astimezone(ZoneInfo(last.arrives_zone)).date(),
        receiver=way.facts.arrangement,
        made_by=actor,
    )
    if before is not None:
        for name in (*(each.name for each in fields(Arrangement)), "has_contacts"):
            setattr(journey, name, getattr(before, name))
        end_plan(before)
    journey.save(force_insert=True)
    return journey


def _write_legs(journey: Journey, legs: Sequence[Stretch]) -> None:
    for place, leg in enumerate(legs, start=1):
        row = Leg(
            journey=journey,
            case=journey.case,
            place=place,
            departs_at=leg.departs_at,
            departs_zone=leg.departs_zone,
            arrives_at=leg.arrives_at,
            arrives_zone=leg.arrives_zone,
        )
        row.start, row.end, row.carrier = leg.start, leg.end, leg.carrier or None
        row.save(force_insert=True)


@write
def arrange_journey(return_id: UUID, *, actor: User, arranged: Arrangement, seen: str = "") -> Journey:
    """Of the plan that stands. Who receives the child is who stands in the arrangement of care. Raises Invalid."""
    way = _plannable(return_id, actor)
    journey = way.facts.journey
    if journey is None:
        raise Invalid("", _("Plan the way first: from where to where, and when."))
    require_unchanged(journey, seen)
    _check_arranged(way, arranged, actor)
    former = journey.escort
    _fill(journey, arranged)
    journey.receiver = way.facts.arrangement
    journey.save()
    outdate_papers(way)
    if former != journey.escort:
        access.close_for_escort(way)
        access.open_for_escort(journey, by=actor)
    _said(way, journey, actor, "journey_arranged")
    return journey


def _fill(journey: Journey, arranged: Arrangement) -> None:
    for each in fields(Arrangement):
        setattr(journey, each.name, getattr(arranged, each.name))
    for name in ("mandate", "assistance", "fallback"):
        setattr(journey, name, getattr(arranged, name) or None)
    journey.contacts, journey.to_carry = list(map(list, arranged.contacts)), list(arranged.to_carry)
    journey.has_contacts = {HERE, THERE} <= {side for side, _name, _telephone in arranged.contacts}
    if arranged.escort is None:
        journey.escort_vetted_on = journey.vetted_until = journey.mandate = None
        journey.escort_gender = ""


def _check_arranged(way: Return, arranged: Arrangement, actor: User) -> None:
    today, escort = clock.today(way.case.agency.time_zone), arranged.escort
    if escort is not None and not (escort.role == Role.ESCORT and escort.is_active):
        raise Invalid("escort", _("Choose an escort of the list."))
    for name in ("escort_vetted_on", "authorised_on"):
        day = getattr(arranged, name)
        if day is not None and day > today:
            raise Invalid(name, _("This day lies in the future."))
    vetted, until = arranged.escort_vetted_on, arranged.vetted_until
    if until is not None and (vetted is None or until < vetted):
        raise Invalid("vetted_until", _("The vetting ends before it was made."))
    if arranged.authorised_by not in ("", *Authority.values):
        raise Invalid("authorised_by", _("Choose an answer."))
    if bool(arranged.authorised_by) != (arranged.authorised_on is not None):
        raise Invalid("authorised_on", _("Say both: who has authorised the journey, and on which day."))
    paper = arranged.authorisation
    if paper is not None and not _is_in_the_file(way, paper):
        raise Invalid("authorisation", _("Choose a document of this file."))


def _is_in_the_file(way: Return, paper: Document) -> bool:
    lies_there = way.case.documents.filter(removed_at__isnull=True, quarantined_at__isnull=True)
    return lies_there.filter(pk=paper.pk).exists()


def _said(way: Return, journey: Journey, actor: User, what: str) -> None:
    record(
        actor,
        f"return.{what}",
        journey,
        case_id=way.case_id,
        sections=[Section.RETURN_JOURNEY],
        departs_on=journey.departs_on.isoformat(),
    )
    add_event(way, what, actor=actor)
    told = workers_of(way.case) | access.answering_of(way.reception)
    told |= {journey.escort} if journey.escort is not None else set()
    notify(told - {actor}, f"return.{what}", way, case_id=way.case_id)
