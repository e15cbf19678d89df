"""Finding a file by what is typed."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from redis.exceptions import RedisError

import clock
from accounts.access import Section
from accounts.models import AuditEvent, User
from cases.matching.candidates import carrying
from cases.matching.names import opened
from cases.models import Case, SearchTokens
from cases.models.choices import Basis, BirthCertainty
from cases.services import kept_searches, searching
from cases.services.identity import add_id_number, add_name, record_identity, remove_name
from cases.services.people import Particulars, add_person
from cases.services.reports import take_report
from cases.services.searching import search
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import browser, get, post, statuses
from tests.cast import Cast
from tests.kept import kept
from vault.sealing import unseal


@kept
def kateryna(cast: Cast) -> Case:
    case = files.screened(cast, worker=cast.ana, details={})
    add_name(case.pk, actor=cast.ana, kind="legal", given="Kateryna", family="Schewtschenko")
    return case


def granted(case: Case, user: User, section: Section) -> None:
    files.ground(
        case, Basis.PERSONAL, account=user, sections=[section.value], until=clock.now() + timedelta(days=9)
    )


def asked(user: User, text: str) -> Any:
    """As a browser without script asks: sent, and led to a page of its own."""
    return browser(user).post(reverse("case_search"), {"q": text}, follow=True)


def test_a_name_is_found_in_another_script_and_spelling(cast: Cast, kateryna: Case) -> None:
    for typed in ("Екатерина", "Catherine", "Ekaterina", "шевченко катерина", "Shevchenko", "kateryna "):
        assert search(cast.ana, typed) == [kateryna.pk], typed


def test_a_beginning_is_enough_in_another_script_too(cast: Cast, kateryna: Case) -> None:
    for typed in ("katery", "шевч", "Kateryna Sch"):
        assert search(cast.ana, typed) == [kateryna.pk], typed
    # What is closed by a space is a whole word.
    assert search(cast.ana, "sch ") == []


def test_both_words_must_fit(cast: Cast, kateryna: Case) -> None:
    assert search(cast.ana, "Kateryna Albescu") == []


def test_the_best_comes_first(cast: Cast, kateryna: Case) -> None:
    other = files.screened(cast, worker=cast.ana, details={})
    add_name(other.pk, actor=cast.ana, kind="legal", given="Catherine", family="Moss")
    assert search(cast.ana, "Catherine") == [other.pk, kateryna.pk]
    assert search(cast.ana, "Екатерина") == [kateryna.pk, other.pk]


def test_of_too_many_those_that_are_written_so_are_found(
    cast: Cast, kateryna: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = files.screened(cast, worker=cast.ana, details={})
    add_name(other.pk, actor=cast.ana, kind="legal", given="Catherine", family="Moss")
    monkeypatch.setattr(searching, "_RANKED", 1)
    assert search(cast.ana, "Catherine ")[0] == other.pk
    assert search(cast.ana, "Kateryna ")[0] == kateryna.pk


def test_a_word_with_very_many_tokens_is_found(cast: Cast, kateryna: Case) -> None:
    """They are asked for in pieces, whichever the piece that the row has one of."""
    tokens = files.tokens_of(kateryna)
    for place in (0, 9, 17):
        asked = [*range(place), *tokens, *range(place, 20)]
        assert SearchTokens.objects.filter(carrying(asked)).exists(), place
    assert not SearchTokens.objects.filter(carrying(range(20))).exists()


def test_what_one_may_not_see_does_not_exist(cast: Cast, kateryna: Case) -> None:
    strangers = [cast.ben, cast.omar, cast.petra, cast.konsul]
    assert [search(user, "Kateryna") for user in strangers] == [[]] * 4
    assert search(cast.sami, "Kateryna") == [kateryna.pk]
    assert [search(user, kateryna.code) for user in strangers] == [[]] * 4


def test_a_grant_without_identity_finds_no_name(cast: Cast, kateryna: Case) -> None:
    granted(kateryna, cast.petra, Section.MEDICAL)
    assert search(cast.petra, "Kateryna") == []
    assert search(cast.petra, kateryna.code) == [kateryna.pk]
    granted(kateryna, cast.konsul, Section.IDENTITY)
    assert search(cast.konsul, "Kateryna") == [kateryna.pk]


def test_a_birth_date_a_year_a_number_and_a_code_narrow_it(cast: Cast, kateryna: Case) -> None:
    born = files.identity(known_as="K", birth_date=date(2012, 3, 4), birth_certainty=BirthCertainty.EXACT)
    record_identity(kateryna.pk, actor=cast.ana, identity=born)
    add_id_number(kateryna.pk, actor=cast.ana, kind="passport", country="XB", number="AB 123-456")
    numbers = ("ab123456", "AB 123-456", "Kateryna ab123456")
    for typed in ("4.3.2012", "2012-03-04", "kateryna 2012", *numbers, kateryna.code.lower()):
        assert search(cast.ana, typed) == [kateryna.pk], typed
    for typed in ("kateryna 2013", "5.3.2012", "31.2.2012", "ab123457"):
        assert search(cast.ana, typed) == [], typed


def test_a_telephone_is_for_those_who_read_contacts(cast: Cast, kateryna: Case) -> None:
    told = Particulars(role="mother", name="Oksana", telephone="+380 44 123 45 67")
    add_person(kateryna.pk, actor=cast.ana, told=told)
    granted(kateryna, cast.konsul, Section.IDENTITY)
    assert search(cast.ana, "044 1234567") == [kateryna.pk]
    assert search(cast.konsul, "044 1234567") == []


def test_a_telephone_beside_other_numbers_is_still_one(cast: Cast, kateryna: Case) -> None:
    told = Particulars(role="mother", name="Oksana", telephone="+380 44 123 45 67")
    add_person(kateryna.pk, actor=cast.ana, told=told)
    born = files.identity(known_as="K", birth_date=date(2012, 3, 4), birth_certainty=BirthCertainty.EXACT)
    record_identity(kateryna.pk, actor=cast.ana, identity=born)
    add_id_number(kateryna.pk, actor=cast.ana, kind="passport", country="XB", number="AB 123-456")
    for typed in ("0441234567 Kateryna 2012", "0441234567, ab123456"):
        assert search(cast.ana, typed) == [kateryna.pk], typed
    for typed in ("0441234567 Kateryna 2013", "0441234567, ab123457"):
        assert search(cast.ana, typed) == [], typed


def test_a_name_that_was_removed_is_not_found(cast: Cast, kateryna: Case) -> None:
    name = kateryna.child.names.get(kind="legal")
    remove_name(kateryna.pk, name.pk, actor=cast.ana)
    assert search(cast.ana, "Kateryna") == []


def test_the_page_works_as_a_form_and_records_what_it_shows(cast: Cast, kateryna: Case) -> None:
    assert "Nothing asked yet" in get(cast.ana, "case_search").content.decode()
    page = asked(cast.ana, "Екатерина").content.decode()
    assert kateryna.code in page
    assert "<html" in page
    assert AuditEvent.objects.filter(verb="case.listed", case_id=kateryna.pk, actor=cast.ana).count() == 1


def test_what_was_asked_is_found_again_and_stands_in_no_address(cast: Cast, kateryna: Case) -> None:
    sent = post(cast.ana, "case_search", q="Екатерина")
    address = sent["Location"]
    assert sent.status_code == 302
    number = re.fullmatch(r"/cases/search/\?kept=([\w-]{22})", address)
    assert number
    # Back, as often as somebody likes.
    for _each in range(2):
        page = browser(cast.ana).get(address)
        assert page["Cache-Control"] == "no-store"
        assert kateryna.code in page.content.decode()
        assert "Екатерина" in page.content.decode()
    # It is this account's, and lies sealed.
    assert "not kept any more" in browser(cast.sami).get(address).content.decode()
    held = cache.get(kept_searches._key(cast.ana, number[1]))
    assert unseal(cast.ana.pk, "cases.search", held).decode() == "Екатерина"
    cache.clear()
    assert "not kept any more" in browser(cast.ana).get(address).content.decode()


def test_typing_on_says_under_which_id_it_is_kept(cast: Cast, kateryna: Case) -> None:
    part = browser(cast.ana).post(reverse("case_search"), {"q": "Katery"}, headers={"X-Live": "1"})
    again = browser(cast.ana).get(reverse("case_search"), {"kept": part["X-Kept"]})
    assert kateryna.code in again.content.decode()


def test_without_a_broker_it_answers_at_once(
    cast: Cast, kateryna: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise RedisError

    monkeypatch.setattr("cases.services.kept_searches.cache.set", away)
    page = post(cast.ana, "case_search", q="Kateryna")
    assert (page.status_code, kateryna.code in page.content.decode()) == (200, True)


def why(user: User, text: str) -> list[str]:
    return [row.why for row in asked(user, text).context["rows"]]


def test_each_hit_says_what_agreed(cast: Cast, kateryna: Case) -> None:
    born = files.identity(known_as="K", birth_date=date(2012, 3, 4), birth_certainty=BirthCertainty.EXACT)
    record_identity(kateryna.pk, actor=cast.ana, identity=born)
    add_id_number(kateryna.pk, actor=cast.ana, kind="passport", country="XB", number="AB 123-456")
    assert why(cast.ana, "Kateryna ") == ["“kateryna”: a name that is written so"]
    assert why(cast.ana, "Catherine 2012") == [
        "“catherine”: a name that sounds alike or is spelled otherwise · the year of birth"
    ]
    assert why(cast.ana, "4.3.2012 ab123456") == ["the birth date · the number of a document"]
    assert why(cast.ana, kateryna.code) == ["the code"]


def test_why_says_no_more_than_the_reader_may_search_for(cast: Cast, kateryna: Case) -> None:
    told = Particulars(role="mother", name="Oksana", telephone="+380 44 123 45 67")
    add_person(kateryna.pk, actor=cast.ana, told=told)
    granted(kateryna, cast.konsul, Section.IDENTITY)
    assert why(cast.ana, "044 1234567") == ["a telephone"]
    assert why(cast.konsul, "044 1234567") == []
    granted(kateryna, cast.petra, Section.MEDICAL)
    assert why(cast.petra, f"{kateryna.code}") == ["the code"]


def test_what_is_only_somewhat_alike_says_so(cast: Cast, kateryna: Case) -> None:
    page = asked(cast.ana, "Kattepwna ")
    assert [row.is_weak for row in page.context["rows"]] == [True]
    assert "No name fits well." in page.content.decode()
    for typed in ("Kateryna ", "Katharine "):
        page = asked(cast.ana, typed)
        assert [row.is_weak for row in page.context["rows"]] == [False]
        assert "No name fits well." not in page.content.decode()


def test_typing_on_is_answered_with_a_part_and_recorded_once(cast: Cast, kateryna: Case) -> None:
    for typed in ("Kat", "Kate", "Katerina"):
        part = (
            browser(cast.ana)
            .post(reverse("case_search"), {"q": typed}, headers={"X-Live": "1"})
            .content.decode()
        )
        assert kateryna.code in part
        assert "<html" not in part
    assert AuditEvent.objects.filter(verb="case.listed", case_id=kateryna.pk, actor=cast.ana).count() == 1


def test_an_open_page_that_asks_for_itself_gets_all_of_it(cast: Cast, kateryna: Case) -> None:
    """A part without its tokens would be taken for a sign-out, and what was found would be gone."""
    page = browser(cast.ana).get(reverse("case_search"), headers={"X-Live": "1"}).content.decode()
    assert 'name="live"' in page


@pytest.mark.parametrize("between", ["", " "])
def test_a_code_as_it_is_told_by_telephone(cast: Cast, kateryna: Case, between: str) -> None:
    assert search(cast.ana, kateryna.code.lower().replace("-", between))[0] == kateryna.pk


def test_who_sees_no_cases_may_not_search(cast: Cast, kateryna: Case) -> None:
    assert statuses([cast.aida, cast.stella], "case_search", q="Kateryna") == [403, 403]


@pytest.mark.parametrize(
    "typed", ["", "   ", "x", "'\"%_\\", "\u200f\u202e", "9" * 300, "я" * 10_000, "\x00"]
)
def test_whatever_is_typed_is_answered(cast: Cast, kateryna: Case, typed: str) -> None:
    assert asked(cast.ana, typed).status_code == 200


def test_a_merged_file_is_still_found_by_those_who_see_it(cast: Cast, kateryna: Case) -> None:
    other = files.screened(cast, worker=cast.ana)
    take_step(kateryna.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": other})
    assert kateryna.pk in search(cast.sami, "Kateryna")


def test_as_many_queries_for_many_files(cast: Cast, kateryna: Case) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            search(cast.sami, "Kateryna Sche")
        return len(queries)

    few = count()
    for number in range(5):
        more = files.screened(cast, worker=cast.ana, details={})
        add_name(
            more.pk, actor=cast.ana, kind="legal", given="Kateryna", family=f"Schewtschenko{'abcde'[number]}"
        )
    assert count() == few <= 4


def test_the_opened_words_are_forgotten(cast: Cast, kateryna: Case) -> None:
    search(cast.ana, "Kateryna")
    assert len(opened) > 0
    opened.forget()
    assert len(opened) == 0
    assert search(cast.ana, "Екатерина") == [kateryna.pk]


def test_before_a_case_is_opened_the_desk_sees_files_that_may_be_the_childs(
    cast: Cast, kateryna: Case
) -> None:
    report = files.reported(cast, details={"name": "Катерина Шевченко"})
    there = files.reported(cast, by=cast.omar, details={"name": "Katerina Shevchenko"})
    elsewhere = take_report(there.pk, actor=cast.omar)
    page = get(cast.ana, "desk_report", report.pk).content.decode()
    assert kateryna.code in page
    assert elsewhere.code not in page
    assert f"A file exists at <bdi>{cast.omar.agency.name}</bdi>" in page
    assert kateryna.code not in get(cast.ben, "desk_report", report.pk).content.decode()
    assert AuditEvent.objects.filter(verb="report.compared", case_id=report.case_key).count() == 2


def test_the_desk_is_not_told_of_files_that_are_only_a_little_alike(cast: Cast, kateryna: Case) -> None:
    report = files.reported(cast, details={"name": "Kateryna Albescu"})
    assert "may already have a file" not in get(cast.ana, "desk_report", report.pk).content.decode()
