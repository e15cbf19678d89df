"""Fitness to travel: the clinic alone answers for a journey, and a certificate grows old."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import clock
from accounts import policy
from accounts.access import Section
from accounts.models import User
from cases.models import Case, TravelFitness
from cases.models.choices import Basis
from cases.models.tracks import MedicalState
from cases.services.registers import certify_fitness, fitness_ends
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses
from tests.cases.care import give
from tests.cast import Cast
from tests.kept import kept


def form(**changes: Any) -> dict[str, Any]:
    settled = {"is_fit": "yes", "supply_days": "14", "conditions": "A pause every two hours."}
    return settled | day("certified_on", clock.today("Europe/Vienna")) | changes


@kept
def clinic(cast: Cast, case: Case) -> User:
    return give(case, cast.petra, Section.MEDICAL)


def test_strangers_find_nothing_whoever_treats_may_and_nobody_else(
    cast: Cast, case: Case, clinic: User, nora: User
) -> None:
    give(case, cast.tomas, Section.MEDICAL, may_write=False)
    files.ground(case, Basis.DUTY, account=cast.ben)
    strangers = [cast.omar, cast.aida, cast.hotline, cast.eskort, nora]
    assert statuses(strangers, "travel_fitness_new", case.pk, **form()) == [404] * 5
    readers = [cast.sami, cast.tomas, cast.ana, cast.ben]
    assert statuses(readers, "travel_fitness_new", case.pk, **form()) == [403] * 4
    assert not TravelFitness.objects.exists()
    assert statuses([clinic], "travel_fitness_new", case.pk, **form()) == [302]
    found = TravelFitness.objects.get()
    assert (found.is_fit, found.supply_days, found.certified_by) == (True, 14, clinic)
    assert found.conditions == "A pause every two hours."


def test_the_service_asks_for_the_clinics_hand_too(cast: Cast, case: Case) -> None:
    day_of_it = clock.today("Europe/Vienna")
    with pytest.raises(PermissionDenied):
        certify_fitness(case.pk, actor=cast.ana, is_fit=True, certified_on=day_of_it, supply_days=0)
    assert not TravelFitness.objects.exists()


def test_the_clinic_of_another_file_may_not(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    give(other, cast.petra, Section.MEDICAL)
    assert post(cast.petra, "travel_fitness_new", case.pk, **form()).status_code == 404


def test_only_the_clinic_finds_the_way_there(cast: Cast, case: Case, clinic: User) -> None:
    assert "/fitness/new/" in get(clinic, "medical", case.pk).content.decode()
    for reader in (cast.ana, cast.sami):
        assert "/fitness/new/" not in get(reader, "medical", case.pk).content.decode()


@pytest.mark.parametrize("state", MedicalState.values)
def test_it_can_be_issued_in_any_state_of_care(cast: Cast, case: Case, clinic: User, state: str) -> None:
    ways = {
        "not_applicable": ["not_applicable"],
        "declined": ["declined"],
        "urgent_care": ["triage", "urgent_care"],
        "completed": ["triage", "assessment", "completed"],
    }
    path = ["triage", "assessment", "treatment", "stable_follow_up"]
    for each in ways.get(state, path[: path.index(state) + 1] if state in path else []):
        type(case.medical)._base_manager.filter(case=case).update(state=each)
    assert post(clinic, "travel_fitness_new", case.pk, **form()).status_code == 302


def test_it_covers_a_departure_for_ten_days_or_what_the_agency_says(
    cast: Cast, case: Case, clinic: User, clock_at: Any
) -> None:
    post(clinic, "travel_fitness_new", case.pk, **form())
    found = TravelFitness.objects.get()
    assert fitness_ends(found, case) == found.certified_on + timedelta(days=10)
    assert "Fit to travel" in get(cast.ana, "medical", case.pk).content.decode()
    clock_at.forward(timedelta(days=10))
    assert "Too old by now" not in get(cast.ana, "medical", case.pk).content.decode()
    clock_at.forward(timedelta(days=1))
    assert "Too old by now" in get(cast.ana, "medical", case.pk).content.decode()
    policy.set_value("medical.fitness_days", 20, actor=None, agency=case.agency)
    assert fitness_ends(found, case) == found.certified_on + timedelta(days=20)


def test_not_fit_is_an_answer_too(cast: Cast, case: Case, clinic: User) -> None:
    post(clinic, "travel_fitness_new", case.pk, **form(is_fit="no", supply_days="0"))
    assert not TravelFitness.objects.get().is_fit
    assert "Not fit to travel" in get(cast.ana, "medical", case.pk).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"is_fit": ""}, "Choose an answer."),
        ({"is_fit": "true"}, "true"),
        ({"supply_days": ""}, "We need an answer here."),
        ({"supply_days": "-1"}, "0"),
        ({"supply_days": "9" * 30}, "366"),
        ({"supply_days": "many"}, "whole number"),
        ({"certified_on_month": "13"}, "There is no such day"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, clinic: User, wrong: dict[str, str], says: str
) -> None:
    answer = post(clinic, "travel_fitness_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not TravelFitness.objects.exists()


def test_it_is_not_issued_ahead(cast: Cast, case: Case, clinic: User) -> None:
    tomorrow = day("certified_on", clock.today("Europe/Vienna") + timedelta(days=1))
    answer = post(clinic, "travel_fitness_new", case.pk, **form(**tomorrow))
    assert (answer.status_code, "future" in answer.content.decode()) == (422, True)


def test_nothing_is_certified_in_a_file_that_is_not_open(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency)
    give(case, cast.petra, Section.MEDICAL)
    assert "/fitness/new/" not in get(cast.petra, "medical", case.pk).content.decode()
    assert post(cast.petra, "travel_fitness_new", case.pk, **form()).status_code == 422


def test_the_audit_has_codes_alone(cast: Cast, case: Case, clinic: User) -> None:
    post(clinic, "travel_fitness_new", case.pk, **form())
    event = last(case.pk, "fitness.certified")
    assert (event.details, event.sections) == ({"fitness": "fit"}, ["medical"])
