"""What an accepted referral opens, and what closes again; parts of the moves, in their transaction."""

from datetime import datetime

from django.db.models import Q

import clock
from accounts.access import Section
from accounts.models import ServiceType, User
from cases.models import CaseAccess
from cases.models.choices import Basis
from cases.services import grounds
from referrals.models import Referral

# The part of the file that the recipient of such a service writes. Everything else it reads as it was given.
SECTION_OF: dict[str, Section] = {
    ServiceType.HEALTH: Section.MEDICAL,
    ServiceType.LEGAL: Section.LEGAL,
    ServiceType.EDUCATION: Section.REHABILITATION,
    ServiceType.SEXUAL: Section.REHABILITATION,
    ServiceType.LABOUR: Section.REHABILITATION,
    ServiceType.LIVELIHOOD: Section.REHABILITATION,
    ServiceType.RIGHTS: Section.REHABILITATION,
}


def open_pack(referral: Referral) -> None:
    """Only now the recipient reads who the child is."""
    section = SECTION_OF.get(referral.service)
    grounds.open_ground(
        referral.case,
        Basis.REFERRAL,
        referral.pk,
        agency=referral.recipient,
        by=referral.sent_by,
        sections=[section] if section else [],
    )
    referral.disclosures.filter(opened_at__isnull=True, closed_at__isnull=True).update(opened_at=clock.now())


def close_pack(referral: Referral, *, by: User | None) -> None:
    """From this moment case and pack do not exist for the recipient any more."""
    for row in _held(referral):
        grounds.end_ground(row, by=by)
    now = clock.now()
    referral.disclosures.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now)).update(closed_at=now)


def is_open(referral: Referral) -> bool:
    return bool(_held(referral))


def end_access_on(referral: Referral, until: datetime) -> None:
    """Access goes on for a while after the service, so that questions can be answered; never longer than before."""
    for row in _held(referral):
        row.until = min(row.until, until) if row.until else until
        row.save(update_fields=["until"])
    referral.disclosures.filter(closed_at__isnull=True).update(closed_at=until)


def _held(referral: Referral) -> list[CaseAccess]:
    rows = CaseAccess.objects.live().filter(case=referral.case_id, basis=Basis.REFERRAL, basis_id=referral.pk)
    return list(rows.select_related("case", "account"))
