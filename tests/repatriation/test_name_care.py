"""Who would care for the child there; never somebody who had a part in what happened."""

from typing import Any

import pytest

from accounts.models import Agency, AgencyKind
from cases.models import Case, Person
from cases.models.people import PersonRole
from cases.services.people import Particulars, add_person
from repatriation.models import CareArrangement, Return
from repatriation.services.care import Care, name_care
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


@kept
def grandmother(people: Company, way: Return) -> Person:
    return ways.grandmother(people, way)


def form(person: Person, **changes: Any) -> dict[str, Any]:
    return {
        "who": f"person:{person.pk}",
        "country": ways.COUNTRY,
        "alternate": "no",
        "address": "Mill Lane 3",
        "terms": "Until she is of age.",
    } | changes


def test_the_worker_names_somebody_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return, grandmother: Person
) -> None:
    nobody = [*strangers(people), people.tomas]
    assert [get(who, "return_care", way.pk).status_code for who in nobody] == [404] * 8
    assert statuses(nobody, "return_care", way.pk, **form(grandmother)) == [404] * 8
    assert statuses([people.sami], "return_care", way.pk, **form(grandmother)) == [403]
    assert not CareArrangement.objects.exists()
    assert statuses([people.ana], "return_care", way.pk, **form(grandmother)) == [302]
    row = CareArrangement.objects.get()
    assert (row.person, row.kind, row.country) == (grandmother, "relative", ways.COUNTRY)
    assert (row.address, row.terms) == ("Mill Lane 3", "Until she is of age.")
    assert (row.is_able, row.agreed_on, row.alternate) == (False, None, False)


@pytest.mark.parametrize(
    ("role", "kind"),
    [("mother", "parent"), ("sibling", "relative"), ("caregiver", "foster"), ("trusted", "foster")],
)
def test_the_kind_of_care_follows_from_who_it_is(people: Company, way: Return, role: str, kind: str) -> None:
    told = Particulars(role=role, name="Mira Wren")
    person = add_person(way.case_id, actor=people.ana, told=told)
    post(people.ana, "return_care", way.pk, **form(person))
    assert CareArrangement.objects.get().kind == kind


def test_whoever_had_a_part_is_not_offered_and_is_refused_with_the_reason(
    people: Company, way: Return, grandmother: Person
) -> None:
    ways.implicate(grandmother)
    page = get(people.ana, "return_care", way.pk).content.decode()
    assert f'value="person:{grandmother.pk}"' not in page
    assert "Who cannot be named" in page
    answer = post(people.ana, "return_care", way.pk, **form(grandmother))
    assert answer.status_code == 422
    assert "This person had a part in what happened" in answer.content.decode()
    assert "Mill Lane 3" in answer.content.decode()
    assert not CareArrangement.objects.exists()


def test_a_suspect_is_refused_too(people: Company, way: Return) -> None:
    told = Particulars(role=PersonRole.SUSPECT, name="The man with the van")
    suspect = add_person(way.case_id, actor=people.ana, told=told)
    assert post(people.ana, "return_care", way.pk, **form(suspect)).status_code == 422
    assert not CareArrangement.objects.exists()


def test_an_agency_takes_responsibility_in_its_own_country(people: Company, way: Return) -> None:
    house = people.tomas.agency
    sent = form(ways.grandmother(people, way), who=f"agency:{house.pk}")
    assert post(people.ana, "return_care", way.pk, **(sent | {"country": "DE"})).status_code == 422
    assert post(people.ana, "return_care", way.pk, **sent).status_code == 302
    row = CareArrangement.objects.get()
    assert (row.agency, row.person, row.kind) == (house, None, "agency")


def test_an_office_that_takes_nobody_in_cannot_be_named(people: Company, way: Return) -> None:
    office = Agency.objects.create(
        code="office", name="Office", country="XB", kind=AgencyKind.POLICE, time_zone="Europe/Chisinau"
    )
    sent = form(ways.grandmother(people, way), who=f"agency:{office.pk}")
    assert post(people.ana, "return_care", way.pk, **sent).status_code == 422
    with pytest.raises(Exception, match="who"):
        name_care(way.pk, actor=people.ana, care=Care(country="XB", agency=office))
    with pytest.raises(Exception, match="who"):
        name_care(way.pk, actor=people.ana, care=Care(country="XB"))
    assert not CareArrangement.objects.exists()


def test_whoever_is_named_anew_replaces_the_one_before_in_that_place_alone(
    people: Company, way: Return, grandmother: Person
) -> None:
    aunt = add_person(way.case_id, actor=people.ana, told=Particulars(role="relative", name="Aunt Osprey"))
    post(people.ana, "return_care", way.pk, **form(grandmother))
    post(people.ana, "return_care", way.pk, **form(grandmother, alternate="yes"))
    post(people.ana, "return_care", way.pk, **form(grandmother, country="DE"))
    post(people.ana, "return_care", way.pk, **form(aunt))
    standing = CareArrangement.objects.filter(ended_at__isnull=True)
    assert sorted(standing.values_list("country", "alternate", "person__pk")) == sorted(
        [("DE", False, grandmother.pk), ("XB", False, aunt.pk), ("XB", True, grandmother.pk)]
    )
    page = get(people.sami, "return_care", way.pk).content.decode()
    assert "Earlier" in page
    assert "The panel has approved this alternate." in page


def test_the_partner_is_told_and_reads_whom_to_visit(
    people: Company, case: Case, way: Return, grandmother: Person
) -> None:
    assert "Nobody in your country is named yet" in get(people.tomas, "return_study", way.pk).content.decode()
    post(people.ana, "return_care", way.pk, **form(grandmother))
    post(people.ana, "return_care", way.pk, **form(grandmother, country="DE", address="Elsewhere 9"))
    assert told(people.tomas)[-1] == "return.care_named"
    page = get(people.tomas, "return_study", way.pk).content.decode()
    assert "Baba Vosk" in page
    assert "Mill Lane 3" in page
    assert "Elsewhere 9" not in page
    event = last(case.pk, "return.care_named")
    assert event.sections == ["return_decision"]
    assert event.details == {"country": "DE", "care_kind": "relative", "alternate": False}
    assert "care_named" in [row.kind for row in way.events.all()]
    assert "Mill Lane" not in str(CareArrangement.objects.values().first())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"who": ""}, "Choose an answer."),
        ({"address": " "}, "We need an answer here."),
        ({"country": "XA"}, "XA"),
        ({"alternate": ""}, "Choose an answer."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, grandmother: Person, wrong: dict[str, Any], says: str
) -> None:
    answer = post(people.ana, "return_care", way.pk, **form(grandmother, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not CareArrangement.objects.exists()


def test_a_change_after_the_decision_stops_the_return(people: Company, case: Case) -> None:
    """A late fact: whoever is named anew has neither agreed nor been visited."""
    decided = ways.at(people, case, "decided_return")
    person = ways.grandmother(people, decided)
    assert post(people.ana, "return_care", decided.pk, **form(person)).status_code == 302
    assert ways.fresh_row(decided).state == "suspended"
