"""A closed case begins again."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts import policy
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis, CaseState, EarlyEnd
from cases.models.notes import VoiceKind
from cases.services.steps import propose_end, take_step
from cases.services.voices import answer_voice, record_voice
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses, told, verbs
from tests.cases.planning import today
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines
from workflow.models import Deadline

WHY = {"reason": "The girl asks for help again."}


@kept
def closed(cast: Cast, case: Case) -> Case:
    """Proposed by sami, confirmed by vera."""
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    take_step(case.pk, "end_early", actor=cast.vera)
    return files.fresh(case)


def test_strangers_find_nothing_readers_may_not_and_a_supervisor_may(
    cast: Cast, closed: Case, nora: User
) -> None:
    files.ground(closed, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra, cast.hotline]
    assert statuses(strangers, "case_step", closed.pk, "reopen", **WHY) == [404] * 6
    assert statuses([cast.ana, cast.pia], "case_step", closed.pk, "reopen", **WHY) == [403] * 2
    assert (files.fresh(closed).state, running(closed)) == ("closed", set())
    assert statuses([cast.sami], "case_step", closed.pk, "reopen", **WHY) == [302]
    assert files.fresh(closed).state == "active"


def test_the_slower_of_two_changes_nothing(cast: Cast, closed: Case) -> None:
    statuses([cast.sami, cast.vera], "case_step", closed.pk, "reopen", **WHY)
    assert verbs(closed.pk).count("case.reopen") == 1
    assert last(closed.pk, "case.reopen").actor == cast.sami
    assert Deadline.objects.filter(case_id=closed.pk, kind="best_interests_again").count() == 1


def test_its_worker_goes_on(cast: Cast, closed: Case) -> None:
    post(cast.sami, "case_step", closed.pk, "reopen", **WHY)
    assert files.worker_of(closed) == cast.ana
    assert closed.code in get(cast.ana, "case_list").content.decode()
    assert post(cast.ana, "case_step", closed.pk, "suspend").status_code == 302


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "We need an answer here."),
        (" \n\u200b", "We need an answer here."),
        ("a\x00b", "Null characters"),
        ("x" * 20_001, "20000"),
    ],
)
def test_without_a_proper_reason_it_stays_closed(cast: Cast, closed: Case, reason: str, says: str) -> None:
    answer = post(cast.sami, "case_step", closed.pk, "reopen", reason=reason)
    assert 400 <= answer.status_code < 500
    assert says in answer.content.decode()
    assert (files.fresh(closed).state, running(closed)) == ("closed", set())
    assert "case.reopen" not in verbs(closed.pk)


@pytest.mark.parametrize("state", [state for state in CaseState.values if state != CaseState.CLOSED])
def test_only_what_is_closed_is_reopened(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    assert "/steps/reopen/" not in get(cast.sami, "case", case.pk).content.decode()
    post(cast.sami, "case_step", case.pk, "reopen", **WHY)
    assert files.fresh(case).state == state
    assert "case.reopen" not in verbs(case.pk)


def test_best_interests_are_to_be_assessed_anew_within_seven_days(
    cast: Cast, closed: Case, clock_at: Any
) -> None:
    clock_at.forward(timedelta(days=100))
    post(cast.sami, "case_step", closed.pk, "reopen", **WHY)
    again = clock_of(closed, "best_interests_again")
    assert running(closed) == {"best_interests_again", "contact", "plan_review", "representation"}
    assert abs(again.due_at - clock.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert "Make a new best-interests assessment" in get(cast.ana, "today", show="soon").content.decode()
    clock_at(again.due_at + timedelta(seconds=1))
    assert "Make a new best-interests assessment" in get(cast.ana, "today", show="late").content.decode()
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.sami).count("overdue.best_interests_again") == 1


def test_no_clock_runs_before_a_worker_takes_an_imported_one_over(cast: Cast) -> None:
    imported = files.in_state("closed", cast.ana.agency, taken_over=False)
    take_step(imported.pk, "reopen", actor=cast.sami, reason="The girl asks for help again.")
    assert running(imported) == set()


def test_an_agency_sets_its_own_days(cast: Cast, closed: Case) -> None:
    policy.set_value("case.reopened_assessment_days", 3, actor=None, agency=closed.agency)
    post(cast.sami, "case_step", closed.pk, "reopen", **WHY)
    again = clock_of(closed, "best_interests_again")
    assert abs(again.due_at - again.starts_at - timedelta(days=3)) < timedelta(minutes=1)


def test_how_it_ended_counts_no_more(cast: Cast, closed: Case) -> None:
    post(cast.sami, "case_step", closed.pk, "reopen", **WHY)
    case = files.fresh(closed)
    assert (case.early_end, case.closure_author, case.closure_approver) == ("", None, None)
    assert case.state_since > closed.state_since
    assert post(cast.vera, "case_step", case.pk, "end_early").status_code == 409
    propose_end(case.pk, actor=cast.vera, why=EarlyEnd.DECLINED)
    assert statuses([cast.vera, cast.sami], "case_step", case.pk, "end_early") == [409, 302]
    assert running(case) == set()


def test_it_is_audited_with_its_reason_for_those_who_read_notes(cast: Cast, closed: Case) -> None:
    post(cast.sami, "case_step", closed.pk, "reopen", **WHY)
    event = last(closed.pk, "case.reopen")
    assert (event.actor, event.reason) == (cast.sami, WHY["reason"])
    assert (event.details["from"], event.details["to"]) == ("closed", "active")
    files.ground(closed, Basis.PANEL, account=cast.pia)
    assert WHY["reason"] in get(cast.ana, "case_history", closed.pk).content.decode()
    page = get(cast.pia, "case_history", closed.pk).content.decode()
    assert "reopened the case" in page
    assert WHY["reason"] not in page


def test_what_the_closure_said_has_to_be_said_anew(cast: Cast) -> None:
    case = files.in_state(
        "closed",
        cast.ana.agency,
        worker=cast.ana,
        retain_until=clock.today("Europe/Vienna"),
        durable_solution="not_required",
        durable_solution_by=cast.sami,
    )
    post(cast.sami, "case_step", case.pk, "reopen", **WHY)
    again = files.fresh(case)
    assert (again.retain_until, again.durable_solution, again.durable_solution_by) == (None, "", None)


def test_what_a_return_brought_about_stays(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency, worker=cast.ana, durable_solution="handed_over")
    post(cast.sami, "case_step", case.pk, "reopen", **WHY)
    assert files.fresh(case).durable_solution == "handed_over"


def test_without_a_worker_one_is_to_be_assigned(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency)
    post(cast.sami, "case_step", case.pk, "reopen", **WHY)
    assert "assign" in running(case)


def test_what_is_still_owed_runs_on_and_what_was_met_does_not(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    first, second = (
        record_voice(case.pk, actor=cast.ana, kind=VoiceKind.QUESTION, words="w", said_on=today())
        for _each in range(2)
    )
    answer_voice(case.pk, first.pk, actor=cast.ana, answer="Yes.", answered_on=today())
    due = clock_of(case, "answer_child").due_at
    deadlines.start(case.pk, "permit_expires", due, agency=case.agency)
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert running(case) == set()
    take_step(case.pk, "reopen", actor=cast.sami, reason="She asks for help again.")
    assert {"answer_child", "permit_expires"} <= running(case)
    assert clock_of(case, "answer_child").params == {"voice": str(second.pk)}
    assert clock_of(case, "answer_child").due_at == due
