"""Rehabilitation is reviewed on its day, and a child who refused is asked again on hers."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from cases.models import Case
from cases.models.choices import Risk
from tests.cases import files
from tests.cases.asking import clock_of, post, running, told
from tests.cases.care import step, today
from tests.cast import Cast
from workflow import deadlines

VIENNA = ZoneInfo("Europe/Vienna")


def in_progress(cast: Cast, case: Case) -> None:
    """Past what must hold before: that is another test's question."""
    rows = type(case.rehabilitation)._base_manager.filter(case=case)
    for state in ("needs_assessed", "plan_agreed"):
        rows.update(state=state)
    step(case, "rehabilitation", "begin_rehabilitation", cast.ana)


def test_it_is_reviewed_every_three_months(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at(datetime(2027, 11, 30, 12, 0, tzinfo=VIENNA))
    in_progress(cast, case)
    due = clock_of(case, "rehabilitation_review").due_at.astimezone(VIENNA)
    assert (due.date(), due.hour) == (date(2028, 2, 29), 12)
    clock_at(due + timedelta(seconds=1))
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.sami).count("overdue.rehabilitation_review") == 1
    step(case, "rehabilitation", "begin_review", cast.ana)
    assert "rehabilitation_review" not in running(case)
    step(case, "rehabilitation", "continue_after_review", cast.ana, finding="She is back at school.")
    assert clock_of(case, "rehabilitation_review").due_at > clock.now() + timedelta(days=80)


def test_it_is_reviewed_sooner_when_the_risk_changes_and_never_later(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    files.look_at_safety(case, cast.ana, Risk.LOW)
    in_progress(cast, case)
    files.look_at_safety(case, cast.ana, Risk.LOW)
    assert clock_of(case, "rehabilitation_review").due_at > clock.now() + timedelta(days=80)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    soon = clock_of(case, "rehabilitation_review").due_at
    assert abs(soon - clock.now() - timedelta(days=7)) < timedelta(hours=2)
    clock_at.forward(timedelta(days=2))
    files.look_at_safety(case, cast.ana, Risk.MEDIUM)
    assert clock_of(case, "rehabilitation_review").due_at == soon


def test_a_risk_that_changes_asks_for_no_review_of_what_does_not_run(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.LOW)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert "rehabilitation_review" not in running(case)


def test_a_hold_is_looked_at_again_on_its_day(cast: Cast, case: Case) -> None:
    in_progress(cast, case)
    week = today() + timedelta(days=7)
    step(case, "rehabilitation", "hold", cast.ana, reason="She is ill.", review_on=week)
    assert "rehabilitation_review" not in running(case)
    assert clock_of(case, "rehabilitation_hold").due_at.astimezone(VIENNA).date() == week
    later = today() + timedelta(days=30)
    step(case, "rehabilitation", "prolong_hold", cast.ana, reason="Still ill.", review_on=later)
    assert clock_of(case, "rehabilitation_hold").due_at.astimezone(VIENNA).date() == later
    step(case, "rehabilitation", "go_on", cast.ana)
    assert "rehabilitation_hold" not in running(case)
    assert "rehabilitation_review" in running(case)


@pytest.mark.parametrize(
    ("track", "decline", "confirm", "again", "kind"),
    [
        ("medical", "decline_care", "confirm_refusal_of_care", "accept_care", "care_review"),
        (
            "rehabilitation",
            "decline_rehabilitation",
            "confirm_refusal_of_rehabilitation",
            "assess_needs_again",
            "rehabilitation_declined",
        ),
    ],
)
def test_a_refusal_is_asked_about_again_as_often_as_it_stands(
    cast: Cast, case: Case, clock_at: Any, track: str, decline: str, confirm: str, again: str, kind: str
) -> None:
    said: dict[str, Any] = {"reason": "Not now.", "refused_by": "child"}
    step(case, track, decline, cast.ana, review_on=today() + timedelta(days=7), **said)
    assert kind in running(case)
    clock_at.forward(timedelta(days=9))
    deadlines.sweep()
    assert told(cast.sami).count(f"overdue.{kind}") == 1
    step(case, track, confirm, cast.ana, review_on=today() + timedelta(days=30), **said)
    assert clock_of(case, kind).due_at > clock.now() + timedelta(days=29)
    said |= {"incident": "not_known", "review_on": today() + timedelta(days=5)}
    step(case, track, again, cast.ana, **said)
    assert kind not in running(case)


def test_a_reopened_case_has_the_clocks_of_its_tracks_again(cast: Cast, case: Case) -> None:
    in_progress(cast, case)
    post(cast.sami, "case_propose_end", case.pk, why="declined")
    post(cast.vera, "case_step", case.pk, "end_early")
    assert running(case) == set()
    post(cast.sami, "case_step", case.pk, "reopen", reason="The girl asks for help again.")
    assert {"representation", "rehabilitation_review"} <= running(case)
