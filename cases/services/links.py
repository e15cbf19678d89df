"""Files that have to do with each other. A link opens neither to the readers of the other."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, CaseLink
from cases.permissions import can_link
from cases.services.locking import lock_in_order, locked
from cases.services.standing import require_open


@write
def add_link(case_id: UUID, *, actor: User, code: str, kind: str) -> CaseLink:
    """The other file is named by its code, among those that the actor can see. Once for each pair and kind."""
    other = Case.objects.visible_to(actor).exclude(pk=case_id).filter(code=code).first()
    if other is not None:
        lock_in_order(case_id, other.pk)
    case = locked(case_id, actor)
    require(can_link(actor, case))
    require_open(case)
    if other is None:
        raise Invalid("code", _("No other file that you can see has this code."))
    known = CaseLink.objects.filter(
        Q(case=case, other=other) | Q(case=other, other=case), kind=kind, removed_at__isnull=True
    ).first()
    if known is not None:
        return known
    link = CaseLink.objects.create(case=case, other=other, kind=kind, made_by=actor)
    _record(actor, "link.added", link)
    return link


@write
def remove_link(case_id: UUID, link_id: UUID, *, actor: User) -> None:
    """From either side; history keeps that it was there."""
    case = locked(case_id, actor)
    require(can_link(actor, case))
    require_open(case)
    link = links_of(case).select_for_update(of=("self",)).get(pk=link_id)
    link.removed_at = clock.now()
    link.save(update_fields=["removed_at"])
    _record(actor, "link.removed", link)


def links_of(case: Case) -> QuerySet[CaseLink]:
    """Those that stand, made from either side, oldest first."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case), removed_at__isnull=True)
    return rows.order_by("made_at")


def _record(actor: User, verb: str, link: CaseLink) -> None:
    """In the history of both files, without the other's code. Links are for those who work on a file, as notes are."""
    for case_id in (link.case_id, link.other_id):
        record(actor, verb, link, case_id=case_id, sections=[Section.NOTES], link_kind=link.kind)
