"""The caseload."""

from datetime import timedelta

import pytest

import clock
from cases.models import Case, CaseAccess
from cases.models.choices import Basis, EarlyEnd, Risk
from cases.services.reports import take_report
from cases.services.steps import propose_end, take_step
from tests.cases import files
from tests.cases.asking import get, last, post
from tests.cases.care import step
from tests.cast import Cast


def codes(cast: Cast, user: str, **query: str) -> str:
    answer = get(getattr(cast, user), "case_list", **query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_worker_sees_its_own_a_supervisor_the_teams_a_stranger_none(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben)
    elsewhere = files.in_state("active", cast.omar.agency)
    assert case.code in codes(cast, "ana")
    assert other.code not in codes(cast, "ana")
    assert {case.code in codes(cast, "sami"), other.code in codes(cast, "sami")} == {True}
    for page in (codes(cast, "ana"), codes(cast, "sami")):
        assert elsewhere.code not in page
    for stranger in ("omar", "petra", "konsul", "pia", "eskort", "fokus"):
        page = codes(cast, stranger)
        assert case.code not in page
        assert "Lirana" not in page


def test_who_has_no_cases_has_no_list(cast: Cast, case: Case) -> None:
    people = (cast.hotline, cast.aida, cast.stella, cast.admin)
    assert {get(person, "case_list").status_code for person in people} == {403}


def test_the_name_is_for_who_sees_identity(cast: Cast, case: Case) -> None:
    assert "Lirana Vosk" in codes(cast, "sami")
    files.ground(
        case, Basis.PERSONAL, account=cast.omar, until=clock.now() + timedelta(days=30), sections=["risk"]
    )
    page = codes(cast, "omar")
    assert case.code in page
    assert "Lirana" not in page


def test_what_is_not_open_is_not_said_to_be_missing(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    later = case.reported_at.replace(year=2100)
    files.ground(case, Basis.PERSONAL, account=cast.omar, until=later, sections=["legal"])
    page = codes(cast, "omar")
    assert page.count("not open to you") == 2
    for words in ("no name yet", "not assessed", "High risk</span>", "Lirana"):
        assert words not in page


def test_deadlines_are_for_those_who_work_on_the_case(cast: Cast, case: Case) -> None:
    second = files.screened(cast)
    later = case.reported_at.replace(year=2100)
    for each in (case, second):
        files.ground(each, Basis.PERSONAL, account=cast.omar, until=later, sections=["legal"])
    files.look_at_safety(second, cast.ana, Risk.LOW)
    assert get(cast.omar, "case_list").content.decode().count('-t">in ') == 0
    assert set(CaseAccess.objects.filter(account=cast.omar).values_list("due", flat=True)) == {None}
    assert codes(cast, "ana").count('-t">in ') == 2


def test_who_holds_a_ground_besides_finds_the_case_once_and_by_its_deadline(cast: Cast) -> None:
    late = [files.screened(cast) for _number in range(26)]
    files.ground(late[0], Basis.EMERGENCY, account=cast.ana)
    first, second = codes(cast, "ana"), codes(cast, "ana", page="2")
    assert (first + second).count(f">{late[0].code}<") == 1


def test_what_has_ended_is_shown_on_request(cast: Cast, case: Case) -> None:
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values={"code": "adult", "signpost": "Graz"})
    assert case.code not in codes(cast, "sami")
    assert case.code in codes(cast, "sami", state="all")
    assert case.code in codes(cast, "sami", state="not_eligible")
    assert case.code not in codes(cast, "sami", state="closed")


def test_without_a_worker(cast: Cast, case: Case) -> None:
    waiting = take_report(files.reported(cast).pk, actor=cast.sami)
    page = codes(cast, "sami", unassigned="1")
    assert waiting.code in page
    assert case.code not in page
    assert "None" not in codes(cast, "sami")


def test_without_a_worker_again_when_the_last_one_left(cast: Cast, case: Case) -> None:
    assignment = case.assignments.get()
    assignment.ended_at = case.reported_at
    assignment.save()
    page = codes(cast, "sami", unassigned="1")
    assert case.code in page
    assert "Ana" not in page


def test_a_former_workers_name_is_not_the_present_ones(cast: Cast, case: Case) -> None:
    post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    page = codes(cast, "vera")
    assert "Ben" in page
    assert "Ana" not in page


def test_high_risk(cast: Cast, case: Case) -> None:
    assert case.code not in codes(cast, "sami", risk="high")
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert case.code in codes(cast, "sami", risk="high")


def test_proposals_to_end_are_for_the_supervisors_of_the_team(cast: Cast, case: Case) -> None:
    assert case.code not in codes(cast, "sami", proposed="1")
    propose_end(case.pk, actor=cast.vera, why=EarlyEnd.DECLINED)
    assert case.code in codes(cast, "sami", proposed="1")
    assert "End proposed" in codes(cast, "sami")
    assert case.code not in codes(cast, "ana", proposed="1")
    assert "End proposed" not in codes(cast, "ana")


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"risk": "x"}, {"page": "x"}, {"page": "-1"}, {"page": "9" * 30}]
)
def test_a_wrong_filter_shows_the_list(cast: Cast, case: Case, query: dict[str, str]) -> None:
    assert case.code in codes(cast, "sami", **query)


def test_next_deadline_first_then_what_has_none(cast: Cast, case: Case) -> None:
    none = files.in_state("active", cast.ana.agency)
    files.look_at_safety(case, cast.ana, Risk.LOW, seen=True)
    step(case, "representation", "judge_parents_safe", cast.ana, parents_safe=True, basis="Seen by the team.")
    sooner = files.screened(cast, worker=cast.ben)
    page = codes(cast, "sami")
    places = [page.index(code) for code in (sooner.code, case.code, none.code)]
    assert places == sorted(places)


def test_two_grounds_are_one_row(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.DUTY, account=cast.ana)
    assert codes(cast, "ana").count(f">{case.code}<") == 1


def test_being_listed_is_recorded(cast: Cast, case: Case) -> None:
    codes(cast, "sami")
    assert last(case.pk, "case.listed").actor == cast.sami


def test_pages_of_twenty_five(cast: Cast) -> None:
    for _number in range(30):
        files.in_state("active", cast.ana.agency)
    first, second = codes(cast, "sami"), codes(cast, "sami", page="2")
    assert (first.count('scope="row"'), second.count('scope="row"')) == (25, 5)


def test_who_was_only_given_files_is_offered_nothing_of_those_who_work_on_them(
    cast: Cast, case: Case
) -> None:
    later = case.reported_at.replace(year=2100)
    files.ground(case, Basis.PERSONAL, account=cast.petra, until=later, sections=["shelter"])
    page = codes(cast, "petra")
    assert case.code in page
    offered = ("Next deadline", "Without a worker", "High risk", "End proposed")
    assert [words for words in offered if words in page] == []
    assert [words for words in offered if words not in codes(cast, "sami")] == []
