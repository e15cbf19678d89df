"""A missing child is believed to be in danger in another country: that country's focal point is told (CETS197 33(1)).

Otherwise another country may be told only once contact with it is cleared, which is the return's business.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case
from cases.models.choices import CaseState
from cases.permissions import can_raise_alarm
from cases.services import clocks
from cases.services.locking import locked
from workflow import deadlines
from workflow.models import Deadline

TELL = "tell_focal_point"


def check(case: Case, country: Any) -> None:
    """A part of other writes. Raises Invalid for the country in which the case is worked."""
    if country and country == case.agency.country.code:
        raise Invalid("danger_in", _("Choose another country than the one in which this case is worked."))


@write
def believe_in_danger(case_id: UUID, *, actor: User, country: str) -> Deadline:
    """The same belief as on the step itself, when it comes later: telling that country is due at once."""
    case = _missing(case_id, actor)
    check(case, country)
    deadline = deadlines.start(case.pk, TELL, clock.now(), agency=case.agency, params={"country": country})
    record(actor, "case.danger_believed", case, case_id=case.pk, sections=[Section.NOTES], country=country)
    notify(clocks.supervisors_of(case) - {actor}, "case.danger_abroad", case, case_id=case.pk)
    return deadline


@write
def record_told(case_id: UUID, *, actor: User, country: str, words: str) -> None:
    """Who was told, when and how; only a country for which the belief is recorded."""
    case = _missing(case_id, actor)
    if not deadlines.meet(case.pk, TELL, {"country": country}):
        raise Invalid(
            "danger_in", _("Nothing is due for this country: first record that the child is in danger there.")
        )
    record(
        actor,
        "case.focal_point_told",
        case,
        case_id=case.pk,
        sections=[Section.NOTES],
        reason=words,
        country=country,
    )


def _missing(case_id: UUID, actor: User) -> Case:
    case = locked(case_id, actor)
    require(can_raise_alarm(actor, case))
    if case.state != CaseState.SUSPENDED:
        raise Invalid("danger_in", _("The child is not reported missing."))
    return case
