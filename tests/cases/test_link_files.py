"""Files that have to do with each other, and that stay closed to each other's readers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, CaseLink
from cases.models.choices import Basis
from cases.services.links import add_link
from tests.cases import files
from tests.cases.asking import get, last, post, statuses, verbs
from tests.cases.test_record_person import closed
from tests.cast import Cast
from tests.kept import kept

HERE, ELSEWHERE = "A file of this agency that you cannot see", "A file of another agency that you cannot see"


@kept
def sister(cast: Cast) -> Case:
    """Ana's as well."""
    return files.screened(cast)


def form(other: Case, **changes: Any) -> dict[str, Any]:
    return {"code": other.code, "kind": "sibling"} | changes


def linked(case: Case, other: Case, by: User, kind: str = "sibling") -> CaseLink:
    return add_link(case.pk, actor=by, code=other.code, kind=kind)


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, sister: Case, nora: User
) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "link_add", case.pk, **form(sister)) == [404] * 6
    files.ground(case, Basis.DUTY, account=cast.ben)
    assert statuses([cast.ben], "link_add", case.pk, **form(sister)) == [403]
    assert not CaseLink.objects.exists()
    assert statuses([cast.ana], "link_add", case.pk, **form(sister)) == [302]
    assert CaseLink.objects.get().made_by == cast.ana


def test_a_supervisor_links_and_unlinks(cast: Cast, case: Case, sister: Case) -> None:
    assert statuses([cast.sami], "link_add", case.pk, **form(sister)) == [302]
    link = CaseLink.objects.get()
    assert statuses([cast.omar, cast.petra], "link_remove", case.pk, link.pk) == [404] * 2
    files.ground(case, Basis.DUTY, account=cast.ben)
    assert statuses([cast.ben], "link_remove", case.pk, link.pk) == [403]
    assert statuses([cast.sami], "link_remove", case.pk, link.pk) == [302]


@pytest.mark.parametrize("sections", [[Section.CONTACTS, Section.ACCOUNT], list(Section)])
def test_links_are_for_those_who_work_on_the_case(
    cast: Cast, case: Case, sister: Case, sections: list[Section]
) -> None:
    linked(case, sister, cast.ana)
    until = clock.now() + timedelta(days=1)
    files.ground(case, Basis.PERSONAL, account=cast.petra, until=until, sections=sections, may_write=True)
    assert get(cast.petra, "links", case.pk).status_code == 404
    assert statuses([cast.petra], "link_add", case.pk, **form(sister)) == [404]
    history = get(cast.petra, "case_history", case.pk).content.decode()
    assert sister.code not in history
    assert "Brothers or sisters" not in history
    assert ("linked this file" in history) == (Section.NOTES in sections)


def test_both_sides_show_the_code_and_nothing_else(cast: Cast, case: Case, sister: Case) -> None:
    linked(case, sister, cast.ana, "co_victim")
    for here, there in ((case, sister), (sister, case)):
        page = get(cast.ana, "links", here.pk).content.decode()
        assert there.code in page
        assert reverse("case", args=[there.pk]) in page
        assert "Exploited together" in page
        assert "Lirana" not in page


def test_a_reader_of_one_file_learns_nothing_of_a_file_that_it_cannot_see(
    cast: Cast, case: Case, nora: User
) -> None:
    """Sami sees both; ana and nora one each."""
    mate = files.screened(cast, worker=cast.ben)
    far = files.in_state("active", cast.omar.agency, worker=cast.omar)
    until = clock.now() + timedelta(days=1)
    files.ground(far, Basis.PERSONAL, account=cast.sami, until=until, sections=[Section.IDENTITY])
    for other in (mate, far):
        linked(case, other, cast.sami)
    page = get(cast.ana, "links", case.pk).content.decode()
    assert page.count(HERE) == 1
    assert page.count(ELSEWHERE) == 1
    for other in (mate, far):
        assert other.code not in page
        assert str(other.pk) not in page
    assert get(cast.ana, "case", mate.pk).status_code == 404
    whole = get(cast.sami, "links", case.pk).content.decode()
    assert mate.code in whole
    assert far.code in whole
    theirs = get(nora, "links", far.pk).content.decode()
    assert ELSEWHERE in theirs
    assert case.code not in theirs


def test_only_a_file_that_the_actor_can_see_is_linked(cast: Cast, case: Case) -> None:
    far = files.in_state("active", cast.omar.agency)
    for code in (far.code, "ZZZ-ZZZ", case.code):
        answer = post(cast.ana, "link_add", case.pk, code=code, kind="sibling")
        assert answer.status_code == 422
        assert "No other file that you can see has this code." in answer.content.decode()
    assert not CaseLink.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"kind": "cousins"}, "cousins"),
        ({"code": ""}, "We need an answer here."),
        ({"code": "K74-2QX7"}, "7"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, sister: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "link_add", case.pk, **form(sister, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not CaseLink.objects.exists()


def test_a_code_is_taken_as_people_type_it(cast: Cast, case: Case, sister: Case) -> None:
    assert post(cast.ana, "link_add", case.pk, **form(sister, code=sister.code.lower())).status_code == 302


def test_the_same_link_from_either_side_exists_once(cast: Cast, case: Case, sister: Case) -> None:
    linked(case, sister, cast.ana)
    assert post(cast.ana, "link_add", case.pk, **form(sister)).status_code == 302
    assert post(cast.ana, "link_add", sister.pk, **form(case)).status_code == 302
    assert CaseLink.objects.count() == 1
    assert post(cast.ana, "link_add", case.pk, **form(sister, kind="same_suspect")).status_code == 302
    assert CaseLink.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.create(case=case, other=sister, kind="sibling", made_by=cast.ana)


def test_a_removed_link_leaves_both_pages_and_stays_in_history(cast: Cast, case: Case, sister: Case) -> None:
    link = linked(case, sister, cast.ana)
    assert post(cast.ana, "link_remove", sister.pk, link.pk).status_code == 302
    for here, there in ((case, sister), (sister, case)):
        assert there.code not in get(cast.ana, "links", here.pk).content.decode()
    assert [row.removed_at is None for row in link.history.all()] == [False, True]
    assert post(cast.ana, "link_remove", case.pk, link.pk).status_code == 404
    assert post(cast.ana, "link_add", case.pk, **form(sister)).status_code == 302


def test_a_link_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case, sister: Case) -> None:
    link = linked(case, sister, cast.ana)
    third = files.screened(cast)
    assert statuses([cast.ana], "link_remove", third.pk, link.pk) == [404]
    assert statuses([cast.ana], "link_remove", case.pk, uuid4()) == [404]
    link.refresh_from_db()
    assert link.removed_at is None


def test_both_histories_tell_it_without_the_other_code(cast: Cast, case: Case, sister: Case) -> None:
    linked(case, sister, cast.ana)
    for here, there in ((case, sister), (sister, case)):
        assert verbs(here.pk)[-1] == "link.added"
        assert last(here.pk, "link.added").details == {"link_kind": "sibling"}
        history = get(cast.ana, "case_history", here.pk).content.decode()
        assert "linked this file with another one" in history
        assert there.code not in history


def test_showing_a_code_is_recorded_in_the_file_that_it_belongs_to(
    cast: Cast, case: Case, sister: Case
) -> None:
    linked(case, sister, cast.ana)
    get(cast.ana, "links", case.pk)
    event = last(sister.pk, "case.listed")
    assert (event.actor, event.sections, event.details["basis"]) == (cast.ana, [], ["assignment"])


def test_a_file_that_is_not_open_is_linked_no_more(cast: Cast, case: Case, sister: Case) -> None:
    link = linked(case, sister, cast.ana)
    closed(case, cast)
    answer = post(cast.ana, "link_add", case.pk, **form(sister, kind="co_victim"))
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    post(cast.ana, "link_remove", case.pk, link.pk)
    link.refresh_from_db()
    assert link.removed_at is None
