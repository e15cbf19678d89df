"""A child is in danger and nobody who has its file can be reached: a file is opened by its code, for an hour."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

import clock
from accounts import policy
from accounts.access import Role
from accounts.models import Agency, AgencyKind, AuditEvent, Notification, User
from cases.models import Case, CaseAccess, EmergencyOpening
from cases.models.choices import Basis, CaseState
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, statuses, told
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept

REASON = "The police found the child at the border, alone."
NO_SUCH = "No open file of your country has this code."


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    """Tries are counted beside the database, so no rollback takes them away."""
    cache.clear()


@kept
def abroad(cast: Cast) -> User:
    """A case worker of another country: the right role on the wrong side of the border."""
    agency = Agency.objects.create(
        code="belmora-care",
        name="Belmora care",
        country="XB",
        kind=AgencyKind.SOCIAL_SERVICE,
        time_zone="Europe/Chisinau",
    )
    return User.objects.create_account("milo", PASSWORD, name="Milo", role=Role.CASE_WORKER, agency=agency)


def form(case: Case, **changes: Any) -> dict[str, Any]:
    return {"case_code": case.code, "reason": REASON, "password": PASSWORD} | changes


def opened(user: User, case: Case) -> bool:
    return bool(get(user, "case", case.pk).status_code == 200)


def said(user: User, **data: Any) -> str:
    answer = post(user, "emergency", **data)
    assert answer.status_code == 422
    return str(answer.content.decode())


def without_what_was_typed(page: str) -> str:
    """And without tokens that are drawn with each page."""
    return re.sub(r'value="[^"]*"', "", page.split("<main")[1].split("</main")[0])


def test_who_works_or_supervises_in_the_country_may_and_nobody_else(
    cast: Cast, case: Case, nora: User, abroad: User
) -> None:
    others = [cast.petra, cast.konsul, cast.eskort, cast.pia, cast.hotline, cast.fokus]
    others += [cast.aida, cast.stella, cast.admin]
    assert statuses(others, "emergency", **form(case)) == [403] * 9
    assert [get(user, "emergency").status_code for user in others] == [403] * 9
    assert statuses([abroad], "emergency", **form(case)) == [422]
    assert not EmergencyOpening.objects.exists()
    assert statuses([cast.omar, nora, cast.ben], "emergency", **form(case)) == [302] * 3
    assert [opened(user, case) for user in (cast.omar, nora, cast.ben, abroad)] == [True, True, True, False]


def test_it_opens_the_sections_of_the_table_and_writes_nothing(cast: Cast, case: Case) -> None:
    post(cast.omar, "emergency", **form(case))
    read = ["case", "case_identity", "people", "placement", "case_risk", "medical", "documents"]
    assert [get(cast.omar, name, case.pk).status_code for name in read] == [200] * len(read)
    closed = ["account", "legal", "rehabilitation", "plan", "consents", "case_access", "closure"]
    assert [get(cast.omar, name, case.pk).status_code for name in closed] == [404] * len(closed)
    assert post(cast.omar, "case_identity", case.pk, gender="Feminine").status_code == 403
    assert post(cast.omar, "case_risk", case.pk, level="low", safety="safe").status_code == 403


def test_it_ends_by_itself_after_the_time_of_the_policy(cast: Cast, case: Case, clock_at: ClockHand) -> None:
    policy.set_value("emergency.minutes", 20, actor=cast.admin, agency=case.agency)
    post(cast.omar, "emergency", **form(case))
    row = CaseAccess.objects.get(case=case, basis=Basis.EMERGENCY)
    assert row.until is not None
    assert (row.account, row.agency, row.until - row.since < timedelta(minutes=21)) == (cast.omar, None, True)
    assert case.code in get(cast.omar, "case_list").content.decode()
    assert case.code in get(cast.omar, "emergency").content.decode()
    clock_at(row.until - timedelta(seconds=5))
    assert opened(cast.omar, case)
    clock_at(row.until + timedelta(seconds=1))
    assert not opened(cast.omar, case)
    for page in ("case_list", "emergency", "today"):
        assert case.code not in get(cast.omar, page).content.decode()


def test_every_page_of_the_file_says_until_when_and_why_and_what_comes_after(
    cast: Cast, case: Case, clock_at: ClockHand
) -> None:
    post(cast.omar, "emergency", **form(case))
    ends = localtime(EmergencyOpening.objects.get().until, ZoneInfo(cast.omar.agency.time_zone))
    for name in (
        "case",
        "case_identity",
        "people",
        "placement",
        "case_risk",
        "medical",
        "documents",
        "notes",
    ):
        page = get(cast.omar, name, case.pk).content.decode()
        for words in (f"in an emergency until {ends:%H:%M}", REASON, "reviews what you read"):
            assert words in page, name
    # Neither on other pages, nor for those whose file it is.
    for user, name, part in ((cast.omar, "case_list", []), (cast.ana, "case", [case.pk])):
        assert "in an emergency until" not in get(user, name, *part).content.decode()


def test_the_form_says_how_much_of_a_reason_it_wants(cast: Cast) -> None:
    assert "At least 20 characters." in get(cast.omar, "emergency").content.decode()


def test_a_supervisor_of_the_file_ends_it_sooner(cast: Cast, case: Case) -> None:
    post(cast.omar, "emergency", **form(case))
    row = CaseAccess.objects.get(case=case, basis=Basis.EMERGENCY)
    assert post(cast.sami, "access_end", case.pk, row.pk).status_code == 302
    assert not opened(cast.omar, case)
    assert case.code not in get(cast.omar, "emergency").content.decode()


def test_it_is_recorded_announced_and_due_for_review(cast: Cast, case: Case) -> None:
    begin = clock.now()
    post(cast.omar, "emergency", **form(case))
    opening = EmergencyOpening.objects.get()
    event = last(case.pk, "emergency.opened")
    assert (event.actor, event.target_id, event.details) == (cast.omar, opening.pk, {"minutes": 60})
    assert (event.reason, opening.reason) == (REASON, REASON)
    assert "emergency.opened" in told(cast.sami)
    assert "emergency.opened" in told(cast.vera)
    assert "emergency.opened" in told(cast.aida)
    assert "emergency.opened" not in told(cast.ana) + told(cast.omar)
    due = clock_of(case, "emergency_review")
    assert timedelta(hours=24) <= due.due_at - begin < timedelta(hours=24, minutes=5)
    assert (due.agency, due.params) == (case.agency, {"opening": str(opening.pk)})


def test_its_words_are_sealed_and_no_word_of_it_leaves_the_file(cast: Cast, case: Case) -> None:
    post(cast.omar, "emergency", **form(case))
    opening = EmergencyOpening.objects.get()
    assert REASON.encode() not in bytes(opening.reason_sealed)  # type: ignore[attr-defined]
    notice = Notification.objects.get(receiver=cast.aida, kind="emergency.opened")
    assert notice.target_id == opening.pk
    page = get(cast.aida, "today").content.decode()
    assert reverse("emergency_review", args=[opening.pk]) in page
    assert REASON not in page


def test_each_look_is_recorded_on_this_ground(cast: Cast, case: Case) -> None:
    post(cast.omar, "emergency", **form(case))
    get(cast.omar, "case_risk", case.pk)
    event = last(case.pk, "case.read")
    assert (event.actor, event.details, event.sections) == (
        cast.omar,
        {"basis": ["emergency"], "page": "case_risk"},
        ["risk"],
    )


def test_what_cannot_be_opened_is_answered_in_the_same_words(cast: Cast, case: Case, abroad: User) -> None:
    ended = files.in_state(CaseState.CLOSED, cast.ana.agency)
    merged = files.in_state(CaseState.DUPLICATE, cast.ana.agency)
    erased = files.in_state(CaseState.ACTIVE, cast.ana.agency)
    Case.objects.filter(pk=erased.pk).update(erased_at=clock.now())
    there = files.in_state(CaseState.ACTIVE, abroad.agency)
    answers = set()
    for code in ("ZZZ-ZZZ", ended.code, merged.code, erased.code, there.code):
        page = said(cast.omar, **form(case, case_code=code))
        assert NO_SUCH in page
        answers.add(without_what_was_typed(page))
        cache.clear()
    assert len(answers) == 1
    assert not EmergencyOpening.objects.exists()
    assert not CaseAccess.objects.filter(basis=Basis.EMERGENCY).exists()


def test_a_country_or_agency_that_lets_nobody_in_says_the_same(cast: Cast, case: Case) -> None:
    policy.set_value("emergency.minutes", 0, actor=cast.admin, agency=case.agency)
    assert NO_SUCH in said(cast.omar, **form(case))


@pytest.mark.parametrize("part", ["code[:6]", "code[1:]", "'%'", "''"])
def test_a_part_of_a_code_is_no_code(cast: Cast, case: Case, part: str) -> None:
    typed = {
        "code[:6]": case.code[:6],
        "code[1:]": case.code[1:],
        "'%'": "%",
        "''": "",
    }[part]
    said(cast.omar, **form(case, case_code=typed))
    assert not opened(cast.omar, case)


def test_small_letters_and_spaces_around_are_the_same_code(cast: Cast, case: Case) -> None:
    assert statuses([cast.omar], "emergency", **form(case, case_code=f" {case.code.lower()} ")) == [302]


@pytest.mark.parametrize("between", ["", " ", "–"])
def test_a_code_as_it_is_told_by_telephone(cast: Cast, case: Case, between: str) -> None:
    told_so = case.code.lower().replace("-", between)
    assert post(cast.omar, "emergency", **form(case, case_code=told_so)).status_code == 302


def test_the_code_of_a_file_that_is_open_already_is_no_wrong_one(cast: Cast, case: Case) -> None:
    own = files.screened(cast, worker=cast.ana)
    for _time in range(6):
        assert "open to you already" in said(cast.ana, **form(own))
    assert not AuditEvent.objects.filter(verb__in=["emergency.refused", "emergency.guessing"]).exists()
    assert "Too many tries" not in said(cast.ana, **form(own))


def test_it_is_for_reading_now_and_not_for_taking_away(cast: Cast, case: Case) -> None:
    """Neither the file on paper, nor who did what and when."""
    post(cast.omar, "emergency", **form(case))
    assert get(cast.omar, "case_file", case.pk).status_code == 200
    assert (
        reverse("case_file_pdf", args=[case.pk]) not in get(cast.omar, "case_file", case.pk).content.decode()
    )
    assert get(cast.omar, "case_file_pdf", case.pk).status_code == 404
    assert get(cast.omar, "case_history", case.pk).status_code == 404


def test_a_wrong_code_is_recorded_without_it_and_the_sixth_is_not_looked_at(cast: Cast, case: Case) -> None:
    for _each in range(5):
        assert NO_SUCH in said(cast.omar, **form(case, case_code="ZZZ-ZZZ"))
    refusals = AuditEvent.objects.filter(verb="emergency.refused", actor=cast.omar)
    assert [(event.case_id, event.details) for event in refusals] == [(None, {})] * 5
    for _each in range(2):
        assert "Too many tries" in said(cast.omar, **form(case))
    assert not opened(cast.omar, case)
    assert AuditEvent.objects.filter(verb="emergency.guessing", target_id=cast.omar.pk).count() == 1
    # Another person is not locked out by it.
    assert statuses([cast.ben], "emergency", **form(case)) == [302]


def test_of_many_wrong_codes_those_hear_who_watch_over_the_account(cast: Cast, case: Case) -> None:
    for _each in range(6):
        said(cast.ben, **form(case, case_code="ZZZ-ZZZ"))
    assert "emergency.guessing" in told(cast.aida)
    assert "emergency.guessing" in told(cast.sami)
    assert "emergency.guessing" not in told(cast.ben) + told(cast.ana)


@pytest.mark.parametrize(
    "wrong",
    [{"password": "not-mine"}, {"password": ""}, {"reason": ""}, {"reason": "Danger."}, {"reason": " " * 30}],
)
def test_it_needs_a_reason_and_who_sits_there(cast: Cast, case: Case, wrong: dict[str, str]) -> None:
    said(cast.omar, **form(case, **wrong))
    assert not opened(cast.omar, case)
    # A slip in these is no guess at a code.
    assert not AuditEvent.objects.filter(verb="emergency.refused").exists()


def test_who_reads_all_of_it_already_is_told_so_and_nobody_is_called(cast: Cast, case: Case) -> None:
    for user in (cast.ana, cast.sami):
        assert "open to you already" in said(user, **form(case))
    post(cast.omar, "emergency", **form(case))
    assert "open to you already" in said(cast.omar, **form(case))
    assert EmergencyOpening.objects.count() == 1


def test_who_was_given_a_part_of_it_may_need_the_rest(cast: Cast, case: Case) -> None:
    until = clock.now() + timedelta(days=1)
    files.ground(case, Basis.PERSONAL, account=cast.omar, until=until, sections=["identity"])
    assert get(cast.omar, "placement", case.pk).status_code == 404
    assert statuses([cast.omar], "emergency", **form(case)) == [302]
    assert get(cast.omar, "placement", case.pk).status_code == 200


def test_who_goes_back_and_types_another_code_is_not_led_to_the_first_file(cast: Cast, case: Case) -> None:
    """The page that a browser kept bears the number of the first sending."""
    other, once = files.screened(cast), str(uuid4())
    assert statuses([cast.omar], "emergency", **form(case, once=once)) == [302]
    said(cast.omar, **form(other, once=once))
    assert not opened(cast.omar, other)
    answer = post(cast.omar, "emergency", **form(case, once=once))
    assert answer["Location"] == reverse("case", args=[case.pk])


def test_it_can_be_opened_again_when_its_time_is_over(cast: Cast, case: Case, clock_at: ClockHand) -> None:
    post(cast.omar, "emergency", **form(case))
    clock_at.forward(timedelta(minutes=61))
    assert statuses([cast.omar], "emergency", **form(case)) == [302]
    assert EmergencyOpening.objects.count() == 2


def test_no_ground_of_an_emergency_is_without_its_end(cast: Cast, case: Case) -> None:
    with pytest.raises(IntegrityError, match="case_access_emergency_ends"), transaction.atomic():
        files.ground(case, Basis.EMERGENCY, account=cast.omar, until=None)
    with pytest.raises(IntegrityError, match="case_access_emergency_ends"), transaction.atomic():
        files.ground(case, Basis.EMERGENCY, agency=cast.omar.agency)
