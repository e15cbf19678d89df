"""What the partner abroad says about safety there, danger by danger."""

from typing import Any

import pytest

from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind
from cases.models import Case
from repatriation.models import CountryInput, Return
from repatriation.models.choices import RiskFactor
from repatriation.services.clearing import take_clearance_step
from repatriation.services.inputs import Known, give_input
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import input_form, partnered, strangers
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


def test_the_partner_gives_it_and_for_everybody_else_there_is_no_such_page(
    people: Company, way: Return
) -> None:
    others = [*strangers(people), people.ana, people.sami]
    assert [get(who, "return_input", way.pk).status_code for who in others] == [404] * 9
    assert statuses(others, "return_input", way.pk, **input_form()) == [404] * 9
    assert not CountryInput.objects.exists()
    assert statuses([people.tomas], "return_input", way.pk, **input_form()) == [302]
    row = CountryInput.objects.get()
    assert (row.country, row.agency, row.written_by) == ("XB", people.tomas.agency, people.tomas)
    assert row.factors[0] == {
        "factor": "recruiters",
        "likelihood": "low",
        "sources": "Known there: recruiters.",
    }
    assert len(row.factors) == len(RiskFactor.values)


def test_it_counts_for_the_return_and_both_sides_see_that_it_came(
    people: Company, case: Case, way: Return
) -> None:
    post(people.tomas, "return_input", way.pk, **input_form())
    assert ways.fresh_row(way).facts.has_input("XB")
    assert told(people.ana)[-1] == "return.input_given"
    event = last(case.pk, "return.input_given")
    assert (event.sections, event.details) == (["return_decision"], {"country": "XB"})
    assert [row.kind for row in way.events.all()].count("input_given") == 1
    for reader in (people.tomas, people.sami):
        assert "said what is known there about safety" in get(reader, "return", way.pk).content.decode()
    assert "Known there" not in str(CountryInput.objects.values().get())


def test_the_next_one_begins_as_a_copy_and_the_earlier_ones_stay(people: Company, way: Return) -> None:
    post(people.tomas, "return_input", way.pk, **input_form(debt_sources="The village knows of it."))
    page = get(people.tomas, "return_input", way.pk).content.decode()
    assert page.count("The village knows of it.") == 2
    post(people.tomas, "return_input", way.pk, **input_form(debt_sources="It was paid."))
    assert CountryInput.objects.count() == 2
    assert "The village knows of it." in get(people.tomas, "return_input", way.pk).content.decode()


def test_whoever_knows_nothing_of_a_danger_says_so(people: Company, way: Return) -> None:
    sent = input_form(conflict_likelihood="unknown", conflict_sources="")
    assert post(people.tomas, "return_input", way.pk, **sent).status_code == 302
    ways.assessed(people, way)
    post(people.tomas, "return_input", way.pk, **sent)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"debt_likelihood": ""}, "debt_likelihood", "Choose an answer."),
        ({"debt_likelihood": "surely"}, "debt_likelihood", "surely"),
        ({"debt_sources": " "}, "debt_sources", "Say what is known, and from whom."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, wrong: dict[str, Any], field: str, says: str
) -> None:
    answer = post(people.tomas, "return_input", way.pk, **input_form(**wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert f"id_{field}_error" in page
    assert "Known there: stigma." in page
    sent = input_form(**wrong)
    known = {
        code: Known(sent[f"{code}_likelihood"], sent[f"{code}_sources"].strip()) for code in RiskFactor.values
    }
    with pytest.raises(Invalid) as refused:
        give_input(way.pk, actor=people.tomas, known=known)
    assert refused.value.field == field
    assert not CountryInput.objects.exists()


def test_an_authority_says_nothing_while_contact_is_not_cleared(
    people: Company, case: Case, way: Return
) -> None:
    take_clearance_step(case.pk, ways.COUNTRY, "revoke", actor=people.sami, reason="A threat by telephone.")
    page = get(people.tomas, "return_input", way.pk).content.decode()
    assert "Contact with your country is not cleared now." in page
    assert "<textarea" not in page
    assert post(people.tomas, "return_input", way.pk, **input_form()).status_code == 403
    with pytest.raises(Invalid):
        give_input(way.pk, actor=people.tomas, known={})
    assert not CountryInput.objects.exists()


def test_whoever_tells_no_authority_needs_no_clearance(people: Company, case: Case, way: Return) -> None:
    Agency.objects.filter(pk=people.tomas.agency_id).update(kind=AgencyKind.SHELTER)
    take_clearance_step(case.pk, ways.COUNTRY, "revoke", actor=people.sami, reason="A threat by telephone.")
    assert post(people.tomas, "return_input", way.pk, **input_form()).status_code == 302
