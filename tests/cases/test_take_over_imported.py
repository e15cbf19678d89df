"""A worker takes over a case that came from another system."""

from datetime import timedelta
from typing import Any

import clock
from accounts.models import User
from cases.models import Case
from cases.models.choices import Risk
from cases.services.assignment import assign_worker
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses
from tests.cast import Cast
from tests.kept import kept
from workflow.models import Deadline


@kept
def imported(cast: Cast) -> Case:
    case = files.in_state("active", cast.ana.agency, taken_over=False)
    assign_worker(case.pk, actor=cast.sami, worker=cast.ana)
    return files.fresh(case)


def test_no_clock_runs_until_then(cast: Cast, imported: Case) -> None:
    files.look_at_safety(imported, cast.ana)
    assert running(imported) == set()


def test_it_wants_safety_looked_at(cast: Cast, imported: Case) -> None:
    answer = post(cast.ana, "case_step", imported.pk, "take_over")
    assert answer.status_code == 409
    assert "Risk and safety are assessed." in answer.content.decode()
    assert files.fresh(imported).taken_over_at is None
    assert running(imported) == set()


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, imported: Case, nora: User
) -> None:
    files.look_at_safety(imported, cast.ana)
    strangers = [nora, cast.omar, cast.ben, cast.aida]
    assert statuses(strangers, "case_step", imported.pk, "take_over") == [404] * 4
    assert statuses([cast.sami], "case_step", imported.pk, "take_over") == [403]
    assert statuses([cast.ana], "case_step", imported.pk, "take_over") == [302]


def test_the_state_stays_and_the_clocks_start(cast: Cast, imported: Case, clock_at: Any) -> None:
    files.look_at_safety(imported, cast.ana)
    clock_at.forward(timedelta(days=3))
    since = files.fresh(imported).state_since
    begun = clock.now()
    post(cast.ana, "case_step", imported.pk, "take_over")
    case = files.fresh(imported)
    assert (case.state, case.state_since) == ("active", since)
    assert case.taken_over_at is not None
    assert clock_of(case, "first_response").starts_at >= begun
    assert "assign" not in running(case)


def test_a_child_that_was_seen_needs_no_first_response(cast: Cast, imported: Case) -> None:
    files.look_at_safety(imported, cast.ana, seen=True)
    post(cast.ana, "case_step", imported.pk, "take_over")
    assert "first_response" not in running(imported)


def test_the_clocks_that_come_round_start_with_it(cast: Cast, imported: Case, clock_at: Any) -> None:
    files.look_at_safety(imported, cast.ana, Risk.LOW, seen=True)
    clock_at.forward(timedelta(days=1))
    take_step(imported.pk, "take_over", actor=cast.ana)
    assert {"contact", "plan_review"} <= running(imported)


def test_each_missing_piece_of_evidence_is_a_task(cast: Cast, imported: Case) -> None:
    files.look_at_safety(imported, cast.ana)
    post(cast.ana, "case_step", imported.pk, "take_over")
    tasks = Deadline.objects.open().filter(case_id=imported.pk, kind="evidence")
    missing = {task.params["guard"] for task in tasks}
    assert {"consent_services", "consent_data", "is_a_child", "child_heard", "plan_agreed"} <= missing
    assert not {"worker_assigned", "safety_looked_at", "visits_done"} & missing


def test_the_page_marks_it_and_lists_what_is_missing(cast: Cast, imported: Case) -> None:
    page = get(cast.sami, "case", imported.pk).content.decode()
    assert "Imported" in page
    assert "The first best-interests assessment is recorded." in page


def test_a_second_click_starts_no_second_clock(cast: Cast, imported: Case) -> None:
    files.look_at_safety(imported, cast.ana)
    assert statuses([cast.ana, cast.ana], "case_step", imported.pk, "take_over") == [302, 302]
    assert Deadline.objects.filter(case_id=imported.pk, kind="assessment").count() == 1


def test_it_is_no_step_of_a_file_that_began_here(cast: Cast, case: Case) -> None:
    assert post(cast.ana, "case_step", case.pk, "take_over")["Location"] == f"/cases/{case.pk}/"
    assert files.fresh(case).taken_over_at is None
    assert "take_over" not in get(cast.ana, "case", case.pk).content.decode()


def test_it_is_audited(cast: Cast, imported: Case) -> None:
    files.look_at_safety(imported, cast.ana)
    post(cast.ana, "case_step", imported.pk, "take_over")
    event = last(imported.pk, "case.take_over")
    assert (event.details["from"], event.details["to"]) == ("active", "active")


def test_it_stands_where_it_came_in_and_claims_nothing_before(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    page = get(cast.ana, "case", case.pk)
    assert [state for _label, state, _began in page.context["lane"]["steps"]] == [*[""] * 5, "now", "", ""]
    assert "Active: now, taken over here" in page.content.decode()
    assert "Active; taken over here as Active" in page.content.decode()
    take_step(case.pk, "suspend", actor=cast.ana)
    files.look_at_safety(case, cast.ana, seen=True)
    take_step(case.pk, "resume", actor=cast.ana)
    again = get(cast.ana, "case", case.pk).context["lane"]
    assert [(state, began) for _label, state, began in again["steps"]][5] == ("now", True)


def test_a_plan_that_came_along_has_an_author_who_is_not_its_approver(cast: Cast) -> None:
    """Nobody here wrote it: whoever takes it over answers for it, and a supervisor approves it."""
    case = files.in_state("planned", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    assert files.fresh(case).plan_author == cast.ana
    assert take_step(case.pk, "activate", actor=cast.sami).state == "active"


def test_who_approved_it_elsewhere_is_not_asked_for(cast: Cast) -> None:
    """It could never be made up for, and a task that nobody can do holds a case up for ever."""
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    guards = {row.params["guard"] for row in Deadline.objects.open().filter(case_id=case.pk, kind="evidence")}
    assert "plan_agreed" in guards
    assert "plan_approved_by_another" not in guards
