from uuid import UUID

from accounts.acting import at_end_of_write
from accounts.models import User
from cases.models import Case
from cases.registry import case_written
from referrals.models import Referral
from referrals.permissions import visible_to
from workflow.deadlines import Later


def locked(referral_id: UUID, actor: User) -> Referral:
    """The referral and its case, both locked until the end of the transaction; the case first, as everywhere.

    Raises Referral.DoesNotExist for whom it does not exist, also when that became so while waiting for the lock.
    """
    case_id = visible_to(actor).values_list("case_id", flat=True).get(pk=referral_id)
    lock_case(case_id)
    # What a referral comes to is a fact of its case, on which upper rooms rest.
    at_end_of_write(case_written, case_id)
    return locked_row(referral_id, visible=visible_to(actor).filter(pk=referral_id).exists())


def locked_at_once(referral: Referral) -> Referral:
    """For the sweep, which holds a deadline already and must not wait. Raises Later where a step is being taken."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",))
    if rows.filter(pk=referral.case_id).first() is None:
        raise Later
    return locked_row(referral.pk)


def lock_case(case_id: UUID) -> None:
    Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def locked_row(referral_id: UUID, *, visible: bool = True) -> Referral:
    """Under the case's lock."""
    rows = Referral.objects.select_for_update(of=("self",)) if visible else Referral.objects.none()
    return rows.select_related("case__agency", "sender", "recipient").get(pk=referral_id)
