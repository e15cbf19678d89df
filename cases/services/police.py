"""That the police know of a missing child."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.models import Case
from cases.models.choices import CaseState
from cases.permissions import can_tell_police
from cases.services.clocks import TELL_POLICE
from cases.services.locking import locked
from workflow import deadlines


@write
def record_police_told(case_id: UUID, *, actor: User, reference: str, seen: str = "") -> Case:
    """Keeps what the police gave to ask by; said again, the later word stands and history keeps the earlier.

    Raises Meanwhile when somebody else has kept another one since the page was shown (`seen`).
    """
    case = locked(case_id, actor)
    require(can_tell_police(actor, case))
    if case.state != CaseState.SUSPENDED:
        raise Invalid("reference", _("The file does not say any more that this child is missing."))
    require_unchanged(case, seen, "police_reference")
    case.police_reference = reference
    case.save(update_fields=["police_reference"])
    deadlines.meet(case.pk, TELL_POLICE)
    record(actor, "case.police_told", case, case_id=case.pk)
    return case
