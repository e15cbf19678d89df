"""Who stands in for whom in the demo's first agency: duty outside office hours, and cover for leave."""

from datetime import timedelta

import clock
from accounts.models import User
from cases.models import Cover, DutyShift
from cases.services.cover import arrange_cover
from cases.services.duty import plan_duty

WEEK = timedelta(days=7)


def arrange_team(people: dict[str, User]) -> None:
    """Once: whoever starts the demo again later finds what was planned, be it over."""
    sami, ana, boris, carla = (people[name] for name in ("sami", "ana", "boris", "carla"))
    if not Cover.objects.filter(worker=carla).exists():
        arrange_cover(actor=sami, worker=carla, covered_by=boris, until=clock.now() + timedelta(days=9))
    if not DutyShift.objects.filter(agency=sami.agency).exists():
        now = clock.now()
        plan_duty(actor=sami, worker=boris, starts_at=now, ends_at=now + WEEK)
        plan_duty(actor=sami, worker=ana, starts_at=now + WEEK, ends_at=now + 2 * WEEK)
