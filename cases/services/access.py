"""Giving and taking away a ground for seeing a case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

import clock
from accounts.access import RELATIONS_OF, Condition, Level, Relation, Role, Section, rule
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import CaseAccess
from cases.models.choices import OPEN_STATES, Basis
from cases.permissions import can_end_access, can_grant_personally
from cases.services import clocks, grounds
from cases.services.assignment import unassign
from cases.services.locking import locked
from cases.services.standing import require_open

LONGEST_GRANT_DAYS = 366


@write
def end_access(case_id: UUID, access_id: UUID, *, actor: User) -> None:
    """Ends one ground at once. The team's own ground stays: a case without its supervisor belongs to nobody."""
    case = locked(case_id, actor)
    require(can_end_access(actor, case))
    row = CaseAccess.objects.live().select_related("account", "case").get(pk=access_id, case=case)
    if row.basis == Basis.TEAM:
        raise Invalid("access", _("The team that owns the case keeps its access."))
    if row.stands_by:
        raise Invalid("access", _("Whoever is on duty sees the open files. Cancel the shift instead."))
    if row.basis == Basis.ASSIGNMENT:
        unassign(case, by=actor)
        if case.state in OPEN_STATES and not case.waits_for_takeover:
            clocks.start_assign(case.pk, case.agency, clock.now(), case.risk)
    else:
        grounds.end_ground(row, by=actor)
    record(
        actor,
        "access.ended",
        case,
        case_id=case.pk,
        basis=row.basis,
        holder=str(row.account_id or row.agency_id),
    )


@write
def grant_personally(
    case_id: UUID,
    *,
    actor: User,
    account: User,
    sections: Sequence[Section],
    may_write: bool,
    until: datetime,
    reason: str,
) -> CaseAccess:
    """A personal, exceptional grant: these sections, this account, until that moment, with a reason.

    Nobody grants to themselves, and only to accounts whose role can hold a personal grant.
    """
    case = locked(case_id, actor)
    require(can_grant_personally(actor, case) and account != actor)
    require_open(case)
    if Relation.PERSONAL not in RELATIONS_OF[Role(account.role)] or not account.is_active:
        raise Invalid("account", _("This account cannot be given access to a case."))
    if until <= clock.now():
        raise Invalid("until", _("The access must end in the future."))
    if account.role == Role.CONSULAR_OFFICER and not all(map(_open_to_a_consulate, sections)):
        raise Invalid("sections", _("A consulate may never see what happened, health, status or shelter."))
    if until > clock.now() + timedelta(days=LONGEST_GRANT_DAYS):
        raise Invalid(
            "until", _("Personal access ends within a year. Give it again when it is still needed.")
        )
    if not sections:
        raise Invalid("sections", _("Choose at least one section."))
    row = grounds.open_ground(
        case,
        Basis.PERSONAL,
        uuid4(),
        account=account,
        until=until,
        by=actor,
        sections=sections,
        may_write=may_write,
    )
    for name in grounds.permission_names(row):
        assign_perm(name, account, case)
    record(
        actor,
        "access.granted",
        case,
        case_id=case.pk,
        reason=reason,
        sections=sections,
        holder=str(account.pk),
    )
    notify([account], "access.granted", case, case_id=case.pk)
    return row


def _open_to_a_consulate(section: Section) -> bool:
    """As a whole: a yes or no about fitness, or what a frozen request held, is no grant of the section."""
    cell = rule(Relation.CONSULAR, section)
    parts = (Condition.FROZEN_REQUEST, Condition.FIT_TO_TRAVEL)
    return cell.level > Level.NONE and cell.condition not in parts
