"""From the first question to the last visit: nine people in two countries, each in a window of their own."""

import os

import pytest

from cases.models import Case
from repatriation.models.choices import ReturnState
from tests.browser.journey import Way, set_out
from tests.browser.way_home import arriving, consulate, deciding, finding, leaving, visiting
from tests.browser.way_home.people import Act
from tests.browser.windows import Windows
from tests.conftest import ClockHand
from tests.referrals.offers import offering
from tests.repatriation import ways
from tests.repatriation.ways import Company

WAYS = [pytest.param(Way("en", script=True), id="english")]
if "EVERY_WAY" in os.environ:
    WAYS.append(pytest.param(Way("en", script=False), id="without-script"))
    WAYS.append(pytest.param(Way("en", script=True, hands="keyboard"), id="keyboard"))
ACTS = (
    finding.the_question_is_opened,
    finding.the_child_is_asked,
    finding.contact_is_cleared,
    finding.a_partner_abroad_is_found,
    finding.the_family_is_found,
    finding.somebody_would_care,
    finding.the_risk_is_assessed,
    deciding.the_panel_decides_on_a_return,
    consulate.is_asked,
    consulate.issues_the_document,
    leaving.the_journey_is_planned,
    leaving.everything_is_there,
    leaving.the_child_departs,
    arriving.the_child_arrives,
    arriving.the_child_is_handed_over,
    visiting.all_visits_are_made,
    visiting.the_return_is_completed,
)


@pytest.fixture
def people(cast: object) -> Company:
    return ways.company(cast)  # type: ignore[arg-type]


@pytest.fixture
def case(people: Company) -> Case:
    offering(people.tomas.agency, "SocialCare")
    return ways.active_case(people.cast)


@pytest.mark.parametrize("way", WAYS)
def test_a_child_goes_home(
    windows: Windows, people: Company, case: Case, clock_everywhere: ClockHand, way: Way
) -> None:
    act = Act(set_out(windows, people.cast, way), case, clock_everywhere)
    for play in ACTS:
        play(act)
    act.is_read_by("ana", "sami", as_=ReturnState.COMPLETED.label)
    act.is_over_for("konsul", "eskort", "pia", "pavel", "paula", "omar")
