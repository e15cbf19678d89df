"""Signs of trafficking after a return: everybody who can act hears it at once, and nobody abroad learns who it is."""

from typing import Any

import pytest

import clock
from accounts.models import AuditEvent, User
from cases.models import Case
from cases.services.steps import take_step
from repatriation.models import Return
from repatriation.services import clocks
from tests.cases.asking import browser, day, get, last, post, told
from tests.cases.facts import settled_tracks
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company
from workflow.models import Deadline


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def fanni(people: Company) -> User:
    return handovers.focal_point_here(people)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    """The case has gone on to its own monitoring meanwhile."""
    found = handovers.monitored(people, case)
    settled_tracks(found.case, people.ana)
    take_step(found.case_id, "begin_monitoring", actor=people.ana)
    return ways.fresh_row(found)


@kept
def alert(people: Company, fanni: User, way: Return) -> Return:
    return ways.step(way, "raise_alert", people.tomas)


def report(people: Company, way: Return, number: int = 1, **changes: Any) -> Any:
    said: dict[str, Any] = {
        "seen_alone": "no",
        "safe": "no",
        "occupation": "none",
        "signs": ["missing", "debt"],
    }
    said |= day("done_on", clock.today("Europe/Chisinau"))
    return post(people.tomas, "return_visit", way.pk, number, **(said | changes))


def state(way: Return) -> str:
    return str(ways.fresh_row(way).state)


def planned(way: Return) -> int:
    return way.visits.filter(done_on__isnull=True, cancelled_at__isnull=True).count()


def running(way: Return) -> int:
    return Deadline.objects.open().filter(case_id=way.case_id, kind=clocks.VISIT).count()


def page(user: User, way: Return) -> str:
    return get(user, "return_alert", way.pk).content.decode()  # type: ignore[no-any-return]


# It is raised


def test_a_sign_raises_it_in_the_same_write(people: Company, fanni: User, way: Return) -> None:
    assert report(people, way).status_code == 302
    fresh = ways.fresh_row(way)
    assert fresh.state == "retrafficking_alert"
    assert fresh.case.state == "active"
    assert last(way.case_id, "return.visit_reported").act == last(way.case_id, "return.raise_alert").act
    for user in (people.fokus, fanni):
        assert told(user) == ["return.retrafficking"]
    for user in (people.ana, people.sami, people.vera):
        assert "return.raise_alert" in told(user)
    assert way.events.get(kind="raise_alert").by == people.tomas


def test_without_a_sign_nothing_is_raised(people: Company, fanni: User, way: Return) -> None:
    report(people, way, signs=[])
    assert state(way) == "monitoring"
    assert told(fanni) == []


def test_a_sign_while_it_stands_is_told_again(people: Company, fanni: User, way: Return) -> None:
    report(people, way)
    assert report(people, way, number=2).status_code == 302
    assert told(fanni) == ["return.retrafficking"] * 2
    assert way.events.filter(kind="raise_alert").count() == 1


def test_it_is_raised_by_hand_as_well(people: Company, fanni: User, way: Return) -> None:
    ways.step(way, "raise_alert", people.ana)
    assert state(way) == "retrafficking_alert"
    assert told(fanni) == told(people.fokus) == ["return.retrafficking"]


def test_an_alert_that_cannot_be_raised_takes_the_report_with_it(
    people: Company, way: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("repatriation.services.visits.back_to_active", fail)
    with pytest.raises(RuntimeError):
        report(people, way)
    assert way.visits.get(number=1).done_on is None


# Its page


def test_both_focal_points_read_whom_to_call_and_nothing_about_the_child(
    people: Company, fanni: User, alert: Return
) -> None:
    for user in (people.fokus, fanni):
        shown = page(user, alert)
        for words in (
            "Arvania social",
            "Belmora social",
            "+00 100",
            "Signs of trafficking after a return",
            alert.reference,
        ):
            assert words in shown, words
        for secret in (alert.case.code, "Imported child", "Baba Vosk", str(alert.case_id), "two days"):
            assert secret not in shown, secret
    assert AuditEvent.objects.filter(verb="return.alert_read", actor=fanni).count() == 1


def test_it_is_for_them_alone(people: Company, alert: Return) -> None:
    for user in (people.ana, people.sami, people.tomas, people.konsul, people.cast.omar):
        assert get(user, "return_alert", alert.pk).status_code == 404
        assert get(user, "return_alerts").status_code == 403
    # A focal point of an agency that is none.
    User.objects.filter(pk=people.fokus.pk).update(agency=people.tomas.agency)
    assert browser(User.objects.get(pk=people.fokus.pk)).get(f"/returns/{alert.pk}/alert/").status_code == 404


def test_a_focal_point_of_a_third_country_sees_none(people: Company, fanni: User, alert: Return) -> None:
    type(fanni.agency).objects.filter(pk=fanni.agency_id).update(country="XC")
    assert get(fanni, "return_alert", alert.pk).status_code == 404
    assert "No alert stands" in get(fanni, "return_alerts").content.decode()


def test_a_focal_point_sees_the_alert_and_not_the_return(people: Company, fanni: User, alert: Return) -> None:
    for name in ("return", "monitoring", "handover"):
        assert get(fanni, name, alert.pk).status_code == 404
    assert get(fanni, "case", alert.case_id).status_code == 404
    for words in (f"/returns/{alert.pk}/alert/", alert.reference):
        assert words in get(fanni, "return_alerts").content.decode()
    assert f"/returns/{alert.pk}/alert/" in get(fanni, "today").content.decode()
    assert "Alerts of your country" in get(fanni, "returns").content.decode()
    assert "Alerts of your country" not in get(people.sami, "returns").content.decode()


# What comes of it


def test_the_visits_go_on(people: Company, fanni: User, alert: Return) -> None:
    assert ways.fresh_row(alert).case.durable_solution == ""
    assert (planned(alert), running(alert)) == (5, 5)
    ways.step(alert, "go_on_visiting", people.ana)
    fresh = ways.fresh_row(alert)
    assert fresh.state == "monitoring"
    assert fresh.case.durable_solution == "handed_over"
    assert (planned(alert), running(alert)) == (5, 5)
    assert get(people.tomas, "monitoring", alert.pk).status_code == 200
    for user in (people.fokus, fanni):
        assert get(user, "return_alert", alert.pk).status_code == 404


def test_the_panel_decides_anew(people: Company, fanni: User, alert: Return) -> None:
    ways.step(alert, "alert_to_panel", people.ana)
    fresh = ways.fresh_row(alert)
    assert (fresh.state, fresh.case.durable_solution) == ("panel_pending", "")
    assert (planned(alert), running(alert)) == (0, 0)
    assert get(people.eskort, "return", alert.pk).status_code == 404
    # The child is where the partner abroad can reach it.
    assert get(people.tomas, "return", alert.pk).status_code == 200
    assert get(fanni, "return_alert", alert.pk).status_code == 404


def test_it_ends(people: Company, fanni: User, alert: Return) -> None:
    ways.end_proposed(people, alert)
    ways.step(alert, "end", people.sami)
    fresh = ways.fresh_row(alert)
    assert (fresh.state, fresh.case.durable_solution) == ("ended", "")
    assert (planned(alert), running(alert)) == (0, 0)
    assert get(people.eskort, "return", alert.pk).status_code == 404
    assert get(fanni, "return_alert", alert.pk).status_code == 404
