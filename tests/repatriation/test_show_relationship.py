"""How somebody of the file is related to the child, and who must never be chosen."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.access import Section
from accounts.errors import Invalid
from cases.models import Case, Person
from cases.models.people import Conflict, PersonRole
from cases.services.documents import remove_document
from cases.services.people import Particulars, add_person
from repatriation.models import Relationship, Return
from repatriation.services.families import Shown, verify_relationship
from tests.cases import papers
from tests.cases.asking import day, get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import strangers
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(cast: Cast, case: Case) -> Return:
    return ways.considered(cast, case)


@kept
def aunt(cast: Cast, case: Case) -> Person:
    told = Particulars(role=PersonRole.RELATIVE, name="Aunt Osprey", country="XB")
    return add_person(case.pk, actor=cast.ana, told=told)


@kept
def uncle(cast: Cast, case: Case) -> Person:
    told = Particulars(role=PersonRole.RELATIVE, name="Uncle Magpie", conflict=Conflict.SUSPECTED)
    return add_person(case.pk, actor=cast.ana, told=told)


def form(way: Return, relative: Person, **changes: Any) -> dict[str, Any]:
    sent = {"person": relative.pk, "evidence": "register", "words": "Entry 12 of the register."}
    return sent | day("verified_on", ways.today(way)) | changes


def test_the_worker_shows_it_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return, aunt: Person
) -> None:
    for who in (*strangers(people), people.tomas):
        assert get(who, "return_family", way.pk).status_code == 404
    sent = form(way, aunt)
    assert statuses([*strangers(people), people.tomas], "return_family", way.pk, **sent) == [404] * 8
    assert statuses([people.sami], "return_family", way.pk, **sent) == [403]
    assert not Relationship.objects.exists()
    assert statuses([people.ana], "return_family", way.pk, **sent) == [302]
    row = Relationship.objects.get()
    assert (row.person, row.evidence, row.words) == (aunt, "register", "Entry 12 of the register.")
    assert row.verified_by == people.ana


def test_the_page_says_who_is_related_and_who_had_a_part(
    people: Company, case: Case, way: Return, aunt: Person, uncle: Person
) -> None:
    paper = papers.added(case, people.ana, section=Section.IDENTITY, title="Extract of the register")
    post(people.ana, "return_family", way.pk, **form(way, aunt, document=paper.pk))
    for reader in (people.ana, people.sami):
        page = get(reader, "return_family", way.pk).content.decode()
        for words in ("Relationship shown", "Entry 12 of the register.", "Extract of the register"):
            assert words in page
        assert "A child is never handed to this person" in page
    assert last(case.pk, "return.read").sections == ["account", "contacts", "return_decision"]


def test_whoever_had_a_part_is_not_offered_and_is_refused_all_the_same(
    people: Company, way: Return, aunt: Person, uncle: Person
) -> None:
    page = get(people.ana, "return_family", way.pk).content.decode()
    assert f'value="{aunt.pk}"' in page
    assert f'value="{uncle.pk}"' not in page
    answer = post(people.ana, "return_family", way.pk, **form(way, uncle))
    assert answer.status_code == 422
    assert "This person had a part in what happened" in answer.content.decode()
    assert not Relationship.objects.exists()


def test_somebody_of_another_file_does_not_exist_here(people: Company, way: Return) -> None:
    other = add_person(
        ways.active_case(people.cast).pk,
        actor=people.ana,
        told=Particulars(role=PersonRole.MOTHER, name="Another mother"),
    )
    assert post(people.ana, "return_family", way.pk, **form(way, other)).status_code == 422
    for person_id in (other.pk, uuid4()):
        with pytest.raises(Invalid) as refused:
            verify_relationship(
                way.pk,
                person_id,
                actor=people.ana,
                shown=Shown(evidence="dna", verified_on=ways.today(way)),
            )
        assert refused.value.field == "person"
    assert not Relationship.objects.exists()


def test_a_document_that_was_removed_shows_nothing(
    people: Company, case: Case, way: Return, aunt: Person
) -> None:
    paper = papers.added(case, people.ana, section=Section.IDENTITY)
    remove_document(case.pk, paper.pk, actor=people.ana, reason="The wrong one.")
    answer = post(people.ana, "return_family", way.pk, **form(way, aunt, document=paper.pk))
    assert answer.status_code == 422
    with pytest.raises(Invalid) as refused:
        verify_relationship(
            way.pk,
            aunt.pk,
            actor=people.ana,
            shown=Shown(evidence="document", verified_on=ways.today(way), document=paper),
        )
    assert refused.value.field == "document"
    assert not Relationship.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"evidence": ""}, "Choose an answer."),
        ({"person": ""}, "Choose an answer."),
        ({"verified_on_year": "2031"}, "This day lies in the future."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, aunt: Person, wrong: dict[str, Any], says: str
) -> None:
    answer = post(people.ana, "return_family", way.pk, **form(way, aunt, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Relationship.objects.exists()


def test_it_is_recorded_lets_the_family_be_looked_at_and_stands_nowhere_in_clear(
    people: Company, case: Case, way: Return, aunt: Person
) -> None:
    for fact in (ways.wish, ways.tracing_agreed, ways.clear):
        fact(people, way)
    ways.step(way, "trace", people.ana)
    post(people.ana, "return_family", way.pk, **form(way, aunt))
    event = last(case.pk, "return.relationship_verified")
    assert (event.sections, event.details) == (["return_decision"], {"evidence": "register"})
    assert "Entry 12" not in str(Relationship.objects.values().get())
    assert ways.step(way, "assess_family", people.ana).state == "family_assessment"
