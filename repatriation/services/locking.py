from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.acting import at_end_of_write
from accounts.models import User
from cases.models import Case
from cases.registry import case_written
from repatriation.models import Return
from repatriation.permissions import visible_to
from workflow.deadlines import Later

# What nearly every step reads besides; the referrals to those abroad are read where they are asked for.
WITH = ("case__agency", "case__legal", "panel")


def locked(return_id: UUID, actor: User) -> Return:
    """The return and its case, both locked until the end of the transaction; the case first, as everywhere.

    What rests on the case is looked at before that end. Raises Return.DoesNotExist, as `held_still` does.
    """
    way = held_still(return_id, actor)
    at_end_of_write(case_written, way.case_id)
    return way


def held_still(return_id: UUID, actor: User) -> Return:
    """Locked as well, by somebody who writes no fact, such as who takes a paper: nothing has to be looked at.

    Raises Return.DoesNotExist for whom it does not exist, also when that became so while waiting for the lock.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(returns=return_id).first()
    if case is None or not visible_to(actor).filter(pk=return_id).exists():
        raise Return.DoesNotExist
    return locked_row(return_id)


def locked_row(return_id: UUID) -> Return:
    """Under the case's lock."""
    return locked_rows(pk=return_id).get()


def locked_rows(*which: Q, **more: object) -> QuerySet[Return]:
    """Under the case's lock: in one order, so that nobody waits for each other in a ring."""
    rows = Return.objects.select_for_update(of=("self",)).select_related(*WITH)
    return rows.filter(*which, **more).order_by("pk")


def locked_at_once(way: Return) -> Return:
    """For the sweep, which holds a deadline already and must not wait. Raises Later where a step is being taken."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",))
    if rows.filter(pk=way.case_id).first() is None:
        raise Later
    return locked_row(way.pk)
