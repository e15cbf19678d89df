"""When a plan of a journey is over; parts of steps."""

import clock
from repatriation.models import Return


def end_plans(way: Return) -> None:
    """The way leads away from travelling: nobody is handed over later on what was planned before the next decision."""
    for journey in way.journeys.filter(ended_at__isnull=True):
        journey.ended_at = clock.now()
        journey.save(update_fields=["ended_at"])
