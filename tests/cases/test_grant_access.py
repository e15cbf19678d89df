"""A supervisor gives one account some sections until a day."""

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock
from accounts.models import User
from cases.models import Case, CaseAccess, CaseUserObjectPermission
from cases.models.choices import Basis
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses, told
from tests.cast import Cast


def form(**changes: Any) -> dict[str, Any]:
    until = day("until", clock.today("Europe/Vienna") + timedelta(days=3))
    return {"account": "omar", "sections": ["identity"], "reason": "Knew the family."} | until | changes


def granted(case: Case) -> list[CaseAccess]:
    return list(CaseAccess.objects.live().filter(case=case, basis=Basis.PERSONAL))


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "access_grant", case.pk, **form()) == [404] * 5
    assert statuses([cast.ana], "access_grant", case.pk, **form()) == [403]
    assert granted(case) == []
    assert statuses([cast.sami], "access_grant", case.pk, **form()) == [302]
    (row,) = granted(case)
    assert (row.account, row.sections, row.may_write, row.granted_by) == (
        cast.omar,
        ["identity"],
        False,
        cast.sami,
    )


def test_the_holder_sees_the_sections_that_are_named_and_no_other(cast: Cast, case: Case) -> None:
    post(cast.sami, "access_grant", case.pk, **form())
    assert get(cast.omar, "case", case.pk).status_code == 200
    assert get(cast.omar, "case_identity", case.pk).status_code == 200
    assert get(cast.omar, "case_risk", case.pk).status_code == 404
    assert get(cast.omar, "consents", case.pk).status_code == 404
    assert post(cast.omar, "case_identity", case.pk, gender="Feminine").status_code == 403


def test_write_means_write(cast: Cast, case: Case) -> None:
    post(cast.sami, "access_grant", case.pk, **form(sections=["risk"], may_write="on"))
    assert post(cast.omar, "case_risk", case.pk, level="low", safety="safe").status_code == 302


def test_it_ends_with_its_day_where_the_agency_works(cast: Cast, case: Case, clock_at: Any) -> None:
    post(cast.sami, "access_grant", case.pk, **form())
    (row,) = granted(case)
    assert row.until is not None
    there = row.until.astimezone(ZoneInfo("Europe/Vienna"))
    assert there.time() == time(23, 59, 59)
    assert there.date() == clock.today("Europe/Vienna") + timedelta(days=3)
    clock_at(row.until - timedelta(minutes=1))
    assert get(cast.omar, "case", case.pk).status_code == 200
    assert case.code in get(cast.omar, "case_list").content.decode()
    clock_at(row.until + timedelta(seconds=1))
    for page in ("case", "case_identity", "case_history", "case_access"):
        assert get(cast.omar, page, case.pk).status_code == 404
    for page in ("case_list", "today"):
        assert case.code not in get(cast.omar, page).content.decode()


@pytest.mark.parametrize(
    ("write", "codename"), [({}, "read_identity"), ({"may_write": "on"}, "write_identity")]
)
def test_it_is_an_object_permission_too(cast: Cast, case: Case, write: dict[str, str], codename: str) -> None:
    post(cast.sami, "access_grant", case.pk, **form(**write))
    permission = CaseUserObjectPermission.objects.get()
    assert (permission.user, permission.content_object) == (cast.omar, case)
    assert permission.permission.codename == codename


def test_two_grants_to_one_person_add_up(cast: Cast, case: Case) -> None:
    for section in ("identity", "risk"):
        post(cast.sami, "access_grant", case.pk, **form(sections=[section]))
    assert {get(cast.omar, page, case.pk).status_code for page in ("case_identity", "case_risk")} == {200}
    row = next(row for row in granted(case) if row.sections == ["risk"])
    post(cast.sami, "access_end", case.pk, row.pk)
    assert get(cast.omar, "case_identity", case.pk).status_code == 200
    assert get(cast.omar, "case_risk", case.pk).status_code == 404


def test_what_another_grant_still_gives_stays_an_object_permission(cast: Cast, case: Case) -> None:
    for sections in (["identity", "risk"], ["identity"]):
        post(cast.sami, "access_grant", case.pk, **form(sections=sections))
    first, second = granted(case)
    post(cast.sami, "access_end", case.pk, (first if "risk" in first.sections else second).pk)
    assert CaseUserObjectPermission.objects.get().permission.codename == "read_identity"
    (left,) = granted(case)
    post(cast.sami, "access_end", case.pk, left.pk)
    assert not CaseUserObjectPermission.objects.exists()


def test_the_holder_is_told_and_it_is_audited_with_the_reason(cast: Cast, case: Case) -> None:
    post(cast.sami, "access_grant", case.pk, **form())
    assert told(cast.omar) == ["access.granted"]
    event = last(case.pk, "access.granted")
    assert (event.sections, event.reason) == (["identity"], "Knew the family.")
    assert event.details == {"holder": str(cast.omar.pk)}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"account": "nobody"}, "There is no such account."),
        ({"account": ""}, "We need an answer here."),
        ({"account": "stella"}, "This account cannot be given access to a case."),
        ({"account": "aida"}, "This account cannot be given access to a case."),
        ({"account": "admin"}, "This account cannot be given access to a case."),
        ({"account": "eskort"}, "This account cannot be given access to a case."),
        ({"sections": []}, "Choose an answer."),
        ({"sections": ["everything"]}, "everything"),
        # A document goes with its section.
        ({"sections": ["documents"]}, "documents"),
        ({"reason": " "}, "We need an answer here."),
        ({"until_day": "32"}, "There is no such day"),
        ({"until_year": "2004"}, "The access must end in the future."),
    ],
)
def test_a_wrong_grant_gets_a_sentence_and_opens_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.sami, "access_grant", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert granted(case) == []
    assert not CaseUserObjectPermission.objects.exists()


def test_the_account_name_is_taken_in_any_case(cast: Cast, case: Case) -> None:
    assert post(cast.sami, "access_grant", case.pk, **form(account="Omar")).status_code == 302
    assert get(cast.omar, "case", case.pk).status_code == 200


def test_what_was_taken_for_an_account_stands_in_no_statement(cast: Cast, case: Case) -> None:
    """It may be the child's name, and PostgreSQL may log."""
    with CaptureQueriesContext(connection) as asked:
        post(cast.sami, "access_grant", case.pk, **form(account="Mirelia"))
    assert not any("mirelia" in statement["sql"].lower() for statement in asked.captured_queries)


def test_nobody_gives_to_themselves(cast: Cast, case: Case) -> None:
    assert post(cast.sami, "access_grant", case.pk, **form(account="sami")).status_code == 403
    assert granted(case) == []


def test_a_switched_off_account_gets_nothing(cast: Cast, case: Case) -> None:
    cast.omar.is_active = False
    cast.omar.save()
    assert post(cast.sami, "access_grant", case.pk, **form()).status_code == 422


@pytest.mark.parametrize("section", ["account", "legal", "medical", "contacts", "shelter"])
def test_a_consulate_is_given_no_part_of_which_it_may_know_an_answer_only(
    cast: Cast, case: Case, section: str
) -> None:
    wrong = form(account="konsul", sections=["identity", section])
    answer = post(cast.sami, "access_grant", case.pk, **wrong)
    assert answer.status_code == 422
    assert "A consulate may never see" in answer.content.decode()
    assert granted(case) == []


def test_a_closed_file_is_given_to_nobody(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency)
    assert post(cast.sami, "access_grant", case.pk, **form()).status_code == 422
    assert granted(case) == []


@pytest.mark.parametrize(("may_write", "times"), [({"may_write": "on"}, 1), ({}, 0)])
def test_the_page_says_who_may_write(cast: Cast, case: Case, may_write: dict[str, str], times: int) -> None:
    post(cast.sami, "access_grant", case.pk, **form(**may_write))
    assert get(cast.ana, "case_access", case.pk).content.decode().count("may write, too") == times
