"""Whatever comes to light after a decision and touches one of its factors: shown, and told once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

import clock
from accounts.access import Section
from cases.models import Case, Person
from cases.models.choices import Risk
from cases.models.people import Conflict
from cases.services.notes import write_note
from repatriation.models import CareArrangement, HomeStudy, Return
from repatriation.models.choices import Option
from repatriation.services.newfacts import new_facts
from repatriation.services.watching import look
from tests.cases import files
from tests.cases.asking import get, told
from tests.kept import kept
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

NOTICE = "return.new_facts"
Fact = Callable[[Company, Return], Any]


@kept
def decided(people: Company, case: Case) -> Return:
    return sitting.decided(people, case)


def risk(people: Company, way: Return) -> None:
    files.look_at_safety(way.case, people.ana, Risk.MEDIUM)


def care(people: Company, way: Return) -> None:
    old = way.arrangements.get(alternate=False)
    CareArrangement.objects.filter(pk=old.pk).update(ended_at=clock.now())
    CareArrangement.objects.create(
        way=way,
        case=way.case,
        country=old.country,
        kind=old.kind,
        person=old.person,
        is_able=True,
        agreed_on=old.agreed_on,
        agreement=old.agreement,
        made_by=people.ana,
    )


def study(people: Company, way: Return) -> None:
    row = HomeStudy(
        way=way,
        case=way.case,
        arrangement=way.arrangements.latest("made_at"),
        agency=people.tomas.agency,
        visited_on=ways.today(way),
        conclusion="suitable",
        written_by=people.tomas,
    )
    row.answers = {}
    row.save(force_insert=True)


def implicated(people: Company, way: Return) -> None:
    person = Person(case=way.case, role="relative", country="XB", added_by=people.ana)
    person.name = "Stric Vosk"
    person.save(force_insert=True)
    person.conflict = Conflict.SUSPECTED
    person.save()


FACTS: list[tuple[str, Fact]] = [
    ("risk", risk),
    ("wish", ways.wish),
    ("care", care),
    ("assessment", ways.assessed),
    ("input", ways.input_given),
    ("study", study),
    ("implicated", implicated),
]


def kinds(way: Return) -> set[str]:
    return {fact.kind for fact in new_facts(ways.fresh_row(way))}


@pytest.mark.parametrize(("kind", "fact"), FACTS, ids=[kind for kind, _fact in FACTS])
def test_each_is_found_and_told_once(people: Company, decided: Return, kind: str, fact: Fact) -> None:
    assert kinds(decided) == set()
    look(decided.case_id)
    assert NOTICE not in told(people.sami)
    fact(people, decided)
    assert kinds(decided) == {kind}
    for _time in range(2):
        look(decided.case_id)
    for supervisor in (people.sami, people.vera):
        assert told(supervisor).count(NOTICE) == 1
    assert NOTICE not in told(people.ana)


def test_another_one_is_told_again(people: Company, decided: Return) -> None:
    risk(people, decided)
    assert told(people.sami).count(NOTICE) == 1
    risk(people, decided)
    assert told(people.sami).count(NOTICE) == 2


def test_what_touches_no_factor_is_none(people: Company, decided: Return) -> None:
    write_note(decided.case_id, actor=people.ana, section=Section.RISK, words="She slept well.")
    assert kinds(decided) == set()
    assert NOTICE not in told(people.sami)


def test_the_page_shows_them_with_the_way_back_to_the_panel(people: Company, decided: Return) -> None:
    assert "New facts since the decision" not in get(people.sami, "return", decided.pk).content.decode()
    risk(people, decided)
    page = get(people.sami, "return", decided.pk).content.decode()
    assert "New facts since the decision" in page
    assert "The risk in this case was assessed anew." in page
    assert page.count(reverse("return_step", args=[decided.pk, "reopen_decision"])) == 2
    # The worker sees them; the step is a supervisor's. The partner abroad sees nothing of it.
    worker = get(people.ana, "return", decided.pk).content.decode()
    assert "New facts since the decision" in worker
    assert reverse("return_step", args=[decided.pk, "reopen_decision"]) not in worker
    assert "New facts" not in get(people.tomas, "return", decided.pk).content.decode()
    ways.step(decided, "reopen_decision", people.sami)
    assert "New facts since the decision" not in get(people.sami, "return", decided.pk).content.decode()
    assert kinds(decided) == set()


def test_later_on_the_way_it_leads_over_a_suspension(people: Company, decided: Return) -> None:
    ways.request_written(people, decided)
    ways.step(decided, "request_verification", people.ana)
    ways.wish(people, decided)
    page = get(people.ana, "return", decided.pk).content.decode()
    assert page.count(reverse("return_step", args=[decided.pk, "suspend"])) == 2
    ways.step(decided, "suspend", people.sami)
    page = get(people.ana, "return", decided.pk).content.decode()
    assert "New facts since the decision" in page
    assert page.count(reverse("return_step", args=[decided.pk, "resume"])) == 2
    ways.step(decided, "resume", people.sami)
    assert ways.fresh_row(decided).state == "panel_pending"


def test_they_are_looked_for_after_an_integration_as_well(people: Company, case: Case) -> None:
    way = sitting.decided(people, case, Option.INTEGRATION)
    risk(people, way)
    assert told(people.vera).count(NOTICE) == 1
    assert ways.step(way, "reopen_decision", people.vera).state == "panel_pending"
    assert Case.objects.get(pk=case.pk).durable_solution == ""


def test_nothing_is_new_before_a_decision(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    risk(people, waiting)
    assert kinds(waiting) == set()
    assert NOTICE not in told(people.sami)
