"""When the child was last harmed, and the care that has to begin in time after it (MED).

The clocks count from the last incident, never from intake and never from the hour of the entry: what is entered
late has less time left, or none. Days are known rather than hours, so they count from the beginning of the day that
was named, and never promise more time than there is.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.edges.medical import Incident
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.services import clocks
from workflow import deadlines
from workflow.machine import Attempt

PROPHYLAXIS, CONTRACEPTION = "prophylaxis", "contraception"
# Until when the medicine can begin.
WINDOWS = {PROPHYLAXIS: timedelta(hours=72), CONTRACEPTION: timedelta(hours=120)}
CLOCKS_OF: Mapping[str, tuple[str, ...]] = {
    Incident.WITHIN_72_HOURS: (PROPHYLAXIS, CONTRACEPTION),
    Incident.WITHIN_120_HOURS: (CONTRACEPTION,),
}


def check_incident(values: Mapping[str, Any], case: Case) -> None:
    """The answer and the day must agree, counted from now. An answer that starts a clock needs its day."""
    answer, day = values.get("incident"), values.get("incident_on")
    if answer not in Incident.values:
        return
    if not isinstance(day, date):
        if answer in CLOCKS_OF:
            raise Invalid("incident_on", _("Enter the day, so that the time that is left can be counted."))
        return
    if day > clock.today(case.agency.time_zone):
        raise Invalid("incident_on", _("The day cannot be in the future."))
    if answer == Incident.NOT_KNOWN:
        raise Invalid("incident_on", _("Leave the day empty, or say above how long ago it was."))
    now = clock.now()
    least, most = now - beginning(day + timedelta(days=1), case), now - beginning(day, case)
    fits = {
        Incident.WITHIN_72_HOURS: least < WINDOWS[PROPHYLAXIS],
        Incident.WITHIN_120_HOURS: most > WINDOWS[PROPHYLAXIS] and least < WINDOWS[CONTRACEPTION],
        Incident.LONGER_AGO: most >= WINDOWS[CONTRACEPTION],
    }
    if not fits[Incident(answer)]:
        raise Invalid("incident_on", _("Counted from now, this day does not agree with the answer above."))


def beginning(day: date, case: Case) -> datetime:
    """In UTC, so that hours added to it are hours, also in the night when the clocks change."""
    return datetime.combine(day, time(), ZoneInfo(case.agency.time_zone)).astimezone(UTC)


def incident_at(case: Case, attempt: Attempt) -> datetime | None:
    day = attempt.values.get("incident_on")
    return beginning(day, case) if isinstance(day, date) else None


def start_urgent_care(case: Case, attempt: Attempt) -> None:
    """A clock for each kind of care that may still begin; those that an earlier answer started end."""
    since = incident_at(case, attempt)
    urgent = CLOCKS_OF.get(str(attempt.values.get("incident")), ()) if since else ()
    for kind in WINDOWS:
        if since is None or kind not in urgent:
            deadlines.meet(case.pk, kind)
        else:
            # The day may have begun before the window did: then there is no time to lose, but no time lost yet.
            clocks.start_task(case, kind, max(since + WINDOWS[kind], clock.now()))
    if urgent:
        told = {account for account in _who_can_act(case) if account != attempt.actor}
        notify(told, "medical.urgent", case, case_id=case.pk)


def _who_can_act(case: Case) -> set[User]:
    """Whoever works on the case, at night too, and the clinic."""
    clinic = CaseAccess.objects.live().filter(
        case=case,
        basis=Basis.PERSONAL,
        may_write=True,
        sections__contains=[Section.MEDICAL.value],
        account__isnull=False,
    )
    treating = {ground.account for ground in clinic.select_related("account") if ground.account}
    return clocks.workers_of(case) | clocks.on_duty(case) | treating
