"""Whatever becomes known late takes readiness back, or stops the return, in the very write that says it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.access import Section
from cases.models import Case, Person
from cases.models.choices import Risk, Safety
from cases.models.people import Conflict
from cases.services.people import Particulars, change_person
from cases.services.registers import certify_fitness
from cases.services.risk import assess_risk
from cases.services.steps import take_step
from repatriation.models import Journey, Return
from repatriation.models.choices import AssentKind
from repatriation.services.readiness import record_assent
from tests.cases import care
from tests.cases.asking import get, running, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import arranged, planned
from tests.repatriation.ways import Company, fresh_row

Late = Callable[[Company, Return], Any]


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "ready")


def _implicated(people: Company, way: Return) -> None:
    who = Person.objects.get(case=way.case, role="relative")
    told_ = Particulars(role=who.role, name=who.name, country=who.country, conflict=Conflict.SUSPECTED)
    change_person(way.case_id, who.pk, actor=people.ana, told=told_)


def _unfit(people: Company, way: Return) -> None:
    care.give(way.case, people.petra, Section.MEDICAL)
    certify_fitness(
        way.case_id, actor=people.petra, is_fit=False, certified_on=ways.today(way), supply_days=14
    )


def _says_no(people: Company, way: Return) -> None:
    record_assent(
        way.pk,
        actor=people.ana,
        kind=AssentKind.REFUSED,
        given_on=ways.today(way),
        means="talk",  # type: ignore[arg-type]
        words="I stay.",
    )


def _claims(people: Company, way: Return) -> None:
    care.step(
        way.case, "protection", "claim_protection", people.ana, against=way.country, authority="Asylum office"
    )


def _in_proceedings(people: Company, way: Return) -> None:
    care.step(way.case, "proceedings", "open_proceedings", people.ana, authority="Prosecutor", number="1")


def _missing(people: Company, way: Return) -> None:
    take_step(way.case_id, "suspend", actor=people.ana)


def _in_danger(people: Company, way: Return) -> None:
    assess_risk(way.case_id, actor=people.ana, level=Risk.HIGH, safety=Safety.NOT_SAFE, child_seen=True)


def _without_escort(people: Company, way: Return) -> None:
    arranged(way, people.ana)


LATE: Mapping[str, tuple[Late, str]] = {
    "a person turns out to be implicated": (_implicated, "suspended"),
    "the clinic says that the child is not fit": (_unfit, "travel_planned"),
    "the child says no": (_says_no, "travel_planned"),
    "protection is claimed": (_claims, "suspended"),
    "proceedings are opened": (_in_proceedings, "travel_planned"),
    "the child is missing": (_missing, "suspended"),
    "a new danger": (_in_danger, "suspended"),
    "nobody goes along any more": (_without_escort, "travel_planned"),
    "the date moves": (lambda people, way: planned(way, people.ana, days=6), "travel_planned"),
}


@pytest.mark.parametrize("what", LATE)
def test_it_is_not_ready_any_more(people: Company, way: Return, what: str) -> None:
    assert "return_ready_until" in running(way.case)
    late, state = LATE[what]
    late(people, way)
    now = fresh_row(way)
    assert (now.state, now.ready_until) == (state, None)
    assert "return_ready_until" not in running(way.case)
    step = "suspend" if state == "suspended" else "plan_again"
    kinds = list(now.events.order_by("number").values_list("kind", flat=True))
    assert kinds.count(step) == 1
    assert f"return.{step}" in told(people.sami)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Something in the file has changed on which it rested."),
        ("ru", "В деле изменилось то, на чём это держалось."),
    ],
)
def test_the_history_says_why_in_words(people: Company, way: Return, language: str, words: str) -> None:
    _says_no(people, way)
    people.ana.language = language
    people.ana.save()
    body = get(people.ana, "case_history", way.case_id).content.decode()
    assert words in body
    assert "facts_changed" not in body


def test_a_child_that_has_departed_arrives_somewhere(people: Company, way: Return) -> None:
    ways.day_has_come(way)
    ways.step(way, "depart", people.eskort)
    _implicated(people, way)
    assert fresh_row(way).state == "departed"
    assert Journey.objects.get(way=way).ended_at is None


def test_what_changes_nothing_takes_nothing_back(people: Company, way: Return) -> None:
    assess_risk(way.case_id, actor=people.ana, level=Risk.LOW, safety=Safety.SAFE, child_seen=True)
    arranged(
        way,
        people.ana,
        escort=people.eskort,
        escort_vetted_on=clock.today("Europe/Vienna") - timedelta(days=1),
        authorised_by="court",
        authorised_on=clock.today("Europe/Vienna"),
    )
    assert fresh_row(way).state == "ready"
