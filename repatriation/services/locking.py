from uuid import UUID

from accounts.models import User
from cases.models import Case
from repatriation.models import Return
from repatriation.permissions import visible_to
from workflow.deadlines import Later


def locked(return_id: UUID, actor: User) -> Return:
    """The return and its case, both locked until the end of the transaction; the case first, as everywhere.

    Raises Return.DoesNotExist for whom it does not exist, also when that became so while waiting for the lock.
    """
    case_id = Return.objects.values_list("case_id", flat=True).get(pk=return_id)
    Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not visible_to(actor).filter(pk=return_id).exists():
        raise Return.DoesNotExist
    return locked_row(return_id)


def locked_row(return_id: UUID) -> Return:
    """Under the case's lock."""
    rows = Return.objects.select_for_update(of=("self",))
    return rows.select_related("case__agency", "case__legal", "partner", "reception", "panel").get(
        pk=return_id
    )


def locked_at_once(way: Return) -> Return:
    """For the sweep, which holds a deadline already and must not wait. Raises Later where a step is being taken."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",))
    if rows.filter(pk=way.case_id).first() is None:
        raise Later
    return locked_row(way.pk)
