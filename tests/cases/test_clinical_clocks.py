"""Care that has to begin in time: counted from the last incident, whenever it is told and whenever it is entered."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from cases.models import Case, MedicalCare, TrackStep
from cases.services.duty import plan_duty
from tests.cases import files
from tests.cases.asking import clock_of, day, get, post, running, told
from tests.cases.care import give, step
from tests.cast import Cast
from workflow import deadlines

VIENNA = ZoneInfo("Europe/Vienna")
NOON = datetime(2027, 6, 10, 12, 0, tzinfo=VIENNA)


@pytest.fixture
def noon(clock_at: Any) -> datetime:
    clock_at(NOON)
    return NOON


def triage(case: Case, cast: Cast, incident: str, on: date | None = None) -> TrackStep:
    return step(case, "medical", "begin_triage", cast.ana, incident=incident, incident_on=on)


def left(case: Case, kind: str) -> timedelta:
    return clock_of(case, kind).due_at - clock.now()


def test_within_72_hours_both_clocks_run_from_the_beginning_of_that_day(
    cast: Cast, noon: datetime, case: Case
) -> None:
    triage(case, cast, "within_72", date(2027, 6, 9))
    midnight = datetime(2027, 6, 9, 0, 0, tzinfo=VIENNA)
    assert clock_of(case, "prophylaxis").due_at == midnight + timedelta(hours=72)
    assert clock_of(case, "contraception").due_at == midnight + timedelta(hours=120)
    assert MedicalCare.objects.get(case=case).last_incident_at == midnight


def test_after_72_hours_only_the_longer_clock_runs(cast: Cast, noon: datetime, case: Case) -> None:
    triage(case, cast, "within_120", date(2027, 6, 6))
    assert running(case) & {"prophylaxis", "contraception"} == {"contraception"}
    assert clock_of(case, "contraception").due_at == datetime(2027, 6, 11, 0, 0, tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("incident", "on"), [("longer", date(2027, 6, 1)), ("longer", None), ("not_known", None)]
)
def test_later_or_unknown_no_clock_runs(
    cast: Cast, noon: datetime, case: Case, incident: str, on: date | None
) -> None:
    triage(case, cast, incident, on)
    assert not running(case) & {"prophylaxis", "contraception"}


def test_intake_does_not_matter(cast: Cast, clock_at: Any) -> None:
    """Reported long ago, harmed again yesterday."""
    clock_at(NOON - timedelta(days=60))
    case = files.screened(cast)
    clock_at(NOON)
    triage(case, cast, "within_72", date(2027, 6, 9))
    assert left(case, "prophylaxis") < timedelta(hours=72)
    assert left(case, "prophylaxis") > timedelta(hours=30)


def test_a_late_entry_has_less_time_left_or_none(cast: Cast, noon: datetime, case: Case) -> None:
    # The day began more than 72 hours ago, and yet it may have been within them: now is the time.
    triage(case, cast, "within_72", date(2027, 6, 7))
    assert abs(left(case, "prophylaxis")) < timedelta(minutes=1)
    assert left(case, "contraception") > timedelta(hours=30)


def test_no_clock_promises_more_time_in_the_night_when_clocks_change(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    # On 31 October 2027 an hour comes twice: 72 hours after midnight of the 30th is 23:00, not midnight.
    clock_at(datetime(2027, 10, 31, 9, 0, tzinfo=VIENNA))
    triage(case, cast, "within_72", date(2027, 10, 30))
    due = clock_of(case, "prophylaxis").due_at
    assert due == datetime(2027, 10, 30, 0, 0, tzinfo=VIENNA).astimezone(UTC) + timedelta(hours=72)
    assert due.astimezone(VIENNA).hour == 23


@pytest.mark.parametrize(
    ("incident", "on", "says"),
    [
        ("within_72", None, "Enter the day"),
        ("within_120", None, "Enter the day"),
        ("within_72", date(2027, 6, 6), "does not agree"),
        ("within_120", date(2027, 6, 4), "does not agree"),
        ("within_120", date(2027, 6, 9), "does not agree"),
        ("longer", date(2027, 6, 9), "does not agree"),
        ("not_known", date(2027, 6, 9), "Leave the day empty"),
        ("within_72", date(2027, 6, 11), "in the future"),
    ],
)
def test_answer_and_day_must_agree(
    cast: Cast, noon: datetime, case: Case, incident: str, on: date | None, says: str
) -> None:
    sent: dict[str, Any] = {"incident": incident} | day("happened_on", NOON.date())
    answer = post(
        cast.ana,
        "track_step",
        case.pk,
        "medical",
        "begin_triage",
        **sent,
        **(day("incident_on", on) if on else {}),
    )
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert MedicalCare.objects.get(case=case).state == "not_started"


def test_who_can_act_is_told_at_once(cast: Cast, noon: datetime, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL)
    give(case, cast.tomas, Section.MEDICAL, may_write=False)
    give(case, cast.fokus, Section.LEGAL)
    triage(case, cast, "within_72", date(2027, 6, 10))
    assert told(cast.petra).count("medical.urgent") == 1
    for user in (cast.ana, cast.ben, cast.tomas, cast.fokus, cast.sami, cast.omar):
        assert "medical.urgent" not in told(user)


def test_at_night_the_duty_worker_is_told_at_once(cast: Cast, clock_at: Any, case: Case) -> None:
    evening = NOON + timedelta(hours=8)
    clock_at(evening)
    plan_duty(actor=cast.sami, worker=cast.ben, starts_at=evening, ends_at=evening + timedelta(hours=10))
    triage(case, cast, "within_72", date(2027, 6, 10))
    assert told(cast.ben).count("medical.urgent") == 1


def test_it_stands_on_top_of_the_page_and_on_the_case(cast: Cast, noon: datetime, case: Case) -> None:
    assert "/answer_prophylaxis/" not in get(cast.ana, "medical", case.pk).content.decode()
    triage(case, cast, "within_72", date(2027, 6, 9))
    page = get(cast.ana, "medical", case.pk).content.decode()
    assert "Begin HIV prophylaxis" in page
    assert "/tracks/medical/answer_prophylaxis/" in page
    assert "Begin HIV prophylaxis" in get(cast.ana, "case", case.pk).content.decode()
    assert "Begin HIV prophylaxis" in get(cast.ana, "today").content.decode()


def test_each_is_answered_by_itself(cast: Cast, noon: datetime, case: Case) -> None:
    triage(case, cast, "within_72", date(2027, 6, 9))
    give(case, cast.petra, Section.MEDICAL)
    sent = day("happened_on", NOON.date())
    args = (case.pk, "medical", "answer_prophylaxis")
    assert post(cast.petra, "track_step", *args, **sent, answer="begun").status_code == 302
    assert running(case) & {"prophylaxis", "contraception"} == {"contraception"}
    step(case, "medical", "answer_contraception", cast.ana, answer="refused")
    assert not running(case) & {"prophylaxis", "contraception"}
    assert MedicalCare.objects.get(case=case).state == "triage"
    assert "Begun" in get(cast.ana, "medical", case.pk).content.decode()


def test_a_passed_clock_fires_once_and_stays_until_it_is_answered(
    cast: Cast, noon: datetime, case: Case, clock_at: Any
) -> None:
    triage(case, cast, "within_72", date(2027, 6, 9))
    due = clock_of(case, "prophylaxis").due_at
    clock_at(due - timedelta(seconds=1))
    deadlines.sweep()
    assert "overdue.prophylaxis" not in told(cast.sami)
    clock_at(due + timedelta(seconds=1))
    for _sweep in range(3):
        deadlines.sweep()
    assert told(cast.sami).count("overdue.prophylaxis") == 1
    step(case, "medical", "answer_prophylaxis", cast.ana, answer="too_late")
    assert "prophylaxis" not in running(case)


def test_what_the_child_says_later_starts_the_clock_then(cast: Cast, noon: datetime, case: Case) -> None:
    triage(case, cast, "not_known")
    step(
        case,
        "medical",
        "name_incident",
        cast.ana,
        incident="within_72",
        incident_on=date(2027, 6, 9),
    )
    assert clock_of(case, "prophylaxis").due_at == datetime(2027, 6, 12, 0, 0, tzinfo=VIENNA)
    # And what turns out to be longer ago ends it.
    step(case, "medical", "name_incident", cast.ana, incident="longer", incident_on=date(2027, 6, 1))
    assert not running(case) & {"prophylaxis", "contraception"}


def test_a_new_incident_moves_the_clock(cast: Cast, noon: datetime, case: Case, clock_at: Any) -> None:
    triage(case, cast, "within_72", date(2027, 6, 8))
    clock_at(NOON + timedelta(days=1))
    step(case, "medical", "name_incident", cast.ana, incident="within_72", incident_on=date(2027, 6, 11))
    assert clock_of(case, "prophylaxis").due_at == datetime(2027, 6, 14, 0, 0, tzinfo=VIENNA)


def test_refusing_ends_the_clocks_and_coming_back_in_time_starts_them(
    cast: Cast, noon: datetime, case: Case, clock_at: Any
) -> None:
    triage(case, cast, "within_72", date(2027, 6, 10))
    step(
        case,
        "medical",
        "decline_care",
        cast.ana,
        refused_by="child",
        reason="Not now.",
        review_on=date(2027, 6, 11),
    )
    assert running(case) & {"prophylaxis", "contraception", "care_review"} == {"care_review"}
    clock_at(NOON + timedelta(days=1))
    step(case, "medical", "accept_care", cast.ana, incident="within_72", incident_on=date(2027, 6, 10))
    assert clock_of(case, "prophylaxis").due_at == datetime(2027, 6, 13, 0, 0, tzinfo=VIENNA)
    assert "care_review" not in running(case)


def test_the_service_asks_for_the_day_too(cast: Cast, noon: datetime, case: Case) -> None:
    with pytest.raises(Invalid, match="incident_on"):
        triage(case, cast, "within_72")
    assert not TrackStep.objects.filter(case=case).exists()
