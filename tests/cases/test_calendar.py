"""The calendar of one's own and of one case: by month and week, overdue first, cut to what its reader may see."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.access import Section
from accounts.models import AuditEvent, User
from cases.models import Case, DutyShift
from cases.models.choices import Basis
from cases.services.access import end_access
from tests.cases import files
from tests.cases.asking import get
from tests.cases.meetings import HOUR, a_conference, an_appointment, at_eight, closed
from tests.cases.planning import a_task, a_visit, let_read, today
from tests.cases.test_calendar_feed import address, entries
from tests.cast import Cast
from tests.test_budgets import QUERIES, visit
from workflow import deadlines


def shown(user: User, *of_case: object, **query: str) -> str:
    answer = get(user, "case_calendar" if of_case else "calendar", *of_case, **query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def items(user: User, *of_case: object, **query: str) -> list[str]:
    """The words of every day, in order."""
    answer = get(user, "case_calendar" if of_case else "calendar", *of_case, **query)
    return [item.words for day in answer.context["days"] for item in day.items]


def nothing_due(case: Case) -> None:
    deadlines.cancel_all(case.pk)


def test_it_is_there_for_everybody_who_sees_cases(cast: Cast, case: Case, nora: User) -> None:
    for user in (cast.ana, cast.sami, cast.petra, cast.omar, cast.konsul, nora):
        assert get(user, "calendar").status_code == 200
    for user in (cast.hotline, cast.aida, cast.stella, cast.admin):
        assert get(user, "calendar").status_code == 403


def test_that_of_a_case_is_for_its_readers(cast: Cast, case: Case, nora: User) -> None:
    let_read(case, cast.petra, Section.MEDICAL)
    for user in (cast.ana, cast.sami, cast.petra):
        assert get(user, "case_calendar", case.pk).status_code == 200
    for user in (cast.omar, cast.ben, cast.aida, cast.hotline, nora):
        assert get(user, "case_calendar", case.pk).status_code == 404


def test_ones_own_holds_all_kinds_by_day(cast: Cast, case: Case) -> None:
    nothing_due(case)
    deadlines.start(case.pk, "contact", at_eight(4), agency=case.agency)
    a_task(case, cast.ana, words="Ring the school.", due_on=today() + timedelta(days=1))
    a_visit(case, cast.ana, planned_on=today() + timedelta(days=2))
    a_conference(case, cast.ana, days=3)
    an_appointment(case, cast.ana, days=3)
    DutyShift.objects.create(
        agency=case.agency,
        worker=cast.ana,
        planned_by=cast.sami,
        starts_at=at_eight(5),
        ends_at=at_eight(6),
    )
    # The clocks of what stands there itself are no second entries.
    assert items(cast.ana) == [
        "Ring the school.",
        "Visit the child · Where the child lives",
        "Case conference",
        "Court hearing",
        "Speak with the child again",
        "On duty · until Sunday, 08:00",
        "Write the minute of a case conference",
    ]


def test_overdue_stands_first_on_the_present_sheet_only(cast: Cast, case: Case, clock_at: Any) -> None:
    nothing_due(case)
    a_task(case, cast.ana, words="Ring the school.")
    an_appointment(case, cast.ana, days=0)
    clock_at.forward(timedelta(days=30))
    answer = get(cast.ana, "calendar")
    assert [item.words for item in answer.context["late"]] == ["Ring the school.", "Court hearing"]
    assert answer.context["late_more"] == []
    page = answer.content.decode()
    assert page.index("Overdue") < page.index("Ring the school.") < page.index('class="month"')
    assert get(cast.ana, "calendar", month="2026-08").context["late"] == []
    assert items(cast.ana, month="2026-06") == ["Ring the school.", "Court hearing"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({}, "June 2026"),
        ({"month": "2026-02"}, "February 2026"),
        ({"month": "2026-13"}, "June 2026"),
        ({"month": "x"}, "June 2026"),
        ({"month": "0001-01"}, "June 2026"),
        ({"month": "9999-12"}, "June 2026"),
        ({"month": "\x00"}, "June 2026"),
        ({"week": "2026-W25"}, "15 June – 21 June 2026"),
        ({"week": "2026-W01"}, "29 December – 4 January 2026"),
        ({"week": "2026-W54"}, "June 2026"),
        ({"week": "now"}, "June 2026"),
        ({"week": "0001-W01"}, "June 2026"),
    ],
)
def test_the_sheet_stands_in_the_address_and_anything_else_is_the_present_month(
    cast: Cast, case: Case, query: dict[str, str], title: str
) -> None:
    for page in (shown(cast.ana, **query), shown(cast.ana, case.pk, **query)):
        assert f"<h2>{title}</h2>" in page


def test_a_sheet_leads_to_the_one_before_and_after_it(cast: Cast, case: Case) -> None:
    month, week = shown(cast.ana, month="2026-01"), shown(cast.ana, week="2026-W53")
    assert 'rel="prev" href="?month=2025-12"' in month
    assert 'rel="next" href="?month=2026-02"' in month
    assert 'rel="prev" href="?week=2026-W52"' in week
    assert 'rel="next" href="?week=2027-W01"' in week


def test_a_month_is_whole_weeks_from_monday(cast: Cast) -> None:
    days = get(cast.ana, "calendar", month="2026-07").context["days"]
    assert (days[0].date.isoformat(), days[-1].date.isoformat()) == ("2026-06-29", "2026-08-02")
    assert [day.beyond for day in days].count(True) == 4


def test_each_reader_of_a_case_sees_their_own_parts(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.PLAN)
    nothing_due(case)
    a_task(case, cast.ana, words="Ring the school.", due_on=today() + timedelta(days=1))
    a_task(case, cast.ana, cast.petra, words="Send the papers.", due_on=today() + timedelta(days=2))
    a_visit(case, cast.ana, planned_on=today() + timedelta(days=3))
    a_conference(case, cast.ana, cast.petra, days=4)
    an_appointment(case, cast.ana, days=5)
    assert items(cast.petra, case.pk) == ["Send the papers.", "Case conference", "Court hearing"]
    assert items(cast.tomas, case.pk) == [
        "Ring the school.",
        "Send the papers.",
        "Visit the child · Where the child lives",
    ]
    everything = items(cast.ana, case.pk)
    assert set(everything) == {
        "Ring the school.",
        "Send the papers.",
        "Visit the child · Where the child lives",
        "Case conference",
        "Court hearing",
        "Write the minute of a case conference",
    }
    assert items(cast.sami, case.pk) == everything


def test_ones_own_follows_the_access(cast: Cast, case: Case) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL)
    a_task(case, cast.ana, cast.petra, words="Send the papers.")
    a_conference(case, cast.ana, cast.petra, days=1)
    an_appointment(case, cast.ana, days=1, companion=cast.petra)
    assert items(cast.petra) == ["Send the papers.", "Case conference", "Court hearing"]
    assert case.code in shown(cast.petra)
    end_access(case.pk, grant.pk, actor=cast.sami)
    assert items(cast.petra) == []
    assert case.code not in shown(cast.petra)


def test_an_appointment_of_a_part_that_was_taken_away_is_gone(cast: Cast, case: Case) -> None:
    legal = let_read(case, cast.petra, Section.LEGAL)
    an_appointment(case, cast.ana, days=1, companion=cast.petra)
    let_read(case, cast.petra, Section.MEDICAL)
    end_access(case.pk, legal.pk, actor=cast.sami)
    assert items(cast.petra) == []
    assert "Homeward: appointment" not in str(entries(address(cast.petra)))


def test_two_zones_show_both_hours(cast: Cast, case: Case) -> None:
    let_read(case, cast.tomas, Section.LEGAL)
    a_conference(case, cast.ana, cast.tomas, days=1)
    page = shown(cast.tomas)
    assert '<span class="day-hour">09:00</span>' in page
    assert "08:00 in Arvania" in page
    assert "08:00 in Arvania" in shown(cast.tomas, case.pk)
    assert "in Arvania" not in shown(cast.ana)
    form = get(cast.ana, "conference_new", case.pk).content.decode()
    assert "As the clocks show it" not in form


def test_what_stands_there_is_recorded_as_listed(cast: Cast, case: Case) -> None:
    before = AuditEvent.objects.filter(verb="case.listed").count()
    a_task(case, cast.ana)
    shown(cast.ana)
    events = AuditEvent.objects.filter(verb="case.listed", actor=cast.ana)
    assert events.count() == before + 1
    assert (events.latest("pk").case_id, events.latest("pk").sections) == (case.pk, ["plan"])


def test_it_costs_the_same_for_few_entries_and_for_many(cast: Cast, case: Case) -> None:
    a_task(case, cast.ana)
    few = [visit(cast.ana, place)[0] for place in ("/calendar/", f"/cases/{case.pk}/calendar/")]
    assert max(few) <= QUERIES
    for number in range(4):
        other = files.screened(cast)
        for file in (case, other):
            a_task(file, cast.ana, due_on=today() + timedelta(days=number))
            a_visit(file, cast.ana, planned_on=today() + timedelta(days=number))
            a_conference(file, cast.ana, days=number)
            an_appointment(file, cast.ana, days=number)
    many = [visit(cast.ana, place)[0] for place in ("/calendar/", f"/cases/{case.pk}/calendar/")]
    assert many[0] == few[0]
    assert max(many) <= QUERIES


def test_a_day_with_much_on_it_folds_the_clocks_that_run(cast: Cast, case: Case) -> None:
    nothing_due(case)
    for number in range(6):
        params = {"of": str(number)}
        deadlines.start(case.pk, "contact", at_eight(1) + number * HOUR, agency=case.agency, params=params)
    a_conference(case, cast.ana, days=1)
    (day,) = [day for day in get(cast.ana, "calendar").context["days"] if len(day.items) > 1]
    assert [item.words for item in day.first] == ["Case conference", *["Speak with the child again"] * 4]
    assert len(day.more) == 2
    assert "2 more" in shown(cast.ana)


def test_a_held_conference_is_done(cast: Cast, case: Case) -> None:
    nothing_due(case)
    closed(a_conference(case, cast.ana, days=0), cast.ana)
    (item,) = [item for day in get(cast.ana, "calendar").context["days"] for item in day.items]
    assert (item.words, item.kind, item.state) == ("Case conference", "done", "Done")


def test_the_telephone_learns_when_and_never_where_or_about_whom(cast: Cast, case: Case) -> None:
    nothing_due(case)
    conference = a_conference(case, cast.ana, days=1, words="point-of-the-plover")
    made = an_appointment(case, cast.ana, days=2)
    path = address(cast.ana)
    begins = datetime(2026, 6, 16, 6, tzinfo=UTC)
    assert entries(path) == [
        ("Homeward: appointment", str(begins + timedelta(days=1))),
        ("Homeward: case conference", str(begins)),
        ("Homeward: something is due", "2026-06-19 21:59:59+00:00"),
    ]
    told = Client().get(path).content.decode().replace("\r\n ", "")
    assert "DTEND:20260616T070000Z" in told
    for secret in ("plover", "raven", "crane", "jackdaw", "hearing", conference.pk, made.pk, case.code):
        assert str(secret) not in told, secret


def test_a_partners_telephone_has_the_conferences_to_which_it_is_invited(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.LEGAL)
    a_conference(case, cast.ana, cast.petra, days=1)
    assert [what for what, _when in entries(address(cast.petra))] == ["Homeward: case conference"]
    assert entries(address(cast.tomas)) == []


def test_a_supervisor_sees_a_case_whole_and_its_own_only_where_it_takes_part(cast: Cast, case: Case) -> None:
    a_conference(case, cast.ana, days=1)
    assert "Case conference" in items(cast.sami, case.pk)
    assert items(cast.sami) == []
    files.ground(case, Basis.COVER, account=cast.ben)
    assert "Case conference" in items(cast.ben)
