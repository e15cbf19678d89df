"""Every string of the sources stands in every language, and what is compiled is what is written."""

import re
from collections import Counter
from collections.abc import Set
from gettext import c2py
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import dates

from tests.messages import (
    LANGUAGES,
    Message,
    catalogue,
    catalogue_path,
    message_of,
    messages_of_the_sources,
    of_python,
    of_template,
    translations_of,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+[^<>]*>")
# How many forms a language has, and which numbers up to 200 show that the rule is its own: one of each form.
# From the rules of Unicode (CLDR), of which gettext knows those for whole numbers; French counts 0 as one.
PLURALS = {
    "fr": [{0, 1}, {2, 5, 11, 21, 100}],
    "de": [{1}, {0, 2, 5, 11, 21, 100}],
    "it": [{1}, {0, 2, 5, 11, 21, 100}],
    "es": [{1}, {0, 2, 5, 11, 21, 100}],
    "ru": [{1, 21, 101}, {2, 4, 22, 104}, {0, 5, 11, 12, 14, 20, 100, 111}],
    "uk": [{1, 21, 101}, {2, 4, 22, 104}, {0, 5, 11, 12, 14, 20, 100, 111}],
    "ar": [{0}, {1}, {2}, {3, 10, 103, 110}, {11, 26, 99, 111}, {100, 101, 102, 200}],
}
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def short(messages: Set[Message]) -> list[str]:
    return sorted(message.text for message in messages)


def test_it_finds_strings_in_python_and_in_templates() -> None:
    source = "x = _('one') + ngettext('two', 'twos', n) + pgettext_lazy('of', 'six') + gettext(name)"
    assert set(of_python(source)) == {Message("one"), Message("two", "", "twos"), Message("six", "of")}
    template = "{% load i18n %}{% translate 'three' %}{% include 'x' with a=_(\"four\") %}"
    template += "{% blocktranslate trimmed with n=m %}\n five {{ n }}\n{% endblocktranslate %}"
    template += "{% translate 'seven' context 'days' %}"
    template += (
        "{% blocktranslate count n=m %}{{ n }} day{% plural %}it's {{ n }} days{% endblocktranslate %}"
    )
    assert set(of_template(template)) == {
        Message("three"),
        Message("four"),
        Message("five %(n)s"),
        Message("seven", "days"),
        Message("%(n)s day", "", "it's %(n)s days"),
    }


def test_every_language_of_the_installation_has_a_catalogue_and_a_rule() -> None:
    folders = {path.parent.parent.name for path in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.po")}
    assert folders == set(LANGUAGES) == set(PLURALS)


@in_every_language
def test_every_string_of_the_sources_is_in_the_catalogue(language: str) -> None:
    assert short(messages_of_the_sources() - set(map(message_of, catalogue(language)))) == []


@in_every_language
def test_nothing_is_in_the_catalogue_that_nobody_says(language: str) -> None:
    """Names of days and months may be said anew: some languages of Django write them with a capital."""
    days = set(of_python(Path(dates.__file__).read_text()))
    assert short(set(map(message_of, catalogue(language))) - messages_of_the_sources() - days) == []


@in_every_language
def test_nothing_is_left_untranslated_fuzzy_or_obsolete(language: str) -> None:
    entries = catalogue(language)
    assert [entry.msgid for entry in entries if not all(map(str.strip, translations_of(entry)))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert entries.obsolete_entries() == []


@in_every_language
def test_nothing_stands_in_the_catalogue_twice(language: str) -> None:
    counted = Counter((entry.msgid, entry.msgctxt) for entry in catalogue(language))
    assert [known for known, times in counted.items() if times > 1] == []


def differing(pattern: re.Pattern[str], entry: polib.POEntry) -> list[str]:
    """Translations in which something else is found than in the English, or as often."""
    wanted = Counter(pattern.findall(entry.msgid_plural or entry.msgid))
    return [said for said in translations_of(entry) if Counter(pattern.findall(said)) != wanted]


@in_every_language
@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_placeholders_and_tags_are_the_same(language: str, pattern: re.Pattern[str]) -> None:
    assert [said for entry in catalogue(language) for said in differing(pattern, entry)] == []


@in_every_language
def test_a_sentence_begins_and_ends_as_it_does_in_english(language: str) -> None:
    """Templates put something beside it: a space or a new line at an end belongs to the words."""
    for entry in catalogue(language):
        for said in translations_of(entry):
            assert (said != said.lstrip()) == (entry.msgid != entry.msgid.lstrip()), entry.msgid
            assert (said != said.rstrip()) == (entry.msgid != entry.msgid.rstrip()), entry.msgid


# Letters that look alike, and those of the neighbour: a search would not find the word, a voice would spell it.
STRANGE = {
    "fr": "[а-яёіїєґ]",
    "de": "[а-яёіїєґ]",
    "it": "[а-яёіїєґ]",
    "es": "[а-яёіїєґ]",
    "ru": "[іїєґ]|[а-яё][a-z]|[a-z][а-яё]",
    "uk": "[ыэъё]|[а-яіїєґ][a-z]|[a-z][а-яіїєґ]",
    "ar": "[а-яё]|[\N{ARABIC-INDIC DIGIT ZERO}-\N{ARABIC-INDIC DIGIT NINE}]|\\w\\s*[,;?](?:\\s|$)",
}


@in_every_language
def test_only_letters_and_signs_of_the_language_are_used(language: str) -> None:
    said = {text for entry in catalogue(language) for text in translations_of(entry)}
    bare = {PLACEHOLDER.sub("", TAG.sub("", text)): text for text in said}
    assert [text for plain, text in bare.items() if re.search(STRANGE[language], plain, re.IGNORECASE)] == []


def test_french_keeps_its_double_signs_on_the_line_of_their_word() -> None:
    """A space that does not break stands before them, U+00A0; else a line on a telephone begins with one."""
    said = [text for entry in catalogue("fr") for text in translations_of(entry)]
    assert [text for text in said if re.search(r" [:;?!»]|« |\w[?!;»]|«\S", text)] == []


@in_every_language
def test_the_header_has_the_rule_of_the_language(language: str) -> None:
    entries, forms = catalogue(language), PLURALS[language]
    assert entries.metadata["Language"] == language
    header = re.fullmatch(r"nplurals=(\d+); plural=(.+);", entries.metadata["Plural-Forms"])
    assert header is not None
    assert int(header[1]) == len(forms)
    form_of = c2py(header[2])
    assert [{form_of(number) for number in numbers} for numbers in forms] == [
        {at} for at in range(len(forms))
    ]


@in_every_language
def test_every_plural_has_as_many_forms_as_the_language(language: str) -> None:
    wanted = list(range(len(PLURALS[language])))
    plurals = [entry for entry in catalogue(language) if entry.msgid_plural]
    assert plurals != []
    assert [entry.msgid for entry in plurals if sorted(entry.msgstr_plural) != wanted] == []


@in_every_language
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    """A fresh machine has no gettext, so the compiled catalogue lies in the repository."""
    compiled = polib.mofile(str(catalogue_path(language).with_suffix(".mo")))
    assert {message_of(entry): translations_of(entry) for entry in compiled} == {
        message_of(entry): translations_of(entry) for entry in catalogue(language)
    }
    assert compiled.metadata["Plural-Forms"] == catalogue(language).metadata["Plural-Forms"]
