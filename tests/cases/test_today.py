"""What a person has to do now."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import AuditEvent, Notification
from cases.models import Case
from tests.cases import files
from tests.cases.asking import browser, get, last, post
from tests.cast import Cast


def test_everybody_has_a_page_without_anything_that_is_not_theirs(cast: Cast, case: Case) -> None:
    for person in (cast.omar, cast.ben, cast.hotline, cast.stella, cast.admin, cast.petra, cast.eskort):
        page = get(person, "today")
        assert page.status_code == 200
        assert case.code not in page.content.decode()
        assert "Lirana" not in page.content.decode()
        assert {count for *_, count in page.context.get("filters", [])} <= {0}


def test_a_worker_sees_what_is_due_in_its_own_cases(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben)
    page = get(cast.ana, "today").content.decode()
    assert "See the child: first response" in page
    assert "Complete the comprehensive assessment" in page
    assert case.code in page
    assert other.code not in page


def test_the_risk_stands_beside_what_is_due(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana)
    assert "Medium risk" in get(cast.ana, "today").content.decode()


def test_a_supervisor_sees_the_teams(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben)
    page = get(cast.sami, "today").content.decode()
    assert case.code in page
    assert other.code in page


def test_late_and_coming_are_told_apart(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(hours=25))
    late = get(cast.ana, "today", show="late").content.decode()
    soon = get(cast.ana, "today", show="soon").content.decode()
    assert "first response" in late
    assert "comprehensive assessment" not in late
    assert "comprehensive assessment" in soon
    assert "first response" not in soon


def test_an_unknown_filter_shows_all(cast: Cast, case: Case) -> None:
    assert case.code in get(cast.ana, "today", show="x' OR 1=1").content.decode()


def test_what_is_met_is_gone(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, seen=True)
    assert "first response" not in get(cast.ana, "today").content.decode()


def test_being_listed_is_recorded(cast: Cast, case: Case) -> None:
    get(cast.ana, "today")
    event = last(case.pk, "case.listed")
    assert (event.actor, event.details) == (cast.ana, {"basis": ["assignment"]})


@pytest.mark.parametrize("page", ["/", "/cases/"])
def test_a_list_that_cannot_be_recorded_is_not_served(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    def fails(*_values: object, **_more: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fails)
    client = browser(cast.ana)
    client.raise_request_exception = False
    answer = client.get(page)
    assert answer.status_code == 500
    assert case.code not in answer.content.decode()


def test_the_desk_counts_what_waits(cast: Cast) -> None:
    for _number in range(2):
        files.reported(cast)
    assert "2 reports wait at the desk" in get(cast.ben, "today").content.decode()
    assert "at the desk" not in get(cast.petra, "today").content.decode()


def test_a_reporter_sees_its_receipts(cast: Cast) -> None:
    report = files.reported(cast)
    page = get(cast.hotline, "today").content.decode()
    assert report.receipt in page
    assert "Lirana" not in page


def test_the_officer_sees_which_files_were_opened(cast: Cast, case: Case) -> None:
    get(cast.sami, "case", case.pk)
    page = get(cast.aida, "today").content.decode()
    assert case.code in page
    assert "Sami" in page
    assert "Lirana" not in page


def test_news_is_seen_and_put_away(cast: Cast, case: Case) -> None:
    post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert "A case was assigned to you." in get(cast.ben, "today").content.decode()
    upto = get(cast.ben, "today").context["upto"]
    for wrong in ("", "x", "9" * 40, "-1", "²"):
        assert post(cast.ben, "notices_read", upto=wrong).status_code == 302
    assert "A case was assigned to you." in get(cast.ben, "today").content.decode()
    assert post(cast.ben, "notices_read", upto=upto).status_code == 302
    assert "A case was assigned to you." not in get(cast.ben, "today").content.decode()
    assert Notification.objects.filter(receiver=cast.sami, read_at__isnull=True).exists()
