"""Something that one person does until a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, CaseAccess, Goal, Task
from cases.models.choices import Basis
from cases.models.plan import Outcome
from cases.permissions import people_on
from cases.services.access import end_access
from cases.services.assignment import assign_worker
from cases.services.plan import end_goal
from cases.services.steps import take_step
from cases.services.tasks import drop_task, finish_task
from tests.cases import files
from tests.cases.asking import browser, clock_of, day, get, last, post, running, statuses, told, verbs
from tests.cases.planning import a_goal, a_task, let_read, today
from tests.cast import Cast
from tests.test_budgets import visit
from workflow import deadlines
from workflow.models import Deadline


def form(person: User, **changes: Any) -> dict[str, Any]:
    settled = {"words": "Ring the school.", "assignee": person.pk, "goal": ""}
    return settled | day("due_on", today() + timedelta(days=3)) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    sent = form(cast.ana)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "task_new", case.pk, **sent) == [404] * 5
    assert statuses([cast.petra], "task_new", case.pk, **sent) == [403]
    assert not Task.objects.exists()
    assert statuses([cast.ana, cast.sami], "task_new", case.pk, **sent) == [302] * 2
    task = Task.objects.filter(made_by=cast.ana).get()
    assert (task.words, task.assignee, task.is_open) == ("Ring the school.", cast.ana, True)


@pytest.mark.parametrize("page", ["task_done", "task_drop"])
def test_the_same_holds_for_its_end(cast: Cast, case: Case, nora: User, page: str) -> None:
    let_read(case, cast.petra, Section.PLAN)
    task, sent = a_task(case, cast.ana), {"result": "Done.", "reason": "Not needed."}
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, page, case.pk, task.pk, **sent) == [404] * 5
    assert statuses([cast.petra], page, case.pk, task.pk, **sent) == [403]
    assert Task.objects.get().is_open
    assert statuses([cast.sami], page, case.pk, task.pk, **sent) == [302]
    assert not Task.objects.get().is_open


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words": ""}, "We need an answer here."),
        ({"assignee": ""}, "Choose an answer."),
        ({"assignee": str(uuid4())}, "Choose one of the answers"),
        ({"goal": str(uuid4())}, "Choose one of the answers"),
        ({"due_on_day": "31", "due_on_month": "2"}, "There is no such day"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "task_new", case.pk, **form(cast.ana, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Task.objects.exists()


@pytest.mark.parametrize(("ahead", "says"), [(-1, "has passed"), (2000, "five years")])
def test_its_day_lies_ahead_but_not_too_far(cast: Cast, case: Case, ahead: int, says: str) -> None:
    sent = form(cast.ana, **day("due_on", today() + timedelta(days=ahead)))
    answer = post(cast.ana, "task_new", case.pk, **sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    far = post(cast.ana, "task_new", case.pk, **form(cast.ana, **day("due_on", date(9999, 12, 31))))
    assert far.status_code == 422


def test_only_who_has_access_now_can_be_given_one(cast: Cast, case: Case, clock_at: Any) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    files.ground(case, Basis.EMERGENCY, account=cast.omar)
    files.ground(case, Basis.ESCORT, account=cast.eskort)
    files.ground(case, Basis.REFERRAL, agency=cast.tomas.agency)
    let_read(case, cast.petra, Section.LEGAL)
    assert set(people_on(case)) == {cast.ana, cast.ben, cast.sami, cast.vera, cast.petra, cast.tomas}
    User.objects.filter(pk=cast.ben.pk).update(agency=cast.omar.agency)
    User.objects.filter(pk=cast.vera.pk).update(is_active=False)
    clock_at.forward(timedelta(days=11))
    assert set(people_on(case)) == {cast.ana, cast.sami, cast.tomas}
    with pytest.raises(Invalid):
        a_task(case, cast.ana, cast.petra)


def test_it_is_due_at_the_end_of_its_day_where_the_agency_works(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    late_evening = datetime(2027, 3, 27, 22, 30, tzinfo=UTC)  # 23:30 in Vienna, the night before summer time
    clock_at(late_evening)
    task = a_task(case, cast.ana, due_on=date(2027, 3, 28))
    assert clock_of(case, "task").params == {"task": str(task.pk)}
    assert clock_of(case, "task").due_at == datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)
    clock_at(datetime(2027, 3, 28, 21, 59, tzinfo=UTC))
    deadlines.sweep()
    assert clock_of(case, "task").overdue_at is None
    clock_at(datetime(2027, 3, 28, 22, 0, tzinfo=UTC))
    deadlines.sweep()
    assert clock_of(case, "task").overdue_at is not None
    assert "overdue.task" in told(cast.sami)


def test_two_tasks_have_two_clocks_and_each_ends_its_own(cast: Cast, case: Case) -> None:
    first, second = a_task(case, cast.ana), a_task(case, cast.ana, words="Ring the doctor.")
    post(cast.ana, "task_done", case.pk, first.pk, result="They were kind.")
    assert clock_of(case, "task").params == {"task": str(second.pk)}
    done = Task.objects.get(pk=first.pk)
    assert (done.result, done.done_by) == ("They were kind.", cast.ana)
    assert Deadline.objects.get(params={"task": str(first.pk)}).met_at is not None
    post(cast.ana, "task_drop", case.pk, second.pk, reason="The doctor rang herself.")
    assert "task" not in running(case)
    assert Deadline.objects.get(params={"task": str(second.pk)}).cancelled_at is not None


def test_a_result_is_not_asked_for_but_a_reason_is(cast: Cast, case: Case) -> None:
    assert post(cast.ana, "task_done", case.pk, a_task(case, cast.ana).pk, result="").status_code == 302
    task = a_task(case, cast.ana)
    assert post(cast.ana, "task_drop", case.pk, task.pk, reason=" ").status_code == 422
    post(cast.ana, "task_drop", case.pk, task.pk, reason="the-reason-of-the-reed-warbler")
    event = last(case.pk, "plan.task_dropped")
    assert event.reason == "the-reason-of-the-reed-warbler"
    assert event.sections == ["plan"]
    assert event.details == {}
    assert "reed-warbler" not in str(AuditEvent.objects.filter(pk=event.pk).values())


def test_a_task_ends_once(cast: Cast, case: Case) -> None:
    task = a_task(case, cast.ana)
    finish_task(case.pk, task.pk, actor=cast.ana)
    for page in ("task_done", "task_drop"):
        assert get(cast.ana, page, case.pk, task.pk)["Location"] == reverse("plan", args=[case.pk])
        typed = post(cast.ana, page, case.pk, task.pk, result="Was there.", reason="Was there.")
        assert typed.status_code == 409
        assert "Was there." in typed.content.decode()
    with pytest.raises(Invalid):
        drop_task(case.pk, task.pk, actor=cast.ana, reason="r")
    assert Task.objects.get().dropped_at is None


def test_it_belongs_to_a_goal_of_this_file_that_has_no_outcome(cast: Cast, case: Case) -> None:
    goal = a_goal(case, cast.ana)
    assert "A guardian for her." in get(cast.ana, "task_new", case.pk).content.decode()
    post(cast.ana, "task_new", case.pk, **form(cast.ana, goal=goal.pk))
    assert Task.objects.get().goal == goal
    end_goal(case.pk, goal.pk, actor=cast.ana, outcome=Outcome.ACHIEVED, words="w")
    elsewhere = a_goal(files.screened(cast), cast.ana)
    for wrong in (goal, elsewhere):
        assert post(cast.ana, "task_new", case.pk, **form(cast.ana, goal=wrong.pk)).status_code == 422
        with pytest.raises(Invalid):
            a_task(case, cast.ana, goal=Goal.objects.get(pk=wrong.pk))


def test_a_task_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case) -> None:
    mine, task = files.screened(cast), a_task(case, cast.ana)
    for page in ("task_done", "task_drop"):
        assert post(cast.ana, page, mine.pk, task.pk, reason="r").status_code == 404
    with pytest.raises(Task.DoesNotExist):
        finish_task(mine.pk, task.pk, actor=cast.ana)
    assert Task.objects.get().is_open


def test_a_partner_sees_and_finishes_its_own_task_without_the_plan(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    own = a_task(case, cast.ana, cast.petra, words="Find a bed for Friday.")
    other = a_task(case, cast.ana, words="Ask about the uncle.")
    assert told(cast.petra) == ["task.given"]
    for page in (get(cast.petra, "today"), get(cast.petra, "case", case.pk)):
        assert "Find a bed for Friday." in page.content.decode()
        assert "Ask about the uncle." not in page.content.decode()
        assert "first response" not in page.content.decode()
    assert get(cast.petra, "plan", case.pk).status_code == 404
    assert get(cast.petra, "task_done", case.pk, other.pk).status_code == 404
    assert post(cast.petra, "task_drop", case.pk, own.pk, reason="r").status_code == 404
    answer = post(cast.petra, "task_done", case.pk, own.pk, result="Bed 4.")
    assert answer["Location"] == reverse("case", args=[case.pk])
    assert Task.objects.get(pk=own.pk).result == "Bed 4."
    assert "task.done" in told(cast.ana)
    assert "Find a bed" not in get(cast.petra, "today").content.decode()


def test_a_partner_whose_access_has_ended_has_no_task_there(cast: Cast, case: Case) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL)
    task = a_task(case, cast.ana, cast.petra)
    end_access(case.pk, grant.pk, actor=cast.sami)
    assert get(cast.petra, "task_done", case.pk, task.pk).status_code == 404
    assert "Ring the school." not in get(cast.petra, "today").content.decode()


def test_its_words_stand_on_today_for_those_who_read_the_plan(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_task(case, cast.ana, words="Ring the goldfinch school.")
    a_task(case, cast.ana, words="Ring the goldfinch doctor.")
    for person in (cast.ana, cast.sami):
        page = get(person, "today").content.decode()
        assert "Ring the goldfinch school." in page
        assert "Ring the goldfinch doctor." in page
        assert "given to Ana" in page
    assert "Ring the goldfinch school." in get(cast.sami, "case", case.pk).content.decode()
    # Nobody who works on a case is without its plan today; whoever will be sees that there is one, and no more.
    seen = "cases.presenting.sections_on"
    monkeypatch.setattr(seen, lambda rows: {Section.IDENTITY: 10})
    page = get(cast.sami, "today").content.decode()
    assert "goldfinch" not in page
    assert "A task" in page


def test_today_costs_the_same_for_few_tasks_and_for_many(cast: Cast, case: Case) -> None:
    a_task(case, cast.ana)
    few, _bytes = visit(cast.ana, reverse("today"))
    for number in range(12):
        a_task(files.screened(cast), cast.ana, words=f"Ring number {number}.")
    many, _bytes = visit(cast.ana, reverse("today"))
    assert many == few <= 12


def test_a_new_worker_gets_what_the_old_one_leaves_behind(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    old, partners = a_task(case, cast.ana), a_task(case, cast.ana, cast.petra)
    done = a_task(case, cast.ana)
    finish_task(case.pk, done.pk, actor=cast.ana)
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    holders = {task.pk: task.assignee for task in Task.objects.select_related("assignee")}
    assert holders == {old.pk: cast.ben, partners.pk: cast.petra, done.pk: cast.ana}
    assert verbs(case.pk).count("plan.task_handed_over") == 1
    assert "given to Ben" in get(cast.ben, "today").content.decode()
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    end_access(case.pk, row.pk, actor=cast.sami)
    assign_worker(case.pk, actor=cast.sami, worker=cast.ana)
    assert Task.objects.get(pk=old.pk).assignee == cast.ana


def test_leaving_the_open_states_drops_what_is_open(cast: Cast, case: Case) -> None:
    done, waiting = a_task(case, cast.ana), a_task(case, cast.ana)
    finish_task(case.pk, done.pk, actor=cast.ana)
    values = {"code": "adult", "signpost": "The adults’ centre"}
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values=values)
    assert Task.objects.get(pk=waiting.pk).dropped_at is not None
    assert Task.objects.get(pk=done.pk).dropped_at is None
    assert running(case) == set()
    assert post(cast.ana, "task_new", case.pk, **form(cast.ana)).status_code == 422


def test_undoing_a_merge_brings_back_what_it_dropped_and_nothing_else(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    dropped, waiting = a_task(case, cast.ana), a_task(case, cast.ana, due_on=today() + timedelta(days=9))
    drop_task(case.pk, dropped.pk, actor=cast.ana, reason="r")
    clock_at.forward(timedelta(hours=1))
    survivor = files.in_state("active", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert not Task.objects.get(pk=waiting.pk).is_open
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Two sisters.")
    assert Task.objects.get(pk=waiting.pk).is_open
    assert not Task.objects.get(pk=dropped.pk).is_open
    assert clock_of(case, "task").params == {"task": str(waiting.pk)}


def test_the_plan_folds_away_what_is_done(cast: Cast, case: Case) -> None:
    finish_task(case.pk, a_task(case, cast.ana).pk, actor=cast.ana, result="They were kind.")
    page = get(cast.ana, "plan", case.pk).content.decode()
    assert "1 task that has ended" in page
    assert "They were kind." in page.split("<details", 2)[2]
    assert "No task is open." in page


def test_a_reader_of_the_plan_gets_no_buttons(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.PLAN)
    task = a_task(case, cast.ana)
    page = browser(cast.petra).get(reverse("plan", args=[case.pk])).content.decode()
    assert "Ring the school." in page
    assert str(task.pk) not in page
    assert reverse("task_new", args=[case.pk]) not in page


def test_a_partner_is_not_told_who_else_has_access(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.PLAN, may_write=True)
    let_read(case, cast.tomas, Section.IDENTITY)
    offered = get(cast.petra, "task_new", case.pk).content.decode()
    assert ("Tomas" in offered, "Ana" in offered) == (False, True)
    assert "Tomas" in get(cast.ana, "task_new", case.pk).content.decode()
    assert post(cast.petra, "task_new", case.pk, **form(cast.tomas)).status_code == 422
