"""The other outcomes, each from where it branches off to its end, through the pages of all who have a part in it.

One of those in which a panel sits is a part of `make test`, the others of `make trials` (`EVERY_WAY=1`), and all of
them by keyboard.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from repatriation.models.choices import NextQuestion, Option, ReturnState, Sign
from tests.browser.journey import Way, set_out
from tests.browser.way_home import arriving, consulate, deciding, leaving, turning, visiting
from tests.browser.way_home.people import Act
from tests.browser.windows import Windows
from tests.conftest import ClockHand
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company

# Whose page follows by itself is no matter here, but where the way on is one of two windows.
PLAIN = Way("en", script=False, signs_in=False)
LIVE = Way("en", script=True, signs_in=False)
ALL_HANDS = ["mouse", "keyboard"] if "EVERY_WAY" in os.environ else ["mouse"]
BeginAt = Callable[..., Act]
State = ReturnState
in_trials = pytest.mark.skipif("EVERY_WAY" not in os.environ, reason="EVERY_WAY=1, as in make trials")


@pytest.fixture
def people(cast: object) -> Company:
    return ways.company(cast)  # type: ignore[arg-type]


@pytest.fixture(params=ALL_HANDS)
def begin_at(
    windows: Windows, people: Company, clock_everywhere: ClockHand, request: pytest.FixtureRequest
) -> BeginAt:
    def begin(state: str, way: Way = PLAIN) -> Act:
        case: Case = ways.active_case(people.cast)
        ways.at(people, case, state)
        way = replace(way, hands=request.param)
        return Act(set_out(windows, people.cast, way), case, clock_everywhere)

    return begin


def test_it_is_integrated_here(begin_at: BeginAt) -> None:
    act = begin_at("panel_pending")
    deciding.the_panel_decides(act, Option.INTEGRATION)
    act.stands("decided_integration")
    deciding.is_told(act)
    act.is_read_by("ana", "sami", as_=State.DECIDED_INTEGRATION.label)
    act.is_over_for("konsul", "eskort", "omar")


@in_trials
def test_it_goes_to_a_third_country(begin_at: BeginAt, people: Company) -> None:
    """Judged as the first country is; and then contact with that country is a question of its own."""
    act = begin_at("panel_pending")
    for fact in (ways.assessed, ways.input_given, ways.care_agreed):
        fact(people, act.way, turning.THIRD)
    deciding.the_panel_decides(act, Option.THIRD_COUNTRY, third_country="Germany")
    act.stands("decided_third_country")
    deciding.is_told(act)
    turning.contact_there_is_a_question_of_its_own(act)
    act.is_read_by("ana", "sami", as_=State.DECIDED_THIRD_COUNTRY.label)
    act.is_over_for("konsul", "eskort", "omar")


@in_trials
def test_it_is_deferred_and_decided_again(begin_at: BeginAt) -> None:
    act = begin_at("panel_pending")
    deciding.the_panel_decides(act, Option.DEFERRAL, review_on=act.today + timedelta(days=30))
    act.stands("deferred")
    deciding.is_told(act)
    act.time_passes(days=30)
    turning.the_review_has_come(act)
    deciding.the_panel_decides(act, Option.RETURN)
    deciding.is_told(act)
    act.is_read_by("ana", "sami", as_=State.DECIDED_RETURN.label)
    act.is_over_for("konsul", "eskort", "omar")


def test_it_withdraws_the_day_before_the_departure(begin_at: BeginAt) -> None:
    act = begin_at("ready", LIVE)
    act.time_passes(days=leaving.AHEAD - 1)
    turning.the_child_withdraws(act)
    act.is_read_by("ana", "sami", as_=State.WITHDRAWN.label)
    act.is_over_for("konsul", "eskort", "pia", "omar")
    turning.two_supervisors_end_it(act)
    act.is_read_by("ana", "sami", "vera", as_=State.ENDED.label)


@in_trials
def test_it_is_not_a_national(begin_at: BeginAt) -> None:
    act = begin_at("verification_requested")
    consulate.answers(act, "Neither: the child is not a national", "No entry in any register.")
    act.stands("not_a_national")
    consulate.the_finding_goes_before_the_panel(act, NextQuestion.STATELESS)
    act.is_read_by("ana", "sami", as_=State.PANEL_PENDING.label)
    act.is_over_for("konsul", "eskort", "pia", "omar")


@in_trials
def test_the_document_is_refused(begin_at: BeginAt) -> None:
    """Once it becomes possible after all; the second time it goes before the panel."""
    act = begin_at("document_requested")
    consulate.refuses_the_document(act)
    consulate.begins_again(act)
    consulate.refuses_the_document(act)
    consulate.the_finding_goes_before_the_panel(act, NextQuestion.NO_DOCUMENT)
    act.is_read_by("ana", "sami", as_=State.PANEL_PENDING.label)
    act.is_over_for("konsul", "eskort", "pia", "omar")


def test_the_handover_is_refused(begin_at: BeginAt) -> None:
    """The panel approves an alternate while the child waits with its escort."""
    act = begin_at("arrived", LIVE)
    arriving.the_receiver_refuses(act)
    turning.an_alternate_is_named(act)
    turning.the_panel_approves_the_alternate(act)
    arriving.hands_over(act, act.by("tomas").user.agency.name)
    act.stands("monitoring")
    act.is_read_by("ana", "sami", "tomas", as_=State.MONITORING.label)
    act.is_over_for("konsul", "pia", "omar")
    act.time_passes(days=3)
    act.is_over_for("eskort")


def test_there_are_signs_of_trafficking(begin_at: BeginAt, people: Company) -> None:
    """Both countries' focal points hear of it, and nothing about whom."""
    fanni: User = handovers.focal_point_here(people)
    act = begin_at("monitoring")
    act.time_passes(days=7)
    tomas = act.by("tomas")
    tomas.opens("Visits afterwards")
    visiting.reports(tomas, Sign.CONTROLLED)
    act.stands("retrafficking_alert")
    turning.both_focal_points_see_the_alert(act, "fokus", fanni.username)
    act.is_read_by("ana", "sami", "tomas", as_=State.RETRAFFICKING_ALERT.label)
    turning.the_panel_has_to_decide_anew(act)
    for username in ("fokus", fanni.username):
        page = act.by(username).at.page
        assert page.request.get(reverse("return_alert", args=[act.way.pk])).status == 404
    act.is_read_by("ana", "sami", as_=State.PANEL_PENDING.label)
    act.is_over_for("konsul", "eskort", "pia", "omar")
