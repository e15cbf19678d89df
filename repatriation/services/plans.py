"""When a plan of a journey is over, or what an escort carries of it says something else; parts of other writes."""

import clock
from cases.models.papers import PaperKind
from cases.models.registers import HealthRecordKind
from cases.services import papers
from repatriation.models import Journey, Return


def end_plans(way: Return) -> None:
    """The way leads away from travelling: nobody is handed over later on what was planned before the next decision."""
    for journey in way.journeys.filter(ended_at__isnull=True):
        end_plan(journey)


def end_plan(journey: Journey) -> None:
    journey.ended_at = clock.now()
    journey.save(update_fields=["ended_at"])
    papers.outdate(journey.pk)


def outdate_papers(way: Return) -> None:
    """The mandate and the travel pack of the journey that stands."""
    for journey in way.journeys.filter(ended_at__isnull=True):
        papers.outdate(journey.pk)


def follow_medication(way: Return) -> None:
    """At the end of every write in the case: nobody gives a child medicines by an older list, unwarned."""
    records = way.case.health_records.filter(kind=HealthRecordKind.MEDICATION)
    latest = records.values_list("entered_at", flat=True).first()
    if latest is None:
        return
    for journey in way.journeys.filter(ended_at__isnull=True):
        papers.outdate(journey.pk, kind=PaperKind.PACK, made_before=latest)
