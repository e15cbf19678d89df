"""The way leg by leg, in the times of its places; a new date is a new plan, and the escort moves along."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile, last_saved
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from repatriation.models import Journey, Leg, Return
from repatriation.services.journeys import MOST_LEGS, plan_route
from tests.cases.asking import browser, get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import THERE_ZONE, in_days, leg, planned, stretch
from tests.repatriation.ways import Company, fresh_row


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def issued(people: Company, case: Case) -> Return:
    """The document is there, and no journey is."""
    return ways.at(people, case, "document_issued")


@kept
def ready(people: Company, case: Case) -> Return:
    return ways.at(people, case, "ready")


def legs_of(journey: Journey) -> list[tuple[str, str, datetime, datetime]]:
    return [
        (row.start, row.end, row.departs_at, row.arrives_at) for row in Leg.objects.filter(journey=journey)
    ]


def escort_grounds(case: Case) -> list[Any]:
    rows = CaseAccess.objects.live().filter(case=case, basis=Basis.ESCORT)
    return list(rows.values_list("basis_id", "account__username"))


def test_it_is_planned_in_the_times_of_its_places(people: Company, issued: Return) -> None:
    sent = leg(1, end="Border") | leg(
        2,
        start="Border",
        departs_time="19.30",
        departs_zone=THERE_ZONE,
        arrives_on=in_days(6),
        arrives_time="0:05",
    )
    answer = post(people.ana, "return_route", issued.pk, **sent)
    assert answer["Location"] == reverse("return_arrange", args=[issued.pk])
    journey = Journey.objects.get(way=issued)
    first, second = in_days(5), in_days(6)
    assert legs_of(journey) == [
        ("Arva", "Border", moment(first, 6), moment(first, 15)),
        ("Border", "Belm", moment(first, 16, 30), moment(first, 21, 5)),
    ]
    assert (journey.departs_on, journey.arrives_on) == (first, second)
    assert (journey.departs_at, journey.arrives_at) == (moment(first, 6), moment(first, 21, 5))
    page = get(people.ana, "return_journey", issued.pk).content.decode()
    assert "Friday 19 June 2026" not in page
    assert "Sunday 21 June 2026, 00:05 (clock of Chisinau)" in page
    event = last(issued.case_id, "return.route_set")
    assert (event.sections, event.details) == (
        [Section.RETURN_JOURNEY.value],
        {"departs_on": first.isoformat()},
    )
    assert fresh_row(issued).events.order_by("-number")[0].kind == "route_set"
    assert "return.route_set" in told(people.tomas)


def moment(day_: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day_.year, day_.month, day_.day, hour, minute, tzinfo=UTC)


def test_who_works_on_it_plans_it(people: Company, issued: Return) -> None:
    strangers = [people.cast.omar, people.cast.aida, people.cast.hotline, people.fokus, people.pavel]
    assert statuses(strangers, "return_route", issued.pk, **leg()) == [404] * 5
    # They have a part in it, and this is none of it; the escort is nobody yet.
    assert (
        statuses([people.konsul, people.tomas, people.eskort], "return_route", issued.pk, **leg())
        == [404] * 3
    )
    assert statuses([people.sami, people.vera], "return_route", issued.pk, **leg()) == [403] * 2
    assert get(people.sami, "return_route", issued.pk).status_code == 403
    assert not Journey.objects.exists()
    assert statuses([people.ana], "return_route", issued.pk, **leg()) == [302]
    with pytest.raises(PermissionDenied):
        planned(issued, people.sami)
    with pytest.raises(Return.DoesNotExist):
        planned(issued, people.cast.omar)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": ""}, "We need an answer here."),
        ({"departs_time": "25:00"}, "Enter the time as a clock of 24 hours shows it"),
        ({"departs_zone": "Europe/Atlantis"}, "There is no such zone."),
        ({"departs_zone": "localtime"}, "There is no such zone."),
        ({"arrives_time": "08:30"}, "It arrives before it departs."),
        (
            {"departs_on": date(2026, 6, 14), "arrives_on": date(2026, 6, 14)},
            "The departure lies in the past.",
        ),
        (
            {"departs_on": date(2027, 3, 28), "departs_time": "02:30", "arrives_on": date(2027, 3, 28)},
            "That night the clocks in Vienna are put forward, and 02:30 does not exist.",
        ),
        (
            {"departs_on": date(2026, 10, 25), "departs_time": "02:30", "arrives_on": date(2026, 10, 25)},
            "That night the clocks in Vienna are put back, and 02:30 comes twice.",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    people: Company, issued: Return, changes: dict[str, Any], sentence: str
) -> None:
    answer = post(people.ana, "return_route", issued.pk, **leg(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Journey.objects.exists()
    assert not Leg.objects.exists()
    assert fresh_row(issued).events.filter(kind="route_set").count() == 0


def test_a_leg_is_whole_or_empty(people: Company, issued: Return) -> None:
    half = {f"{name}_2": "" for name in ("end", "carrier", "departs_time", "arrives_time")}
    half |= {"start_2": "Border", "departs_zone_2": "Europe/Vienna", "arrives_zone_2": "Europe/Vienna"}
    answer = post(people.ana, "return_route", issued.pk, **leg(), **half)
    assert answer.status_code == 422
    assert answer.content.decode().count("or leave the whole leg empty") >= 5
    assert not Journey.objects.exists()
    assert statuses([people.ana], "return_route", issued.pk, **leg(), **(half | {"start_2": ""})) == [302]
    assert Leg.objects.count() == 1


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_of_a_time_that_comes_twice_one_is_chosen(
    people: Company, issued: Return, which: str, hour: int
) -> None:
    night = date(2026, 10, 25)
    sent = leg(departs_on=night, departs_time="02:30", arrives_on=night)
    page = post(people.ana, "return_route", issued.pk, **sent).content.decode()
    assert page.count('type="radio"') == 2
    assert "Say which of the two" in page
    assert statuses([people.ana], "return_route", issued.pk, departs_which_1=which, **sent) == [302]
    assert Leg.objects.get().departs_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    # Changed later, the choice is still there.
    page = get(people.ana, "return_route", issued.pk).content.decode()
    assert f'value="{which}"' in page


def test_legs_without_order_are_refused_by_the_service(people: Company, issued: Return) -> None:
    def plan(*legs: Any) -> Journey:
        return plan_route(issued.pk, actor=people.ana, legs=legs)

    backwards = [stretch(6), stretch(5)]
    for wrong in ([], backwards, [stretch()] * (MOST_LEGS + 1), [stretch(departs_zone="UTC+1")]):
        with pytest.raises(Invalid):
            plan(*wrong)
    assert not Journey.objects.exists()
    # One that leaves before the former arrives is said, and kept.
    overlapping = stretch(
        departs_at=stretch().departs_at + timedelta(hours=1),
        arrives_at=stretch().arrives_at + timedelta(hours=1),
    )
    plan(stretch(), overlapping)
    page = get(people.ana, "return_journey", issued.pk).content.decode()
    assert "before the one before it arrives" in page


def test_a_new_date_is_a_new_plan_and_takes_readiness_back(
    people: Company, case: Case, ready: Return
) -> None:
    before = Journey.objects.get(way=ready)
    assert escort_grounds(case) == [(before.pk, "eskort")]
    journey = planned(ready, people.ana, days=6)
    old, new = Journey.objects.get(pk=before.pk), Journey.objects.get(pk=journey.pk)
    assert old.ended_at is not None
    assert new.ended_at is None
    assert (new.escort, new.escort_vetted_on, new.contacts) == (
        old.escort,
        old.escort_vetted_on,
        old.contacts,
    )
    assert (new.to_carry, new.receiver, new.has_contacts) == (old.to_carry, old.receiver, True)
    assert escort_grounds(case) == [(new.pk, "eskort")]
    way = fresh_row(ready)
    assert (way.state, way.ready_until) == ("travel_planned", None)
    assert [event.kind for event in way.events.order_by("-number")[:2]] == ["plan_again", "route_set"]
    assert "return.plan_again" in told(people.sami)
    assert get(people.eskort, "escort", ready.pk).status_code == 200


def test_with_the_same_departure_it_stays_ready(people: Company, ready: Return) -> None:
    before = Journey.objects.get(way=ready)
    same: dict[str, Any] = {"departs_at": before.departs_at, "arrives_at": before.arrives_at}
    planned(ready, people.ana, end="Belm West", **same)
    assert fresh_row(ready).state == "ready"
    assert Journey.objects.filter(way=ready, ended_at__isnull=True).count() == 1


def test_a_later_arrival_that_the_document_does_not_cover_takes_readiness_back(
    people: Company, ready: Return
) -> None:
    before = Journey.objects.get(way=ready)
    planned(ready, people.ana, departs_at=before.departs_at, arrives_at=clock.now() + timedelta(days=200))
    assert fresh_row(ready).state == "travel_planned"


def test_somebody_else_has_planned_it_meanwhile(people: Company, issued: Return) -> None:
    page = reverse("return_route", args=[issued.pk])
    seen = last_saved(fresh_row(issued))
    planned(issued, people.ana)
    answer = browser(people.ana).post(page, leg(days=9) | {"seen": seen})
    assert answer.status_code == 422
    assert "Somebody else has saved this meanwhile" in answer.content.decode()
    journey = Journey.objects.get()
    assert journey.departs_on == in_days(5)
    with pytest.raises(Meanwhile):
        plan_route(issued.pk, actor=people.ana, legs=[stretch(9)], seen=seen)
    answer = browser(people.ana).post(page, leg(days=9) | {"seen": last_saved(journey)})
    assert answer.status_code == 302


@pytest.mark.parametrize("state", ["considered", "departed"])
def test_only_what_is_decided_and_has_not_begun_is_planned(people: Company, case: Case, state: str) -> None:
    way = ways.at(people, case, state)
    count = Journey.objects.count()
    with pytest.raises(Invalid):
        planned(way, people.ana)
    assert Journey.objects.count() == count
    assert get(people.ana, "return_route", way.pk).status_code == 302


@pytest.mark.parametrize(("edge", "by"), [("withdraw", "ana"), ("suspend", "sami")])
def test_whoever_prepares_hears_that_it_stops(people: Company, ready: Return, edge: str, by: str) -> None:
    """The receiver still sees it; the escort and the post that was asked do not, so their notice leads to the list."""
    ways.step(ready, edge, getattr(people, by))
    assert told(people.tomas)[-1] == f"return.{edge}"
    for lost in (people.konsul, people.eskort):
        assert told(lost)[-1] == "return.stopped"
        said = f'<a href="{reverse("returns")}">A return in which you had a part was stopped.'
        assert said in get(lost, "today").content.decode()


def test_what_goes_before_the_panel_again_takes_its_plan_along(
    people: Company, case: Case, ready: Return
) -> None:
    way = ways.step(ready, "withdraw", people.ana)
    assert told(people.eskort)[-1] == "return.stopped"
    way = ways.step(way, "back_to_panel", people.ana)
    assert way.state == "panel_pending"
    assert not Journey.objects.filter(ended_at__isnull=True).exists()
    assert escort_grounds(case) == []
    assert get(people.eskort, "escort", way.pk).status_code == 404


def test_the_form_begins_with_the_zones_of_both_ends_and_what_is_stored(
    people: Company, issued: Return
) -> None:
    page = get(people.ana, "return_route", issued.pk).content.decode()
    assert page.count('value="Europe/Vienna"') > 1
    assert 'name="departs_zone_1" value="Europe/Vienna"' in page
    assert 'name="arrives_zone_1" value="Europe/Chisinau"' in page
    planned(issued, people.ana, carrier="EN 462")
    page = get(people.ana, "return_route", issued.pk).content.decode()
    assert 'name="departs_time_1" value="08:00"' in page
    assert 'name="carrier_1" value="EN 462"' in page
    assert 'name="start_3"' in page
    assert f'value="{in_days(5).day}"' in page
