"""A supervisor answers for one ⚠ condition; somebody else takes the step."""

import pytest

from cases.models import Case
from cases.models.choices import Answer, Purpose
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from workflow.machine import Refused
from workflow.models import GuardOverride

WHY = "The father is in hospital and was asked by telephone."
GUARD = ("register", "consent_data")


@kept
def almost(cast: Cast, case: Case) -> Case:
    """Everything for registration but consent to the file."""
    files.satisfy_registration(case, cast.ana)
    files.agree(case, cast.ana, Purpose.DATA, Answer.REFUSED)
    return case


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(cast: Cast, almost: Case) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "case_override", almost.pk, *GUARD, reason=WHY) == [404] * 4
    assert statuses([cast.ana], "case_override", almost.pk, *GUARD, reason=WHY) == [403]
    assert not GuardOverride.objects.exists()
    assert statuses([cast.sami], "case_override", almost.pk, *GUARD, reason=WHY) == [302]
    override = GuardOverride.objects.get()
    assert (override.made_by, override.reason, override.used_at) == (cast.sami, WHY, None)


def test_the_step_then_goes_on_and_spends_it(cast: Cast, almost: Case) -> None:
    with pytest.raises(Refused):
        take_step(almost.pk, "register", actor=cast.ana)
    post(cast.sami, "case_override", almost.pk, *GUARD, reason=WHY)
    assert take_step(almost.pk, "register", actor=cast.ana).state == "registered"
    override = GuardOverride.objects.get()
    assert override.used_at is not None
    judged = {row["code"]: row for row in last(almost.pk, "case.register").details["guards"]}
    assert judged["consent_data"]["overridden_by"] == str(override.pk)
    assert not judged["consent_data"]["passed"]


def test_the_data_protection_officer_is_told(cast: Cast, almost: Case) -> None:
    post(cast.sami, "case_override", almost.pk, *GUARD, reason=WHY)
    assert told(cast.aida) == ["guard.overridden"]
    event = last(almost.pk, "case.guard_overridden")
    assert event.reason == WHY
    assert (event.details["edge"], event.details["guard"]) == GUARD


@pytest.mark.parametrize(
    "reason", ["", "too short", " " * 40, "a" + " " * 30 + "b", "\u200b" * 40, "x" * 20_001]
)
def test_a_reason_that_says_nothing_is_refused(cast: Cast, almost: Case, reason: str) -> None:
    answer = post(cast.sami, "case_override", almost.pk, *GUARD, reason=reason)
    assert answer.status_code == 422
    assert not GuardOverride.objects.exists()
    assert told(cast.aida) == []


@pytest.mark.parametrize(
    ("edge", "guard"),
    [
        ("register", "is_a_child"),
        ("register", "candidates_decided"),
        ("register", "no_such_guard"),
        ("activate", "plan_approved_by_another"),
        ("end_early", "closure_approved_by_another"),
        ("begin_screening", "worker_assigned"),
        ("no_such_edge", "consent_data"),
    ],
)
def test_no_other_guard_can_be_set_aside(cast: Cast, almost: Case, edge: str, guard: str) -> None:
    assert statuses([cast.sami], "case_override", almost.pk, edge, guard, reason=WHY) == [404]
    assert get(cast.sami, "case_override", almost.pk, edge, guard).status_code == 404
    assert not GuardOverride.objects.exists()


def test_the_way_is_shown_to_the_supervisor_alone(cast: Cast, almost: Case) -> None:
    way = f"/cases/{almost.pk}/steps/register/without/consent_data/"
    assert way in get(cast.sami, "case", almost.pk).content.decode()
    assert way not in get(cast.ana, "case", almost.pk).content.decode()
