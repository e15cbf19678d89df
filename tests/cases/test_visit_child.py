"""Seeing the child: planned, made, called off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, Visit
from cases.models.choices import Risk
from cases.services.assignment import assign_worker
from cases.services.steps import take_step
from cases.services.visits import cancel_visit, record_visit
from tests.cases import facts, files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cases.planning import a_visit, let_read, today
from tests.cast import Cast
from workflow.models import Deadline


def form(person: User, **changes: Any) -> dict[str, Any]:
    settled = {"kind": "home", "visitor": person.pk, "is_required": "on"}
    return settled | day("planned_on", today() + timedelta(days=3)) | changes


def done_form(**changes: Any) -> dict[str, Any]:
    return {"seen": "alone", "observations": "She laughs again."} | day("done_on", today()) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    sent = form(cast.ana)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "visit_new", case.pk, **sent) == [404] * 5
    assert statuses([cast.petra], "visit_new", case.pk, **sent) == [403]
    assert not Visit.objects.exists()
    assert statuses([cast.ana, cast.sami], "visit_new", case.pk, **sent) == [302] * 2
    visit = Visit.objects.filter(planned_by=cast.ana).get()
    assert (visit.kind, visit.visitor, visit.is_required) == ("home", cast.ana, True)


@pytest.mark.parametrize("page", ["visit_done", "visit_cancel"])
def test_the_same_holds_for_its_end(cast: Cast, case: Case, nora: User, page: str) -> None:
    let_read(case, cast.petra, Section.PLAN)
    visit, sent = a_visit(case, cast.ana), done_form(reason="The child is ill.")
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, page, case.pk, visit.pk, **sent) == [404] * 5
    assert statuses([cast.petra], page, case.pk, visit.pk, **sent) == [403]
    assert Visit.objects.get().is_open
    assert statuses([cast.ana], page, case.pk, visit.pk, **sent) == [302]
    assert not Visit.objects.get().is_open


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"visitor": ""}, "Choose an answer."),
        ({"visitor": str(uuid4())}, "Choose one of the answers"),
        ({"planned_on_day": "32"}, "There is no such day"),
        ({"planned_on_year": "2001"}, "has passed"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "visit_new", case.pk, **form(cast.ana, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"seen": ""}, "Choose an answer."),
        ({"seen": "not at all"}, "not at all"),
        ({"observations": ""}, "We need an answer here."),
        (day("done_on", date(2001, 1, 1)), "before the child was reported"),
    ],
)
def test_a_visit_is_not_recorded_with_a_wrong_answer(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    visit = a_visit(case, cast.ana)
    answer = post(cast.ana, "visit_done", case.pk, visit.pk, **done_form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Visit.objects.get().is_open


def test_it_was_not_made_tomorrow(cast: Cast, case: Case) -> None:
    sent = done_form(**day("done_on", today() + timedelta(days=1)))
    answer = post(cast.ana, "visit_done", case.pk, a_visit(case, cast.ana).pk, **sent)
    assert answer.status_code == 422
    assert "future" in answer.content.decode()


def test_only_who_works_on_the_case_visits_for_it(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.PLAN)
    with pytest.raises(Invalid):
        a_visit(case, cast.ana, cast.petra)
    assert "Petra" not in get(cast.ana, "visit_new", case.pk).content.decode()
    a_visit(case, cast.sami, cast.ana)
    assert "visit.planned" in told(cast.ana)


def test_it_stands_on_today_until_it_is_made(cast: Cast, case: Case) -> None:
    visit = a_visit(case, cast.sami, cast.ana)
    assert clock_of(case, "visit").params == {"visit": str(visit.pk)}
    page = get(cast.ana, "today").content.decode()
    assert "Where the child lives" in page
    assert reverse("visit_done", args=[case.pk, visit.pk]) in page
    post(cast.ana, "visit_done", case.pk, visit.pk, **done_form())
    assert "visit" not in running(case)
    assert "Where the child lives" not in get(cast.ana, "today").content.decode()


def test_seeing_the_child_is_the_first_response_and_contact(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert {"first_response"} <= running(case)
    visit = a_visit(case, cast.ana)
    post(cast.ana, "visit_done", case.pk, visit.pk, **done_form(seen="with_others"))
    assert "first_response" not in running(case)
    assert clock_of(case, "contact").due_at - clock_of(case, "contact").starts_at == timedelta(days=7)
    made = Visit.objects.get()
    assert (made.child_seen_alone, made.observations) == (False, "She laughs again.")


def test_the_clock_of_contact_runs_from_the_day_of_the_visit(cast: Cast, clock_at: Any) -> None:
    clock_at(datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    case = files.screened(cast)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    visits = [a_visit(case, cast.ana) for _number in range(2)]
    clock_at(datetime(2027, 1, 14, 9, 0, tzinfo=UTC))
    record: dict[str, Any] = {"actor": cast.ana, "child_seen_alone": True, "observations": "o"}
    record_visit(case.pk, visits[0].pk, done_on=date(2027, 1, 12), **record)
    end_of_that_day = datetime(2027, 1, 12, 23, 0, tzinfo=UTC)  # midnight in Vienna
    assert clock_of(case, "contact").due_at == end_of_that_day + timedelta(days=7)
    # An older one that is typed in later takes nothing back.
    record_visit(case.pk, visits[1].pk, done_on=date(2027, 1, 6), **record)
    assert clock_of(case, "contact").due_at == end_of_that_day + timedelta(days=7)


def test_a_case_that_waits_to_be_taken_over_starts_no_clock_of_contact(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    visit = a_visit(case, cast.ana)
    post(cast.ana, "visit_done", case.pk, visit.pk, **done_form())
    assert Visit.objects.get().done_on == today()
    assert running(case) == set()


def test_calling_it_off_needs_a_reason_which_the_audit_keeps_sealed(cast: Cast, case: Case) -> None:
    visit = a_visit(case, cast.ana)
    assert post(cast.ana, "visit_cancel", case.pk, visit.pk, reason="").status_code == 422
    assert post(cast.ana, "visit_cancel", case.pk, visit.pk, reason="ill-as-a-rook").status_code == 302
    event = last(case.pk, "plan.visit_cancelled")
    assert (event.reason, event.sections, event.details) == ("ill-as-a-rook", ["plan"], {"visit": "home"})
    assert "rook" not in str(AuditEvent.objects.filter(pk=event.pk).values())
    assert Deadline.objects.get(kind="visit").cancelled_at is not None


def test_a_visit_ends_once(cast: Cast, case: Case) -> None:
    visit = a_visit(case, cast.ana)
    cancel_visit(case.pk, visit.pk, actor=cast.ana, reason="r")
    for page in ("visit_done", "visit_cancel"):
        assert get(cast.ana, page, case.pk, visit.pk).status_code == 302
        assert post(cast.ana, page, case.pk, visit.pk, **done_form(reason="r")).status_code == 409
    with pytest.raises(Invalid):
        record_visit(
            case.pk, visit.pk, actor=cast.ana, done_on=today(), child_seen_alone=True, observations="o"
        )
    assert Visit.objects.get().done_on is None


def test_a_visit_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case) -> None:
    mine, visit = files.screened(cast), a_visit(case, cast.ana)
    for page in ("visit_done", "visit_cancel"):
        assert post(cast.ana, page, mine.pk, visit.pk, **done_form(reason="r")).status_code == 404
    with pytest.raises(Visit.DoesNotExist):
        cancel_visit(mine.pk, visit.pk, actor=cast.ana, reason="r")


def test_leaving_the_open_states_calls_it_off_and_undoing_a_merge_brings_it_back(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    visit = a_visit(case, cast.ana, planned_on=today() + timedelta(days=5))
    survivor = files.in_state("active", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert Visit.objects.get().cancelled_at is not None
    assert running(case) == set()
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Two sisters.")
    assert Visit.objects.get().is_open
    assert clock_of(case, "visit").params == {"visit": str(visit.pk)}


def test_a_new_worker_makes_the_visits_of_the_old_one(cast: Cast, case: Case) -> None:
    old, supervisors = a_visit(case, cast.ana), a_visit(case, cast.ana, cast.sami)
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    visitors = {visit.pk: visit.visitor for visit in Visit.objects.select_related("visitor")}
    assert visitors == {old.pk: cast.ben, supervisors.pk: cast.sami}


def test_the_plan_shows_what_is_planned_and_what_was_made(cast: Cast, case: Case) -> None:
    record_visit(
        case.pk,
        a_visit(case, cast.ana).pk,
        actor=cast.ana,
        done_on=today(),
        child_seen_alone=True,
        observations="She laughs again.",
    )
    page = get(cast.sami, "plan", case.pk).content.decode()
    assert "No visit is planned" in page
    assert "1 visit that has ended" in page
    assert "the child was seen alone" in page
    assert "She laughs again." in page


def test_the_clock_of_contact_rests_while_the_child_is_missing(cast: Cast, case: Case) -> None:
    visit = facts.visit(case, cast.ana)
    take_step(case.pk, "suspend", actor=cast.ana)
    assert "contact" not in running(case)
    record_visit(
        case.pk, visit.pk, actor=cast.ana, done_on=today(), child_seen_alone=True, observations="Before."
    )
    assert "contact" not in running(case)
