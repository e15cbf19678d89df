"""Every guard and every entry of the machines of care, alone and together."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

import clock
from accounts.models import AuditEvent, ServiceType
from cases.models import Case, TrackStep
from cases.models.choices import GivenBy
from cases.models.people import Conflict, PersonRole
from cases.models.plan import Means, Outcome, Track
from cases.models.registers import ExaminationKind, HealthRecordKind, NeedDomain
from cases.services import registers
from tests.cast import Cast
from tests.matrices.moving_tracks import actor_of, guardian, guards_hold, put, take, values_of
from tests.matrices.tracks import DOMAIN, EVERY_ENTRY, EVERY_GUARD, source_of, step_of
from tests.undone import undone
from workflow.machine import Refused


def refusals(cast: Cast, case: Case, name: str, edge: str, **changes: Any) -> list[str]:
    try:
        with undone():
            put(case, name, source_of(name, edge))
            take(case, name, edge, actor_of(cast, name, edge), **changes)
    except Refused as refused:
        return [failure.code for failure in refused.failures]
    return []


@pytest.mark.parametrize(("name", "edge", "code"), EVERY_GUARD)
def test_one_guard_alone_refuses_by_name(cast: Cast, case: Case, name: str, edge: str, code: str) -> None:
    values = values_of(case, name, edge)
    if code == "no_conflict":
        values["person"] = guardian(case, conflict=Conflict.OWN_GAIN)
    with guards_hold(name, except_for=code):
        assert refusals(cast, case, name, edge, values=values) == [code]


@pytest.mark.parametrize(
    ("name", "edge"), [(name, step[0]) for name in DOMAIN for step in DOMAIN[name].steps if step[4]]
)
def test_every_failure_is_named_at_once(cast: Cast, case: Case, name: str, edge: str) -> None:
    audited = AuditEvent.objects.filter(case_id=case.pk).count()
    wanted = step_of(name, edge)[4].split()
    values = values_of(case, name, edge)
    if "person" in values:
        values["person"] = guardian(case, role=PersonRole.MOTHER)
    assert refusals(cast, case, name, edge, values=values) == wanted
    assert AuditEvent.objects.filter(case_id=case.pk).count() == audited
    assert not TrackStep.objects.filter(case=case).exists()


@pytest.mark.parametrize(("name", "edge", "entry"), EVERY_ENTRY)
def test_every_entry_that_is_missing_refuses_by_name(
    cast: Cast, case: Case, name: str, edge: str, entry: str
) -> None:
    values = values_of(case, name, edge)
    values.pop(entry, None)
    reason = "" if entry == "reason" else "As it was decided."
    with guards_hold(name):
        found = refusals(cast, case, name, edge, values=values, reason=reason)
    assert found == [f"entered_{entry}"]


Arrange = Callable[[Cast, Case], object]


def _examined(cast: Cast, case: Case) -> None:
    registers.record_examination(
        case.pk,
        actor=cast.petra,
        kind=ExaminationKind.GENERAL,
        held_on=clock.today("Europe/Vienna"),
        consent_by=GivenBy.GUARDIAN,
        child_assents=True,
    )


def _written(kind: HealthRecordKind) -> Arrange:
    return lambda cast, case: registers.record_health(case.pk, actor=cast.petra, kind=kind, words="None.")


def _needs(cast: Cast, case: Case) -> None:
    registers.record_need(case.pk, actor=cast.ana, domain=NeedDomain.SCHOOLING, words="To read.")


def _heard(cast: Cast, case: Case) -> None:
    view = case.child_views.model(
        case=case, heard_on=clock.today("Europe/Vienna"), means=Means.TALK, recorded_by=cast.ana
    )
    view.words = "I want to go to school."
    view.save(force_insert=True)


def _agreed(cast: Cast, case: Case) -> None:
    case.plan_agreements.create(
        given_by=GivenBy.GUARDIAN,
        agrees=True,
        given_on=clock.today("Europe/Vienna"),
        recorded_by=cast.ana,
    )


def _goal(cast: Cast, case: Case, track: Track = Track.REHABILITATION, **ended: Any) -> None:
    goal = case.goals.model(
        case=case, track=track, service_type=ServiceType.EDUCATION, set_by=cast.ana, **ended
    )
    goal.words = "To go to school."
    goal.save(force_insert=True)


def _reached(cast: Cast, case: Case) -> None:
    _goal(cast, case, outcome=Outcome.ACHIEVED, ended_at=clock.now())


def _reached_one_of_two(cast: Cast, case: Case) -> None:
    _reached(cast, case)
    _goal(cast, case)


# How each guard comes to hold.
FACTS: Mapping[str, Arrange] = {
    "no_conflict": lambda cast, case: None,
    "examination_consented": _examined,
    "treatment_plan": _written(HealthRecordKind.TREATMENT_PLAN),
    "medication_list": _written(HealthRecordKind.MEDICATION),
    "mental_health_screened": _written(HealthRecordKind.MENTAL_HEALTH),
    "medical_summary": _written(HealthRecordKind.SUMMARY),
    "needs_recorded": _needs,
    "heard_about_plan": _heard,
    "representative_agrees": _agreed,
    "rehabilitation_goals": _goal,
    "outcomes_recorded": _reached,
}


def test_no_guard_is_forgotten() -> None:
    assert set(FACTS) == {code for _name, _edge, code in EVERY_GUARD}


@pytest.mark.parametrize(("name", "edge", "code"), EVERY_GUARD)
def test_a_guard_holds_when_its_fact_is_there(
    cast: Cast, case: Case, name: str, edge: str, code: str
) -> None:
    FACTS[code](cast, case)
    with guards_hold(name, except_for=code):
        assert refusals(cast, case, name, edge) == []


@pytest.mark.parametrize(
    ("edge", "arrange"),
    [
        ("find_achieved", _goal),
        ("find_achieved", _reached_one_of_two),
        (
            "find_achieved",
            lambda cast, case: _goal(
                cast, case, Track.MEDICAL, outcome=Outcome.ACHIEVED, ended_at=clock.now()
            ),
        ),
        ("agree_plan", lambda cast, case: _goal(cast, case, Track.MEDICAL)),
    ],
)
def test_goals_of_another_track_and_goals_that_wait_do_not_count(
    cast: Cast, case: Case, edge: str, arrange: Arrange
) -> None:
    code = "outcomes_recorded" if edge == "find_achieved" else "rehabilitation_goals"
    arrange(cast, case)
    with guards_hold("rehabilitation", except_for=code):
        assert refusals(cast, case, "rehabilitation", edge) == [code]
