"""Looks at audit and history every night, keeps what it found, and tells the data-protection officers."""

from django.db import transaction

from accounts.access import Role
from accounts.audit import record
from accounts.models import AuditEvent, Seal, SealCheck, User
from accounts.notifications import notify
from accounts.verifying import Broken, verify

BROKEN, GAP = "audit.broken", "audit.gap"


def look() -> SealCheck:
    """Reads all of it, a minute for a million entries; what it found is one short transaction."""
    report = verify(lost=accepted())
    return _kept(report.seals, report.rows, report.broken)


@transaction.atomic
def accept(lost: range) -> None:
    """Seals that a restored backup lacks, as whoever runs the machine says: the nightly look goes on behind them.

    It is a part of the record itself, and the officers are told.
    """
    record(None, GAP, Seal.objects.latest("number"), first=lost.start, last=lost.stop - 1)
    for officer in _officers():
        notify([officer], GAP, officer.agency)


def accepted() -> set[int]:
    """Numbers of seals that are known to be lost."""
    gaps = AuditEvent.objects.filter(verb=GAP).values_list("details", flat=True)
    return {number for gap in gaps for number in range(gap["first"], gap["last"] + 1)}


@transaction.atomic(durable=True)
def _kept(seals: int, rows: int, broken: Broken | None) -> SealCheck:
    check = SealCheck(seals=seals, rows=rows)
    if broken:
        check.fault, check.label, check.row = broken.fault, broken.label, broken.row
    check.save()
    if broken:
        for officer in _officers():
            notify([officer], BROKEN, officer.agency)
    return check


def _officers() -> list[User]:
    """Of every agency: what is broken is the record of all."""
    role = Role.DATA_PROTECTION_OFFICER
    return list(User.objects.filter(role=role, is_active=True).select_related("agency").order_by("pk"))
