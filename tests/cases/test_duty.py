"""Whoever is on duty while the office is closed sees the agency's open files, and nobody else, and no longer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

import clock
from accounts import policy
from accounts.holidays import outside_office_hours
from accounts.models import Agency, PolicyValue, User
from cases.models import Case, CaseAccess, DutyShift
from cases.models.choices import Basis
from cases.services.duty import cancel_duty, plan_duty
from cases.services.grounds import open_owner
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines

HOUR = timedelta(hours=1)
# A Monday in summer, eight in the evening in Vienna.
EVENING = datetime(2026, 6, 15, 18, tzinfo=UTC)
# Until half past seven the next morning.
MORNING = datetime(2026, 6, 16, 5, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def evening(clock_at: Any) -> None:
    clock_at(EVENING)


@kept
def shift(cast: Cast, case: Case) -> DutyShift:
    """Ben's, from now to the morning."""
    (planned,) = plan_duty(actor=cast.sami, worker=cast.ben, starts_at=EVENING, ends_at=MORNING)
    return planned


def night(cast: Cast, **changes: Any) -> dict[str, Any]:
    data = {
        "worker": cast.ben.pk,
        **day("starts_on", date(2026, 6, 15)),
        "starts_at": "20:00",
        **day("ends_on", date(2026, 6, 16)),
        "ends_at": "07:30",
    }
    return data | changes


def test_the_plan_is_a_supervisor_s_and_is_read_in_the_agency(cast: Cast, case: Case, nora: User) -> None:
    others = [cast.ana, cast.omar, cast.petra, cast.aida, cast.hotline]
    assert statuses(others, "duty_new", **night(cast)) == [403] * 5
    assert statuses([nora], "duty_new", **night(cast)) == [422]
    assert not DutyShift.objects.exists()
    assert statuses([cast.sami], "duty_new", **night(cast)) == [302]
    shift = DutyShift.objects.get()
    assert (shift.starts_at, shift.ends_at, shift.agency) == (EVENING, MORNING, cast.sami.agency)
    pages = {user: get(user, "duty") for user in (cast.ana, cast.sami, nora, cast.omar, cast.petra)}
    assert [page.status_code for page in pages.values()] == [200, 200, 200, 200, 403]
    assert "Ben" in pages[cast.ana].content.decode()
    assert "Ben" not in pages[cast.omar].content.decode() + pages[nora].content.decode()
    assert statuses([nora, cast.ana, cast.omar], "duty_cancel", shift.pk) == [404, 403, 403]
    assert statuses([cast.sami], "duty_cancel", uuid4()) == [404]
    assert statuses([cast.sami, cast.vera], "duty_cancel", shift.pk) == [302, 302]
    assert DutyShift.objects.get().cancelled_at
    assert [kind for kind in told(cast.ben) if kind.startswith("duty.")] == ["duty.planned", "duty.cancelled"]


def test_who_is_not_on_duty_has_no_ground(cast: Cast, case: Case, shift: DutyShift) -> None:
    carla = User.objects.create_account(
        "carla", None, name="Carla", role="case_worker", agency=cast.ana.agency
    )
    assert get(cast.ben, "case", case.pk).status_code == 200
    for stranger in (carla, cast.omar, cast.petra, cast.stella):
        assert get(stranger, "case", case.pk).status_code == 404
        assert not Case.objects.visible_to(stranger).exists()
    assert set(CaseAccess.objects.live_for(cast.sami).values_list("basis", flat=True)) == {Basis.TEAM}


def test_it_begins_and_ends_with_the_shift(cast: Cast, case: Case, clock_at: Any) -> None:
    plan_duty(actor=cast.sami, worker=cast.ben, starts_at=EVENING + HOUR, ends_at=MORNING)
    seen = []
    for moment in (
        EVENING,
        EVENING + HOUR - timedelta(seconds=30),
        EVENING + HOUR,
        MORNING - timedelta(seconds=30),
        MORNING,
    ):
        clock_at(moment)
        listed = case.code in get(cast.ben, "case_list").content.decode()
        seen.append((get(cast.ben, "case", case.pk).status_code, listed))
    assert seen == [(404, False), (404, False), (200, True), (200, True), (404, False)]


def test_a_cancelled_shift_ends_it_at_once(cast: Cast, case: Case, shift: DutyShift) -> None:
    assert get(cast.ben, "case", case.pk).status_code == 200
    cancel_duty(shift.pk, actor=cast.sami)
    assert get(cast.ben, "case", case.pk).status_code == 404


def test_only_the_open_files_of_the_own_agency(cast: Cast, case: Case, shift: DutyShift) -> None:
    agency = cast.ana.agency
    missing, closed = files.in_state("suspended", agency), files.in_state("closed", agency)
    foreign = files.in_state("active", cast.omar.agency)
    answers = [get(cast.ben, "case", each.pk).status_code for each in (case, missing, closed, foreign)]
    assert answers == [200, 200, 404, 404]


def test_it_is_the_hand_and_the_ground_of_duty(cast: Cast, case: Case, shift: DutyShift) -> None:
    assert post(cast.ben, "case_step", case.pk, "suspend").status_code == 302
    assert post(cast.ben, "case_step", case.pk, "resume").status_code == 403
    assert last(case.pk, "case.read").details["basis"] == ["duty"]
    assert case.code in get(cast.ben, "today").content.decode()


def test_another_agency_s_shift_opens_nothing_here(cast: Cast, case: Case, shift: DutyShift) -> None:
    User.objects.filter(pk=cast.ben.pk).update(agency=cast.omar.agency)
    # The session ended with the change; a new one opens nothing here.
    assert get(cast.ben, "case", case.pk).status_code == 302
    cast.ben.refresh_from_db()
    assert get(cast.ben, "case", case.pk).status_code == 404
    # Nor the files of the new agency: that one planned nothing.
    foreign = files.in_state("active", cast.omar.agency)
    assert get(cast.ben, "case", foreign.pk).status_code == 404


def test_a_role_that_cannot_be_on_duty_gets_nothing(cast: Cast, case: Case, shift: DutyShift) -> None:
    User.objects.filter(pk=cast.ben.pk).update(role="analyst")
    cast.ben.refresh_from_db()
    assert get(cast.ben, "case", case.pk).status_code == 404


def test_it_follows_the_case_to_another_agency(cast: Cast, case: Case, shift: DutyShift) -> None:
    plan_duty(actor=_supervisor_of(cast.omar.agency), worker=cast.omar, starts_at=EVENING, ends_at=MORNING)
    Case.objects.filter(pk=case.pk).update(agency=cast.omar.agency)
    assert get(cast.ben, "case", case.pk).status_code == 404
    open_owner(files.fresh(case), cast.omar.agency, by=cast.sami)
    holders = CaseAccess.objects.live().filter(case=case, agency__isnull=False)
    assert set(holders.values_list("basis", "agency")) == {
        (Basis.TEAM, cast.omar.agency_id),
        (Basis.DUTY, cast.omar.agency_id),
    }
    assert [get(user, "case", case.pk).status_code for user in (cast.ben, cast.omar)] == [404, 200]


def _supervisor_of(agency: Agency) -> User:
    return User.objects.create_account("nils", None, name="Nils", role="supervisor", agency=agency)


def test_it_costs_no_query_more(
    cast: Cast, case: Case, shift: DutyShift, django_assert_num_queries: Any
) -> None:
    for user in (cast.ben, cast.ana, cast.sami):
        with django_assert_num_queries(1):
            assert list(CaseAccess.objects.live_for(user).filter(case=case))


def test_the_page_of_who_can_see_the_file_names_who_is_on_duty(
    cast: Cast, case: Case, shift: DutyShift, clock_at: Any
) -> None:
    page = get(cast.sami, "case_access", case.pk).content.decode()
    assert "is on duty outside office hours" in page
    assert f"/duty/{shift.pk}/cancel/" in page
    clock_at(MORNING)
    assert "is on duty outside office hours" not in get(cast.sami, "case_access", case.pk).content.decode()


def test_the_standing_ground_itself_cannot_be_ended(cast: Cast, case: Case) -> None:
    row = CaseAccess.objects.live().get(case=case, basis=Basis.DUTY)
    assert post(cast.sami, "access_end", case.pk, row.pk).status_code == 302
    assert CaseAccess.objects.get(pk=row.pk).ended_at is None


def test_what_passes_at_night_goes_to_who_is_on_duty_once(
    cast: Cast, case: Case, shift: DutyShift, clock_at: Any
) -> None:
    deadlines.start(case.pk, "tell_police", EVENING + HOUR, agency=case.agency)
    clock_at(EVENING + 2 * HOUR)
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.ben).count("overdue.tell_police") == 1
    assert told(cast.ana).count("overdue.tell_police") == 1
    assert told(cast.sami).count("overdue.tell_police") == 1
    assert "overdue.tell_police" not in told(cast.omar)


def test_an_escalation_at_night_reaches_a_shift_that_began_since(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    PolicyValue.objects.create(key="escalation.after", agency=case.agency, value=2)
    policy.forget_kept()
    plan_duty(actor=cast.sami, worker=cast.ben, starts_at=EVENING + 2 * HOUR, ends_at=MORNING)
    deadlines.start(case.pk, "tell_police", EVENING + HOUR, agency=case.agency)
    clock_at(EVENING + HOUR)
    deadlines.sweep()
    assert "overdue.tell_police" not in told(cast.ben) + told(cast.sami)
    clock_at(EVENING + 4 * HOUR)
    deadlines.sweep()
    assert told(cast.ben).count("overdue.tell_police") == told(cast.sami).count("overdue.tell_police") == 1


def test_by_day_the_duty_worker_is_left_alone(cast: Cast, case: Case, clock_at: Any) -> None:
    noon = datetime(2026, 6, 16, 10, tzinfo=UTC)
    DutyShift.objects.create(
        agency=case.agency, worker=cast.ben, starts_at=EVENING, ends_at=noon + HOUR, planned_by=cast.sami
    )
    deadlines.start(case.pk, "tell_police", noon - HOUR, agency=case.agency)
    clock_at(noon)
    deadlines.sweep()
    assert "overdue.tell_police" not in told(cast.ben)
    assert clock_of(case, "tell_police").escalated_at


def test_a_week_is_planned_as_its_nights_and_its_weekend(cast: Cast) -> None:
    week = night(cast, **day("ends_on", date(2026, 6, 22)), ends_at="20:00")
    assert statuses([cast.sami, cast.sami], "duty_new", **week) == [302, 302]
    nights = [
        (shift.starts_at.isoformat()[5:16], shift.ends_at.isoformat()[5:16])
        for shift in DutyShift.objects.all()
    ]
    assert nights == [
        ("06-15T18:00", "06-16T06:00"),
        ("06-16T15:00", "06-17T06:00"),
        ("06-17T15:00", "06-18T06:00"),
        ("06-18T15:00", "06-19T06:00"),
        ("06-19T15:00", "06-22T06:00"),
        ("06-22T15:00", "06-22T18:00"),
    ]
    assert told(cast.ben) == ["duty.planned"]


def test_a_holiday_is_a_day_of_duty_and_a_night_with_a_change_of_clocks_is_whole(cast: Cast) -> None:
    agency = cast.ana.agency
    # Friday evening to Monday evening; Vienna's clocks go back on Sunday, and Monday is a holiday.
    start, end = datetime(2026, 10, 23, 15, tzinfo=UTC), datetime(2026, 10, 26, 20, tzinfo=UTC)
    assert outside_office_hours(agency, start, end) == [(start, end)]
    # The hour of Tuesday's opening is counted in winter time.
    opens = datetime(2026, 10, 27, 7, tzinfo=UTC)
    assert outside_office_hours(agency, start, opens + HOUR) == [(start, opens)]


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        ("office is open", {"starts_at": "09:00", "ends_at": "16:00", **day("starts_on", date(2026, 6, 16))}),
        ("backwards", day("ends_on", date(2026, 6, 14))),
        ("past", {**day("starts_on", date(2026, 6, 13)), **day("ends_on", date(2026, 6, 14))}),
        ("too long", day("ends_on", date(2026, 7, 30))),
        ("no such hour", {"starts_at": "25:00"}),
        ("no such day", day("starts_on", date(2026, 6, 15)) | {"starts_on_day": 31}),
        ("nobody", {"worker": "x"}),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast, wrong: str, changes: dict[str, Any]) -> None:
    answer = post(cast.sami, "duty_new", **night(cast, **changes))
    assert answer.status_code == 422, wrong
    assert 'class="error' in answer.content.decode()
    assert not DutyShift.objects.exists()


def test_only_an_active_worker_of_the_agency_is_planned(cast: Cast) -> None:
    for nobody in (cast.omar, cast.vera, cast.petra):
        assert statuses([cast.sami], "duty_new", **night(cast, worker=nobody.pk)) == [422]
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert statuses([cast.sami], "duty_new", **night(cast)) == [422]


def test_one_worker_is_not_planned_twice_at_once(cast: Cast, shift: DutyShift) -> None:
    overlaps = night(cast, ends_at="06:00")
    assert statuses([cast.sami], "duty_new", **overlaps) == [422]
    assert DutyShift.objects.count() == 1
    assert statuses([cast.sami], "duty_new", **night(cast, worker=cast.ana.pk)) == [302]


def test_the_plan_says_who_is_called_and_that_nobody_is(cast: Cast, shift: DutyShift, clock_at: Any) -> None:
    assert "<bdi>Ben</bdi> is on duty until" in get(cast.ana, "duty").content.decode()
    clock_at(MORNING)
    assert "nobody is on duty" in get(cast.ana, "duty").content.decode()
    clock_at(MORNING + 3 * HOUR)
    assert "The office is open" in get(cast.ana, "duty").content.decode()


def test_what_was_held_by_an_account_still_counts(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    assert get(cast.ben, "case", case.pk).status_code == 200
    assert clock.now() < MORNING


def test_a_day_far_from_any_calendar_gets_a_sentence(cast: Cast, case: Case) -> None:
    far = {**day("starts_on", date(9999, 12, 31)), **day("ends_on", date(9999, 12, 31))}
    answer = post(cast.sami, "duty_new", **night(cast, **far))
    assert answer.status_code == 422
    assert "between 1900 and 2199" in answer.content.decode()
