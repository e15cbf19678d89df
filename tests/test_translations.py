"""Every string of the sources has its Russian, and what is compiled is what is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "locale/ru/LC_MESSAGES/django.po"
ROOMS = ("accounts", "cases", "config", "referrals", "repatriation", "vault", "workflow")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0] if node.args else None
        if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _of_template(source: str) -> Iterator[str]:
    """Django turns a template into something like Python: its calls are cut out and read as Python."""
    for call in re.findall(
        r"(?:n?gettext|_)\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")", templatize(source)
    ):
        yield from _of_python(f"{call})".replace("\n", "\\n"))


def strings_of_the_sources() -> set[str]:
    found: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(_of_python(path.read_text()))
    for path in (ROOT / "templates").rglob("*.html"):
        found.update(_of_template(path.read_text()))
    return {text for text in found if text}


@pytest.fixture(scope="module")
def russian() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_it_finds_strings_in_python_and_in_templates() -> None:
    assert list(_of_python("x = _('one') + ngettext('two', 'twos', n)")) == ["one", "two"]
    template = "{% load i18n %}{% translate 'three' %}{% include 'x' with a=_(\"four\") %}"
    template += "{% blocktranslate trimmed with n=m %}\n five {{ n }}\n{% endblocktranslate %}"
    assert set(_of_template(template)) == {"three", "four", "five %(n)s"}


def test_every_string_of_the_sources_is_in_the_catalogue(russian: polib.POFile) -> None:
    assert strings_of_the_sources() - {entry.msgid for entry in russian} == set()


def test_nothing_is_left_untranslated_fuzzy_or_obsolete(russian: polib.POFile) -> None:
    assert [entry.msgid for entry in russian if not entry.translated()] == []
    assert [entry.msgid for entry in russian if entry.fuzzy] == []
    assert russian.obsolete_entries() == []


def test_placeholders_are_the_same(russian: polib.POFile) -> None:
    for entry in russian:
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in said:
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_what_is_compiled_is_what_is_written(russian: polib.POFile) -> None:
    """A fresh machine has no gettext, so the compiled catalogue lies in the repository."""
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled} == {
        e.msgid: (e.msgstr, e.msgstr_plural) for e in russian
    }
