from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import at_end_of_write
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case
from cases.permissions import grounds
from cases.registry import case_written


def locked(case_id: UUID, actor: User) -> Case:
    """The case, its row locked until the end of the transaction.

    Raises Case.DoesNotExist when the actor has no ground to see it: what you may not see does not exist.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case_id)
    if not grounds(actor, case):
        raise Case.DoesNotExist
    at_end_of_write(case_written, case.pk)
    return case


def lock_in_order(*case_ids: UUID) -> None:
    """Two people who link or merge the same two files from both sides must not wait for each other in a ring."""
    list(
        Case.objects.select_for_update(of=("self",)).filter(pk__in=case_ids).order_by("pk").values_list("pk")
    )


def must_not_have_ended(case: Case) -> None:
    """A closed or merged file stays as it was: whatever came later would be read by nobody."""
    if case.has_ended:
        raise Invalid("case", _("This file has ended. Nothing new is recorded in it."))
