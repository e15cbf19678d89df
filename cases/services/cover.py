"""Cover for leave: while a worker is away, another one has the same files, and those that come meanwhile."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Ability, Role, can
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, CaseAccess, Cover
from cases.models.choices import OPEN_STATES, Basis
from cases.services import grounds

# Whoever is away for longer hands the files over.
LONGEST_COVER_DAYS = 92


@write
def arrange_cover(*, actor: User, worker: User, covered_by: User, until: datetime) -> Cover:
    """Opens a ground on every open file of the worker. The same again is the same cover: a double click is one.

    Raises Invalid for a worker of another agency, and for a second cover by the same colleague that ends at
    another time.
    """
    require(can(actor, Ability.ASSIGN_WORKER))
    _check(actor, worker, covered_by, until)
    mine = Case.objects.filter(
        agency=actor.agency_id,
        state__in=OPEN_STATES,
        assignments__worker=worker,
        assignments__ended_at__isnull=True,
    )
    # Cases before accounts, as everywhere. The accounts' locks then keep out an assignment at this moment: it
    # has to come before, and be found, or after, and find the cover.
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=mine.values("pk")).order_by("pk"))
    list(User.objects.select_for_update().filter(pk__in=[worker.pk, covered_by.pk]).order_by("pk"))
    known = _known(worker, covered_by, until)
    if known is not None:
        return known
    cover = Cover.objects.create(worker=worker, covered_by=covered_by, until=until, arranged_by=actor)
    files = list(mine.order_by("pk"))
    for case in files:
        extend(cover, case, by=actor)
    record(
        actor,
        "cover.arranged",
        cover,
        worker=str(worker.pk),
        holder=str(covered_by.pk),
        files=len(files),
    )
    notify([covered_by], "cover.arranged", cover)
    notify([worker], "cover.for_you", cover)
    return cover


def _check(actor: User, worker: User, covered_by: User, until: datetime) -> None:
    for field, account in (("worker", worker), ("covered_by", covered_by)):
        if account.role != Role.CASE_WORKER or account.agency_id != actor.agency_id:
            raise Invalid(field, _("Choose a case worker of this agency."))
    if not covered_by.is_active:
        raise Invalid("covered_by", _("This account is switched off."))
    if worker == covered_by:
        raise Invalid("covered_by", _("Choose somebody else: nobody covers for themselves."))
    if until <= clock.now():
        raise Invalid("until", _("The cover must end in the future."))
    if until > clock.now() + timedelta(days=LONGEST_COVER_DAYS):
        raise Invalid("until", _("A cover ends within three months. Reassign the files for a longer time."))


def _known(worker: User, covered_by: User, until: datetime) -> Cover | None:
    """The same cover, if it runs; one whose time is over makes room for the next."""
    for earlier in Cover.objects.select_for_update().filter(
        worker=worker, covered_by=covered_by, ended_at__isnull=True
    ):
        if earlier.until == until:
            return earlier
        if earlier.until > clock.now():
            raise Invalid("covered_by", _("This colleague covers already. End that cover first."))
        earlier.ended_at = earlier.until
        earlier.save(update_fields=["ended_at"])
    return None


@write
def end_cover(cover_id: UUID, *, actor: User) -> None:
    """Ends the cover and its grounds at once; again, it changes nothing. Raises Cover.DoesNotExist elsewhere."""
    require(can(actor, Ability.ASSIGN_WORKER))
    cover = (
        Cover.objects.select_for_update(of=("self",))
        .select_related("worker", "covered_by")
        .get(pk=cover_id, covered_by__agency=actor.agency_id)
    )
    if cover.ended_at is not None:
        return
    cover.ended_at = clock.now()
    cover.save(update_fields=["ended_at"])
    rows = CaseAccess.objects.live().filter(basis=Basis.COVER, basis_id=cover.pk)
    for row in rows.select_related("case").order_by("case_id"):
        grounds.end_ground(row, by=actor)
        record(actor, "cover.ended", row.case, case_id=row.case_id, holder=str(cover.covered_by_id))
    record(actor, "cover.closed", cover, worker=str(cover.worker_id), holder=str(cover.covered_by_id))
    notify([cover.covered_by, cover.worker], "cover.ended", cover)


def running_for(worker: User) -> list[Cover]:
    """Who covers for this worker now, the rows locked; a part of other writes."""
    covers = Cover.objects.running().select_for_update(of=("self",)).filter(worker=worker)
    return list(covers.select_related("covered_by").order_by("pk"))


def extend(cover: Cover, case: Case, *, by: User) -> None:
    """One more file of the covered worker; a part of other writes."""
    grounds.open_ground(case, Basis.COVER, cover.pk, account=cover.covered_by, until=cover.until, by=by)
    record(by, "cover.began", case, case_id=case.pk, holder=str(cover.covered_by_id))
