"""No words for people that are not wrapped for translation: a reader of Arabic would find them in English."""

import re
from pathlib import Path

import pytest

from tests.bare_words import in_python, in_template
from tests.messages import ROOT, modules, templates

# A word after another, or one that begins with a capital, put on the screen as it is.
PUT = re.compile(r"(?:textContent|ariaLabel|title|placeholder)\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|`([^`]+)`)")


@pytest.mark.parametrize(
    "template",
    [
        "<p>Bare {{ number }}</p>",
        "<p>{% if many %}<b>{{ times }}</b> times{% endif %}</p>",
        "<title>Bare · {{ name }}</title>",
        "<nav aria-label='Bare'></nav>",
        '<a title="{{ name }}: bare" href="/">{{ x }}</a>',
        '<input placeholder="Bare">',
        '<img alt="Bare">',
        '<p data-failed="Bare" data-once="now"></p>',
        '<input type="submit" value="Bare">',
        '{% include "components/empty.html" with title="Bare" %}',
        '{{ day|default:"Not yet" }}',
        "{% translate 'known' %} bare",
    ],
)
def test_it_finds_bare_words_in_a_template(template: str) -> None:
    assert len(in_template(template)) == 1


def test_what_is_translated_and_what_is_no_word_is_left_alone() -> None:
    template = """{# A word #}{% comment %}A word{% endcomment %}{% block main_class %}narrow{% endblock %}
        <p class="soft" id="words" translate="no">Homeward · {{ day|date:"j E Y, H:i" }} × EU2011/36 14(1)</p>
        {% include "components/facts.html" with facts=pack class="facts typed" label=_("Known") only %}
        {% blocktranslate trimmed with n=m %}Known {{ n }}{% endblocktranslate %}{% translate "Known" as title %}
        <input name="name" value="as typed"><a href="/somewhere">{% translate "Known" %}</a>"""
    assert in_template(template) == []


def test_it_finds_bare_words_in_python() -> None:
    source = """
forms.CharField(label="One", help_text=_("Known"))
raise ValidationError("Two")
messages.success(request, "Three")
messages.success(request, _("Known"))
Choice(label=name)
"""
    assert in_python(source) == ["One", "Two", "Three"]


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_bare_words(path: Path) -> None:
    assert in_template(path.read_text()) == []


def test_no_module_has_bare_words() -> None:
    found = {str(path.relative_to(ROOT)): in_python(path.read_text()) for path in modules()}
    assert {path: words for path, words in found.items() if words} == {}


def test_no_script_has_words_of_its_own() -> None:
    """They stand in the page, translated; a script only takes them from there."""
    assert PUT.search('box.textContent = "Saved"')
    found = [put for path in (ROOT / "static").rglob("*.js") for put in PUT.findall(path.read_text())]
    assert [put for put in found if re.search(r"[^\W\d_]{2,}", "".join(put))] == []
