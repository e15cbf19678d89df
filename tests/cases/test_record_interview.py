"""The register of interviews, and testimony."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Interview, LegalProtection
from cases.models.choices import Basis
from cases.services.registers import arrange_testimony
from cases.settled import unsettled_strands
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses, verbs
from tests.cases.care import give, step
from tests.cast import Cast


def form(**changes: Any) -> dict[str, Any]:
    settled = {
        "authority": "Criminal police, Lindau",
        "interviewer": "Inspector Plover",
        "interviewer_trained": "yes",
        "interpreter": "Mr Siskin, Belmoran",
        "accompanied_by": "Greta Halm, guardian",
        "recorded_on_video": "on",
        "note": "She asked for a pause twice.",
    }
    return settled | day("held_on", clock.today("Europe/Vienna")) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    give(case, cast.tomas, Section.LEGAL, may_write=False)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "interview_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami, cast.tomas], "interview_new", case.pk, **form()) == [403, 403]
    assert not Interview.objects.exists()
    assert statuses([cast.ana], "interview_new", case.pk, **form()) == [302]
    interview = Interview.objects.get()
    assert (interview.interviewer, interview.interpreter) == ("Inspector Plover", "Mr Siskin, Belmoran")
    assert (interview.interviewer_trained, interview.recorded_on_video) == (True, True)
    assert interview.entered_by == cast.ana


def test_the_lawyer_records_one_too(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.LEGAL)
    assert post(cast.petra, "interview_new", case.pk, **form()).status_code == 302


def test_they_are_numbered_in_each_file_by_itself(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    for file in (case, other, case, case):
        post(cast.ana, "interview_new", file.pk, **form())
    assert list(case.interviews.values_list("number", flat=True)) == [3, 2, 1]
    assert list(other.interviews.values_list("number", flat=True)) == [1]
    assert last(case.pk, "interview.recorded").details == {"number": 3, "trained": True}


def test_the_page_shows_how_each_was_held(cast: Cast, case: Case) -> None:
    assert "None so far." in get(cast.ana, "legal", case.pk).content.decode()
    post(cast.ana, "interview_new", case.pk, **form(interviewer_trained="no"))
    page = get(cast.sami, "legal", case.pk).content.decode()
    for words in ("Interview 1", "Inspector Plover", "Siskin", "Greta Halm", "Interviewer not trained"):
        assert words in page
    assert "/interviews/new/" not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"authority": ""}, "We need an answer here."),
        ({"interviewer": "\u200b"}, "We need an answer here."),
        ({"interviewer_trained": ""}, "Choose an answer."),
        ({"interviewer_trained": "perhaps"}, "perhaps"),
        ({"interpreter": ""}, "We need an answer here."),
        ({"accompanied_by": ""}, "We need an answer here."),
        ({"held_on_day": "32"}, "There is no such day"),
        ({"note": "x" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "interview_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Interview.objects.exists()


def test_it_was_not_held_tomorrow(cast: Cast, case: Case) -> None:
    tomorrow = day("held_on", clock.today("Europe/Vienna") + timedelta(days=1))
    answer = post(cast.ana, "interview_new", case.pk, **form(**tomorrow))
    assert (answer.status_code, "future" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("state", ["closed", "not_eligible", "referred_out", "duplicate"])
def test_nothing_is_added_to_a_file_that_is_not_open(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    answer = post(cast.ana, "interview_new", case.pk, **form())
    assert answer.status_code == 422
    assert "Reopen it first." in answer.content.decode()
    assert not Interview.objects.exists()


def test_no_word_of_it_is_in_the_audit(cast: Cast, case: Case) -> None:
    post(cast.ana, "interview_new", case.pk, **form())
    event = last(case.pk, "interview.recorded")
    assert event.sections == ["legal"]
    assert "Plover" not in str(event.details)
    assert "recorded an interview of the child" in get(cast.ana, "case_history", case.pk).content.decode()


def in_court(cast: Cast, case: Case) -> LegalProtection:
    step(case, "proceedings", "open_proceedings", cast.ana, authority="Regional court", number="4 Hv 12")
    return LegalProtection.objects.get(case=case)


def test_testimony_is_asked_once_proceedings_are_open(cast: Cast, case: Case) -> None:
    assert (
        f'action="/cases/{case.pk}/legal/testimony/"' not in get(cast.ana, "legal", case.pk).content.decode()
    )
    with pytest.raises(Invalid, match="arranged"):
        arrange_testimony(case.pk, actor=cast.ana, arranged=True)
    assert post(cast.ana, "testimony", case.pk, arranged="yes").status_code == 302
    assert not LegalProtection.objects.get(case=case).testimony_arranged
    assert "proceedings" in unsettled_strands(in_court(cast, case))
    assert f'action="/cases/{case.pk}/legal/testimony/"' in get(cast.ana, "legal", case.pk).content.decode()
    assert "/legal/testimony/" not in get(cast.sami, "legal", case.pk).content.decode()


def test_who_may_say_that_testimony_is_arranged(cast: Cast, case: Case, nora: User) -> None:
    in_court(cast, case)
    strangers = [cast.omar, cast.ben, cast.aida, cast.petra, nora]
    assert statuses(strangers, "testimony", case.pk, arranged="yes") == [404] * 5
    assert statuses([cast.sami], "testimony", case.pk, arranged="yes") == [403]
    assert get(cast.ana, "testimony", case.pk).status_code == 302
    assert statuses([cast.ana], "testimony", case.pk, arranged="yes") == [302]
    legal = LegalProtection.objects.get(case=case)
    assert legal.testimony_arranged
    assert "proceedings" not in unsettled_strands(legal)
    assert last(case.pk, "testimony.recorded").details == {"testimony": "arranged"}


def test_saying_it_twice_is_recorded_once_and_it_can_be_taken_back(cast: Cast, case: Case) -> None:
    in_court(cast, case)
    for answer in ("yes", "yes", "no"):
        post(cast.ana, "testimony", case.pk, arranged=answer)
    assert verbs(case.pk).count("testimony.recorded") == 2
    assert not LegalProtection.objects.get(case=case).testimony_arranged


def test_no_answer_is_none(cast: Cast, case: Case) -> None:
    in_court(cast, case)
    answer = post(cast.ana, "testimony", case.pk)
    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()


def test_new_proceedings_ask_anew(cast: Cast, case: Case) -> None:
    in_court(cast, case)
    post(cast.ana, "testimony", case.pk, arranged="yes")
    step(case, "proceedings", "close_proceedings", cast.ana, result="Convicted.")
    step(case, "proceedings", "reopen_proceedings", cast.ana, reason="Appeal.")
    assert not LegalProtection.objects.get(case=case).testimony_arranged
