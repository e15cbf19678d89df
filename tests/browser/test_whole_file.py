"""One file from registered to closed and open again, through all three tracks, every refusal explained."""

import os

import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from cases.services.steps import take_step
from tests.browser import strangers
from tests.browser.journey import Way, set_out
from tests.browser.whole_file import assessing, caring, closing, missing, planning
from tests.browser.whole_file.steps import Act
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import PASSWORD, Cast

# In English, as most people go; the other ways take as long again, and are a matter of `make trials`.
WAYS = [pytest.param(Way("en", script=True), id="english")]
if "EVERY_WAY" in os.environ:
    WAYS.append(pytest.param(Way("ru", script=False), id="russian-without-script"))
    WAYS.append(pytest.param(Way("en", script=True, hands="keyboard"), id="keyboard"))
ACTS = (
    assessing.partners_are_let_in,
    assessing.the_assessment_is_completed,
    planning.needs_are_assessed,
    assessing.the_guardian_is_appointed,
    planning.the_plan_is_written,
    planning.sami_approves_what_ana_may_not,
    planning.rehabilitation_begins,
    planning.the_plan_is_reviewed,
    caring.monitoring_waits_for_the_tracks,
    caring.dr_mila_treats,
    missing.the_child_is_missing_and_found,
    caring.lex_protects,
    caring.rehabilitation_is_reviewed,
    closing.an_errand_is_left,
    closing.no_durable_solution_is_required,
    closing.the_case_is_closed,
    closing.the_partners_have_left,
    closing.the_case_is_reopened,
)


@pytest.mark.parametrize("way", WAYS)
def test_a_registered_case_is_closed_and_reopened(windows: Windows, cast: Cast, way: Way) -> None:
    _the_clinic_and_the_law()
    act = Act(set_out(windows, cast, way), _registered(cast))
    for play in ACTS:
        play(act)
        _omar_finds_nothing(act)
    assert strangers.found_by(act.by("omar").at.page, act.case) == {}


def _the_clinic_and_the_law() -> None:
    for username, name, kind in (
        ("dr-mila", "Dr Mila Ross", AgencyKind.CLINIC),
        ("lex", "Lex Aumann", AgencyKind.LEGAL_AID),
    ):
        agency = Agency.objects.create(
            code=f"arvania-{kind}".replace("_", "-"),
            name=f"Arvania {kind.label}",
            country="XA",
            kind=kind,
            time_zone="Europe/Vienna",
            languages=["en", "ru"],
        )
        User.objects.create_account(username, PASSWORD, name=name, role=Role.SERVICE_PROVIDER, agency=agency)


def _registered(cast: Cast) -> Case:
    case = files.screened(cast)
    files.satisfy_registration(case, cast.ana)
    return take_step(case.pk, "register", actor=cast.ana)


def _omar_finds_nothing(act: Act) -> None:
    omar = act.by("omar").at.page
    assert omar.request.get(reverse("case", args=[act.case.pk])).status == 404
