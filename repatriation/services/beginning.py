"""How a write begins that states a fact of a return: under its lock, by one who may, and while it is open."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from referrals.guards import NOT_AUTHORITIES
from repatriation.models import Return
from repatriation.models.facts import is_protected
from repatriation.permissions import Hand, can_write_decision, hands
from repatriation.services.clearing import standing
from repatriation.services.locking import locked

# Who answers for the child where it goes.
THERE = frozenset({Hand.PARTNER_ABROAD, Hand.RECEIVER})


def by_worker(return_id: UUID, actor: User) -> Return:
    """For whoever writes what is found out. A fact that changes late stops a journey in the same transaction."""
    way = locked(return_id, actor)
    require(can_write_decision(actor, way))
    return _still_open(way)


def by_partner(return_id: UUID, actor: User) -> Return:
    """For the partner abroad; an authority there says nothing while contact with it is not cleared."""
    way = locked(return_id, actor)
    require(Hand.PARTNER_ABROAD in hands(actor, way))
    _still_open(way)
    require_contact(way, actor)
    return way


def by_somebody_there(return_id: UUID, actor: User) -> Return:
    """For the partner abroad, or the organisation that receives the child."""
    way = locked(return_id, actor)
    require(bool(hands(actor, way) & THERE))
    _still_open(way)
    require_contact(way, actor)
    return way


def by_worker_or_partner(return_id: UUID, actor: User) -> Return:
    way = locked(return_id, actor)
    if not can_write_decision(actor, way):
        require(Hand.PARTNER_ABROAD in hands(actor, way))
        require_contact(way, actor)
    return _still_open(way)


def _still_open(way: Return) -> Return:
    if not way.is_open:
        raise Invalid("", _("This return has ended."))
    return way


def may_answer(way: Return, user: User) -> bool:
    """Whether somebody abroad may be asked: anybody who tells no authority, an authority while contact is cleared."""
    agency = user.agency
    if agency.kind in NOT_AUTHORITIES or agency.country == way.case.agency.country:
        return True
    return standing(way.case, agency.country.code) is not None and not is_protected(
        way.case, agency.country.code
    )


def require_contact(way: Return, actor: User) -> None:
    if not may_answer(way, actor):
        raise Invalid(
            "", _("Contact with your country is not cleared now. Nothing can be said here until it is.")
        )


def not_in_future(way: Return, name: str, day: date) -> None:
    """Of what has happened already, where the case is worked."""
    if day > clock.today(way.case.agency.time_zone):
        raise Invalid(name, _("This day lies in the future."))
