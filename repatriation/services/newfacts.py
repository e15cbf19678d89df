"""Facts that came after a panel's decision and concern one of its factors: of each, supervisors hear once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Value

from accounts.notifications import notify
from cases.models import Person
from cases.services.clocks import supervisors_of
from repatriation.models import Return
from repatriation.models.finding import is_implicated
from repatriation.services.panels import decided

RISK, WISH, CARE, ASSESSMENT, INPUT, STUDY, IMPLICATED = (
    "risk",
    "wish",
    "care",
    "assessment",
    "input",
    "study",
    "implicated",
)


@dataclass(frozen=True)
class NewFact:
    kind: str
    at: datetime


def new_facts(way: Return) -> list[NewFact]:
    """Since the vote of the panel whose decision stands; the latest first. None where no decision stands."""
    panel = decided(way)
    if panel is None or panel.closed_at is None:
        return []
    found = [*_written(way, panel.closed_at), *_implicated(way, panel.closed_at)]
    return sorted(found, key=lambda fact: fact.at, reverse=True)


def tell(way: Return) -> None:
    """A part of every write in the case, under the return's lock."""
    panel, facts = decided(way), new_facts(way)
    if panel is None or panel.closed_at is None or not facts:
        return
    latest = facts[0].at
    if latest > (panel.facts_told_upto or panel.closed_at):
        panel.facts_told_upto = latest
        panel.save(update_fields=["facts_told_upto"])
        notify(supervisors_of(way.case), "return.new_facts", way, case_id=way.case_id)


def _written(way: Return, since: datetime) -> Iterator[NewFact]:
    """In one query, whatever was written."""
    care = way.arrangements.filter(alternate=False)
    newer = [
        rows.filter(**{f"{moment}__gt": since}).order_by().values_list(Value(kind), F(moment))
        for kind, rows, moment in (
            (RISK, way.case.risk_assessments, "assessed_at"),
            (WISH, way.wishes, "written_at"),
            (ASSESSMENT, way.assessments, "finished_at"),
            (INPUT, way.inputs, "written_at"),
            (STUDY, way.home_studies, "written_at"),
            (CARE, care, "made_at"),
            (CARE, care, "ended_at"),
        )
    ]
    yield from (NewFact(kind, at) for kind, at in newer[0].union(*newer[1:], all=True))


def _implicated(way: Return, since: datetime) -> Iterator[NewFact]:
    """Somebody of the file of whom it is known only now that they had a part in it."""
    for person in Person.objects.filter(case=way.case_id):
        if not is_implicated(person):
            continue
        told = person.history.order_by("-history_id")
        before = told.filter(history_date__lte=since).first()
        if before is None or not is_implicated(before):
            yield NewFact(IMPLICATED, _first_told(person, since))


def _first_told(person: Person, since: datetime) -> datetime:
    later = person.history.filter(history_date__gt=since).order_by("history_id")
    return next((row.history_date for row in later if is_implicated(row)), since)
