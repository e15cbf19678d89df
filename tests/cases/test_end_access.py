"""A ground for seeing a case ends, and the page that says who has one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, CaseAccess, CaseUserObjectPermission
from cases.models.choices import Basis
from cases.services.access import grant_personally
from tests.cases import files
from tests.cases.asking import browser, get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept


@kept
def grant(cast: Cast, case: Case) -> CaseAccess:
    return grant_personally(
        case.pk,
        actor=cast.sami,
        account=cast.omar,
        sections=[Section.IDENTITY],
        may_write=False,
        until=clock.now() + timedelta(days=3),
        reason="Knew the family.",
    )


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(
    cast: Cast, case: Case, grant: CaseAccess, nora: User
) -> None:
    strangers = [nora, cast.ben, cast.aida, cast.petra, cast.stella]
    assert statuses(strangers, "access_end", case.pk, grant.pk) == [404] * 5
    assert statuses([cast.ana, cast.omar], "access_end", case.pk, grant.pk) == [403] * 2
    assert get(cast.omar, "case", case.pk).status_code == 200
    assert statuses([cast.sami], "access_end", case.pk, grant.pk) == [302]
    assert get(cast.omar, "case", case.pk).status_code == 404


def test_its_object_permissions_go_with_it(cast: Cast, case: Case, grant: CaseAccess) -> None:
    assert CaseUserObjectPermission.objects.exists()
    post(cast.sami, "access_end", case.pk, grant.pk)
    assert not CaseUserObjectPermission.objects.exists()


def test_it_is_audited_and_the_row_stays(cast: Cast, case: Case, grant: CaseAccess) -> None:
    post(cast.sami, "access_end", case.pk, grant.pk)
    assert last(case.pk, "access.ended").details == {"basis": "personal", "holder": str(cast.omar.pk)}
    row = CaseAccess.objects.get(pk=grant.pk)
    assert row.ended_by == cast.sami


def test_it_ends_once(cast: Cast, case: Case, grant: CaseAccess) -> None:
    assert statuses([cast.sami, cast.vera], "access_end", case.pk, grant.pk) == [302, 404]
    assert CaseAccess.objects.get(pk=grant.pk).ended_by == cast.sami
    assert post(cast.sami, "access_end", case.pk, uuid4()).status_code == 404


def test_it_is_ended_on_the_page_of_its_own_case(cast: Cast, case: Case, grant: CaseAccess) -> None:
    other = files.screened(cast)
    assert post(cast.sami, "access_end", other.pk, grant.pk).status_code == 404
    assert CaseAccess.objects.get(pk=grant.pk).ended_at is None


def test_it_has_ended_by_itself_when_its_time_is_over(
    cast: Cast, case: Case, grant: CaseAccess, clock_at: Any
) -> None:
    clock_at.forward(timedelta(days=3, seconds=1))
    assert post(cast.sami, "access_end", case.pk, grant.pk).status_code == 404
    assert str(grant.pk) not in get(cast.sami, "case_access", case.pk).content.decode()


def test_the_worker_loses_the_case_with_the_assignment(cast: Cast, case: Case) -> None:
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    post(cast.sami, "access_end", case.pk, row.pk)
    assert files.worker_of(case) is None
    assert get(cast.ana, "case", case.pk).status_code == 404


def test_the_team_keeps_its_access(cast: Cast, case: Case) -> None:
    row = CaseAccess.objects.live().get(case=case, basis=Basis.TEAM)
    answer = browser(cast.sami).post(f"/cases/{case.pk}/access/{row.pk}/end/", follow=True)
    assert "The team that owns the case keeps its access." in answer.content.decode()
    assert get(cast.sami, "case", case.pk).status_code == 200


def test_the_page_says_who_and_why(cast: Cast, case: Case, grant: CaseAccess) -> None:
    page = get(cast.sami, "case_access", case.pk).content.decode()
    for words in ("Ana", "Omar", "works on this case", "was given personal access", "Arvania social"):
        assert words in page, words
    assert f"/cases/{case.pk}/access/{grant.pk}/end/" in page
    assert "/end/" not in get(cast.ana, "case_access", case.pk).content.decode()


def test_the_officer_reads_who_read_and_nothing_of_the_file(
    cast: Cast, case: Case, grant: CaseAccess
) -> None:
    get(cast.omar, "case_identity", case.pk)
    page = get(cast.aida, "case_access", case.pk).content.decode()
    assert "Omar" in page
    assert "Lirana" not in page
    assert files.WORDS not in page
    assert "Knew the family" not in page
    assert last(case.pk, "case.read").actor == cast.aida
