"""Somebody who opens far more files than usual, or files far from their own work, is told of once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from accounts import policy
from accounts.access import Role, Section
from accounts.audit import record_listed, record_read
from accounts.models import Agency, AgencyKind, AuditEvent, Notification, User
from cases.models import Case
from cases.models.choices import Basis, CaseState
from cases.services.watching import look, opened
from cases.tasks import watch_reading
from tests.cases import files
from tests.cases.asking import get, told
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept

UNUSUAL = "reading.unusual"
MOST, FAR = 4, 2


@kept
def stock(cast: Cast) -> list[Case]:
    """Six files of ana's agency; the limits are small, so that a test need not read forty."""
    for key, value in (("reading.files", MOST), ("reading.far_files", FAR)):
        policy.set_value(key, value, actor=cast.admin, country="XA")
    return [files.in_state(CaseState.ACTIVE, cast.ana.agency) for _each in range(6)]


def read(user: User, cases: Iterable[Case], *basis: str) -> None:
    for case in cases:
        record_read(user, case, case_id=case.pk, sections=[Section.RISK], basis=basis)


def test_as_many_as_the_policy_says_are_usual_and_one_more_is_not(cast: Cast, stock: list[Case]) -> None:
    read(cast.ana, stock[:MOST], Basis.ASSIGNMENT)
    # Again and again the same file is one file.
    read(cast.ana, stock[:1] * 9, Basis.ASSIGNMENT)
    assert look() == 0
    read(cast.ana, stock[MOST : MOST + 1], Basis.ASSIGNMENT)
    assert look() == 1
    event = AuditEvent.objects.get(verb=UNUSUAL)
    assert (event.actor, event.target_id, event.case_id) == (None, cast.ana.pk, None)
    assert event.details == {"files": MOST + 1, "far": 0}


def test_the_officer_and_the_supervisors_of_that_agency_hear_and_nobody_else(
    cast: Cast, stock: list[Case]
) -> None:
    nora = User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )
    read(cast.omar, stock, Basis.ASSIGNMENT)
    look()
    assert told(nora) == [UNUSUAL]
    for user in (cast.sami, cast.aida, cast.omar, cast.ana, cast.admin):
        assert UNUSUAL not in told(user)
    read(cast.ana, stock, Basis.ASSIGNMENT)
    look()
    for user in (cast.sami, cast.vera, cast.aida):
        assert told(user) == [UNUSUAL]
    for user in (cast.ana, cast.ben, cast.omar):
        assert UNUSUAL not in told(user)
    assert told(nora) == [UNUSUAL]


def test_of_a_supervisor_the_officers_hear(cast: Cast, stock: list[Case]) -> None:
    office = Agency.objects.create(
        code="office", name="Office", country="XA", kind=AgencyKind.DATA_PROTECTION, time_zone="Europe/Vienna"
    )
    national = User.objects.create_account(
        "dora", PASSWORD, name="Dora", role=Role.DATA_PROTECTION_OFFICER, agency=office
    )
    read(cast.sami, stock, Basis.TEAM)
    look()
    assert (told(cast.aida), told(national)) == ([UNUSUAL], [UNUSUAL])
    assert (told(cast.sami), told(cast.vera)) == ([], [])


def test_once_for_each_account_and_window(cast: Cast, stock: list[Case], clock_at: ClockHand) -> None:
    read(cast.ana, stock, Basis.ASSIGNMENT)
    read(cast.ben, stock, Basis.ASSIGNMENT)
    assert [look(), look()] == [2, 0]
    clock_at.forward(timedelta(hours=23))
    read(cast.ana, stock, Basis.ASSIGNMENT)
    assert look() == 0
    clock_at.forward(timedelta(hours=2))
    assert look() == 1
    assert told(cast.aida) == [UNUSUAL] * 3


def test_what_was_read_before_the_window_counts_no_more(
    cast: Cast, stock: list[Case], clock_at: ClockHand
) -> None:
    read(cast.ana, stock[:3], Basis.ASSIGNMENT)
    clock_at.forward(timedelta(hours=25))
    read(cast.ana, stock[3:], Basis.ASSIGNMENT)
    assert look() == 0


@pytest.mark.parametrize("basis", [Basis.EMERGENCY, Basis.DUTY])
def test_files_far_from_the_own_work_count_by_themselves(
    cast: Cast, stock: list[Case], clock_at: ClockHand, basis: Basis
) -> None:
    read(cast.ana, stock[: FAR + 1], basis)
    clock_at.forward(timedelta(hours=25))
    # Also when they were read before.
    read(cast.ana, stock[:FAR], basis)
    assert look() == 0
    read(cast.ana, stock[FAR : FAR + 1], basis)
    assert look() == 1
    assert AuditEvent.objects.get(verb=UNUSUAL).details == {"files": FAR + 1, "far": FAR + 1}


def test_a_file_that_is_also_the_own_work_is_not_far(cast: Cast, stock: list[Case]) -> None:
    read(cast.ana, stock[: FAR + 1], Basis.DUTY, Basis.ASSIGNMENT)
    assert look() == 0


def test_first_looks_at_files_that_nobody_gave_are_far_and_later_ones_are_not(
    cast: Cast, stock: list[Case], clock_at: ClockHand
) -> None:
    read(cast.sami, stock[: FAR + 1], Basis.TEAM)
    assert look() == 1
    clock_at.forward(timedelta(hours=25))
    read(cast.sami, stock[: FAR + 1], Basis.TEAM)
    assert look() == 0


def test_a_list_opens_nothing_and_an_officer_reads_logs(cast: Cast, stock: list[Case]) -> None:
    record_listed(cast.ana, [(case, [Basis.ASSIGNMENT], [Section.IDENTITY]) for case in stock])
    read(cast.aida, stock, "protection")
    assert look() == 0


def test_every_way_of_opening_a_file_counts(cast: Cast) -> None:
    assert {"case.read", "document.read", "case.exported", "referral.letter_taken"} <= set(opened())
    assert "case.listed" not in opened()


def test_each_agency_has_its_own_limits(cast: Cast, stock: list[Case]) -> None:
    policy.set_value("reading.files", 20, actor=cast.admin, agency=cast.ana.agency)
    read(cast.ana, stock, Basis.ASSIGNMENT)
    read(cast.omar, stock, Basis.ASSIGNMENT)
    assert look() == 1
    assert AuditEvent.objects.get(verb=UNUSUAL).target_id == cast.omar.pk


def test_the_alert_names_no_file_and_leads_to_the_person(cast: Cast, stock: list[Case]) -> None:
    read(cast.ana, stock, Basis.ASSIGNMENT)
    watch_reading(0)
    notice = Notification.objects.get(receiver=cast.aida)
    assert (notice.case_id, notice.target_id) == (None, cast.ana.pk)
    for user in (cast.aida, cast.sami):
        page = get(user, "today").content.decode()
        assert f"/audit/people/{cast.ana.pk}/" in page
        assert get(user, "person_access", cast.ana.pk).status_code == 200
    assert "unusual" in get(cast.aida, "people_access").content.decode()


def test_the_defaults_are_those_that_are_written_down(cast: Cast) -> None:
    keys: dict[str, Any] = {"reading.window_hours": 24, "reading.files": 40, "reading.far_files": 12}
    assert {key: policy.get(key, agency=cast.ana.agency) for key in keys} == keys
