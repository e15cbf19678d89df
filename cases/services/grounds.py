"""Grounds for seeing a case are opened and ended here and nowhere else; parts of other writes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from guardian.shortcuts import remove_perm

import clock
from accounts.access import Section
from accounts.models import Agency, User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.services.clocks import refresh_due

OWNERS = (Basis.TEAM, Basis.DUTY)
# Opened by upper rooms, which end them; they go on whoever owns the case.
OF_UPPER_ROOMS = (Basis.REFERRAL, Basis.REQUEST, Basis.PANEL, Basis.ESCORT)


def open_ground(
    case: Case,
    basis: Basis,
    basis_id: UUID,
    *,
    account: User | None = None,
    agency: Agency | None = None,
    until: datetime | None = None,
    by: User | None = None,
    sections: Iterable[Section] = (),
    may_write: bool = False,
) -> CaseAccess:
    row = CaseAccess.objects.create(
        case=case,
        basis=basis,
        basis_id=basis_id,
        account=account,
        agency=agency,
        until=until,
        granted_by=by,
        sections=[Section(section).value for section in sections],
        may_write=may_write,
    )
    refresh_due(case.pk)
    return row


def open_owner(case: Case, agency: Agency, *, by: User | None = None) -> None:
    """The grounds of the agency that owns the case: of its supervisors, and of its duty worker, whoever that is.

    An agency that owned it before loses both.
    """
    for row in CaseAccess.objects.live().filter(case=case, basis__in=OWNERS).exclude(agency=agency):
        end_ground(row, by=by)
    for basis in OWNERS:
        if not CaseAccess.objects.live().filter(case=case, basis=basis, agency=agency).exists():
            open_ground(case, basis, agency.pk, agency=agency, by=by)


def change_owner(case: Case, *, by: User) -> None:
    """`case.agency` is a new one: nothing goes on that the former owner held or gave, but what upper rooms opened."""
    held = CaseAccess.objects.live().filter(case=case).exclude(basis__in=OF_UPPER_ROOMS)
    for row in held.select_related("account", "case"):
        end_ground(row, by=by)
    open_owner(case, case.agency, by=by)


def end_ground(row: CaseAccess, *, by: User | None, at: datetime | None = None) -> None:
    """A personal grant takes its object permissions with it."""
    row.ended_at = at or clock.now()
    row.ended_by = by
    row.save(update_fields=["ended_at", "ended_by"])
    if row.basis == Basis.PERSONAL and row.account is not None:
        others = CaseAccess.objects.live().filter(
            case=row.case, account=row.account, basis=Basis.PERSONAL, ended_at__isnull=True
        )
        still_held = {name for other in others for name in permission_names(other)}
        for name in set(permission_names(row)) - still_held:
            remove_perm(name, row.account, row.case)


def permission_names(row: CaseAccess) -> list[str]:
    verb = "write" if row.may_write else "read"
    return [f"cases.{verb}_{section}" for section in row.sections]
