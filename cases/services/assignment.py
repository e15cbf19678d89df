"""Who works on a case."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Assignment, Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import can_assign, is_assignable
from cases.services import appointments, clocks, cover, grounds, tasks, visits
from cases.services.locking import locked
from cases.services.standing import require_open
from workflow import deadlines


@write
def assign_worker(case_id: UUID, *, actor: User, worker: User) -> Case:
    """Gives the case to a worker of the owning agency; whoever had it loses that ground in the same transaction."""
    case = locked(case_id, actor)
    require(can_assign(actor, case))
    require_open(case)
    if not is_assignable(worker, case):
        raise Invalid("worker", _("Choose a case worker of this agency."))
    assign(case, worker, by=actor)
    return case


def assign(case: Case, worker: User, *, by: User) -> None:
    """A part of other writes: the case is locked and the permission checked."""
    give(case, worker, by=by)
    if worker != by:
        notify([worker], "case.assigned", case, case_id=case.pk)


def give(case: Case, worker: User, *, by: User) -> None:
    """The same without telling the worker: whoever gives many files at once tells once."""
    # Locked first: who ends a cover at this moment waits, and then finds the ground that is opened here.
    covers = cover.running_for(worker)
    unassign(case, by=by)
    assignment = Assignment.objects.create(case=case, worker=worker, assigned_by=by)
    grounds.open_ground(case, Basis.ASSIGNMENT, assignment.pk, account=worker, by=by)
    if not case.waits_for_takeover:
        deadlines.meet(case.pk, clocks.ASSIGN)
    record(by, "case.assigned", case, case_id=case.pk, worker=str(worker.pk))
    for each in covers:
        cover.extend(each, case, by=by)
    tasks.take_from_absent(case, worker, by=by)
    visits.take_from_absent(case, worker, by=by)
    appointments.take_from_absent(case, worker, by=by)


def unassign(case: Case, *, by: User) -> None:
    for assignment in case.assignments.filter(ended_at__isnull=True):
        assignment.ended_at = clock.now()
        assignment.save(update_fields=["ended_at"])
        # Whoever covers for the worker has the file because the worker has it.
        worked = Q(basis=Basis.ASSIGNMENT, basis_id=assignment.pk) | Q(basis=Basis.COVER)
        for row in CaseAccess.objects.live().filter(worked, case=case):
            grounds.end_ground(row, by=by)
