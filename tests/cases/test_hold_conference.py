"""A case conference is held: who was there, what was said, what was decided, and that it is final."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import policy
from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile, last_saved
from accounts.models import PolicyValue
from cases.models import AgendaPoint, Case, Conference, ConferenceDecision, MinuteAddendum, Task
from cases.registry import open_matters
from cases.services.conferences import minute_open
from cases.services.minutes import add_to_minute, close_minute, save_minute
from cases.services.tasks import finish_task
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told, verbs
from tests.cases.meetings import a_conference, a_point, closed, decided, fresh, minuted
from tests.cases.planning import a_goal, let_read, today
from tests.cast import Cast
from tests.kept import kept
from tests.test_budgets import QUERIES, visit
from workflow import deadlines

CHAIRED = ("minute", "minute_close", "decision_new")


@kept
def held(cast: Cast, case: Case) -> Conference:
    """This morning, with Petra, who reads the legal part."""
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    return a_conference(case, cast.ana, cast.petra, days=0, section=Section.LEGAL, words="The hearing.")


def minute_of(conference: Conference, words: str = "She need not appear.", **more: Any) -> dict[str, Any]:
    """What the form sends: everybody was there, and the same words to each point."""
    present = [str(each.pk) for each in conference.invitations.all()]
    boxes = {f"minute-{point.pk}": words for point in conference.points.filter(removed_at__isnull=True)}
    return {"present": present, "seen": last_saved(conference), **boxes, **more}


def decision_of(conference: Conference, **changes: Any) -> dict[str, Any]:
    settled = {
        "point": conference.points.get().pk,
        "words": "Ask the court for a guardian.",
        "assignee": conference.called_by_id,
    }
    return settled | day("due_on", today() + timedelta(days=2)) | changes


@pytest.mark.parametrize("page", CHAIRED)
def test_strangers_find_nothing_the_invited_may_not_and_the_worker_may(
    cast: Cast, case: Case, held: Conference, page: str
) -> None:
    let_read(case, cast.tomas, Section.LEGAL)
    sent = minute_of(held) | decision_of(held)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.tomas]
    assert statuses(strangers, page, case.pk, held.pk, **sent) == [404] * 5
    assert statuses([cast.petra], page, case.pk, held.pk, **sent) == [403]
    assert not ConferenceDecision.objects.exists()
    if page == "minute_close":
        minuted(held, cast.ana)
    assert statuses([cast.sami], page, case.pk, held.pk, **sent) == [302]


def test_the_minute_is_a_draft_that_the_invited_read_in_their_parts(
    cast: Cast, case: Case, held: Conference
) -> None:
    a_point(held, cast.ana, Section.MEDICAL, "The tooth.")
    points = {point.section: point for point in held.points.all()}
    sent = minute_of(held) | {f"minute-{points['medical'].pk}": "pulled-on-a-pigeon"}
    assert post(cast.ana, "minute", case.pk, held.pk, **sent).status_code == 302
    assert {each.attended for each in held.invitations.all()} == {True}
    for page, args in (
        ("conference", [case.pk, held.pk]),
        ("case_file", [case.pk]),
        ("case_history", [case.pk]),
    ):
        shown = get(cast.petra, page, *args).content.decode()
        assert "She need not appear." in shown, page
        assert "pigeon" not in shown, page
    assert "pigeon" in get(cast.sami, "conference", case.pk, held.pk).content.decode()
    event = last(case.pk, "conference.minuted")
    assert (event.sections, event.details) == (["legal", "medical"], {"conference": str(held.pk)})


def test_paper_of_an_invited_partner_has_its_own_points_only(
    cast: Cast, case: Case, held: Conference
) -> None:
    a_point(held, cast.ana, Section.MEDICAL, "pulled-on-a-pigeon")
    pdf = get(cast.petra, "case_file_pdf", case.pk).content
    from_page = get(cast.petra, "case_file", case.pk).content.decode()
    assert pdf.startswith(b"%PDF")
    assert "The hearing." in from_page
    assert "pigeon" not in from_page


def test_two_who_write_at_once_see_each_others(cast: Cast, case: Case, held: Conference) -> None:
    earlier = minute_of(held)
    minuted(held, cast.sami, "He is ill.")
    answer = post(cast.ana, "minute", case.pk, held.pk, **earlier)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody else has saved this meanwhile" in page
    assert "He is ill." in page
    assert "She need not appear." in page
    again = earlier | {"seen": last_saved(fresh(held))}
    assert post(cast.ana, "minute", case.pk, held.pk, **again).status_code == 302
    with pytest.raises(Meanwhile):
        save_minute(
            case.pk,
            held.pk,
            actor=cast.ana,
            present=[],
            minutes={held.points.get().pk: "x"},
            seen=earlier["seen"],
        )


def test_the_same_again_writes_nothing(cast: Cast, case: Case, held: Conference) -> None:
    minuted(held, cast.ana)
    before = verbs(case.pk)
    minuted(fresh(held), cast.ana)
    assert verbs(case.pk) == before


@pytest.mark.parametrize("page", CHAIRED)
def test_nothing_is_written_before_it_begins(cast: Cast, case: Case, page: str) -> None:
    coming = a_conference(case, cast.ana, days=1)
    sent = minute_of(coming) | decision_of(coming)
    assert get(cast.ana, page, case.pk, coming.pk).status_code == 302
    answer = post(cast.ana, page, case.pk, coming.pk, **sent)
    # Whatever was typed is not lost.
    assert answer.status_code == (302 if page == "minute_close" else 409)
    assert page != "minute" or "She need not appear." in answer.content.decode()
    assert AgendaPoint.objects.get().minute is None
    with pytest.raises(Invalid):
        minuted(coming, cast.ana)
    with pytest.raises(Invalid):
        decided(coming, cast.ana)


def test_a_decision_becomes_a_task_and_shows_its_state(cast: Cast, case: Case, held: Conference) -> None:
    goal = a_goal(case, cast.ana)
    sent = decision_of(held, assignee=cast.petra.pk, goal=goal.pk)
    assert post(cast.ana, "decision_new", case.pk, held.pk, **sent).status_code == 302
    decision = ConferenceDecision.objects.select_related("task").get()
    task = decision.task
    assert (decision.words, decision.section) == ("Ask the court for a guardian.", "legal")
    assert (task.words, task.assignee, task.goal, task.made_by) == (
        "Ask the court for a guardian.",
        cast.petra,
        goal,
        cast.ana,
    )
    assert clock_of(case, "task").params == {"task": str(task.pk)}
    assert "task.given" in told(cast.petra)
    events = [last(case.pk, verb) for verb in ("plan.task_given", "conference.decided")]
    assert events[0].act == events[1].act
    assert "in 2 days" in get(cast.petra, "conference", case.pk, held.pk).content.decode().replace(
        "\xa0", " "
    )
    finish_task(case.pk, task.pk, actor=cast.petra)
    assert "Done" in get(cast.sami, "conference", case.pk, held.pk).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"point": ""}, "Choose an answer."),
        ({"words": ""}, "We need an answer here."),
        ({"assignee": ""}, "Choose an answer."),
        ({"due_on_year": "2001"}, "has passed"),
        ({"due_on_day": "x"}, "There is no such day"),
    ],
)
def test_a_decision_with_a_wrong_answer_gets_a_sentence_and_no_task(
    cast: Cast, case: Case, held: Conference, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "decision_new", case.pk, held.pk, **decision_of(held, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Task.objects.exists()


def test_a_decision_goes_to_nobody_without_access_and_under_no_foreign_point(
    cast: Cast, case: Case, held: Conference
) -> None:
    with pytest.raises(Invalid):
        decided(held, cast.ana, assignee=cast.omar)
    other = a_conference(case, cast.ana, days=0)
    with pytest.raises(Invalid):
        decided(held, cast.ana, point=other.points.get())
    assert not Task.objects.exists()


def test_closing_asks_for_every_minute_and_for_who_was_there(
    cast: Cast, case: Case, held: Conference
) -> None:
    answer = post(cast.ana, "minute_close", case.pk, held.pk)
    assert answer.status_code == 422
    assert "what was said to each point" in answer.content.decode()
    minutes = {point.pk: "m" for point in held.points.all()}
    save_minute(case.pk, held.pk, actor=cast.ana, present=[], minutes=minutes)
    answer = post(cast.ana, "minute_close", case.pk, held.pk)
    assert "Say first who was there." in answer.content.decode()
    minuted(fresh(held), cast.ana)
    assert post(cast.ana, "minute_close", case.pk, held.pk).status_code == 302
    done = fresh(held)
    assert (done.closed_by, done.closed_at is not None) == (cast.ana, True)
    assert told(cast.petra)[-1] == "conference.closed"
    assert "minute" not in running(case)


def test_a_closed_minute_is_final_in_the_database_too(cast: Cast, case: Case, held: Conference) -> None:
    done = closed(held, cast.ana)
    for page in CHAIRED:
        answer = post(cast.ana, page, case.pk, held.pk, **minute_of(held) | decision_of(held))
        assert answer.status_code == (302 if page == "minute_close" else 409), page
    point = done.points.get()
    point.minute = "Otherwise."
    with pytest.raises(DatabaseError), transaction.atomic():
        point.save()
    done.place = "Elsewhere"
    with pytest.raises(DatabaseError), transaction.atomic():
        done.save()
    with pytest.raises(Invalid):
        close_minute(case.pk, held.pk, actor=cast.ana)
    assert AgendaPoint.objects.get(pk=point.pk).minute == "All agree."


def test_what_is_known_better_later_is_an_addendum(cast: Cast, case: Case, held: Conference) -> None:
    point = held.points.get()
    page = ("addendum_new", case.pk, held.pk, point.pk)
    assert statuses([cast.ana], *page, words="w") == [409]
    assert not MinuteAddendum.objects.exists()
    with pytest.raises(Invalid):
        add_to_minute(case.pk, held.pk, point.pk, actor=cast.ana, words="w")
    closed(held, cast.ana)
    assert statuses([cast.omar, cast.petra], *page, words="w") == [404, 403]
    assert statuses([cast.ana], *page, words="") == [422]
    assert statuses([cast.ana], *page, words="The hearing is in June.") == [302]
    added = MinuteAddendum.objects.get()
    assert (added.words, added.section, added.written_by) == ("The hearing is in June.", "legal", cast.ana)
    for place, args in (
        ("conference", [case.pk, held.pk]),
        ("case_file", [case.pk]),
        ("case_history", [case.pk]),
    ):
        assert "The hearing is in June." in get(cast.petra, place, *args).content.decode(), place
    with pytest.raises(DatabaseError), transaction.atomic():
        MinuteAddendum.objects.update(section="plan")


def test_the_minute_is_due_three_days_later_or_as_the_agency_wants(
    cast: Cast, case: Case, held: Conference, clock_at: Any
) -> None:
    assert clock_of(case, "minute").params == {"conference": str(held.pk)}
    assert clock_of(case, "minute").due_at.date() == today() + timedelta(days=3)
    page = get(cast.ana, "today").content.decode()
    assert "Write the minute of the case conference" in page
    assert f"/conferences/{held.pk}/" in page
    clock_at.forward(timedelta(days=4))
    deadlines.sweep()
    assert "overdue.minute" in told(cast.ana)
    assert "overdue.minute" not in told(cast.petra)
    PolicyValue.objects.create(key="conference.minute_days", agency=case.agency, value=10)
    policy.forget_kept()
    later = a_conference(case, cast.ana, days=1)
    found = deadlines.open_for([case.pk]).get(params={"conference": str(later.pk)})
    assert found.due_at.date() == today() + timedelta(days=11)


def test_a_case_does_not_close_while_a_minute_is_open(cast: Cast, case: Case, held: Conference) -> None:
    # Guardianship is owed too, so the whole is asked once and this part of it twice.
    assert open_matters(files.fresh(case))
    assert minute_open(case)
    closed(held, cast.ana)
    assert not minute_open(case)


def test_who_was_there_stays_in_the_minute_after_access_ended(
    cast: Cast, case: Case, held: Conference
) -> None:
    done = closed(held, cast.ana)
    grant = case.access.get(account=cast.petra)
    grant.ended_at = done.closed_at
    grant.save()
    assert "Petra" in get(cast.sami, "conference", case.pk, held.pk).content.decode()
    assert get(cast.petra, "conference", case.pk, held.pk).status_code == 404


def test_its_page_costs_few_queries(cast: Cast, case: Case, held: Conference) -> None:
    address = reverse("conference", args=[case.pk, held.pk])
    few, _bytes = visit(cast.ana, address)
    for number in range(5):
        decided(held, cast.ana, point=a_point(held, cast.ana, Section.PLAN, f"{number}"))
    assert visit(cast.ana, address)[0] == few <= QUERIES
