"""The plan for the time afterwards is accepted where the child goes, or not any more."""

import pytest

from cases.models import Case
from repatriation.models import Return
from repatriation.services.clearing import take_clearance_step
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import partnered, strangers
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return partnered(people, case)


def test_those_abroad_accept_it_and_nobody_else(people: Company, way: Return) -> None:
    others = [*strangers(people), people.ana, people.sami]
    assert [get(who, "return_plan", way.pk).status_code for who in others] == [404] * 9
    assert statuses(others, "return_plan", way.pk, accepts="yes") == [404] * 9
    assert ways.fresh_row(way).plan_accepted_on is None
    assert statuses([people.tomas], "return_plan", way.pk, accepts="yes") == [302]
    fresh = ways.fresh_row(way)
    assert (fresh.plan_accepted_on, fresh.plan_accepted_by) == (ways.today(way), people.tomas)


@pytest.mark.parametrize("side", ["partner", "reception"])
def test_either_of_the_two_may(people: Company, way: Return, side: str) -> None:
    Return.objects.filter(pk=way.pk).update(**{side: None})
    assert post(people.tomas, "return_plan", way.pk, accepts="yes").status_code == 302
    assert ways.fresh_row(way).plan_accepted_by == people.tomas


def test_both_countries_see_who_and_when(people: Company, case: Case, way: Return) -> None:
    assert "Not accepted yet" in get(people.sami, "return_partners", way.pk).content.decode()
    for _click in range(2):
        post(people.tomas, "return_plan", way.pk, accepts="yes")
    page = get(people.sami, "return_partners", way.pk).content.decode()
    assert "Accepted abroad" in page
    assert "Tomas" in page
    assert told(people.ana)[-1] == "return.plan_accepted"
    assert last(case.pk, "return.plan_accepted").actor == people.tomas
    assert [event.kind for event in way.events.all()].count("plan_accepted") == 1
    assert "accepted the plan" in get(people.tomas, "return", way.pk).content.decode()


def test_it_can_be_taken_back_and_that_ends_a_readiness(people: Company, case: Case) -> None:
    ready = ways.at(people, case, "ready")
    assert post(people.tomas, "return_plan", ready.pk, accepts="no").status_code == 302
    fresh = ways.fresh_row(ready)
    assert (fresh.plan_accepted_on, fresh.plan_accepted_by) == (None, None)
    assert fresh.state == "travel_planned"
    assert last(case.pk, "return.plan_not_accepted").actor == people.tomas


def test_an_authority_says_nothing_while_contact_is_not_cleared(
    people: Company, case: Case, way: Return
) -> None:
    take_clearance_step(case.pk, ways.COUNTRY, "revoke", actor=people.sami, reason="A threat by telephone.")
    answer = post(people.tomas, "return_plan", way.pk, accepts="yes")
    assert answer.status_code == 422
    assert "Contact with your country is not cleared now." in answer.content.decode()
    assert ways.fresh_row(way).plan_accepted_on is None


def test_an_answer_is_needed(people: Company, way: Return) -> None:
    answer = post(people.tomas, "return_plan", way.pk)
    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()
