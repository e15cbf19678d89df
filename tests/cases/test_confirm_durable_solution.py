"""A supervisor confirms that no durable solution is required; the others are a return's to record."""

from typing import Any

import pytest

from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis, Risk
from cases.models.closing import DurableSolution
from cases.services.closing import confirm_solution
from cases.services.steps import take_step
from tests.cases import facts, files
from tests.cases.asking import get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept

WHY = {"reason": "She has lived with her aunt for a year, and wants to stay."}


@kept
def active(cast: Cast) -> Case:
    """With safe relatives, at low risk, every track at rest."""
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    facts.at_home(case, cast.ana)
    facts.settled_tracks(case, cast.ana)
    return files.fresh(case)


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(
    cast: Cast, active: Case, nora: User
) -> None:
    files.ground(active, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra, cast.pia]
    assert statuses(strangers, "durable_solution", active.pk, **WHY) == [404] * 6
    assert statuses([cast.ana], "durable_solution", active.pk, **WHY) == [403]
    assert files.fresh(active).durable_solution == ""
    assert statuses([cast.sami], "durable_solution", active.pk, **WHY) == [302]
    case = files.fresh(active)
    assert (case.durable_solution, case.durable_solution_by) == ("not_required", cast.sami)
    event = last(active.pk, "case.solution_confirmed")
    assert (event.reason, event.details) == (WHY["reason"], {"solution": "not_required"})
    assert take_step(active.pk, "begin_monitoring", actor=cast.ana).state == "monitoring"


def test_a_supervisor_is_led_to_it_though_the_step_is_the_workers(cast: Cast, active: Case) -> None:
    page = get(cast.sami, "case", active.pk).content.decode()
    assert "This step belongs to the assigned case worker." in page
    assert f'href="/cases/{active.pk}/durable-solution/"' in page


def test_a_supervisor_is_not_led_to_what_only_the_worker_fills(cast: Cast) -> None:
    case = files.in_state("screening", cast.ana.agency, worker=cast.ana)
    page = get(cast.sami, "case", case.pk).content.decode()
    for closed in ("consents/new/", "duplicates/"):
        assert f'href="/cases/{case.pk}/{closed}"' not in page.split('id="blocks"')[1].split("</section>")[0]


def test_without_it_monitoring_does_not_begin(cast: Cast, active: Case) -> None:
    answer = post(cast.ana, "case_step", active.pk, "begin_monitoring")
    assert answer.status_code == 409
    assert "durable solution is carried out" in answer.content.decode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda case, cast: facts.placement(case, cast.ana, "shelter"),
        lambda case, cast: facts.placement(case, cast.ana, "parents", is_safe=False),
        lambda case, cast: files.look_at_safety(case, cast.ana, Risk.HIGH),
    ],
)
def test_only_of_a_child_that_lives_safely_with_its_family(cast: Cast, active: Case, spoil: Any) -> None:
    post(cast.sami, "durable_solution", active.pk, **WHY)
    spoil(active, cast)
    answer = post(cast.sami, "durable_solution", active.pk, **WHY)
    assert answer.status_code == 422
    assert "safe placement with parents or relatives" in answer.content.decode()
    # What was confirmed before counts no more either.
    assert post(cast.ana, "case_step", active.pk, "begin_monitoring").status_code == 409


def test_a_risk_that_nobody_assessed_is_not_low(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    facts.placement(case, cast.ana)
    assert post(cast.sami, "durable_solution", case.pk, **WHY).status_code == 422


@pytest.mark.parametrize("solution", [DurableSolution.HANDED_OVER, DurableSolution.INTEGRATION])
def test_what_a_return_brings_about_nobody_enters(
    cast: Cast, active: Case, solution: DurableSolution
) -> None:
    with pytest.raises(Invalid):
        confirm_solution(active.pk, actor=cast.sami, solution=solution, reason="It is so.")
    assert files.fresh(active).durable_solution == ""
    page = get(cast.sami, "durable_solution", active.pk).content.decode()
    assert str(solution.label) in page
    assert page.count("Only a return, carried out to its end, records this.") == 2


@pytest.mark.parametrize(
    ("reason", "says"), [("", "We need an answer here."), ("\u200b ", "We need"), ("x" * 20_001, "20000")]
)
def test_it_wants_a_reason(cast: Cast, active: Case, reason: str, says: str) -> None:
    answer = post(cast.sami, "durable_solution", active.pk, reason=reason)
    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_not_of_a_file_that_is_not_worked_on(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency, worker=cast.ana)
    assert post(cast.sami, "durable_solution", case.pk, **WHY).status_code == 422
    assert files.fresh(case).durable_solution == ""


def test_after_a_breakdown_it_is_confirmed_anew(cast: Cast, active: Case) -> None:
    post(cast.sami, "durable_solution", active.pk, **WHY)
    take_step(active.pk, "begin_monitoring", actor=cast.ana)
    take_step(active.pk, "return_to_active", actor=cast.ana, reason="The aunt fell ill.")
    case = files.fresh(active)
    assert (case.durable_solution, case.durable_solution_by) == ("", None)


def test_what_the_return_recorded_stays_the_returns(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana, durable_solution="handed_over")
    take_step(case.pk, "return_to_active", actor=cast.ana, reason="An alert.")
    assert files.fresh(case).durable_solution == "handed_over"
