"""A telephone learns when something is due, by a secret address, and nothing about a child or a case."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.models import AuditEvent, User
from cases.models import CalendarFeed, Case, DutyShift, Task, Visit
from cases.models.choices import Basis
from cases.services.calendar import digest
from cases.views import calendar as pages
from tests.cases import files
from tests.cases.asking import get, post
from tests.cast import Cast
from workflow import deadlines

# A Monday in summer; it is half past one in the night of Tuesday in Vienna.
NIGHT = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
TODAY_IN_VIENNA = date(2026, 6, 16)


@pytest.fixture(autouse=True)
def night(clock_at: Any) -> None:
    clock_at(NIGHT)


def address(user: User) -> str:
    """A new one, as its page shows it."""
    page = post(user, "calendar_settings", new="1")
    assert page.status_code == 200
    found = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", page.content.decode())
    assert found
    return found.group(1)


def entries(path: str) -> list[tuple[str, Any]]:
    """What a calendar program finds there: what, and when it begins."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events: list[Any] = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    return sorted((str(event["SUMMARY"]), str(event["DTSTART"].dt)) for event in events)


def nothing_due(case: Case) -> None:
    deadlines.cancel_all(case.pk)


def a_task(case: Case, assignee: User, due_on: date) -> Task:
    task = Task(case=case, assignee=assignee, due_on=due_on, made_by=assignee)
    task.words = "Bring the papers to Lirana"
    task.save()
    return task


def a_visit(case: Case, visitor: User, planned_on: date) -> Visit:
    return Visit.objects.create(
        case=case, kind="home", planned_on=planned_on, visitor=visitor, planned_by=visitor
    )


def test_everybody_who_sees_cases_has_their_own_and_nobody_else_s(cast: Cast, case: Case) -> None:
    for user in (cast.hotline, cast.aida, cast.stella, cast.admin):
        assert get(user, "calendar_settings").status_code == 403
        assert post(user, "calendar_settings", new="1").status_code == 403
    assert not CalendarFeed.objects.exists()
    for user in (cast.ana, cast.sami, cast.petra, cast.omar, cast.konsul):
        assert get(user, "calendar_settings").status_code == 200
    of_ana, of_omar = address(cast.ana), address(cast.omar)
    assert entries(of_ana) != []
    assert entries(of_omar) == []


def test_it_names_no_child_no_case_and_nothing_of_the_file(cast: Cast, case: Case) -> None:
    task = a_task(case, cast.ana, TODAY_IN_VIENNA)
    told = Client().get(address(cast.ana)).content.decode().replace("\r\n ", "")
    rows = deadlines.open_for([case.pk]).values_list("pk", flat=True)
    for secret in ("Lirana", "papers", "screening", case.code, case.pk, task.pk, *rows, "Ana", "response"):
        assert str(secret) not in told, secret
    assert set(re.findall(r"SUMMARY:(.*)\r", told)) == {"Homeward: task due", "Homeward: something is due"}
    assert set(re.findall(r"URL:(.*)\r", told)) == {"http://testserver/"}


def test_deadlines_stand_in_universal_time_and_days_are_the_agency_s_own(cast: Cast, case: Case) -> None:
    nothing_due(case)
    deadlines.start(case.pk, "contact", NIGHT + timedelta(hours=9), agency=case.agency)
    for days in (-1, 0, 60, 61):
        a_visit(case, cast.ana, TODAY_IN_VIENNA + timedelta(days=days))
        a_task(case, cast.ana, TODAY_IN_VIENNA + timedelta(days=days))
    path = address(cast.ana)
    assert entries(path) == [
        ("Homeward: something is due", "2026-06-16 08:30:00+00:00"),
        ("Homeward: task due", "2026-06-16"),
        ("Homeward: task due", "2026-08-15"),
        ("Homeward: visit due", "2026-06-16"),
        ("Homeward: visit due", "2026-08-15"),
    ]
    told = Client().get(path).content.decode()
    assert "DTSTART:20260616T083000Z" in told
    assert "TZID" not in told


def test_only_the_next_sixty_days(cast: Cast, case: Case) -> None:
    nothing_due(case)
    for days in (-1, 59, 61):
        due_at = NIGHT + timedelta(days=days)
        deadlines.start(case.pk, "contact", due_at, agency=case.agency, params={"of": str(days)})
    assert entries(address(cast.ana)) == [("Homeward: something is due", "2026-08-13 23:30:00+00:00")]


def test_what_is_done_or_given_up_is_gone(cast: Cast, case: Case) -> None:
    nothing_due(case)
    done, dropped = a_task(case, cast.ana, TODAY_IN_VIENNA), a_task(case, cast.ana, TODAY_IN_VIENNA)
    Task.objects.filter(pk=done.pk).update(done_at=NIGHT, done_by=cast.ana)
    Task.objects.filter(pk=dropped.pk).update(dropped_at=NIGHT)
    Visit.objects.filter(pk=a_visit(case, cast.ana, TODAY_IN_VIENNA).pk).update(done_on=TODAY_IN_VIENNA)
    Visit.objects.filter(pk=a_visit(case, cast.ana, TODAY_IN_VIENNA).pk).update(cancelled_at=NIGHT)
    assert entries(address(cast.ana)) == []


def test_the_clock_of_a_task_or_visit_is_not_a_second_entry(cast: Cast, case: Case) -> None:
    nothing_due(case)
    task = a_task(case, cast.ana, TODAY_IN_VIENNA)
    due_at = NIGHT + timedelta(hours=20)
    deadlines.start(case.pk, "task", due_at, agency=case.agency, params={"task": str(task.pk)})
    assert entries(address(cast.ana)) == [("Homeward: task due", "2026-06-16")]


def test_coming_of_age_stays_out_since_its_day_is_the_child_s_birthday(cast: Cast, case: Case) -> None:
    nothing_due(case)
    deadlines.start(case.pk, "turns_18", NIGHT + timedelta(days=9), agency=case.agency)
    assert entries(address(cast.ana)) == []


def test_it_follows_the_access_of_the_person(cast: Cast, case: Case) -> None:
    a_task(case, cast.petra, TODAY_IN_VIENNA)
    of_petra, of_ana, of_sami = address(cast.petra), address(cast.ana), address(cast.sami)
    # Without sight of the case there is no task; a supervisor's calendar is not the whole team's.
    assert entries(of_petra) == entries(of_sami) == []
    row = files.ground(
        case, Basis.PERSONAL, account=cast.petra, until=NIGHT + timedelta(days=2), sections=["medical"]
    )
    assert entries(of_petra) == [("Homeward: task due", "2026-06-16")]
    row.ended_at = NIGHT
    row.save()
    assert entries(of_petra) == []
    User.objects.filter(pk=cast.ana.pk).update(agency=cast.omar.agency)
    assert entries(of_ana) == []


def test_a_duty_stands_there_from_when_to_when(cast: Cast, case: Case) -> None:
    nothing_due(case)
    begin = NIGHT + timedelta(hours=18)
    DutyShift.objects.create(
        agency=case.agency,
        worker=cast.ana,
        planned_by=cast.sami,
        starts_at=begin,
        ends_at=begin + timedelta(hours=12),
    )
    assert entries(address(cast.ana)) == [("Homeward: on duty", "2026-06-16 17:30:00+00:00")]


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(cast: Cast, case: Case) -> None:
    path = address(cast.ana)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert feed.secret_digest == digest(secret)
    assert secret not in str(vars(feed))
    assert secret not in get(cast.ana, "calendar_settings").content.decode()
    assert not AuditEvent.objects.filter(details__icontains=secret).exists()


def test_a_new_address_ends_the_old_one(cast: Cast, case: Case) -> None:
    old, new = address(cast.ana), address(cast.ana)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert CalendarFeed.objects.count() == 1


def test_it_ends_at_once_and_for_good(cast: Cast, case: Case) -> None:
    path = address(cast.ana)
    assert post(cast.ana, "calendar_settings", end="1").status_code == 302
    assert Client().get(path).status_code == 404
    assert post(cast.ana, "calendar_settings", end="1").status_code == 302
    verbs = list(AuditEvent.objects.filter(verb__startswith="calendar.").values_list("verb", flat=True))
    assert sorted(verbs) == ["calendar.ended", "calendar.made"]


@pytest.mark.parametrize("secret", ["x", "%00", "ü", "a" * 43, "../x"])
def test_an_unknown_address_does_not_exist(cast: Cast, secret: str) -> None:
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_it_is_for_active_accounts_only(cast: Cast, case: Case) -> None:
    path = address(cast.ana)
    for model, change in ((User, {"is_active": False}), (User, {"is_active": True, "role": "analyst"})):
        model.objects.filter(pk=cast.ana.pk).update(**change)
        assert Client().get(path).status_code == 404
    User.objects.filter(pk=cast.ana.pk).update(role="case_worker")
    assert Client().get(path).status_code == 200
    cast.ana.agency.is_active = False
    cast.ana.agency.save()
    assert Client().get(path).status_code == 404


def test_each_reading_is_recorded_without_naming_a_case(cast: Cast, case: Case) -> None:
    path = address(cast.ana)
    expected = len(entries(path))
    event = AuditEvent.objects.get(verb="calendar.read")
    assert (event.actor, event.case_id, event.details) == (cast.ana, None, {"entries": expected})


def test_a_reading_that_cannot_be_recorded_is_not_served(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(cast.ana)

    def fails(*_values: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr(AuditEvent, "save", fails)
    client = Client(raise_request_exception=False)
    answer = client.get(path)
    assert (answer.status_code, b"VCALENDAR" in answer.content) == (500, False)


def test_guessing_is_slow(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ASKED_A_MINUTE", 3)
    answers = [Client().get(f"/calendar/guess{number}.ics") for number in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    elsewhere = Client().get("/calendar/guess.ics", REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 404


def test_one_calendar_cannot_fill_the_audit(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "READ_AN_HOUR", 2)
    path = address(cast.ana)
    assert [Client().get(path).status_code for _time in range(4)] == [200, 200, 429, 429]
    assert AuditEvent.objects.filter(verb="calendar.read").count() == 2


def test_it_is_read_in_the_owner_s_language_and_kept_by_no_cache(cast: Cast, case: Case) -> None:
    path = address(cast.ana)
    answer = Client().get(path)
    assert "no-store" in answer["Cache-Control"]
    assert Client().post(path).status_code == 405
    marks = re.findall(r"UID:(\w+)", answer.content.decode())
    assert marks == re.findall(r"UID:(\w+)", Client().get(path).content.decode())
    # Another address is another calendar: the same entries cannot be recognised in it.
    assert not set(marks) & set(re.findall(r"UID:(\w+)", Client().get(address(cast.ana)).content.decode()))
