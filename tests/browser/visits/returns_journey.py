"""Journeys at several points of the way, from each side, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from cases.models import Case, Child, LegalProtection
from cases.models.registers import HealthRecord
from repatriation.models import Return
from repatriation.services.journeys import plan_route
from repatriation.services.readiness import Waiver, waive_reflection
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, House, Visit, send
from tests.cases import files
from tests.repatriation import ways
from tests.repatriation.journeys import arranged, in_days, stretch
from tests.repatriation.ways import Company

EMPTY, PLANNED, READY, LEFT = "document_issued", "travel_planned", "ready", "departed"
# The returns that were made, by the state in which each stands.
_made: dict[str, UUID] = {}


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """In files of their own: a return is one of a child."""
    company = _company_of(people)
    _made.clear()
    for state in (EMPTY, PLANNED, READY, LEFT):
        own = files.in_state("active", people["ana"].agency, worker=people["ana"])
        _describe(own, people["dr-mila"])
        way = ways.at(company, own, EMPTY if state == PLANNED else state)
        _made[state] = way.pk
        if state == PLANNED:
            _plan(company, way)


def _company_of(people: Mapping[str, User]) -> Company:
    named: dict[str, Any] = {
        name: people[name]
        for name in ("ana", "sami", "vera", "petra", "tomas", "konsul", "eskort", "fokus", "pia", "pavel")
    }
    cast: Any = SimpleNamespace(**people)
    return Company(cast, ben=people["boris"], paula=people["paula"], selim=people["pavel"], **named)


def _describe(case: Case, clinic: User) -> None:
    child = Child.objects.get(case=case)
    child.known_as, child.languages = LONG_NAME, f"Romani, {LONG_WORD}"
    child.save()
    row = HealthRecord(case=case, kind="medication", entered_by=clinic)
    row.words = f"{LONG_WORD}: {WORDS}"
    row.save(force_insert=True)


def _plan(people: Company, way: Return) -> None:
    """Two legs that overlap, an escort on two journeys, and a child that is asked not to wait."""
    at = stretch().departs_at
    second = stretch(
        start=LONG_WORD, end="Belm", departs_at=at + timedelta(hours=8), arrives_at=at + timedelta(hours=20)
    )
    plan_route(way.pk, actor=people.ana, legs=[stretch(end=LONG_WORD, carrier=LONG_WORD), second])
    arranged(
        way,
        people.ana,
        escort=people.eskort,
        escort_gender="Feminine",
        escort_vetted_on=in_days(-9),
        mandate=WORDS,
        assistance=f"{WORDS} {LONG_WORD}",
        to_carry=["Passport", LONG_WORD, WORDS],
        fallback=f"{WORDS}\n{LONG_WORD}",
        authorised_by="court",
        authorised_on=in_days(0),
    )
    ways.step(way, "plan_travel", people.ana)
    ways.plan_accepted(people, way)
    LegalProtection.objects.filter(case=way.case_id).update(
        reflection_from=in_days(-20), reflection_until=in_days(10)
    )
    waive_reflection(
        way.pk,
        actor=people.ana,
        waiver=Waiver(child_wishes=True, representative_agrees=True, said_on=in_days(0), words=WORDS),
    )


def visits(house: House) -> Iterator[Visit]:
    ana, sami = house.people["ana"], house.people["sami"]
    sides = ("ana", "sami", "konsul", "tomas", "eskort")

    def at(name: str, state: str) -> str:
        return reverse(name, args=[_made[state]])

    yield Visit("return_journey empty", ana, at("return_journey", EMPTY))
    yield Visit("return_journey empty sami", sami, at("return_journey", EMPTY))
    yield Visit("return_route empty", ana, at("return_route", EMPTY))
    yield Visit("return_route wrong", ana, at("return_route", EMPTY), send())
    for name in sides[:-1]:
        yield Visit(f"return_journey {name}", house.people[name], at("return_journey", PLANNED))
    yield Visit("return_route", ana, at("return_route", PLANNED))
    yield Visit("return_arrange", ana, at("return_arrange", PLANNED))
    for state in (PLANNED, READY, LEFT):
        for name in sides:
            yield Visit(f"return_ready {state} {name}", house.people[name], at("return_ready", state))
        yield Visit(f"escort {state}", house.people["eskort"], at("escort", state))
    yield Visit("escort ana", ana, at("escort", PLANNED))
    for form in ("return_assent", "return_waiver"):
        yield Visit(form, ana, at(form, PLANNED))
        yield Visit(f"{form} wrong", ana, at(form, PLANNED), send())
    yield Visit(
        "return_step eskort", house.people["eskort"], reverse("return_step", args=[_made[READY], "depart"])
    )
    for name in sides:
        yield Visit(f"departures {name}", house.people[name], reverse("departures"))
    yield Visit("departures none", ana, reverse("departures") + "?month=2020-01")
