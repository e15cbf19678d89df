"""Where the child is, from when to when."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Placement
from cases.models.situation import PlacementKind
from cases.permissions import can_write
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.locking import locked
from cases.services.standing import require_open
from workflow import deadlines
from workflow.models import Deadline

LEAVE_DETENTION, SAFE_PLACEMENT = "leave_detention", "safe_placement"
# A child that is not safe where it is has a safe place within a day (CETS197 12(1)).
SAFE_PLACEMENT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the child is, as the form gives it."""

    kind: str
    is_safe: bool
    address: str
    since: date
    provider: Agency | None = None
    telephone: str = ""
    note: str = ""


@write
def record_placement(case_id: UUID, *, actor: User, place: Place) -> Placement:
    """Ends the one before on the day on which this one begins. Detention is never safe, whatever was said."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.SHELTER))
    require_open(case)
    before = case.placements.filter(until__isnull=True).first()
    _check_day(case, place, before)
    placement = _placement(case, place, actor)
    if before is not None:
        if _values(before) == _values(placement):
            return before
        before.until = placement.since
        before.save(update_fields=["until"])
    placement.save(force_insert=True)
    record(
        actor,
        "placement.recorded",
        placement,
        case_id=case.pk,
        sections=[Section.SHELTER],
        placement_kind=placement.kind,
        is_safe=placement.is_safe,
    )
    _follow(case, placement)
    settle(case, actor)
    return placement


def _check_day(case: Case, place: Place, before: Placement | None) -> None:
    if place.since > clock.today(case.agency.time_zone):
        raise Invalid("since", _("The day cannot be in the future."))
    if before is not None and place.since < before.since:
        raise Invalid("since", _("The day cannot be before the present placement began."))


def _placement(case: Case, place: Place, actor: User) -> Placement:
    placement = Placement(
        case=case,
        kind=place.kind,
        is_safe=place.is_safe and place.kind != PlacementKind.DETENTION,
        provider=place.provider,
        since=place.since,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    placement.address = place.address
    placement.telephone = place.telephone or None
    placement.note = place.note or None
    return placement


def _values(placement: Placement) -> tuple[object, ...]:
    """What was said about it: the same twice is a second click."""
    names = ("kind", "is_safe", "provider_id", "address", "telephone", "note", "since")
    return tuple(getattr(placement, name) for name in names)


def _follow(case: Case, placement: Placement) -> None:
    """Tasks first, notifications after: the order in which the sweep takes its locks."""
    if placement.is_safe:
        deadlines.meet(case.pk, SAFE_PLACEMENT)
    elif not Deadline.objects.open().filter(case_id=case.pk, kind=SAFE_PLACEMENT).exists():
        # From one unsafe place to the next gives nobody more time.
        clocks.start_task(case, SAFE_PLACEMENT, clock.now() + SAFE_PLACEMENT_WITHIN)
    if placement.kind != PlacementKind.DETENTION:
        deadlines.meet(case.pk, LEAVE_DETENTION)
        return
    if not Deadline.objects.open().filter(case_id=case.pk, kind=LEAVE_DETENTION).exists():
        clocks.start_task(case, LEAVE_DETENTION)
    notify(clocks.supervisors_of(case), "placement.detention", case, case_id=case.pk)
