"""What the plan works towards, by track, and what came of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.access import Section
from accounts.models import AuditEvent, User
from cases.models import Case, Goal
from cases.models.choices import GivenBy
from cases.models.notes import VoiceKind
from cases.models.plan import Means, Outcome, Track
from cases.services.plan import end_goal, record_agreement, record_view
from cases.services.steps import take_step
from cases.services.tasks import drop_task, finish_task
from cases.services.visits import cancel_visit, record_visit
from cases.services.voices import answer_voice, record_voice
from tests.cases import files
from tests.cases.asking import get, last, main_of, post, statuses, verbs
from tests.cases.planning import a_goal, a_task, a_visit, let_read, today, whole_plan
from tests.cast import Cast
from workflow.machine import Refused


def form(**changes: Any) -> dict[str, Any]:
    return {"track": "legal", "service_type": "Legal", "words": "A guardian whom she trusts."} | changes


def end_form(**changes: Any) -> dict[str, Any]:
    return {"outcome": "achieved", "words": "She has one, and likes her."} | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "goal_new", case.pk, **form()) == [404] * 5
    assert statuses([cast.petra], "goal_new", case.pk, **form()) == [403]
    assert not Goal.objects.exists()
    assert statuses([cast.ana, cast.sami], "goal_new", case.pk, **form()) == [302] * 2
    assert [goal.words for goal in Goal.objects.all()] == ["A guardian whom she trusts."] * 2


def writes(case: Case, by: User, own: dict[str, Any]) -> list[Callable[[], object]]:
    """Every service of the plan and of the child's voice, called without a page before it."""
    on = today()
    goal, task, visit, voice = own["goal"], own["task"], own["visit"], own["voice"]
    said: dict[str, Any] = {"answer": "a", "answered_on": on}
    seen: dict[str, Any] = {"done_on": on, "child_seen_alone": True, "observations": "o"}
    return [
        lambda: a_goal(case, by),
        lambda: end_goal(case.pk, goal, actor=by, outcome=Outcome.ACHIEVED, words="w"),
        lambda: record_view(case.pk, actor=by, heard_on=on, means=Means.TALK, words="w"),
        lambda: record_agreement(case.pk, actor=by, given_by=GivenBy.PARENT, agrees=True, given_on=on),
        lambda: a_task(case, by),
        lambda: finish_task(case.pk, task, actor=by),
        lambda: drop_task(case.pk, task, actor=by, reason="r"),
        lambda: a_visit(case, by),
        lambda: record_visit(case.pk, visit, actor=by, **seen),
        lambda: cancel_visit(case.pk, visit, actor=by, reason="r"),
        lambda: record_voice(case.pk, actor=by, kind=VoiceKind.WISH, words="w", said_on=on),
        lambda: answer_voice(case.pk, voice, actor=by, **said),
    ]


def test_every_write_of_the_plan_asks_for_itself_too(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.PLAN)
    voice = record_voice(case.pk, actor=cast.ana, kind=VoiceKind.WISH, words="w", said_on=today())
    own = {
        "goal": a_goal(case, cast.ana).pk,
        "task": a_task(case, cast.ana).pk,
        "visit": a_visit(case, cast.ana).pk,
        "voice": voice.pk,
    }
    before = verbs(case.pk)
    for attempt in writes(case, cast.omar, own):
        with pytest.raises(Case.DoesNotExist):
            attempt()
    for attempt in writes(case, cast.petra, own):
        with pytest.raises(PermissionDenied):
            attempt()
    assert verbs(case.pk) == before


def test_the_same_holds_for_its_outcome(cast: Cast, case: Case, nora: User) -> None:
    let_read(case, cast.petra, Section.PLAN)
    goal = a_goal(case, cast.ana)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "goal_end", case.pk, goal.pk, **end_form()) == [404] * 5
    assert statuses([cast.petra], "goal_end", case.pk, goal.pk, **end_form()) == [403]
    assert Goal.objects.get().outcome == ""
    assert statuses([cast.ana], "goal_end", case.pk, goal.pk, **end_form()) == [302]
    ended = Goal.objects.get()
    assert (ended.outcome, ended.outcome_words) == ("achieved", "She has one, and likes her.")
    assert ended.ended_at is not None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"track": ""}, "Choose an answer."),
        ({"track": "happiness"}, "happiness"),
        ({"service_type": ""}, "Choose an answer."),
        ({"words": "  "}, "We need an answer here."),
        ({"words": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "goal_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Goal.objects.exists()


def test_an_outcome_comes_once(cast: Cast, case: Case) -> None:
    goal = a_goal(case, cast.ana)
    post(cast.ana, "goal_end", case.pk, goal.pk, **end_form())
    again = post(cast.ana, "goal_end", case.pk, goal.pk, **end_form(outcome="dropped"))
    assert again.status_code == 409
    assert Goal.objects.get().outcome == "achieved"
    missing = post(cast.ana, "goal_end", case.pk, a_goal(case, cast.ana).pk, outcome="", words="")
    assert missing.status_code == 422


def test_a_goal_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case) -> None:
    mine = files.screened(cast)
    goal = a_goal(case, cast.ana)
    assert post(cast.ana, "goal_end", mine.pk, goal.pk, **end_form()).status_code == 404
    with pytest.raises(Goal.DoesNotExist):
        end_goal(mine.pk, goal.pk, actor=cast.ana, outcome=Outcome.ACHIEVED, words="w")


def test_a_closed_file_gets_no_goal(cast: Cast) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    answer = post(cast.ana, "goal_new", closed.pk, **form())
    assert answer.status_code == 422
    assert "Reopen it first" in answer.content.decode()
    assert "Set a goal" not in get(cast.ana, "plan", closed.pk).content.decode()


def test_every_track_that_applies_needs_one_before_the_plan_is_complete(cast: Cast) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana)
    whole_plan(case, cast.ana)
    rehabilitation = Goal.objects.get(track=Track.REHABILITATION)
    end_goal(case.pk, rehabilitation.pk, actor=cast.ana, outcome=Outcome.DROPPED, words="Later.")
    with pytest.raises(Refused) as refused:
        take_step(case.pk, "plan", actor=cast.ana)
    assert [failure.code for failure in refused.value.failures] == ["goals_set"]
    a_goal(case, cast.ana, Track.REHABILITATION)
    assert take_step(case.pk, "plan", actor=cast.ana).state == "planned"


def test_goals_may_change_after_the_approval_and_the_audit_tells(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    goal = a_goal(case, cast.ana)
    end_goal(case.pk, goal.pk, actor=cast.ana, outcome=Outcome.PARTLY, words="Half of it.")
    assert verbs(case.pk)[-2:] == ["plan.goal_set", "plan.goal_ended"]
    event = last(case.pk, "plan.goal_ended")
    assert event.details == {"goal_track": "legal", "outcome": "partly"}
    assert event.sections == ["legal", "plan"]
    assert event.actor == cast.ana
    page = get(cast.ana, "case_history", case.pk).content.decode()
    assert "recorded the outcome of a goal" in page
    assert "Partly achieved" in page


def test_no_word_of_a_goal_is_in_the_audit(cast: Cast, case: Case) -> None:
    a_goal(case, cast.ana, words="the-goal-of-the-goldfinch")
    assert "goldfinch" not in str(list(AuditEvent.objects.filter(case_id=case.pk).values()))


def test_whoever_reads_a_track_reads_its_goals_and_no_others(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    a_goal(case, cast.ana, Track.LEGAL, "legal-goldfinch")
    a_goal(case, cast.ana, Track.MEDICAL, "medical-goldfinch")
    page = get(cast.petra, "legal", case.pk).content.decode()
    assert "legal-goldfinch" in page
    assert "medical-goldfinch" not in page
    assert get(cast.petra, "plan", case.pk).status_code == 404


def test_the_plan_shows_goals_by_track_with_kind_of_service_and_outcome(cast: Cast, case: Case) -> None:
    goal = a_goal(case, cast.ana, words="A guardian for her.")
    end_goal(case.pk, goal.pk, actor=cast.ana, outcome=Outcome.NOT_ACHIEVED, words="Nobody was free.")
    page = get(cast.sami, "plan", case.pk).content.decode()
    for words in ("A guardian for her.", "Not achieved", "Nobody was free.", "Legal"):
        assert words in page
    assert last(case.pk, "case.read").sections == ["plan"]


def test_an_empty_plan_says_what_to_do_first(cast: Cast, case: Case) -> None:
    page = main_of(cast.ana, "plan", case.pk)
    assert "Hear the child" in page
    assert page.count('class="btn main"') == 1
    whole_plan(case, cast.ana)
    assert "Nothing is planned" in get(cast.ana, "plan", case.pk).content.decode()
