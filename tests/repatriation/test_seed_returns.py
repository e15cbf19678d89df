"""The demo's returns: one in every state, led there by the steps that people take.

`EVERY_STORY=1` tells them all, which takes a minute; else those that go through the most.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from procrastinate.contrib.django.models import ProcrastinateJob

import clock
from accounts.models import AuditEvent, Notification, User
from cases import registry
from cases.demo.people import make_people
from cases.models import Case
from cases.models.choices import CaseState
from cases.wording import EVENTS, NOTICES
from repatriation import tasks
from repatriation.demo.stories import ROWS, TELL, leave_returns_to_worker, tell_one, tell_returns
from repatriation.models import AlternateQuestion, HomeStudy, Panel, Return, ReturnEvent
from repatriation.models.choices import Option, ReturnState
from repatriation.permissions import visible_to
from repatriation.services.alarms import standing_for
from repatriation.wording import event_words
from tests.kept import kept

# The visits begin with the handover, in the same write: no return stays there.
PASSED = {ReturnState.HANDED_OVER}
ROOMS = ("accounts", "workflow", "cases", "referrals", "repatriation", "vault")


EVERY = "EVERY_STORY" in os.environ
every_story = pytest.mark.skipif(not EVERY, reason="asks for all stories: EVERY_STORY=1, as in make trials")
SOME = {ReturnState.COMPLETED, ReturnState.DEFERRED, ReturnState.PANEL_PENDING, ReturnState.WITHDRAWN}
TOLD = [row for row in ROWS if EVERY or row[0] in SOME]


@kept
def people() -> dict[str, User]:
    made = make_people()
    for row in TOLD:
        tell_one(row, dict(made))
    return made


def rows() -> dict[str, int]:
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def of(state: ReturnState) -> Return:
    return Return.objects.get(state=state)


def test_every_state_is_there(people: dict[str, User]) -> None:
    assert {row[0] for row in ROWS} == set(ReturnState) - PASSED
    assert sorted(Return.objects.values_list("state", flat=True)) == sorted(row[0] for row in TOLD)
    passed = set(ReturnEvent.objects.values_list("details__state", flat=True))
    assert passed >= PASSED


def test_it_is_told_with_the_rest_of_the_demo() -> None:
    assert (tell_returns, leave_returns_to_worker) in registry.stories()


def test_the_worker_tells_each_that_is_left_to_it_once(db: None) -> None:
    leave_returns_to_worker()
    leave_returns_to_worker()
    jobs = ProcrastinateJob.objects.filter(task_name=TELL)
    assert sorted(job.args["number"] for job in jobs) == sorted(row[1] for row in ROWS)
    number = ROWS[-1][1]
    tasks.tell_return(number=number)
    assert Return.objects.get().state == ROWS[-1][0]
    jobs.delete()
    leave_returns_to_worker()
    assert number not in {job.args["number"] for job in jobs.all()}


def test_a_second_seeding_adds_nothing(people: dict[str, User], clock_at: Any) -> None:
    before = rows()
    clock_at.forward(timedelta(days=2))
    again = make_people()
    for row in TOLD:
        tell_one(row, dict(again))
    assert rows() == before


@every_story
def test_nothing_happens_in_the_future(people: dict[str, User]) -> None:
    now = clock.now()
    assert not AuditEvent.objects.filter(at__gt=now).exists()
    assert not ReturnEvent.objects.filter(at__gt=now).exists()
    assert of(ReturnState.READY).facts.journey.departs_at > now  # type: ignore[union-attr]
    assert of(ReturnState.TRAVEL_PLANNED).facts.journey.departs_at > now  # type: ignore[union-attr]


def test_all_of_it_is_said_in_words(people: dict[str, User]) -> None:
    verbs = set(AuditEvent.objects.filter(verb__startswith="return.").values_list("verb", flat=True))
    told = set(Notification.objects.filter(kind__startswith="return.").values_list("kind", flat=True))
    kinds = set(ReturnEvent.objects.values_list("kind", flat=True))
    assert min(len(verbs), len(told), len(kinds)) > 20
    assert verbs <= set(EVENTS)
    assert told <= set(NOTICES)
    assert [kind for kind in kinds if event_words(kind) == kind] == []


@every_story
def test_whoever_has_a_part_finds_something(people: dict[str, User]) -> None:
    for name in ("ana", "sami", "vera", "tomas", "cora", "konsul", "eskort", "pia", "pavel", "paula"):
        assert visible_to(people[name]).exists(), name
    for name in ("fokus", "fanni"):
        assert set(standing_for(people[name])) == {of(ReturnState.RETRAFFICKING_ALERT)}, name
    assert not visible_to(people["omar"]).exists()


@every_story
def test_a_panel_waits_for_two_votes_and_another_for_its_answer(people: dict[str, User]) -> None:
    waiting = of(ReturnState.PANEL_PENDING).panel
    assert waiting is not None
    seats = waiting.seats.all()
    assert len({seat.agency_id for seat in seats}) == 3
    assert sorted(bool(seat.vote) for seat in seats) == [False, False, True]
    question = AlternateQuestion.objects.get(answered_at=None)
    assert question.panel == of(ReturnState.HANDOVER_FAILED).panel


@every_story
def test_panels_decide_for_each_outcome(people: dict[str, User]) -> None:
    signed = Panel.objects.filter(minute_signed_at__isnull=False)
    assert set(signed.values_list("outcome", flat=True)) == set(Option)
    deferred = of(ReturnState.DEFERRED).panel
    assert deferred is not None
    assert [seat.dissent for seat in deferred.seats.all() if seat.dissent_on] != []


@every_story
def test_homes_are_seen_in_both_countries(people: dict[str, User]) -> None:
    assert set(HomeStudy.objects.values_list("agency__country", flat=True)) == {"XB", "XC"}


@every_story
def test_the_case_goes_with_its_return(people: dict[str, User]) -> None:
    """After the last visit it is closed; after signs of trafficking it is worked on again."""
    states = {way.state: way.case.state for way in Return.objects.select_related("case")}
    assert states[ReturnState.COMPLETED] == CaseState.CLOSED
    assert states[ReturnState.MONITORING] == CaseState.MONITORING
    assert states[ReturnState.RETRAFFICKING_ALERT] == CaseState.ACTIVE
    back = AuditEvent.objects.filter(verb="case.return_to_active").values("case_id")
    assert Case.objects.filter(pk__in=back).get() == of(ReturnState.RETRAFFICKING_ALERT).case
