"""The desk takes a report, and a case begins."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import AuditEvent
from cases.models import Case, CaseAccess, Report
from cases.models.choices import Basis, BirthCertainty
from cases.services.reports import take_report
from tests.cases import files
from tests.cases.asking import browser, clock_of, get, post, running, statuses, verbs
from tests.cast import Cast


def test_whoever_does_not_work_at_the_desk_finds_no_report(cast: Cast, report: Report) -> None:
    strangers = [cast.omar, cast.hotline, cast.aida, cast.petra, cast.stella, cast.admin]
    assert set(statuses(strangers, "desk_take", report.pk)) == {404}
    assert {get(user, "desk_report", report.pk).status_code for user in strangers} == {404}
    assert not Case.objects.exists()


def test_a_worker_who_takes_it_works_on_it(cast: Cast, report: Report) -> None:
    answer = post(cast.ana, "desk_take", report.pk)
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert (case.state, case.agency, case.pk) == ("reported", cast.ana.agency, report.case_key)
    assert files.worker_of(case) == cast.ana
    grounds = set(CaseAccess.objects.live().values_list("basis", flat=True))
    assert grounds == {Basis.TEAM, Basis.DUTY, Basis.ASSIGNMENT}
    assert verbs(case.pk) == ["report.made", "report.taken", "case.assigned"]


def test_a_supervisor_who_takes_it_assigns_it_later(cast: Cast, report: Report) -> None:
    post(cast.sami, "desk_take", report.pk)
    case = Case.objects.get()
    assert files.worker_of(case) is None
    assert get(cast.ana, "case", case.pk).status_code == 404
    assert "assign" in running(case)


def test_the_slower_of_two_is_told(cast: Cast, report: Report) -> None:
    post(cast.ana, "desk_take", report.pk)
    slower = browser(cast.ben)
    answer = slower.post(f"/desk/{report.pk}/take/", follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    assert "Somebody else has taken this report." in answer.content.decode()
    assert files.worker_of(Case.objects.get()) == cast.ana
    assert AuditEvent.objects.filter(verb="report.taken").count() == 1


def test_a_second_click_of_the_same_person_leads_to_the_case(cast: Cast, report: Report) -> None:
    first, second = (post(cast.ana, "desk_take", report.pk) for _click in range(2))
    assert first["Location"] == second["Location"] == f"/cases/{Case.objects.get().pk}/"
    assert get(cast.ana, "desk_report", report.pk)["Location"] == first["Location"]


def test_a_taken_report_is_gone_from_the_desk(cast: Cast, report: Report) -> None:
    assert str(report.pk) in get(cast.ben, "desk").content.decode()
    take_report(report.pk, actor=cast.ana)
    assert str(report.pk) not in get(cast.ben, "desk").content.decode()
    answer = browser(cast.ben).get(f"/desk/{report.pk}/", follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    assert "Somebody else has taken this report." in answer.content.decode()
    assert get(cast.omar, "desk_report", report.pk).status_code == 404


def test_the_case_tells_the_day_where_its_reader_works(cast: Cast, clock_at: Any) -> None:
    clock_at(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    case = take_report(files.reported(cast).pk, actor=cast.ana)
    assert "since 2 July" in get(cast.ana, "case", case.pk).content.decode()


def test_the_clocks_run_from_the_moment_somebody_told_us(cast: Cast, report: Report, clock_at: Any) -> None:
    clock_at.forward(timedelta(hours=5))
    case = take_report(report.pk, actor=cast.sami)
    hours = {
        kind: (clock_of(case, kind).due_at - report.received_at) / timedelta(hours=1)
        for kind in ("assign", "first_response", "assessment")
    }
    assert hours == {"assign": 1, "first_response": 24, "assessment": 72}
    first = CaseAccess.objects.get(case=case, basis=Basis.TEAM)
    assert first.due == clock_of(case, "assign").due_at


def test_a_worker_who_takes_it_meets_the_first_clock(cast: Cast, report: Report) -> None:
    case = take_report(report.pk, actor=cast.ana)
    assert running(case) == {"first_response", "assessment", "representation"}


@pytest.mark.parametrize(
    ("age", "presumed"), [("0", "reported"), ("14", "reported"), ("17", "reported"), ("19", "")]
)
def test_an_age_is_taken_as_said(cast: Cast, age: str, presumed: str) -> None:
    report = files.reported(cast, details={"age": age})
    child = take_report(report.pk, actor=cast.ana).child
    assert child.birth_certainty == BirthCertainty.ESTIMATED
    assert child.presumed_because == presumed


def test_a_report_that_says_nothing_of_the_child_opens_a_case_too(cast: Cast) -> None:
    child = take_report(files.reported(cast, details={}).pk, actor=cast.ana).child
    assert (child.known_as, child.birth_date, files.tokens_of(child.case)) == (None, None, [])


def test_reading_it_at_the_desk_is_recorded(cast: Cast, report: Report) -> None:
    page = get(cast.ben, "desk_report", report.pk)
    assert files.WORDS in page.content.decode()
    event = AuditEvent.objects.get(verb="report.read")
    assert (event.actor, event.case_id) == (cast.ben, report.case_key)
    assert event.sections == ["account", "contacts", "identity", "shelter"]


def test_what_cannot_be_recorded_is_not_read(
    cast: Cast, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEvent, "save", fails)
    client = browser(cast.ben)
    client.raise_request_exception = False
    page = client.get(f"/desk/{report.pk}/")
    assert page.status_code == 500
    assert files.WORDS not in page.content.decode()


def fails(**_values: object) -> None:
    raise DatabaseError("the disk is full")
