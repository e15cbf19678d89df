"""What an erasure takes away, and how it is carried out again where a backup brought something back.

Nothing here needs the key of the case: it may be gone already.
"""

from uuid import UUID

from django.apps import apps
from django.db import transaction

import clock
from accounts import drafts
from accounts.audit import record
from accounts.models import User
from cases.models import Case, CaseAccess, Child, DuplicateCheck, SearchTokens
from cases.models.documents import SealedFile
from cases.services import figures, grounds
from vault import files, keys
from workflow import deadlines


def forget_rows(case: Case, *, by: User | None) -> None:
    """A part of a write: nobody has access, nothing is due or finds the child, and statistics stay as they were."""
    for row in CaseAccess.objects.live().filter(case=case).select_related("account", "case"):
        grounds.end_ground(row, by=by)
    deadlines.cancel_all(case.pk)
    drafts.forget_case(case.pk)
    SearchTokens.objects.filter(pk=case.pk).update(tokens=[])
    Child.objects.filter(case=case).update(identity_digest="")
    DuplicateCheck.objects.filter(case=case).update(identity_digest="")
    figures.leave_behind(case.pk)
    case.import_key, case.erased_at = "", clock.now()
    case.save(update_fields=["import_key", "erased_at"])


def destroy(case_id: UUID) -> None:
    """Key and files of a case that is marked as erased; again and again without harm. Nothing of others."""
    case = Case.objects.get(pk=case_id)
    if case.erased_at is None:
        return
    keys.erase(case_id)
    for row in files_of(case_id):
        files.discard(row.storage_name)


def carry_out_again() -> tuple[int, int]:
    """After a restore: how many cases are erased anew, and how many keys are destroyed anew.

    The key store knows of erasures that an older database does not, and the database of those that an older key store
    does not.
    """
    cases = [case_id for case_id in keys.erased() if _erase_anew(case_id)]
    done = list(Case.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    found = sum(keys.erase(case_id) for case_id in done)
    for case_id in done:
        destroy(case_id)
    return len(cases), found


@transaction.atomic(durable=True)
def _erase_anew(case_id: UUID) -> bool:
    case = Case.objects.select_for_update().filter(pk=case_id, erased_at__isnull=True).first()
    if case is None:
        return False
    record(None, "erasure.repeated", case, case_id=case.pk)
    forget_rows(case, by=None)
    return True


def files_of(case_id: UUID) -> list[SealedFile]:
    """Every file of the case, in whichever room its row lies: what an export has to have before it is destroyed."""
    kinds = [model for model in apps.get_models() if issubclass(model, SealedFile)]
    return [row for model in kinds for row in model._default_manager.filter(case_id=case_id)]
