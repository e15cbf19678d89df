"""What the upper room tells referrals. It registers here."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from cases.models import Case
from referrals.models import Referral

Clearance = Callable[[Case, str], UUID | None]
_clearance: list[Clearance] = []


def on_asking_clearance(callback: Clearance) -> None:
    """Answers with the contact clearance that lets an authority of this country be asked about this child, if any."""
    _clearance.append(callback)


def clearance_for(case: Case, country: str) -> UUID | None:
    """Where nobody answers: not cleared."""
    return next((found for callback in _clearance if (found := callback(case, country))), None)


@dataclass(frozen=True)
class Lead:
    """What the upper room has to say to the recipient who holds the pack, and where it leads."""

    title: str
    url: str
    action: str


Leads = Callable[[Referral, User], list[Lead]]
_leads: list[Leads] = []


def on_showing_pack(callback: Leads) -> None:
    _leads.append(callback)


def leads_for(referral: Referral, user: User) -> list[Lead]:
    return [lead for callback in _leads for lead in callback(referral, user)]
