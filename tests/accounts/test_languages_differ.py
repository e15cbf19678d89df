"""What languages do differently: how a day is written, and in which order names stand."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from accounts import countries, languages
from accounts.alphabets import by_alphabet, listed, onward
from accounts.forms.base import CodeInput, PlainForm
from accounts.widgets import TelephoneInput

AFTERNOON = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)
WRITTEN = {
    "en": ("Monday 2 March 2026, 15:05", "2 March", "2 Mar", "March 2026"),
    "fr": ("lundi 2 mars 2026, 15:05", "2 mars", "2 mar", "mars 2026"),
    "de": ("Montag, 2. März 2026, 15:05", "2. März", "2. März", "März 2026"),
    "it": ("lunedì 2 marzo 2026, 15:05", "2 marzo", "2 mar", "marzo 2026"),
    "ru": ("понедельник, 2 марта 2026, 15:05", "2 марта", "2 мар", "март 2026"),
    "es": ("lunes 2 de marzo de 2026, 15:05", "2 de marzo", "2 mar", "marzo de 2026"),
    "uk": ("понеділок, 2 березня 2026, 15:05", "2 березня", "2 бер", "березень 2026"),
    "ar": ("الاثنين، 2 مارس 2026، 15:05", "2 مارس", "2 مارس", "مارس 2026"),
}


def test_every_language_of_the_installation_is_looked_at() -> None:
    assert set(WRITTEN) == {code for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_day_is_written_as_the_language_writes_it(language: str) -> None:
    with override(language):
        asked = ("l j E Y, H:i", "j E", "j M", "F Y")
        assert tuple(date_format(AFTERNOON, each) for each in asked) == WRITTEN[language]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Åland", "Albania", "Angola"]),
        ("de", ["Oman", "Österreich", "Osttimor"]),
        ("es", ["Níger", "Nueva Zelanda", "Ñandú", "Omán"]),
        ("uk", ["Гана", "Ґрати", "Данія", "Естонія", "Єгипет", "Ісландія", "Їжак", "Йорданія", "Кенія"]),
        ("ru", ["Египет", "Ёлка", "Индия", "Йемен", "Кения"]),
        ("ar", ["إسبانيا", "ألمانيا", "بولندا"]),
    ],
)
def test_names_stand_by_the_alphabet(language: str, names: list[str]) -> None:
    with override(language):
        assert sorted(reversed(names), key=by_alphabet) == names


@pytest.mark.parametrize("language", WRITTEN)
def test_lists_of_countries_and_languages_are_in_that_order(language: str) -> None:
    with override(language):
        for choices in (countries.choices(), languages.language_choices()):
            names = [name for _code, name in choices]
            assert names == sorted(names, key=by_alphabet)
            assert len(names) > 50


def test_austria_and_egypt_are_where_they_are_looked_for() -> None:
    for language, before, name, after in (
        ("de", "Oman", "Österreich", "Pakistan"),
        ("uk", "Естонія", "Єгипет", "Ємен"),
    ):
        with override(language):
            names = [name for _code, name in countries.choices()]
        assert names.index(before) < names.index(name) < names.index(after)


def test_what_stands_between_words_is_of_the_readers_script() -> None:
    assert (listed(["one", "two"]), onward(["one", "two"])) == ("one, two", "one → two")
    with override("ar"):
        # The arrow is no bracket: nothing turns it for a reader who comes from the right.
        assert (listed(["واحد", "اثنان"]), onward(["واحد", "اثنان"])) == ("واحد، اثنان", "واحد ← اثنان")


class TypedForm(PlainForm):
    words = forms.CharField()
    more = forms.CharField(widget=forms.Textarea)
    telephone = forms.CharField(widget=TelephoneInput)
    address = forms.EmailField()
    code = forms.CharField(widget=CodeInput)
    password = forms.CharField(widget=forms.PasswordInput)
    own = forms.CharField(widget=forms.TextInput({"dir": "ltr"}))
    sure = forms.BooleanField()


def test_what_is_typed_runs_as_it_is_read_and_numbers_always_from_the_left() -> None:
    form = TypedForm()
    sides = {name: field.widget.attrs.get("dir") for name, field in form.fields.items()}
    assert sides == {
        "words": "auto",
        "more": "auto",
        "telephone": "ltr",
        "address": "ltr",
        "code": "ltr",
        "password": "ltr",
        "own": "ltr",
        "sure": None,
    }
    assert 'type="tel"' in str(form["telephone"])
