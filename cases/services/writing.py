"""How a write of one section begins: the case is locked and open, and this person writes that section."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models import Case
from cases.permissions import can_write
from cases.services.locking import locked
from cases.services.standing import require_open

# A day that lies further ahead is a slip of the pen.
FURTHEST = timedelta(days=5 * 366)


def locked_to_write(case_id: UUID, actor: User, section: Section) -> Case:
    """The locked case, open, for somebody who may write this section of it."""
    case = locked(case_id, actor)
    require(can_write(actor, case, section))
    require_open(case)
    return case


def check_happened(case: Case, field: str, day: date) -> None:
    """What is recorded has happened, and since somebody told us; an imported case knows longer."""
    if day > clock.today(case.agency.time_zone):
        raise Invalid(field, _("The day cannot be in the future."))
    told = case.reported_at.astimezone(ZoneInfo(case.agency.time_zone)).date()
    if case.imported_at is None and day < told:
        raise Invalid(field, _("The day cannot be before the child was reported."))


def check_planned(case: Case, field: str, day: date) -> None:
    today = clock.today(case.agency.time_zone)
    if day < today:
        raise Invalid(field, _("The day has passed. Choose today or a later day."))
    if day > today + FURTHEST:
        raise Invalid(field, _("The day is more than five years away."))
