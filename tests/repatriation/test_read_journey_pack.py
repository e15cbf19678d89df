"""The escort's page: what it needs on the way, and nothing else of the case; and the times for its calendar."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import AuditEvent, Session
from cases.models import Case, Child, PersonName
from cases.models.registers import HealthRecord
from cases.services.identity import add_name
from repatriation.models import Journey, Leg, Return
from repatriation.views.escort import first_name
from tests.cases.asking import browser, get, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import arranged, in_days
from tests.repatriation.ways import Company, fresh_row


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    found = ways.active_case(cast)
    child = Child.objects.get(case=found)
    child.known_as, child.languages = "Lirana Vosk", "Belmoran, some Russian"
    child.save()
    row = HealthRecord(case=found, kind="medication", entered_by=cast.petra)
    row.words = "Salbutamol, two puffs when it wheezes."
    row.save(force_insert=True)
    other = HealthRecord(case=found, kind="mental_health", entered_by=cast.petra)
    other.words = "Wakes at night."
    other.save(force_insert=True)
    return found


@kept
def way(people: Company, case: Case) -> Return:
    found = ways.at(people, case, "ready")
    arranged(
        found,
        people.ana,
        escort=people.eskort,
        escort_vetted_on=in_days(0),
        mandate="By order of the court.",
        to_carry=["Passport", "Inhaler"],
        assistance="The railway mission waits.",
        fallback="Stay, and call.",
    )
    return found


NEEDED = (
    "Lirana",
    "Belmoran, some Russian",
    "Salbutamol",
    "Passport",
    "Inhaler",
    "Arva",
    "Belm",
    "Saturday 20 June 2026, 08:00 (clock of Vienna)",
    "Saturday 20 June 2026, 18:00 (clock of Chisinau)",
    "The railway mission waits.",
    "Stay, and call.",
    'href="tel:+37322300"',
    "+00 100",
)
NOT_ITS_BUSINESS = (
    "Vosk",
    "Baba",
    "Mill Lane",
    "Wakes at night",
    "bear",
    "grandmother",
    "By order",
    "L898902C3",
)


def test_it_holds_what_is_needed_and_nothing_else(people: Company, way: Return) -> None:
    page = get(people.eskort, "escort", way.pk)
    assert page.status_code == 200
    body = page.content.decode()
    for words in NEEDED:
        assert words in body, words
    for words in (*NOT_ITS_BUSINESS, way.case.code, str(way.case_id)):
        assert words not in body, words
    title = re.search(r"<title>(.*?)</title>", body, re.DOTALL)
    assert title
    assert "Lirana" not in title.group(1)


def test_its_reading_is_recorded_before_it_leaves(people: Company, way: Return, monkeypatch: Any) -> None:
    get(people.eskort, "escort", way.pk)
    event = AuditEvent.objects.filter(case_id=way.case_id, verb="return.pack_read").get()
    assert (event.actor, event.sections) == (people.eskort, ["identity", "medical", "return_journey"])
    assert event.details["basis"] == ["escort"]

    def fails(*_args: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("repatriation.views.escort.record_read", fails)
    with pytest.raises(RuntimeError):
        get(people.eskort, "escort", way.pk)


def test_it_is_there_for_the_escort_and_for_those_who_plan(people: Company, way: Return) -> None:
    cast = people.cast
    for stranger in (
        cast.omar,
        cast.aida,
        cast.petra,
        people.fokus,
        people.pavel,
        people.konsul,
        people.tomas,
    ):
        assert get(stranger, "escort", way.pk).status_code == 404
    for planner in (people.ana, people.sami):
        page = get(planner, "escort", way.pk)
        assert "This is what the escort reads on its telephone." in page.content.decode()
        assert page.context["steps"] == []


def test_the_file_stays_closed(people: Company, way: Return) -> None:
    client = browser(people.eskort)
    for name in ("case", "case_identity", "medical", "documents", "case_file", "case_returns"):
        assert client.get(reverse(name, args=[way.case_id])).status_code == 404
    for name in ("return_journey", "return_route", "return_arrange", "return_assent", "return_waiver"):
        assert client.get(reverse(name, args=[way.pk])).status_code == 404
    assert client.get(reverse("return_ready", args=[way.pk])).status_code == 200


def test_the_escort_departs_arrives_and_says_what_failed(people: Company, way: Return) -> None:
    def offered() -> list[str]:
        return [edge.name for edge, _url, _on in get(people.eskort, "escort", way.pk).context["steps"]]

    assert offered() == ["depart"]
    ways.day_has_come(way)
    step = reverse("return_step", args=[way.pk, "depart"])
    assert browser(people.eskort).post(step, {}).status_code == 422
    assert fresh_row(way).state == "ready"
    assert browser(people.eskort).post(step, {"identity_checked": "on"}).status_code == 302
    assert fresh_row(way).state == "departed"
    assert offered() == ["arrive", "fail_handover"]
    ways.step(way, "arrive", people.eskort)
    assert offered() == ["hand_over", "fail_handover"]


def test_of_a_journey_that_is_stopped_the_escort_hears_and_reads_no_more(
    people: Company, way: Return
) -> None:
    ways.step(way, "suspend", people.ana)
    assert told(people.eskort)[-1] == "return.stopped"
    for name in ("escort", "return_calendar", "return_ready", "return"):
        assert get(people.eskort, name, way.pk).status_code == 404
    assert not Journey.objects.filter(way=way, ended_at__isnull=True).exists()


def test_it_closes_some_time_after_the_handover(people: Company, way: Return, clock_at: Any) -> None:
    ways.day_has_come(way)
    for name, actor in (("depart", people.eskort), ("arrive", people.eskort)):
        ways.step(way, name, actor)
    ways.signed_by_two(people, way)
    ways.step(way, "hand_over", people.tomas)
    assert get(people.eskort, "escort", way.pk).status_code == 200
    clock_at.forward(timedelta(hours=48, seconds=1))
    for name in ("escort", "return_calendar", "return_ready", "return"):
        assert get(people.eskort, name, way.pk).status_code == 404


def test_without_a_journey_there_is_no_pack(people: Company) -> None:
    other = ways.at(people, ways.active_case(people.cast), "document_issued")
    assert get(people.ana, "escort", other.pk).status_code == 404


def test_the_first_name_is_the_one_that_is_used(people: Company, case: Case) -> None:
    assert first_name(case) == "Lirana"
    add_name(case.pk, actor=people.ana, kind="legal", given="Svetlana", family="Vosk")
    fresh = Case.objects.select_related("child").get(pk=case.pk)
    assert first_name(fresh) == "Svetlana"
    add_name(case.pk, actor=people.ana, kind="used", given="Lana", family="")
    add_name(case.pk, actor=people.ana, kind="alias", given="Kitty", family="")
    assert first_name(fresh) == "Lana"
    PersonName.objects.filter(kind="used").update(removed_at=case.reported_at)
    assert first_name(fresh) == "Svetlana"


def events(answer: Any) -> list[Any]:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_learns_the_times_and_nothing_else(people: Company, way: Return) -> None:
    answer = get(people.eskort, "return_calendar", way.pk)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    (event,) = events(answer)
    leg = Leg.objects.get(journey__ended_at__isnull=True)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (leg.departs_at, leg.arrives_at)
    text = answer.content.decode().replace("\r\n ", "")
    for secret in ("Lirana", "Arva", "Belm", "Eskort", way.pk, way.case_id, way.case.code, leg.pk, "returns"):
        assert str(secret) not in text, secret
    assert set(re.findall(r"SUMMARY:(.*)\r", text)) == {"Homeward: appointment"}
    assert set(re.findall(r"URL:(.*)\r", text)) == {"http://testserver/"}
    # Two calendars of one journey cannot be laid side by side; the same one knows its entry again.
    (of_ana,) = events(get(people.ana, "return_calendar", way.pk))
    (again,) = events(get(people.eskort, "return_calendar", way.pk))
    assert of_ana["UID"] != event["UID"] == again["UID"]
    taken = AuditEvent.objects.filter(case_id=way.case_id, verb="return.calendar_taken")
    assert [each.actor for each in taken.order_by("id")] == [people.eskort, people.ana, people.eskort]


def test_a_calendar_is_taken_after_the_proof(client: Client, people: Company, way: Return) -> None:
    client.force_login(people.ana)
    Session.objects.filter(account=people.ana).update(proved_at=None)
    address = reverse("return_calendar", args=[way.pk])
    assert client.get(address)["Location"].startswith(reverse("prove"))
    assert not AuditEvent.objects.filter(verb="return.calendar_taken").exists()


def test_a_calendar_is_for_those_who_travel_or_wait(people: Company, way: Return) -> None:
    for reader in (people.ana, people.sami, people.konsul, people.tomas, people.eskort):
        assert get(reader, "return_calendar", way.pk).status_code == 200
    for stranger in (people.cast.omar, people.fokus, people.pavel, people.cast.petra):
        assert get(stranger, "return_calendar", way.pk).status_code == 404
    Journey.objects.filter(way=way).update(ended_at=way.opened_at)
    assert get(people.ana, "return_calendar", way.pk).status_code == 404
