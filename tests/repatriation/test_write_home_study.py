"""The home study: written by the partner abroad on its own page, read by who decides."""

from typing import Any

import pytest

from accounts.errors import Invalid
from cases.models import Case
from repatriation.models import CareArrangement, HomeStudy, Return
from repatriation.services.clearing import take_clearance_step
from repatriation.services.studies import Visited, write_study
from repatriation.study import SUPPORT, questions
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import WISH_WORDS, partnered, strangers, study_form
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
def care(people: Company, way: Return) -> CareArrangement:
    row = ways.care_agreed(people, way)
    CareArrangement.objects.filter(pk=row.pk).update(is_able=False)
    return CareArrangement.objects.get(pk=row.pk)


def test_the_partner_writes_it_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return, care: CareArrangement
) -> None:
    sent = study_form(way)
    for name, args in (("return_study", (way.pk,)), ("return_study_new", (way.pk, care.pk))):
        assert [get(who, name, *args).status_code for who in strangers(people)] == [404] * 7
    assert statuses(strangers(people), "return_study_new", way.pk, care.pk, **sent) == [404] * 7
    assert statuses([people.ana, people.sami], "return_study_new", way.pk, care.pk, **sent) == [403, 403]
    assert not HomeStudy.objects.exists()
    assert statuses([people.tomas], "return_study_new", way.pk, care.pk, **sent) == [302]
    row = HomeStudy.objects.get()
    assert (row.agency, row.written_by, row.arrangement) == (people.tomas.agency, people.tomas, care)
    assert row.answers["household"] == "Seen: household."


def test_it_says_whether_the_one_named_is_able(people: Company, way: Return, care: CareArrangement) -> None:
    for conclusion, able in (("suitable", True), ("unsuitable", False), ("with_support", True)):
        sent = study_form(way, conclusion=conclusion)
        assert post(people.tomas, "return_study_new", way.pk, care.pk, **sent).status_code == 302
        assert CareArrangement.objects.get().is_able is able
    assert HomeStudy.objects.count() == 3


def test_who_decides_reads_it_and_what_to_look_at_twice(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    sent = study_form(way, reach="yes", alone="unclear", conclusion="with_support")
    post(people.tomas, "return_study_new", way.pk, care.pk, **sent)
    for reader in (people.ana, people.sami):
        page = get(reader, "return_study", way.pk).content.decode()
        assert "Suitable with support" in page
        assert "Seen: wishes." in page
        assert page.count("Look at this twice.") == 2
    assert told(people.ana)[-1] == "return.study_written"
    event = last(case.pk, "return.study_written")
    assert (event.actor, event.details) == (people.tomas, {"conclusion": "with_support"})
    assert [row.kind for row in way.events.all()].count("study_written") == 1
    assert "Seen: household." not in str(HomeStudy.objects.values().get())


def test_the_partner_reads_its_own_part_and_nothing_else(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    ways.wish(people, way)
    ways.assessed(people, way)
    post(people.tomas, "return_study_new", way.pk, care.pk, **study_form(way))
    for name in ("return", "return_study", "return_input", "return_plan"):
        page = get(people.tomas, name, way.pk).content.decode()
        assert WISH_WORDS not in page
        assert "Nobody of the network" not in page
        assert case.code not in page
    # What another agency wrote is not its own.
    HomeStudy.objects.update(agency=people.petra.agency)
    assert "Seen: household." not in get(people.tomas, "return_study", way.pk).content.decode()
    assert last(case.pk, "return.read").sections == []


def test_everything_that_is_missing_is_said_at_once_and_nothing_is_saved(
    people: Company, way: Return, care: CareArrangement
) -> None:
    answer = post(people.tomas, "return_study_new", way.pk, care.pk)
    assert answer.status_code == 422
    page = answer.content.decode()
    needed = [each.code for each in questions() if each.required]
    assert [code for code in (*needed, "visited_on", "conclusion") if f"id_{code}_error" not in page] == []
    assert not HomeStudy.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"conclusion": "with_support", SUPPORT: ""}, "Say what help is needed"),
        ({"conclusion": "splendid"}, "splendid"),
        ({"sound": "perhaps"}, "perhaps"),
        ({"visited_on_year": "2031"}, "This day lies in the future."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, care: CareArrangement, wrong: dict[str, Any], says: str
) -> None:
    answer = post(people.tomas, "return_study_new", way.pk, care.pk, **study_form(way, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Seen: household." in answer.content.decode()
    assert not HomeStudy.objects.exists()
    assert not CareArrangement.objects.get().is_able


def test_the_service_asks_for_the_same(people: Company, way: Return, care: CareArrangement) -> None:
    sent = study_form(way)
    answers = {each.code: str(sent[each.code]) for each in questions()}
    for change, field in (({"household": ""}, "household"), ({SUPPORT: ""}, SUPPORT)):
        visited = Visited(visited_on=ways.today(way), answers=answers | change, conclusion="with_support")
        with pytest.raises(Invalid) as refused:
            write_study(way.pk, care.pk, actor=people.tomas, visited=visited)
        assert refused.value.field == field
    assert not HomeStudy.objects.exists()


def test_whoever_is_not_named_any_more_or_lives_elsewhere_is_not_visited(
    people: Company, way: Return, care: CareArrangement
) -> None:
    elsewhere = ways.care_agreed(people, way, country="DE")
    sent = study_form(way)
    assert post(people.tomas, "return_study_new", way.pk, elsewhere.pk, **sent).status_code == 404
    CareArrangement.objects.filter(pk=care.pk).update(ended_at=care.made_at)
    assert post(people.tomas, "return_study_new", way.pk, care.pk, **sent).status_code == 404
    visited = Visited(
        visited_on=ways.today(way),
        answers={each.code: str(sent[each.code]) for each in questions()},
        conclusion="suitable",
    )
    for row in (care, elsewhere):
        with pytest.raises(Invalid):
            write_study(way.pk, row.pk, actor=people.tomas, visited=visited)
    assert not HomeStudy.objects.exists()


def test_whoever_had_a_part_is_visited_no_more_and_the_partner_is_not_told_why(
    people: Company, way: Return, care: CareArrangement
) -> None:
    ways.implicate(ways.grandmother(people, way))
    sent = study_form(way)
    assert post(people.tomas, "return_study_new", way.pk, care.pk, **sent).status_code == 404
    visited = Visited(
        visited_on=ways.today(way),
        answers={each.code: str(sent[each.code]) for each in questions()},
        conclusion="suitable",
    )
    with pytest.raises(Invalid) as refused:
        write_study(way.pk, care.pk, actor=people.tomas, visited=visited)
    assert refused.value.sentence == "Nothing more is asked of this person for now."
    assert not CareArrangement.objects.get().is_able


def test_an_authority_writes_nothing_while_contact_is_not_cleared(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    take_clearance_step(case.pk, ways.COUNTRY, "revoke", actor=people.sami, reason="A threat by telephone.")
    page = get(people.tomas, "return_study", way.pk).content.decode()
    assert "Contact with your country is not cleared now." in page
    assert "Mill Lane 3" not in page
    assert post(people.tomas, "return_study_new", way.pk, care.pk, **study_form(way)).status_code == 403
    assert not HomeStudy.objects.exists()


def test_a_study_after_the_decision_that_finds_it_unsuitable_stops_the_return(
    people: Company, case: Case
) -> None:
    decided = ways.at(people, case, "decided_return")
    care = decided.arrangements.get()
    sent = study_form(decided, conclusion="unsuitable")
    assert post(people.tomas, "return_study_new", decided.pk, care.pk, **sent).status_code == 302
    assert ways.fresh_row(decided).state == "suspended"
