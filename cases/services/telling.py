"""Open pages of a case, and lists on which it stands, are told whenever something about it was recorded.

One place for all writes: whatever is done to a case adds an event to the audit, in the same transaction.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import clock
from accounts import live
from accounts.acting import at_end_of_write
from accounts.models import AuditEvent
from cases.models import CaseAccess, DutyShift, Report
from cases.permissions import list_of

CASE_TOPIC, LISTS_TOPIC = "case", "lists"
ROOMS = frozenset({"cases", "referrals", "repatriation"})
# Whose access ended in this write has the case on an open list still.
JUST_ENDED = timedelta(minutes=1)


def heed(event: AuditEvent) -> None:
    """In the transaction that added it; told once after each write, however many events it has."""
    if event.case_id:
        at_end_of_write(tell_case, event.case_id)
    elif event.agency_id and event.target_label.split(".")[0] in ROOMS:
        at_end_of_write(tell_agency, event.agency_id)
    if event.target_label == Report._meta.label_lower and event.target_id:
        at_end_of_write(tell_desk, event.target_id)


def tell_case(case_id: UUID) -> None:
    live.hint(CASE_TOPIC, case_id)
    live.hint(LISTS_TOPIC, *_lists_with(case_id))


def tell_agency(agency_id: UUID) -> None:
    """What is of no case and stands on lists: shifts, covers, reports that nobody has taken."""
    live.hint(LISTS_TOPIC, agency_id)


def tell_desk(report_id: UUID) -> None:
    """Whoever works at the desk, and whoever made the report."""
    for desk, reporter in Report.objects.filter(pk=report_id).values_list("desk_id", "made_by_id"):
        live.hint(LISTS_TOPIC, desk, reporter)


def _lists_with(case_id: UUID) -> Iterable[UUID]:
    ended = CaseAccess.objects.filter(ended_at__gt=clock.now() - JUST_ENDED)
    rows = (CaseAccess.objects.live() | ended).filter(case=case_id)
    standing = []
    for row in rows.only("agency_id", "account_id", "basis"):
        if row.stands_by:
            standing.append(row.agency_id)
        else:
            yield row.account_id or list_of(row.agency_id, row.basis)
    if standing:
        yield from DutyShift.objects.at().filter(agency__in=standing).values_list("worker_id", flat=True)
