"""What a child is given to read and keep."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

import clock
from accounts.access import Section
from accounts.models import User
from cases.leaflet import PARTS, Band, band_of, sheet_in
from cases.models import Case
from cases.models.choices import BirthCertainty
from cases.services.identity import record_identity
from tests.cases import files
from tests.cases.asking import get, last
from tests.cases.planning import let_read
from tests.cast import Cast

LONGEST_SENTENCE = {Band.UNDER_10: 18, Band.FROM_10: 24, Band.FROM_15: 28}


def sheet(page: str) -> str:
    """The part that is printed, as text."""
    (found,) = re.findall(r"<article.*?</article>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def shown(person: User, case: Case, **query: str) -> str:
    return str(get(person, "leaflet", case.pk, **query).content.decode())


def test_strangers_find_nothing_and_everybody_on_the_case_may_print_one(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert [get(person, "leaflet", case.pk).status_code for person in strangers] == [404] * 5
    assert [get(person, "leaflet", case.pk).status_code for person in (cast.ana, cast.sami, cast.petra)] == [
        200
    ] * 3


def test_it_names_the_agency_and_its_telephone_and_nothing_of_the_case(cast: Cast, case: Case) -> None:
    text = sheet(shown(cast.ana, case))
    assert "Arvania social" in text
    assert "+00 100" in text
    for word in (case.code, str(case.pk), "Lirana", "Vosk", "Ana", "Bus station", "14"):
        assert word not in text


def test_every_age_gets_an_answer_to_every_question(cast: Cast, case: Case) -> None:
    for band in Band:
        found = sheet_in("en", band)
        assert [heading for heading, _sentences, _calls in found.parts] == [
            "Who helps you?",
            "What happens next?",
            "What can you say no to?",
            "Who may read about you?",
            "Whom can you call?",
            "What if something is wrong?",
        ]
        assert [calls for _heading, _sentences, calls in found.parts].count(True) == 1
        assert all(sentences for _heading, sentences, _calls in found.parts)
        text = sheet(shown(cast.ana, case, age=band.value))
        assert all(sentence in text for _heading, sentences, _calls in found.parts for sentence in sentences)


@pytest.mark.parametrize("band", list(Band))
def test_its_sentences_are_short_and_the_younger_the_shorter(band: Band) -> None:
    with translation.override("en"):
        texts = [str(sentence) for part in PARTS[band] for sentence in part.sentences]
    words = [len(sentence.split()) for text in texts for sentence in re.split(r"(?<=[.?])\s", text)]
    assert max(words) <= LONGEST_SENTENCE[band]


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, Band.UNDER_10),
        (9, Band.UNDER_10),
        (10, Band.FROM_10),
        (14, Band.FROM_10),
        (15, Band.FROM_15),
        (17, Band.FROM_15),
        (None, Band.FROM_10),
    ],
)
def test_the_age_decides_the_words(age: int | None, band: Band) -> None:
    assert band_of(age) == band


def test_it_begins_with_the_childs_age_for_those_who_know_it(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    this_year = clock.today("Europe/Vienna").year
    little = files.identity(birth_date=date(this_year - 8, 1, 1), birth_certainty=BirthCertainty.EXACT)
    record_identity(case.pk, actor=cast.ana, identity=little)
    first = {band: sheet_in("en", band).parts[0][1][0] for band in Band}
    assert first[Band.UNDER_10] in sheet(shown(cast.ana, case))
    assert last(case.pk, "case.read").sections == ["identity"]
    assert first[Band.FROM_10] in sheet(shown(cast.petra, case))
    assert last(case.pk, "case.read").sections == []
    assert first[Band.FROM_15] in sheet(shown(cast.ana, case, age="15"))
    assert first[Band.UNDER_10] in sheet(shown(cast.ana, case, age="a hundred"))


@contextmanager
def translated(language: str, word: str, as_word: str) -> Iterator[None]:
    """A catalogue as the translators fill it."""
    catalogue: Any = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
    before = catalogue.get(word, word)
    catalogue[word] = as_word
    try:
        yield
    finally:
        catalogue[word] = before


def test_it_is_in_the_language_that_was_chosen_whatever_the_readers_is(cast: Cast, case: Case) -> None:
    with translated("ru", "Who helps you?", "Кто тебе помогает?"):
        page = shown(cast.ana, case, language="ru")
        assert "Кто тебе помогает?" in sheet(page)
        assert 'lang="ru" dir="ltr"' in page
        assert '<html lang="en"' in page
        assert "Who helps you?" in sheet(shown(cast.ana, case, language="xx"))
        assert "Who helps you?" in sheet(shown(cast.ana, case))


def test_every_installed_language_can_be_chosen(cast: Cast, case: Case) -> None:
    page = shown(cast.ana, case)
    for code, _name in settings.LANGUAGES:
        assert f'<option value="{code}"' in page


def test_an_agency_without_a_telephone_shows_its_name_alone(cast: Cast, case: Case) -> None:
    case.agency.duty_phone = ""
    case.agency.save()
    text = sheet(shown(cast.ana, case))
    assert "Arvania social" in text
    assert "+00" not in text
