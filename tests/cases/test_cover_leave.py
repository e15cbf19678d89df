"""While a worker is away, a colleague has the same files, and those that come meanwhile."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

import clock
from accounts.models import User
from cases.models import Case, CaseAccess, Cover
from cases.models.choices import Basis
from cases.services.assignment import assign_worker
from cases.services.clocks import end_of_day
from cases.services.cover import arrange_cover
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept

DAYS = 10


def until(days: int = DAYS) -> date:
    return clock.today("Europe/Vienna") + timedelta(days=days)


def leave(cast: Cast, days: int = DAYS) -> dict[str, Any]:
    return {"worker": cast.ana.pk, "covered_by": cast.ben.pk, **day("until", until(days))}


@kept
def cover(cast: Cast, case: Case) -> Cover:
    """Ben covers for ana."""
    return arrange_cover(
        actor=cast.sami,
        worker=cast.ana,
        covered_by=cast.ben,
        until=end_of_day(until(), cast.ana.agency),
    )


def cover_rows(case: Case) -> list[CaseAccess]:
    return list(CaseAccess.objects.live().filter(case=case, basis=Basis.COVER))


def test_only_a_supervisor_arranges_it(cast: Cast, case: Case) -> None:
    others = [cast.omar, cast.aida, cast.petra, cast.hotline, cast.ana, cast.ben]
    assert statuses(others, "cover_new", **leave(cast)) == [403] * 6
    assert {get(user, "cover_new").status_code for user in others} == {403}
    assert not Cover.objects.exists()
    assert statuses([cast.sami], "cover_new", **leave(cast)) == [302]
    assert Cover.objects.get().arranged_by == cast.sami


def test_a_supervisor_of_another_agency_finds_nobody_and_nothing(
    cast: Cast, cover: Cover, nora: User
) -> None:
    assert statuses([nora], "cover_new", **leave(cast)) == [422]
    assert statuses([nora], "cover_end", cover.pk) == [404]
    assert "Ana" not in get(nora, "cover_new").content.decode()
    assert statuses([cast.ana, cast.omar, cast.petra], "cover_end", cover.pk) == [403] * 3
    assert statuses([cast.sami], "cover_end", uuid4()) == [404]
    assert Cover.objects.get().ended_at is None


def test_who_covers_has_every_file_of_the_worker_and_no_other(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    of_ben_himself, foreign = (
        files.screened(cast, worker=cast.ben),
        files.in_state("active", cast.omar.agency),
    )
    assert get(cast.ben, "case", case.pk).status_code == 404
    post(cast.sami, "cover_new", **leave(cast))
    assert [get(cast.ben, "case", each.pk).status_code for each in (case, other, of_ben_himself)] == [200] * 3
    assert get(cast.ben, "case", foreign.pk).status_code == 404
    assert get(cast.ana, "case", of_ben_himself.pk).status_code == 404
    # The worker keeps the files.
    assert get(cast.ana, "case", case.pk).status_code == 200


def test_who_covers_works_as_the_worker_does(cast: Cast, case: Case, cover: Cover) -> None:
    assert post(cast.ben, "case_risk", case.pk, level="low", safety="safe").status_code == 302
    page = get(cast.ben, "today").content.decode()
    assert case.code in page
    assert case.code in get(cast.ben, "case_list").content.decode()
    assert get(cast.ben, "case", case.pk).status_code == 200
    assert last(case.pk, "case.read").details["basis"] == ["cover"]


def test_a_file_that_comes_meanwhile_is_covered_too(cast: Cast, cover: Cover) -> None:
    new = files.screened(cast)
    (row,) = cover_rows(new)
    assert (row.account, row.until, row.basis_id) == (cast.ben, cover.until, cover.pk)
    assert get(cast.ben, "case", new.pk).status_code == 200


def test_a_file_that_goes_away_is_covered_no_more(cast: Cast, case: Case, cover: Cover) -> None:
    carla = User.objects.create_account(
        "carla", None, name="Carla", role="case_worker", agency=cast.ana.agency
    )
    assign_worker(case.pk, actor=cast.sami, worker=carla)
    assert cover_rows(case) == []
    assert get(cast.ben, "case", case.pk).status_code == 404
    assign_worker(case.pk, actor=cast.sami, worker=cast.ana)
    assert get(cast.ben, "case", case.pk).status_code == 200


def test_it_goes_with_the_worker_s_own_access(cast: Cast, case: Case, cover: Cover) -> None:
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    post(cast.sami, "access_end", case.pk, row.pk)
    assert cover_rows(case) == []
    assert get(cast.ben, "case", case.pk).status_code == 404


def test_it_ends_by_itself(cast: Cast, case: Case, cover: Cover, clock_at: Any) -> None:
    clock_at(cover.until - timedelta(seconds=5))
    assert get(cast.ben, "case", case.pk).status_code == 200
    clock_at(cover.until)
    assert get(cast.ben, "case", case.pk).status_code == 404
    new = files.screened(cast)
    assert cover_rows(new) == []
    assert get(cast.ben, "case", new.pk).status_code == 404


def test_it_is_ended_at_once(cast: Cast, case: Case, cover: Cover) -> None:
    assert statuses([cast.sami, cast.vera], "cover_end", cover.pk) == [302, 302]
    assert get(cast.ben, "case", case.pk).status_code == 404
    row = CaseAccess.objects.get(case=case, basis=Basis.COVER)
    assert (row.ended_by, Cover.objects.get().ended_at is None) == (cast.sami, False)
    assert verbs(case.pk).count("cover.ended") == 1
    assert told(cast.ben).count("cover.ended") == told(cast.ana).count("cover.ended") == 1
    assert cover_rows(files.screened(cast)) == []


def test_the_page_of_who_can_see_the_file_says_why(cast: Cast, case: Case, cover: Cover) -> None:
    page = get(cast.sami, "case_access", case.pk).content.decode()
    assert "covers for the worker" in page
    assert "for <bdi>Ana</bdi>" in page


def test_one_file_can_be_taken_out_of_it(cast: Cast, case: Case, cover: Cover) -> None:
    other = files.screened(cast)
    (row,) = cover_rows(case)
    assert post(cast.sami, "access_end", case.pk, row.pk).status_code == 302
    assert get(cast.ben, "case", case.pk).status_code == 404
    assert get(cast.ben, "case", other.pk).status_code == 200
    assert files.worker_of(case) == cast.ana


def test_who_works_for_another_agency_leaves_the_files_behind(cast: Cast, case: Case, cover: Cover) -> None:
    cast.ben.agency = cast.omar.agency
    cast.ben.save()
    assert get(cast.ben, "case", case.pk).status_code == 404
    assert case.code not in get(cast.ben, "case_list", state="all").content.decode()


def test_a_change_of_role_ends_it(cast: Cast, case: Case, cover: Cover) -> None:
    User.objects.filter(pk=cast.ben.pk).update(role="analyst")
    cast.ben.refresh_from_db()
    assert get(cast.ben, "case", case.pk).status_code == 404


def test_it_is_audited_on_each_file_and_both_are_told_once(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    post(cast.sami, "cover_new", **leave(cast))
    for each in (case, other):
        event = last(each.pk, "cover.began")
        assert (event.actor, event.details) == (cast.sami, {"holder": str(cast.ben.pk)})
    assert told(cast.ben).count("cover.arranged") == 1
    assert told(cast.ana).count("cover.for_you") == 1


def test_a_double_click_is_one_cover(cast: Cast, case: Case) -> None:
    assert statuses([cast.sami, cast.sami], "cover_new", **leave(cast)) == [302, 302]
    assert Cover.objects.count() == 1
    assert len(cover_rows(case)) == 1
    assert told(cast.ben).count("cover.arranged") == 1
    other_end = leave(cast, days=12)
    assert statuses([cast.sami], "cover_new", **other_end) == [422]


def test_when_one_is_over_there_can_be_another(cast: Cast, case: Case, cover: Cover, clock_at: Any) -> None:
    clock_at(cover.until + timedelta(hours=1))
    assert statuses([cast.sami], "cover_new", **leave(cast)) == [302]
    assert get(cast.ben, "case", case.pk).status_code == 200


@pytest.mark.parametrize(
    "wrong", ["self", "past", "too_long", "abroad", "switched_off", "supervisor", "nobody"]
)
def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast, case: Case, wrong: str) -> None:
    data = leave(cast)
    if wrong == "self":
        data["covered_by"] = cast.ana.pk
    elif wrong in ("past", "too_long"):
        data |= day("until", until(-1 if wrong == "past" else 93))
    elif wrong == "switched_off":
        User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    else:
        data["covered_by"] = {"abroad": cast.omar.pk, "supervisor": cast.vera.pk, "nobody": "x"}[wrong]
    answer = post(cast.sami, "cover_new", **data)
    assert answer.status_code == 422
    assert 'class="error' in answer.content.decode()
    assert not Cover.objects.exists()


def test_the_desk_shows_it_until_it_ends(cast: Cast, cover: Cover, clock_at: Any) -> None:
    ends = f"/team/cover/{cover.pk}/end/"
    assert ends in get(cast.sami, "team").content.decode()
    clock_at(cover.until)
    assert ends not in get(cast.sami, "team").content.decode()
