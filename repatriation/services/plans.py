"""When a plan of a journey is over; parts of steps."""

import clock
from accounts.models import User
from repatriation.models import Return


def end_plans(way: Return) -> None:
    """The way leads away from travelling: nobody is handed over later on what was planned before the next decision."""
    for journey in way.journeys.filter(ended_at__isnull=True):
        journey.ended_at = clock.now()
        journey.save(update_fields=["ended_at"])


def last_escort(way: Return) -> set[User]:
    """Who was to take the child along by the latest plan."""
    latest = way.journeys.select_related("escort").first()
    return {latest.escort} if latest is not None and latest.escort is not None else set()
