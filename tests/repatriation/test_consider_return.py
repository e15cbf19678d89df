"""The question is opened, suspended with the case, ended by two supervisors or with the case."""

import pytest

from accounts.errors import Invalid
from accounts.models import AuditEvent
from cases.models import Case
from cases.services.steps import propose_end as propose_end_of_case
from cases.services.steps import take_step
from repatriation.models import Return, ReturnEvent
from repatriation.models.choices import EndReason
from repatriation.services.opening import propose_end
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses, told
from tests.repatriation import ways
from tests.repatriation.ways import Company, fresh_row


def test_its_worker_opens_it(people: Company, case: Case) -> None:
    answer = post(people.ana, "return_new", case.pk, country="XB")
    way = Return.objects.get()
    assert answer["Location"] == f"/returns/{way.pk}/"
    assert (way.state, way.country, way.opened_by) == ("considered", "XB", people.ana)
    assert last(case.pk, "return.opened").details["country"] == "XB"
    assert told(people.sami) == ["return.opened"]
    assert not told(people.konsul)
    page = get(people.ana, "return", way.pk).content.decode()
    assert "The child was asked what it wishes." in page
    assert "opened the question of a return" in page


def test_who_may_not_does_not(people: Company, case: Case) -> None:
    others = [people.sami, people.pia, people.konsul, people.tomas, people.eskort, people.cast.omar]
    answers = statuses(others, "return_new", case.pk, country="XB")
    assert answers == [403, 404, 404, 404, 404, 404]
    way = ways.considered(people.cast, case)
    strangers = [people.pia, people.konsul, people.tomas, people.eskort, people.cast.omar, people.cast.aida]
    assert [get(who, "return", way.pk).status_code for who in strangers] == [404] * 6
    assert statuses(strangers, "return_step", way.pk, "withdraw", reason="r") == [404] * 6
    assert statuses([people.sami], "return_step", way.pk, "withdraw", reason="r") == [403]


def test_one_is_open_at_a_time(people: Company, case: Case) -> None:
    ways.considered(people.cast, case)
    answer = post(people.ana, "return_new", case.pk, country="XB")
    assert answer.status_code == 422
    assert "A return is open for this child already" in answer.content.decode()
    assert "Consider a return" not in get(people.ana, "case_returns", case.pk).content.decode()
    assert Return.objects.count() == 1


@pytest.mark.parametrize("country", ["XA", "", "ZZ"])
def test_a_country_that_cannot_be_is_refused(people: Company, case: Case, country: str) -> None:
    assert post(people.ana, "return_new", case.pk, country=country).status_code == 422
    assert not Return.objects.exists()


def test_a_step_shows_what_it_lacks_and_changes_nothing(people: Company, considered_way: Return) -> None:
    page = get(people.ana, "return_step", considered_way.pk, "trace")
    assert "There is consent to look for the family." in page.content.decode()
    audited = AuditEvent.objects.filter(verb__startswith="return.").exclude(verb="return.read").count()
    answer = post(people.ana, "return_step", considered_way.pk, "trace", code="authority")
    assert answer.status_code == 422
    assert "This step is not possible yet" in answer.content.decode()
    assert fresh_row(considered_way).state == "considered"
    after = AuditEvent.objects.filter(verb__startswith="return.").exclude(verb="return.read").count()
    assert after == audited


def test_a_step_that_was_taken_meanwhile_gives_back_what_was_typed(
    people: Company, considered_way: Return
) -> None:
    ways.step(considered_way, "suspend", people.ana)
    answer = post(
        people.ana, "return_step", considered_way.pk, "record_finding", words="They were found in Belm."
    )
    assert answer.status_code == 409
    assert "They were found in Belm." in answer.content.decode()


def test_what_it_waits_for_is_noted_for_the_board(people: Company, considered_way: Return) -> None:
    ways.wish(people, considered_way)
    ways.tracing_agreed(people, considered_way)
    assert fresh_row(considered_way).blocked_by == []
    board = get(people.sami, "returns").content.decode()
    assert considered_way.case.code in board
    ways.step(considered_way, "record_finding", people.ana)
    assert fresh_row(considered_way).blocked_by == ["fresh_assessment", "input_or_reason"]
    board = get(people.sami, "returns").content.decode()
    assert "The risk and security assessment is finished" in board


def test_where_nothing_is_missing_the_board_says_whose_turn_it_is(people: Company, case: Case) -> None:
    ways.at(people, case, "verification_requested")
    board = " ".join(get(people.sami, "returns").content.decode().split())
    assert "The next step lies with the consular officer of the addressed post" in board


def test_it_stands_still_with_the_case_and_goes_on_where_it_was(
    people: Company, considered_way: Return
) -> None:
    take_step(considered_way.case_id, "suspend", actor=people.ana)
    assert fresh_row(considered_way).state == "suspended"
    with pytest.raises(Exception, match="case_runs"):
        ways.step(considered_way, "resume", people.ana)
    files.look_at_safety(considered_way.case, people.ana, seen=True)
    take_step(considered_way.case_id, "resume", actor=people.ana)
    assert ways.step(considered_way, "resume", people.ana).state == "considered"


def test_two_supervisors_end_it_by_their_pages(people: Company, considered_way: Return) -> None:
    pk = considered_way.pk
    assert "Confirm the end" not in get(people.sami, "return", pk).content.decode()
    assert post(people.sami, "return_propose_end", pk, why="no_question").status_code == 302
    assert told(people.vera)[-1] == "return.end_proposed"
    assert post(people.sami, "return_step", pk, "end", code="no_question").status_code == 422
    assert post(people.vera, "return_step", pk, "end", code="no_question").status_code == 302
    way = fresh_row(considered_way)
    assert (way.state, way.end_confirmed_by) == ("ended", people.vera)
    with pytest.raises(Invalid):
        propose_end(pk, actor=people.sami, why=EndReason.DECLINED)


def test_the_second_one_confirms_the_reason_that_stands_now(people: Company, considered_way: Return) -> None:
    """Changed while her form stood open, it is not confirmed by it."""
    pk = considered_way.pk
    post(people.sami, "return_propose_end", pk, why="contact_lost")
    assert "Contact lost" in get(people.vera, "return_step", pk, "end").content.decode()
    post(people.sami, "return_propose_end", pk, why="died")
    answer = post(people.vera, "return_step", pk, "end", code="contact_lost")
    assert answer.status_code == 422
    assert "another reason: The child died" in answer.content.decode()
    assert fresh_row(considered_way).is_open
    assert post(people.vera, "return_step", pk, "end", code="died").status_code == 302


def test_it_ends_with_the_case(people: Company, considered_way: Return) -> None:
    propose_end_of_case(considered_way.case_id, actor=people.sami, why="died")  # type: ignore[arg-type]
    take_step(considered_way.case_id, "end_early", actor=people.vera)
    way = fresh_row(considered_way)
    assert (way.state, way.end_reason) == ("ended", "case")
    assert ReturnEvent.objects.filter(way=way).latest("number").kind == "end_with_case"


def test_a_case_with_an_open_return_does_not_close(people: Company, considered_way: Return) -> None:
    page = get(people.sami, "case", considered_way.case_id).content.decode()
    assert considered_way.case.code in page
    ways.step(considered_way, "withdraw", people.ana)
    assert Return.objects.get(pk=considered_way.pk).is_open


def test_a_merge_that_is_undone_revives_no_clock_of_a_return_that_ended(people: Company, case: Case) -> None:
    way = ways.at(people, case, "verification_requested")
    survivor = files.in_state("active", people.ana.agency, worker=people.ana)
    take_step(case.pk, "mark_duplicate", actor=people.sami, values={"surviving_case": survivor})
    take_step(case.pk, "undo_duplicate", actor=people.sami, reason="Two sisters.")
    assert fresh_row(way).state == "ended"
    assert not [kind for kind in running(case) if kind.startswith("return_")]
