"""What a plan runs against, with the days on which it does; and clocks that are put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from repatriation.planning import (
    FIRST,
    SECOND,
    Plan,
    Ride,
    SkippedTime,
    Term,
    TwiceThatNight,
    conflicts,
    moment,
    on_the_wall,
    which_of_two,
)

VIENNA, CHISINAU = "Europe/Vienna", "Europe/Chisinau"
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
LEAVES = date(2026, 6, 20)


def ride(hours: int = 0, lasts: int = 4) -> Ride:
    at = datetime(2026, 6, 20, 6, tzinfo=UTC) + timedelta(hours=hours)
    return Ride(at, VIENNA, at + timedelta(hours=lasts), CHISINAU)


def plan(**changes: Any) -> Plan:
    """Leaves on 20 June at eight in Vienna, and arrives at one in Chisinau."""
    settled: dict[str, Any] = {
        "departs_at": datetime(2026, 6, 20, 6, tzinfo=UTC),
        "departs_on": LEAVES,
        "arrives_on": LEAVES,
        "rides": [ride()],
        "receiver_zone": CHISINAU,
        "receiver_hours": (timedelta(hours=9), timedelta(hours=17)),
        "receiver": "Belmora social",
        "document_until": LEAVES,
        "fit_until": LEAVES,
        "fitness_days": 10,
        "supply_days": 1,
        "assent_until": LEAVES,
        "assent_days": 7,
        "reflection_until": LEAVES - timedelta(days=1),
        "decided_until": datetime(2026, 6, 20, 6, tzinfo=UTC),
        "vetted_until": LEAVES,
        "permits": [Term("Exit permit (Arvania)", LEAVES)],
        "authorised_on": LEAVES - timedelta(days=9),
        "moved_on": LEAVES - timedelta(days=9),
    }
    return Plan(**(settled | changes))


def test_it_runs_against_nothing_to_the_last_day_and_minute() -> None:
    assert conflicts(plan()) == []


def test_what_nobody_has_said_yet_is_a_gap_and_no_conflict() -> None:
    start = datetime(2026, 6, 20, 6, tzinfo=UTC)
    assert conflicts(Plan(departs_at=start, departs_on=LEAVES, arrives_on=LEAVES)) == []


DAY_BEFORE = LEAVES - timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"document_until": DAY_BEFORE},
            "The travel document ends on 19 June 2026, before the arrival on 20 June 2026.",
        ),
        (
            {"permits": [Term("Exit permit (Arvania)", DAY_BEFORE)]},
            "Exit permit (Arvania) ends on 19 June 2026, before the arrival on 20 June 2026.",
        ),
        (
            {"vetted_until": DAY_BEFORE},
            "The vetting of the escort ends on 19 June 2026, before the arrival on 20 June 2026.",
        ),
        (
            {"escort_elsewhere": [(DAY_BEFORE, LEAVES)]},
            "The escort is on another journey from 19 June 2026 to 20 June 2026.",
        ),
        ({"escort_elsewhere": [(LEAVES, LEAVES)]}, "The escort is on another journey on 20 June 2026."),
        (
            {"fit_until": DAY_BEFORE},
            "The certificate of fitness holds until 19 June 2026, and the departure is on 20 June 2026."
            " A new one can be made from 10 June 2026 on.",
        ),
        (
            {"departs_on": DAY_BEFORE, "reflection_until": None},
            "The medication lasts for 1 day; the journey ends on 20 June 2026.",
        ),
        (
            {"assent_until": DAY_BEFORE},
            "The child was asked on 12 June 2026, which is too long before the departure on 20 June 2026."
            " Ask it again from 13 June 2026 on.",
        ),
        (
            {"reflection_until": LEAVES},
            "The reflection period goes on until 20 June 2026; the departure is planned for 20 June 2026.",
        ),
        (
            {"decided_until": datetime(2026, 6, 20, 5, 59, tzinfo=UTC)},
            "The panel’s decision carries a departure until 20 June 2026.",
        ),
        (
            {"receiver_hours": None},
            "Belmora social is closed on 20 June 2026, the day of the arrival.",
        ),
        (
            {"receiver_hours": (timedelta(hours=9), timedelta(hours=13))},
            "Belmora social is open from 09:00 to 13:00 on 20 June 2026; the arrival is at 13:00 there."
            " Somebody has to stay.",
        ),
        (
            {"rides": [ride(), ride(hours=3)]},
            "Leg 2 departs on Saturday 20 June 2026, 11:00 (clock of Vienna), before the one before it arrives on"
            " Saturday 20 June 2026, 13:00 (clock of Chisinau).",
        ),
        (
            {"rides": [ride(hours=-7 * 24 - 1, lasts=7 * 24 + 1), ride()]},
            "Leg 1 takes more than seven days: from Saturday 13 June 2026, 07:00 (clock of Vienna) to"
            " Saturday 20 June 2026, 09:00 (clock of Chisinau). Look at its days again.",
        ),
        (
            {"receiver_changed": True},
            "Somebody else would care for the child now than this plan names."
            " Save who goes along, and to whom, once more.",
        ),
        (
            {"authorised_on": LEAVES - timedelta(days=10)},
            "The journey was authorised on 10 June 2026, and its date was moved on 11 June 2026."
            " Ask whether the authorisation holds for the new one.",
        ),
    ],
)
def test_each_conflict_is_said_with_its_day(changes: dict[str, Any], sentence: str) -> None:
    assert conflicts(plan(**changes)) == [sentence]


def test_seven_days_on_the_way_are_no_conflict() -> None:
    assert conflicts(plan(rides=[ride(hours=-7 * 24, lasts=7 * 24), ride()])) == []


def test_a_time_is_that_of_its_place() -> None:
    noon = time(12)
    assert moment(LEAVES, noon, VIENNA) == datetime(2026, 6, 20, 10, tzinfo=UTC)
    assert moment(LEAVES, noon, CHISINAU) == datetime(2026, 6, 20, 9, tzinfo=UTC)
    assert on_the_wall(datetime(2026, 6, 20, 9, tzinfo=UTC), CHISINAU) == (
        "Saturday 20 June 2026, 12:00 (clock of Chisinau)"
    )


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59)])
def test_in_spring_an_hour_does_not_exist(at: time) -> None:
    with pytest.raises(SkippedTime):
        moment(SPRING, at, VIENNA)
    with pytest.raises(SkippedTime):
        moment(SPRING, at, VIENNA, FIRST)


def test_around_the_night_of_spring_all_times_exist() -> None:
    assert moment(SPRING, time(1, 59), VIENNA) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert moment(SPRING, time(3), VIENNA) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_in_autumn_an_hour_comes_twice() -> None:
    for which in ("", "third"):
        with pytest.raises(TwiceThatNight):
            moment(AUTUMN, time(2, 30), VIENNA, which)
    first, second = (moment(AUTUMN, time(2, 30), VIENNA, which) for which in (FIRST, SECOND))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert [which_of_two(at, VIENNA) for at in (first, second)] == [FIRST, SECOND]
    assert which_of_two(second + timedelta(hours=1), VIENNA) == ""


@given(
    some.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)),  # noqa: DTZ001
    some.sampled_from([VIENNA, CHISINAU, "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
)
def test_what_was_typed_is_what_is_shown(typed: datetime, zone: str) -> None:
    """Whatever clocks show once comes back as it was typed; what they show twice as either of the two."""
    typed = typed.replace(second=0, microsecond=0)
    for which in ("", FIRST, SECOND):
        try:
            at = moment(typed.date(), typed.time(), zone, which)
        except SkippedTime:
            return
        except TwiceThatNight:
            continue
        found = which_of_two(at, zone)
        assert found in ("", which)
        assert on_the_wall(at, zone) == on_the_wall(moment(typed.date(), typed.time(), zone, found), zone)
        assert f"{typed:%H:%M} (" in on_the_wall(at, zone)
