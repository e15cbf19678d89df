"""What happened to the child, in the codes of HTCDS and in the child's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.models import ExploitationAccount
from cases.permissions import can_write
from cases.services.locking import locked
from cases.services.standing import require_open

PARTS = ("exploitation", "recruitment", "control", "relationship", "countries", "words")


@dataclass(frozen=True, kw_only=True)
class Account:
    """One consistent statement of what is known, as the form gives it."""

    exploitation: Sequence[str] = ()
    recruitment: Sequence[str] = ()
    control: Sequence[str] = ()
    relationship: str = ""
    countries: Sequence[str] = ()
    words: str = ""


@write
def record_account(case_id: UUID, *, actor: User, account: Account, seen: str = "") -> ExploitationAccount:
    """There is one account for each case; every earlier state of it is in history.

    Raises Meanwhile when somebody else has written since the page was shown (`seen`).
    """
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.ACCOUNT))
    require_open(case)
    known = ExploitationAccount.objects.filter(case=case).first()
    row = known or ExploitationAccount(case=case)
    before = _values(row)
    row.exploitation, row.recruitment = list(account.exploitation), list(account.recruitment)
    row.control, row.countries = list(account.control), list(account.countries)
    row.relationship = account.relationship
    row.words = account.words or None
    changed = sorted(name for name, value in _values(row).items() if before[name] != value)
    if changed:
        require_unchanged(row, seen)
        row.recorded_by, row.recorded_at = actor, clock.now()
        row.save()
        record(
            actor,
            "account.recorded",
            row,
            case_id=case.pk,
            sections=[Section.ACCOUNT],
            fields=changed,
        )
    return row


def _values(row: ExploitationAccount) -> Mapping[str, object]:
    return {name: getattr(row, name) for name in PARTS}
