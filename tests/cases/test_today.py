"""What a person has to do now."""

import html
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError
from django.urls import reverse

import clock
from accounts.models import AuditEvent, Notification, User
from accounts.notifications import PUT_BACK_FOR, mark_read, notify, put_back
from cases.models import Case
from cases.models.choices import Basis, EarlyEnd, Risk
from cases.services.steps import propose_end, take_step
from tests.cases import files, planning
from tests.cases.asking import browser, get, last, main_of, post
from tests.cast import Cast
from workflow import deadlines
from workflow.models import Deadline


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
    late, soon = (" ".join(tasks(get(cast.ana, "today", show=show))) for show in ("late", "soon"))
    assert "first response" in late
    assert "comprehensive assessment" not in late
    assert "comprehensive assessment" in soon
    assert "first response" not in soon


def test_it_is_filtered_by_what_is_due(cast: Cast, case: Case) -> None:
    every = get(cast.ana, "today")
    titles = tasks(every)
    assert len(set(titles)) > 1
    kinds = dict(every.context["tools"].fields[0][2][number][:2] for number in range(1, len(set(titles)) + 1))
    for kind, title in kinds.items():
        assert tasks(get(cast.ana, "today", kind=kind)) == [each for each in titles if each == title]
    assert tasks(get(cast.ana, "today", kind="nothing")) == titles


def test_it_is_filtered_by_a_risk_that_one_may_know(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    high = {row.case.pk for row in get(cast.ana, "today", risk="high").context["rows"]}
    unset = {row.case.pk for row in get(cast.ana, "today", risk="unset").context["rows"]}
    assert (high, unset) == ({case.pk}, {other.pk})


def test_a_task_given_to_a_partner_does_not_tell_the_risk(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    files.ground(
        case, Basis.PERSONAL, account=cast.omar, until=case.reported_at.replace(year=2100), sections=["plan"]
    )
    planning.a_task(case, cast.ana, cast.omar)
    assert len(tasks(get(cast.omar, "today"))) == 1
    assert tasks(get(cast.omar, "today", risk="high")) == []


def tasks(page: Any) -> list[str]:
    return [row.title for row in page.context["rows"]]


def test_what_hurts_most_comes_first(cast: Cast, case: Case, clock_at: Any) -> None:
    low, high, lost, soon = (files.screened(cast) for _number in range(4))
    files.look_at_safety(low, cast.ana, Risk.LOW, seen=True)
    files.look_at_safety(high, cast.ana, Risk.HIGH, seen=True)
    clock_at.forward(timedelta(days=15))
    take_step(lost.pk, "suspend", actor=cast.ana)
    files.look_at_safety(soon, cast.ana, Risk.LOW, seen=True)
    rows = get(cast.ana, "today").context["rows"]
    assert (rows[0].case.pk, rows[0].title) == (lost.pk, "Tell the police that the child is missing")
    places = [row.case.pk for row in rows[1:]]
    last_high = max(place for place, row in enumerate(rows) if row.kind == "late" and row.case == high)
    first_low = min(place for place, row in enumerate(rows) if row.kind == "late" and row.case == low)
    assert last_high < first_low
    assert places[-1] == soon.pk
    assert [row.kind for row in rows] == sorted((row.kind for row in rows), reverse=True)


def test_every_task_is_found_page_by_page(cast: Cast, clock_at: Any) -> None:
    """First response, assessment and representation of each file."""
    for _number in range(30):
        files.screened(cast)
    clock_at.forward(timedelta(hours=25))
    first, second = get(cast.ana, "today"), get(cast.ana, "today", page="2")
    assert (len(tasks(first)), len(tasks(second))) == (50, 40)
    assert 'href="?page=2"' in first.content.decode()
    late = get(cast.ana, "today", show="late", page="9" * 30)
    assert set(tasks(late)) <= {"See the child: first response", "Ask for a guardian or representative"}
    shown = {row.case.pk for page in (first, second) for row in page.context["rows"]}
    assert len(shown) == 30


def test_the_counts_are_those_of_the_rows(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    assert Deadline.objects.open().filter(case_id=case.pk, kind="evidence").count() > 1
    for show in ("", "late", "soon"):
        page = get(cast.ana, "today", show=show)
        counts = {
            url.removeprefix("/").removeprefix("?show="): count
            for url, _label, _now, count in page.context["filters"]
        }
        assert counts[show] == len(tasks(page))


def test_an_unknown_filter_shows_all(cast: Cast, case: Case) -> None:
    assert case.code in get(cast.ana, "today", show="x' OR 1=1").content.decode()


def test_what_is_met_is_gone(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, seen=True)
    assert "first response" not in get(cast.ana, "today").content.decode()


def test_being_listed_is_recorded(cast: Cast, case: Case) -> None:
    get(cast.ana, "today")
    event = last(case.pk, "case.listed")
    assert (event.actor, event.details["basis"]) == (cast.ana, ["assignment"])


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
    assert answer.status_code == 503
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


def two_kinds(cast: Cast) -> int:
    """Two notices for ben, of two kinds; answers up to which number his page shows them."""
    first, second = files.screened(cast), files.screened(cast)
    mark_read(cast.ben, upto=get(cast.ben, "today").context["upto"])
    notify([cast.ben], "case.assigned", first, case_id=first.pk)
    notify([cast.ben], "team.given", second, case_id=second.pk)
    return int(get(cast.ben, "today").context["upto"])


def kinds_of(user: User) -> set[str]:
    return {line["kind"] for line in get(user, "today").context["notices"]}


def test_some_news_is_put_away_and_the_rest_stays(cast: Cast) -> None:
    upto = two_kinds(cast)
    data = {"upto": upto, "which": "ticked"}
    assert post(cast.ben, "notices_read", **data).status_code == 302
    assert kinds_of(cast.ben) == {"case.assigned", "team.given"}
    post(cast.ben, "notices_read", **data, kinds=["team.given", "nothing", "\0"])
    assert kinds_of(cast.ben) == {"case.assigned"}


def test_what_was_put_away_is_put_back_by_one_button(cast: Cast) -> None:
    upto, client = two_kinds(cast), browser(cast.ben)
    page = client.post(reverse("notices_read"), {"upto": upto}, follow=True).content.decode()
    assert "2 notices are marked as seen." in page
    back = html.unescape(page.partition('<form method="post" action="/notices/back/')[2].partition('"')[0])
    assert post(cast.sami, "notices_put_back").status_code == 302
    assert browser(cast.sami).post(f"/notices/back/{back}").status_code == 302
    assert kinds_of(cast.ben) == set()
    client.post(f"/notices/back/{back}")
    assert kinds_of(cast.ben) == {"case.assigned", "team.given"}


def test_after_a_while_nothing_is_put_back(cast: Cast, clock_at: Any) -> None:
    upto = two_kinds(cast)
    at = clock.now()
    mark_read(cast.ben, upto=upto, at=at)
    for wrong in ("", "x", "2026-01-01", "0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00"):
        url = f"{reverse('notices_put_back')}?{urlencode({'at': wrong})}"
        assert browser(cast.ben).post(url).status_code == 302
    clock_at.forward(PUT_BACK_FOR)
    assert put_back(cast.ben, at) == 0
    assert kinds_of(cast.ben) == set()


def leads(user: User) -> dict[str, str]:
    """Where each line of news leads."""
    return {str(line["words"]): line["url"] for line in get(user, "today").context["notices"]}


def test_news_of_one_kind_leads_to_where_they_stand_together(cast: Cast, clock_at: Any) -> None:
    cases = [files.screened(cast) for _number in range(2)]
    for case in cases:
        take_step(case.pk, "suspend", actor=cast.ana)
        propose_end(case.pk, actor=cast.vera, why=EarlyEnd.DIED)
    for _number in range(2):
        files.reported(cast)
    clock_at.forward(timedelta(hours=25))
    deadlines.sweep()
    found = leads(cast.sami)
    assert found["A new report waits at the desk."] == "/desk/"
    assert found["A report at the desk has waited too long."] == "/desk/"
    assert found["A child is missing."] == "/cases/?state=suspended"
    assert found["The first response is overdue."] == "/?show=late"
    proposed = "Another supervisor proposes to end a case. A second one has to confirm."
    assert found[proposed] == "/cases/?proposed=1"
    page = get(cast.sami, "case_list", proposed="1").content.decode()
    assert all(case.code in page for case in cases)


def test_one_piece_of_news_leads_to_its_case(cast: Cast, case: Case) -> None:
    take_step(case.pk, "suspend", actor=cast.ana)
    assert leads(cast.sami)["A child is missing."] == f"/cases/{case.pk}/"


def test_the_officer_reads_one_line_for_each_person_and_day(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    for name in ("case", "plan", "case_risk"):
        get(cast.ana, name, case.pk)
    get(cast.ana, "case", other.pk)
    get(cast.sami, "case", case.pk)
    context = get(cast.aida, "today").context["readings"]
    assert [(each.who, each.times, sorted(each.files.values())) for each in context] == [
        ("Sami", 1, [case.code]),
        ("Ana", 4, sorted([case.code, other.code])),
    ]
    page = main_of(cast.aida, "today")
    assert "4 readings of 2 files" in page
    assert reverse("person_access", args=[cast.ana.pk]) in page
