"""A case leaves the open states: nothing of it is due, planned or given to others any more. Parts of other writes."""

from collections.abc import Iterable
from datetime import datetime

from guardian.shortcuts import assign_perm

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Appointment, Case, CaseAccess, Conference, Invitation, Task, Visit
from cases.models.choices import Answer, Basis, Purpose
from cases.services import grounds
from cases.services.documents import TELL_POLICE as TELL_POLICE_ABOUT_FILE
from workflow import deadlines

# Who worked on it may still read it, and goes on when it is reopened.
OF_THE_TEAM = (Basis.TEAM, Basis.ASSIGNMENT, Basis.COVER, Basis.DUTY)


def leave(case: Case, *, by: User) -> None:
    """All at the moment of the step itself, so that an undone merge finds what it took away."""
    at = case.state_since
    deadlines.cancel_all(case.pk)
    for task in Task.objects.filter(case=case, done_at__isnull=True, dropped_at__isnull=True):
        task.dropped_at = at
        task.save(update_fields=["dropped_at"])
    for visit in Visit.objects.filter(case=case, done_on__isnull=True, cancelled_at__isnull=True):
        visit.cancelled_at = at
        visit.save(update_fields=["cancelled_at"])
    for planned in _still_planned(case, at):
        planned.cancelled_at = at
        planned.save(update_fields=["cancelled_at"])
    outsiders = CaseAccess.objects.live().filter(case=case).exclude(basis__in=OF_THE_TEAM)
    for row in outsiders.select_related("account", "case"):
        grounds.end_ground(row, by=by, at=at)


def _still_planned(case: Case, at: datetime) -> Iterable[Conference | Appointment]:
    """What was held already keeps its minute, closed or not."""
    yield from case.conferences.filter(starts_at__gt=at, closed_at__isnull=True, cancelled_at__isnull=True)
    yield from case.appointments.filter(done_at__isnull=True, cancelled_at__isnull=True)


def come_back(case: Case, since: datetime, *, by: User) -> None:
    """What the step at `since` ended runs on as if nothing had happened."""
    for task in Task.objects.filter(case=case, dropped_at=since):
        task.dropped_at = None
        task.save(update_fields=["dropped_at"])
    for visit in Visit.objects.filter(case=case, cancelled_at=since):
        visit.cancelled_at = None
        visit.save(update_fields=["cancelled_at"])
    called_off_then: list[Conference | Appointment] = [
        *case.conferences.filter(cancelled_at=since),
        *case.appointments.filter(cancelled_at=since),
    ]
    for called_off in called_off_then:
        called_off.cancelled_at = None
        called_off.save(update_fields=["cancelled_at"])
    for document in case.documents.filter(quarantined_at__isnull=False, police_reference__isnull=False):
        # The police were told while the file was merged.
        deadlines.meet(case.pk, TELL_POLICE_ABOUT_FILE, {"document": str(document.pk)})
    given = CaseAccess.objects.filter(
        case=case, basis=Basis.PERSONAL, ended_at=since, until__gt=clock.now(), account__is_active=True
    )
    for row in given.select_related("account"):
        if not _taken_back(case, row, since):
            _give_again(case, row)
            _invite_again(case, row)


def _taken_back(case: Case, row: CaseAccess, since: datetime) -> bool:
    """Whether consent to share with this agency was withdrawn in the meantime."""
    withdrawn = case.consents.filter(answer=Answer.WITHDRAWN, recorded_at__gte=since)
    agency = row.account.agency_id if row.account else None
    return withdrawn.filter(purpose=Purpose.SHARING, recipient=agency).exists()


def _give_again(case: Case, row: CaseAccess) -> None:
    """A new row, because the old one says truly when it ended."""
    again = grounds.open_ground(
        case,
        Basis.PERSONAL,
        row.basis_id,
        account=row.account,
        until=row.until,
        by=row.granted_by,
        sections=[Section(section) for section in row.sections],
        may_write=row.may_write,
    )
    for name in grounds.permission_names(again):
        assign_perm(name, row.account, case)


def _invite_again(case: Case, row: CaseAccess) -> None:
    """Invitations count while a ground that is older than they are does; the new ground is younger."""
    standing = Invitation.objects.filter(case=case, account=row.account_id, withdrawn_at__isnull=True)
    for invitation in standing.filter(invited_at__range=(row.since, row.ended_at)):
        invitation.invited_at = clock.now()
        invitation.save(update_fields=["invited_at"])
