"""What one account read in a week, by day and file: for the officer of its agency, and its supervisors."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

import clock
from accounts.access import Role, Section
from accounts.audit import record_listed, record_read
from accounts.models import Agency, AgencyKind, AuditEvent, User
from cases.models import Case
from cases.models.choices import Basis
from cases.services.emergency import open_in_emergency
from tests.cases import files
from tests.cases.asking import get
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept

VIENNA = ZoneInfo("Europe/Vienna")
REASON = "The police found the child at the border, alone."


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def officer(name: str, agency: Agency) -> User:
    return User.objects.create_account(
        name, PASSWORD, name=name, role=Role.DATA_PROTECTION_OFFICER, agency=agency
    )


def page(user: User, account: User, **query: str) -> Any:
    answer = get(user, "person_access", account.pk, **query)
    assert answer.status_code == 200
    return answer


def seen(user: User, account: User, **query: str) -> dict[date, list[tuple[Any, ...]]]:
    """By day: code, how often, on which grounds, whether in an emergency."""
    days = page(user, account, **query).context["days"]
    return {
        day.day: [(each.code, each.times, each.basis, each.was_emergency) for each in day.files]
        for day in days
        if day.files
    }


def noon(clock_at: ClockHand, day: date) -> None:
    clock_at(datetime.combine(day, time(12), VIENNA))


def test_officers_see_everybody_of_the_agency_supervisors_its_workers_others_nobody(cast: Cast) -> None:
    nora = User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )
    elsewhere = officer("otto", cast.omar.agency)
    for user in (cast.ana, cast.ben, cast.omar, nora, elsewhere, cast.petra, cast.admin, cast.stella):
        assert get(user, "person_access", cast.ana.pk).status_code == 404
    for user in (cast.aida, cast.sami):
        assert get(user, "person_access", cast.ana.pk).status_code == 200
        assert get(user, "person_access", uuid4()).status_code == 404
        assert get(user, "person_access", cast.omar.pk).status_code == 404
        # Nobody looks after themselves.
        assert get(user, "person_access", user.pk).status_code == 404
    assert get(cast.aida, "person_access", cast.sami.pk).status_code == 200
    for account in (cast.vera, cast.aida):
        assert get(cast.sami, "person_access", account.pk).status_code == 404


def test_a_country_s_office_sees_its_country(cast: Cast) -> None:
    office = Agency.objects.create(
        code="office", name="Office", country="XA", kind=AgencyKind.DATA_PROTECTION, time_zone="Europe/Vienna"
    )
    dora = officer("dora", office)
    assert [
        get(dora, "person_access", user.pk).status_code for user in (cast.ana, cast.omar, cast.konsul)
    ] == [
        200,
        200,
        404,
    ]


def test_the_list_names_those_whose_page_opens(cast: Cast) -> None:
    for user in (cast.ana, cast.omar, cast.admin, cast.stella):
        assert get(user, "people_access").status_code == 403
    listed = {row["account"] for row in get(cast.aida, "people_access").context["rows"]}
    assert listed == {cast.ana, cast.ben, cast.sami, cast.vera}
    assert {row["account"] for row in get(cast.sami, "people_access").context["rows"]} == {cast.ana, cast.ben}
    for account in listed:
        assert get(cast.aida, "person_access", account.pk).status_code == 200


def test_the_list_counts_different_files_of_seven_days(cast: Cast, case: Case, clock_at: ClockHand) -> None:
    def count() -> int:
        rows = get(cast.aida, "people_access").context["rows"]
        return int(next(row["files"] for row in rows if row["account"] == cast.ben))

    for _each in range(3):
        record_read(cast.ben, case, case_id=case.pk, sections=[], basis=["duty"])
    record_listed(cast.ben, [(files.screened(cast), ["duty"], [])])
    assert count() == 1
    clock_at.forward(timedelta(days=7, minutes=1))
    assert count() == 0


def test_it_says_by_day_which_file_how_often_which_sections_and_why(
    cast: Cast, case: Case, clock_at: ClockHand
) -> None:
    monday = clock.today("Europe/Vienna") + timedelta(days=7 - clock.today("Europe/Vienna").weekday())
    noon(clock_at, monday)
    for sections in ([Section.RISK], [Section.RISK, Section.MEDICAL]):
        record_read(cast.ana, case, case_id=case.pk, sections=sections, basis=["assignment"])
    noon(clock_at, monday + timedelta(days=2))
    record_read(cast.ana, case, case_id=case.pk, sections=[], basis=["duty"])
    record_listed(cast.ana, [(case, ["assignment"], [])])
    assert seen(cast.aida, cast.ana) == {
        monday: [(case.code, 2, {"assignment"}, False)],
        monday + timedelta(days=2): [(case.code, 1, {"duty"}, False)],
    }
    shown = page(cast.aida, cast.ana)
    words = shown.content.decode()
    for part in (case.code, "Risk, Medical care", "works on this case", "is on duty outside office hours"):
        assert part in words
    assert [day.listed for day in shown.context["days"]] == [0, 0, 1, 0, 0, 0, 0]


def test_it_says_which_pages_were_opened_beside_the_sections(cast: Cast, case: Case) -> None:
    """One page may show many sections, and a section stands on many pages."""
    for name in ("case_risk", "plan", "case_risk", "note_new"):
        assert get(cast.ana, name, case.pk).status_code == 200
    # From before pages were written down.
    record_read(cast.ana, case, case_id=case.pk, sections=[], basis=["assignment"])
    (day,) = (day for day in page(cast.aida, cast.ana).context["days"] if day.files)
    assert day.files[0].pages_words == "Notes, opened the file, Plan, Risk and safety"


def test_the_weeks_are_called_so(cast: Cast) -> None:
    """Not “back”, which is what the same word says elsewhere in another language."""
    words = page(cast.aida, cast.ana, week="2026-06-01").content.decode()
    assert "Previous week" in words
    assert "Next week" in words


def test_an_emergency_is_marked_and_drawn(cast: Cast, case: Case) -> None:
    cache.clear()
    open_in_emergency(case.code, actor=cast.ben, reason=REASON)
    get(cast.ben, "case_risk", case.pk)
    mine = files.screened(cast, worker=cast.ben)
    for _each in range(3):
        record_read(cast.ben, mine, case_id=mine.pk, sections=[], basis=["assignment"])
    shown = page(cast.aida, cast.ben)
    (day,) = (day for day in shown.context["days"] if day.files)
    (first, second) = day.files
    assert (first.code, first.was_emergency, second.code, second.was_emergency) == (
        case.code,
        True,
        mine.code,
        False,
    )
    assert day.parts == [("high", 0, 250), ("low", 250, 750)]
    words = shown.content.decode()
    assert '<rect class="high" x="0" y="0" width="250" height="10"/>' in words
    assert "opened the file in an emergency" in words
    assert "style=" not in words.split("<main")[1]


def test_bars_of_a_week_are_of_one_scale(cast: Cast, case: Case, clock_at: ClockHand) -> None:
    monday = clock.today("Europe/Vienna") + timedelta(days=7 - clock.today("Europe/Vienna").weekday())
    for number, times in ((0, 4), (1, 1)):
        noon(clock_at, monday + timedelta(days=number))
        for _each in range(times):
            record_read(cast.ben, case, case_id=case.pk, sections=[], basis=["duty"])
    days = page(cast.aida, cast.ben).context["days"]
    assert [day.parts for day in days[:3]] == [[("low", 0, 1000)], [("low", 0, 250)], []]


def test_one_goes_back_a_week_and_forward_to_this_one(cast: Cast, case: Case, clock_at: ClockHand) -> None:
    monday = clock.today("Europe/Vienna") + timedelta(days=7 - clock.today("Europe/Vienna").weekday())
    # The night from Sunday to Monday is the agency's own.
    clock_at(datetime.combine(monday, time(0, 0, 1), VIENNA) - timedelta(seconds=2))
    record_read(cast.ben, case, case_id=case.pk, sections=[], basis=["duty"])
    clock_at(datetime.combine(monday, time(0, 0, 1), VIENNA))
    record_read(cast.ben, case, case_id=case.pk, sections=[], basis=["assignment"])
    noon(clock_at, monday + timedelta(days=3))
    now = page(cast.aida, cast.ben)
    assert list(seen(cast.aida, cast.ben)) == [monday]
    assert (now.context["previous"], now.context["next"]) == (f"?week={monday - timedelta(7)}", "")
    before = page(cast.aida, cast.ben, week=str(monday - timedelta(days=7)))
    assert before.context["next"] == f"?week={monday}"
    assert list(seen(cast.aida, cast.ben, week=str(monday - timedelta(days=7)))) == [
        monday - timedelta(days=1)
    ]


@pytest.mark.parametrize("week", ["", "soon", "2026-02-31", "9999-12-31", "0001-01-03", "2026-W05", "-1"])
def test_a_week_that_cannot_be_shown_is_another_one_and_no_error(cast: Cast, week: str) -> None:
    page(cast.aida, cast.ana, week=week)


def test_the_code_of_a_file_stands_only_where_its_reader_may_know_it(cast: Cast, case: Case) -> None:
    """Of a file of another agency it is said that there was one, and on which ground."""
    cache.clear()
    open_in_emergency(case.code, actor=cast.omar, reason=REASON)
    get(cast.omar, "case_risk", case.pk)
    there = cast.omar.agency
    nora = User.objects.create_account("nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=there)
    for user in (officer("otto", there), nora):
        words = page(user, cast.omar).content.decode()
        assert case.code not in words
        assert str(case.pk) not in words
        assert "a file of another agency" in words
        assert "opened the file in an emergency" in words
    get(cast.ana, "case", case.pk)
    for user in (cast.aida, cast.sami):
        assert case.code in page(user, cast.ana).content.decode()


def test_no_child_stands_there(cast: Cast, case: Case) -> None:
    get(cast.ana, "case_identity", case.pk)
    words = page(cast.aida, cast.ana).content.decode()
    assert "Lirana" not in words
    assert "Vosk" not in words


def test_asking_is_recorded(cast: Cast) -> None:
    page(cast.aida, cast.ana, week="2026-01-07")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor, event.target_id, event.details) == (
        "person.read",
        cast.aida,
        cast.ana.pk,
        {"week": "2026-01-05"},
    )
    assert event.case_id is None


def test_officers_find_it_from_the_audit_and_supervisors_from_the_team(cast: Cast) -> None:
    assert "/audit/people/" in get(cast.aida, "audit").content.decode()
    assert "/audit/people/" in get(cast.sami, "team").content.decode()


def test_what_a_former_ground_opened_stays_told(cast: Cast, case: Case) -> None:
    until = clock.now() + timedelta(hours=1)
    row = files.ground(case, Basis.PERSONAL, account=cast.ben, until=until, sections=["risk"])
    get(cast.ben, "case_risk", case.pk)
    row.ended_at = clock.now()
    row.save()
    ((_day, found),) = seen(cast.sami, cast.ben).items()
    assert found == [(case.code, 1, {"personal"}, False)]
