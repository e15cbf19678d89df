"""What is written down, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.access import Section
from accounts.audit import record, record_listed, record_read
from accounts.models import AuditEvent
from tests.cast import Cast
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
