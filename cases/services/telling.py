"""Open pages of a case, and lists on which it stands, are told whenever something about it was recorded.

One place for all writes: whatever is done to a case adds an event to the audit, in the same transaction.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import clock
from accounts import live
from accounts.access import ABILITIES, Ability, Relation
from accounts.acting import at_end_of_write
from accounts.models import AuditEvent, User
from cases.models import CaseAccess, DutyShift, Report
from cases.permissions import people_on

CASE_TOPIC = "case"
ROOMS = frozenset({"cases", "referrals", "repatriation"})
# Whose access ended in this write has the case on an open list still.
JUST_ENDED = timedelta(minutes=1)
# What stands on pages of its case, and on no list.
OF_NO_LIST = frozenset({"paper.made"})
AT_THE_DESK = [role for role, abilities in ABILITIES.items() if Ability.WORK_DESK in abilities]


def heed(event: AuditEvent) -> None:
    """In the transaction that added it; told once after each write, however many events it has."""
    if event.case_id:
        at_end_of_write(tell_pages if event.verb in OF_NO_LIST else tell_case, event.case_id)
    elif event.agency_id and event.target_label.split(".")[0] in ROOMS:
        at_end_of_write(tell_agency, event.agency_id)
    if event.target_label == Report._meta.label_lower and event.target_id:
        at_end_of_write(tell_desk, event.target_id)


def tell_pages(case_id: UUID) -> None:
    live.hint(CASE_TOPIC, case_id)


def tell_case(case_id: UUID) -> None:
    tell_pages(case_id)
    live.hint(live.LISTS, *_have_on_lists(case_id))


def tell_agency(agency_id: UUID) -> None:
    """What is of no case and stands on lists: shifts, covers, reports that nobody has taken."""
    live.hint(live.LISTS, *_at_desk(agency_id))


def tell_desk(report_id: UUID) -> None:
    """Whoever works at the desk, and whoever made the report."""
    for desk, reporter in Report.objects.filter(pk=report_id).values_list("desk_id", "made_by_id"):
        live.hint(live.LISTS, reporter, *_at_desk(desk))


def _have_on_lists(case_id: UUID) -> Iterable[UUID]:
    ended = CaseAccess.objects.filter(ended_at__gt=clock.now() - JUST_ENDED)
    rows = list((CaseAccess.objects.live() | ended).filter(case=case_id).select_related("case"))
    if not rows:
        return
    yield from people_on(rows[0].case, frozenset(Relation), rows).values_list("pk", flat=True)
    if standing := [row.agency_id for row in rows if row.stands_by]:
        yield from DutyShift.objects.at().filter(agency__in=standing).values_list("worker_id", flat=True)


def _at_desk(agency_id: UUID) -> Iterable[UUID]:
    at_desk = User.objects.filter(agency=agency_id, is_active=True, role__in=AT_THE_DESK)
    return at_desk.values_list("pk", flat=True)
