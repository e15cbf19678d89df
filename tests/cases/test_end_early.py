"""An open case ends before its work is done: one supervisor proposes, another one confirms."""

from datetime import date, timedelta
from typing import Any

import pytest

import clock
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis, EarlyEnd
from cases.services.identity import record_identity
from cases.services.steps import propose_end, take_step
from tests.cases import facts, files
from tests.cases.asking import get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from workflow.models import Deadline


def propose(cast: Cast, case: Case) -> None:
    assert post(cast.sami, "case_propose_end", case.pk, why="declined").status_code == 302


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "case_propose_end", case.pk, why="died") == [404] * 5
    assert statuses([cast.ana], "case_propose_end", case.pk, why="died") == [403]
    assert files.fresh(case).early_end == ""
    propose(cast, case)
    proposed = files.fresh(case)
    assert (proposed.state, proposed.early_end, proposed.closure_author) == (
        "screening",
        "declined",
        cast.sami,
    )
    assert last(case.pk, "case.end_proposed").details == {"why": "declined"}


@pytest.mark.parametrize("why", ["", "bored", "x" * 5000])
def test_the_reason_is_one_of_the_list(cast: Cast, case: Case, why: str) -> None:
    answer = post(cast.sami, "case_propose_end", case.pk, why=why)
    assert answer.status_code == 422
    assert 'class="error' in answer.content.decode()
    assert files.fresh(case).early_end == ""


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("came_of_age", "By the age in the file the child is under 18."),
        ("contact_lost", "There was contact within the last 365 days."),
    ],
)
def test_the_reason_agrees_with_the_file(cast: Cast, case: Case, why: str, says: str) -> None:
    files.satisfy_registration(case, cast.ana)
    answer = post(cast.sami, "case_propose_end", case.pk, why=why)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert files.fresh(case).early_end == ""


@pytest.mark.parametrize(
    ("years", "certainty", "presumed", "status"),
    [
        (13, "estimated", "appearance", 422),
        (13, "estimated", "", 422),
        (None, "unknown", "statement", 422),
        (None, "unknown", "", 422),
        (18, "estimated", "appearance", 302),
        (19, "exact", "", 302),
    ],
)
def test_of_age_is_who_the_file_says_is_18(
    cast: Cast, case: Case, years: int | None, certainty: str, presumed: str, status: int
) -> None:
    born = date(clock.now().year - years, 1, 1) if years else None
    known = files.identity(birth_date=born, birth_certainty=certainty, presumed_because=presumed)
    record_identity(case.pk, actor=cast.ana, identity=known)
    assert post(cast.sami, "case_propose_end", case.pk, why="came_of_age").status_code == status


def test_contact_is_lost_after_a_year(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=366))
    assert post(cast.sami, "case_propose_end", case.pk, why="contact_lost").status_code == 302


def test_the_other_supervisors_are_told(cast: Cast, case: Case) -> None:
    propose(cast, case)
    assert told(cast.vera)[-1] == "case.end_proposed"
    assert "case.end_proposed" not in told(cast.sami)


def test_who_proposed_does_not_confirm(cast: Cast, case: Case) -> None:
    propose(cast, case)
    answer = post(cast.sami, "case_step", case.pk, "end_early")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "approved by somebody who did not propose it" in page
    assert "A supervisor who is not its author has to do this." in page
    assert "cannot be recorded yet" not in page
    assert files.fresh(case).state == "screening"


def test_a_second_supervisor_confirms(cast: Cast, case: Case, nora: User) -> None:
    propose(cast, case)
    assert statuses([nora, cast.ben], "case_step", case.pk, "end_early") == [404] * 2
    assert statuses([cast.ana], "case_step", case.pk, "end_early") == [403]
    assert statuses([cast.vera, cast.vera], "case_step", case.pk, "end_early") == [302, 302]
    assert verbs(case.pk).count("case.end_early") == 1
    ended = files.fresh(case)
    assert (ended.state, ended.closure_author, ended.closure_approver) == ("closed", cast.sami, cast.vera)


def test_nothing_is_confirmed_that_nobody_proposed(cast: Cast, case: Case) -> None:
    answer = post(cast.vera, "case_step", case.pk, "end_early")
    assert answer.status_code == 409
    assert "A supervisor proposed to end the case" in answer.content.decode()


def test_the_end_stops_every_clock(cast: Cast, case: Case) -> None:
    assert running(case)
    propose(cast, case)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert running(case) == set()
    assert Deadline.objects.filter(case_id=case.pk, cancelled_at__isnull=False).exists()


def test_what_has_ended_is_not_ended_again(cast: Cast, case: Case) -> None:
    propose(cast, case)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert get(cast.sami, "case_propose_end", case.pk).status_code == 404
    assert post(cast.sami, "case_propose_end", case.pk, why="died").status_code == 404


def test_reopened_it_must_be_proposed_anew(cast: Cast, case: Case) -> None:
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert statuses([cast.sami], "case_step", case.pk, "reopen", reason="The girl asks for help again.") == [
        302
    ]
    again = files.fresh(case)
    assert (again.state, again.early_end, again.closure_author) == ("active", "", None)
    assert "best_interests_again" in running(case)
    assert post(cast.vera, "case_step", case.pk, "end_early").status_code == 409


def test_not_eligible_names_why_and_where_to_go(cast: Cast, case: Case) -> None:
    incomplete = post(cast.sami, "case_step", case.pk, "find_not_eligible", code="adult", signpost="")
    assert incomplete.status_code in (409, 422)
    assert "We need an answer here." in incomplete.content.decode()
    assert files.fresh(case).state == "screening"
    sent = {"code": "adult", "signpost": "The adults’ centre"}
    assert statuses([cast.ana], "case_step", case.pk, "find_not_eligible", **sent) == [403]
    assert statuses([cast.sami], "case_step", case.pk, "find_not_eligible", **sent) == [302]
    ended = files.fresh(case)
    assert (ended.state, ended.not_eligible, ended.signpost) == (
        "not_eligible",
        "adult",
        "The adults’ centre",
    )
    assert running(case) == set()


def lane(user: User, case: Case) -> list[str]:
    return [state for _label, state, _began in get(user, "case", case.pk).context["lane"]["steps"]]


def test_what_was_never_done_does_not_stand_as_done(cast: Cast, case: Case) -> None:
    assert lane(cast.sami, case) == ["done", "now", "", "", "", "", "", ""]
    propose(cast, case)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert lane(cast.sami, case) == ["done", "done", "", "", "", "", "", "now"]
    take_step(case.pk, "reopen", actor=cast.sami, reason="The girl asks for help again.")
    assert lane(cast.sami, case) == ["done", "done", "", "", "", "now", "", ""]


def test_a_case_that_left_the_way_keeps_what_was_done(cast: Cast, case: Case) -> None:
    take_step(case.pk, "suspend", actor=cast.ana)
    assert lane(cast.sami, case) == ["done", "now", "", "", "", "", "", ""]
    survivor = files.screened(cast)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert lane(cast.sami, case) == ["done", "now", "", "", "", "", "", ""]
    take_step(survivor.pk, "find_not_eligible", actor=cast.sami, values={"code": "adult", "signpost": "Graz"})
    assert lane(cast.sami, survivor) == ["done", "done", "", "", "", "", "", ""]


def test_a_reason_that_holds_no_more_confirms_nothing(cast: Cast, case: Case, clock_at: Any) -> None:
    """The child was seen between the two supervisors' words."""
    clock_at.forward(timedelta(days=366))
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.CONTACT_LOST)
    files.look_at_safety(case, cast.ana, seen=True)
    answer = post(cast.vera, "case_step", case.pk, "end_early")
    assert answer.status_code == 409
    assert "a reason from the list that still holds" in answer.content.decode()


@pytest.mark.parametrize("how", [facts.visited, facts.heard])
def test_a_visit_and_a_word_of_the_child_are_contact(cast: Cast, case: Case, clock_at: Any, how: Any) -> None:
    clock_at.forward(timedelta(days=366))
    how(case, cast.ana)
    assert (
        "There was contact"
        in post(cast.sami, "case_propose_end", case.pk, why="contact_lost").content.decode()
    )


def test_of_a_child_that_is_not_missing_nobody_says_so(cast: Cast, case: Case) -> None:
    assert "long_missing" not in get(cast.sami, "case_propose_end", case.pk).content.decode()
    assert post(cast.sami, "case_propose_end", case.pk, why="long_missing").status_code == 422


def test_how_long_the_file_is_kept_is_known_then(cast: Cast, case: Case) -> None:
    propose(cast, case)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert files.fresh(case).retain_until is not None


def test_what_was_planned_is_dropped_and_what_was_given_ends(cast: Cast, case: Case) -> None:
    task, visit = facts.task(case, cast.ana), facts.visit(case, cast.ana)
    propose(cast, case)
    take_step(case.pk, "end_early", actor=cast.vera)
    task.refresh_from_db()
    visit.refresh_from_db()
    assert (task.is_open, visit.is_open) == (False, False)


def test_a_partner_does_not_read_in_history_why_an_end_is_proposed(cast: Cast, case: Case) -> None:
    later = case.reported_at.replace(year=2100)
    files.ground(case, Basis.PERSONAL, account=cast.petra, until=later, sections=["medical"])
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    seen = [get(who, "case_history", case.pk).content.decode() for who in (cast.petra, cast.ana)]
    assert ["proposed to end the case" in page for page in seen] == [False, True]
