"""What is written down, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts import middleware
from accounts.access import Section
from accounts.audit import record, record_listed, record_read, refreshing
from accounts.models import AuditEvent
from tests.cast import Cast
from tests.conftest import ClockHand
from vault import keys


def test_it_keeps_who_in_which_role_for_which_agency(cast: Cast) -> None:
    event = record(cast.sami, "agency.changed", cast.sami.agency, places=12, open=True, kinds=["a", "b"])
    cast.sami.role = "case_worker"
    cast.sami.save()
    event.refresh_from_db()
    assert (event.actor, event.actor_role, event.agency) == (cast.sami, "supervisor", cast.sami.agency)
    assert (event.target_label, event.target_id) == ("accounts.agency", cast.sami.agency.pk)
    assert event.details == {"places": 12, "open": True, "kinds": ["a", "b"]}


def test_it_keeps_what_the_clock_does_without_an_actor(cast: Cast) -> None:
    event = record(None, "deadline.overdue", cast.ana.agency)
    assert (event.actor, event.actor_role, event.agency) == (None, "", None)


def test_it_seals_the_reason_with_the_cases_key(cast: Cast) -> None:
    case_id = uuid4()
    keys.create(case_id)
    event = record(cast.ana, "case.closed", cast.ana.agency, case_id=case_id, reason="Mira went home")
    fresh = AuditEvent.objects.get(pk=event.pk)
    assert fresh.reason == "Mira went home"
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason_sealed FROM accounts_auditevent WHERE id = %s", [event.pk])
        (stored,) = cursor.fetchone()
    assert b"Mira" not in bytes(stored)


def test_it_numbers_events_with_and_without_a_reason_in_one_row(cast: Cast) -> None:
    case_id = uuid4()
    keys.create(case_id)
    first = record(cast.ana, "case.read", cast.ana.agency)
    second = record(cast.ana, "case.closed", cast.ana.agency, case_id=case_id, reason="x")
    third = record(cast.ana, "case.read", cast.ana.agency)
    assert first.pk < second.pk < third.pk


def test_it_takes_no_reason_that_no_key_would_seal(cast: Cast) -> None:
    with pytest.raises(ValueError, match="names no case"):
        record(cast.ana, "agency.changed", cast.ana.agency, reason="because")


@pytest.mark.parametrize(
    "value",
    [
        "Mira has arrived",
        "Мира",
        "x" * 101,
        b"bytes",
        object(),
        ["fine", "not fine"],
        {"code": "not fine"},
        {1.5, 2},
    ],
)
def test_it_takes_codes_only(cast: Cast, value: object) -> None:
    with pytest.raises(ValueError, match="Audit details"):
        record(cast.ana, "agency.changed", cast.ana.agency, value=value)
    assert AuditEvent.objects.count() == 0


def test_it_goes_with_the_act(cast: Cast) -> None:
    def act() -> None:
        with transaction.atomic():
            record(cast.ana, "agency.changed", cast.ana.agency)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert AuditEvent.objects.count() == 0


def test_it_keeps_which_sections_were_read(cast: Cast) -> None:
    case_id = uuid4()
    record_read(cast.ana, cast.ana.agency, case_id=case_id, sections={Section.RISK, Section.IDENTITY})
    event = AuditEvent.objects.get()
    assert (event.verb, event.case_id, event.sections) == ("case.read", case_id, ["identity", "risk"])


def test_a_list_leaves_one_event_for_each_row_in_one_statement(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    shown = [cast.ana.agency, cast.omar.agency]
    with django_assert_num_queries(1):
        record_listed(cast.ana, [(agency, ["team"], [Section.IDENTITY]) for agency in shown])
    assert {event.case_id for event in AuditEvent.objects.filter(actor=cast.ana, verb="case.listed")} == {
        agency.pk for agency in shown
    }
    events = AuditEvent.objects.filter(verb="case.listed")
    assert {(event.details["basis"][0], *event.sections) for event in events} == {("team", "identity")}


def look(cast: Cast, case_id: UUID, **changes: Any) -> None:
    looked = {"sections": [Section.RISK], "basis": ["team"], **changes}
    record_read(looked.pop("actor", cast.ana), cast.ana.agency, case_id=case_id, **looked)


def test_a_page_that_asks_for_itself_again_is_one_look_for_a_minute(cast: Cast, clock_at: ClockHand) -> None:
    case_id = uuid4()
    look(cast, case_id)
    for seconds, events in ((0, 1), (30, 1), (29, 1), (2, 2), (30, 2)):
        clock_at.forward(timedelta(seconds=seconds))
        with refreshing():
            look(cast, case_id)
        assert AuditEvent.objects.count() == events


def test_what_was_not_seen_before_is_a_look_of_its_own(cast: Cast) -> None:
    case_id = uuid4()
    with refreshing():
        look(cast, case_id)
        look(cast, uuid4())
        look(cast, case_id, sections=[Section.RISK, Section.SHELTER])
        look(cast, case_id, basis=["personal"])
        look(cast, case_id, actor=cast.ben)
        look(cast, case_id, verb="document.read")
        look(cast, case_id, verb="document.read")
    assert AuditEvent.objects.count() == 7


def test_who_asks_for_a_page_is_recorded_each_time(cast: Cast) -> None:
    case_id = uuid4()
    with refreshing():
        look(cast, case_id)
    look(cast, case_id)
    assert AuditEvent.objects.count() == 2


def test_a_list_that_asks_for_itself_again_adds_what_is_new_on_it(cast: Cast) -> None:
    shown = [(agency, ["team"], [Section.IDENTITY]) for agency in (cast.ana.agency, cast.omar.agency)]
    record_listed(cast.ana, shown[:1])
    with refreshing():
        record_listed(cast.ana, shown)
    assert [event.case_id for event in AuditEvent.objects.order_by("id")] == [row[0].pk for row in shown]


@pytest.mark.parametrize(
    ("method", "header", "events"), [("get", "1", 1), ("get", None, 2), ("post", "1", 2)]
)
def test_only_reading_by_itself_is_a_refresh(
    method: str, header: str | None, events: int, cast: Cast, rf: RequestFactory
) -> None:
    case_id = uuid4()

    def page(_request: HttpRequest) -> HttpResponse:
        look(cast, case_id)
        return HttpResponse()

    for _time in range(2):
        middleware.refreshed(page)(getattr(rf, method)("/", headers={"X-Live": header} if header else {}))
    assert AuditEvent.objects.count() == events
