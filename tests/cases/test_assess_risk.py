"""How dangerous it is, and whether the child is safe now."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.holidays import add_working_days
from cases.models import Case, RiskAssessment
from cases.models.choices import Risk
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses
from tests.cast import Cast


def form(**changes: Any) -> dict[str, Any]:
    return {"level": "medium", "safety": "safe", "note": ""} | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(cast: Cast, case: Case) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "case_risk", case.pk, **form()) == [404] * 5
    assert statuses([cast.sami], "case_risk", case.pk, **form()) == [403]
    assert not RiskAssessment.objects.exists()
    assert statuses([cast.ana], "case_risk", case.pk, **form()) == [302]
    assert files.fresh(case).risk == "medium"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"level": "extreme"}, "extreme"),
        ({"level": ""}, "Choose an answer."),
        ({"safety": ""}, "Choose an answer."),
        ({"safety": "not_safe"}, "Describe the danger"),
        ({"safety": "with_measures", "note": "  "}, "Describe the danger"),
        ({"note": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "case_risk", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not RiskAssessment.objects.exists()
    assert files.fresh(case).risk == ""


def test_until_risk_is_set_the_clocks_of_high_risk_run(cast: Cast, case: Case) -> None:
    assert clock_of(case, "first_response").due_at - case.reported_at == timedelta(hours=24)


def test_the_clocks_follow_the_level_from_where_they_began(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(hours=6))
    files.look_at_safety(case, cast.ana, Risk.MEDIUM)
    assert clock_of(case, "first_response").due_at - case.reported_at == timedelta(hours=72)
    files.look_at_safety(case, cast.ana, Risk.LOW)
    expected = add_working_days(case.agency, case.reported_at, 7)
    assert clock_of(case, "first_response").due_at == expected
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert clock_of(case, "assessment").due_at - case.reported_at == timedelta(hours=72)


def test_a_higher_risk_calls_for_the_child_sooner(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.LOW, seen=True)
    seen = clock_of(case, "contact").starts_at
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert clock_of(case, "contact").due_at - seen == timedelta(days=7)


def test_having_seen_the_child_is_the_first_response(cast: Cast, case: Case) -> None:
    post(cast.ana, "case_risk", case.pk, **form())
    assert "first_response" in running(case)
    post(cast.ana, "case_risk", case.pk, **form(child_seen="on"))
    assert running(case) == {"assessment", "contact", "representation"}
    # A day is the agency's own, so summer time may take an hour from one or add it.
    contact = clock_of(case, "contact")
    assert abs(contact.due_at - contact.starts_at - timedelta(days=14)) < timedelta(hours=2)


def test_every_look_is_a_row_of_its_own(cast: Cast, case: Case) -> None:
    for level in ("high", "low"):
        post(cast.ana, "case_risk", case.pk, **form(level=level, note=f"Because {level}"))
    assert [row.note for row in RiskAssessment.objects.all()] == ["Because low", "Because high"]
    page = get(cast.sami, "case_risk", case.pk).content.decode()
    assert "Because high" in page
    assert "Because low" in page


def test_the_audit_tells_before_and_after(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    files.look_at_safety(case, cast.ana, Risk.LOW)
    event = last(case.pk, "risk.assessed")
    assert event.details == {"before": "high", "after": "low", "safety": "safe"}
    assert event.sections == ["risk"]
