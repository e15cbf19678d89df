"""The sheet and the partials: small, the same in both directions, and without anything the CSP forbids."""

import gzip
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.loader import get_template, render_to_string
from django.test import override_settings
from django.utils import translation

from accounts.widgets import DayParts, Several

# The scripts there are, and what names them: the page on which all others stand, forms filled in on the road, and
# forms that take a passkey.
SCRIPT = """<script type="module" src="{% static 'live.js' %}"></script>
    <script type="module" src="{% static 'hand.js' %}"></script>"""
SEARCH = """<script type="module" src="{% static 'search/search.js' %}"></script>"""
ON_THE_ROAD = """<script type="module" src="{% static 'road/resend.js' %}"></script>"""
BASE = settings.BASE_DIR / "templates" / "base.html"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
KEYS = """<script type="module" src="{% static 'keys/passkey.js' %}"></script>"""
NAMES = {
    BASE: SCRIPT,
    settings.BASE_DIR / "templates" / "components" / "keys_script.html": KEYS,
    settings.BASE_DIR / "templates" / "cases" / "search.html": SEARCH,
} | {
    settings.BASE_DIR / "templates" / "repatriation" / name: ON_THE_ROAD
    for name in ("handover.html", "visit.html")
}
SCRIPTS = sorted((settings.BASE_DIR / "static").rglob("*.*js"))
SHEET = settings.BASE_DIR / "static" / "homeward.css"
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-\w+)-(?:left|right|top|bottom)|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height))\s*:|:\s*(?:left|right)\b"
)


@pytest.fixture(autouse=True)
def _files_as_they_lie() -> Iterator[None]:
    """The names with digests exist only after collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


class ExampleForm(forms.Form):
    once = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name", help_text="As the child says it.")
    danger = forms.ChoiceField(label="Danger", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Asked")
    born = forms.DateField(label="Born", widget=DayParts, required=False)
    speaks = forms.MultipleChoiceField(
        label="Speaks", widget=Several, required=False, choices=[("ru", "Russian"), ("ro", "Romanian")]
    )


def test_the_sheet_stays_within_its_budget() -> None:
    assert len(gzip.compress(SHEET.read_bytes())) <= 12 * 1024


def test_the_sheet_knows_no_left_and_no_right() -> None:
    without_media = re.sub(r"@(?:media|container)[^{]*", "", SHEET.read_text())
    assert PHYSICAL.findall(without_media) == []


@pytest.mark.parametrize(
    "wrong", ["margin-left: 1px", "left:0", "text-align: right", "max-width: 2rem", "height:1px"]
)
def test_the_search_for_left_and_right_can_find_them(wrong: str) -> None:
    assert PHYSICAL.search("a { " + wrong + " }")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_a_template_holds_no_script_and_no_inline_style(path: Path) -> None:
    text = path.read_text()
    if path in NAMES:
        assert text.count(NAMES[path]) == 1
        text = text.replace(NAMES[path], "")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:|https?://", text)


def test_the_scripts_are_small() -> None:
    most = {"hand.js": 11, "passkey.js": 3, "live.js": 14, "resend.js": 6, "search.js": 2}
    assert [path.name for path in SCRIPTS] == [*most]
    assert [path.name for path in SCRIPTS if path.stat().st_size > most[path.name] * 1024] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_keeps_nothing(path: Path) -> None:
    assert not re.search(
        r"innerHTML|insertAdjacent|eval|Function|Storage|indexedDB|caches|cookie|import\b|//\w",
        path.read_text(),
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_a_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(settings.BASE_DIR / "templates")))


def test_a_form_is_drawn_whole() -> None:
    html = str(ExampleForm())
    assert 'type="hidden" name="once"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html
    assert 'role="alert"' not in html


def test_a_mistake_is_said_at_the_top_and_at_its_field() -> None:
    html = str(ExampleForm({"once": "1", "born_day": "31", "born_month": "2", "born_year": "2012"}))
    assert 'role="alert"' in html
    for target in ("id_name", "id_danger_0", "id_sure", "id_born_day"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    for said in ("id_name_error", "id_danger_error", "id_sure_error", "id_born_error"):
        assert f'id="{said}"' in html
        assert re.search(rf'aria-describedby="[^"]*{said}"', html)


def test_what_was_typed_into_a_day_comes_back() -> None:
    html = str(ExampleForm({"born_day": "31", "born_month": "2", "born_year": "2012"})["born"])
    assert 'value="31"' in html
    assert 'value="2012"' in html
    assert '<option value="2" selected>' in html


@pytest.mark.parametrize(("language", "_name"), settings.LANGUAGES)
def test_a_day_means_the_same_in_every_language(language: str, _name: str) -> None:
    with translation.override(language):
        form = ExampleForm({"born_day": "3", "born_month": "4", "born_year": "2012"})
        form.is_valid()
        assert form.cleaned_data["born"] == date(2012, 4, 3)


def test_an_empty_day_is_no_day() -> None:
    form = ExampleForm({"born_day": " ", "born_month": "", "born_year": ""})
    form.is_valid()
    assert form.cleaned_data["born"] is None


def test_a_part_of_a_day_is_a_mistake() -> None:
    assert "born" in ExampleForm({"born_day": "3", "born_month": "", "born_year": "2012"}).errors


def test_a_day_known_already_is_shown() -> None:
    html = str(ExampleForm(initial={"born": date(2012, 4, 3)})["born"])
    assert 'value="3"' in html
    assert '<option value="4" selected>' in html


@pytest.mark.parametrize(("known", "boxes"), [([], 2), (["ru"], 2), (["ru", "ro"], 3)])
def test_several_answers_have_a_box_each_and_one_for_the_next(known: list[str], boxes: int) -> None:
    html = str(ExampleForm(initial={"speaks": known})["speaks"])
    assert html.count("<select ") == boxes
    assert [code for code in ("ru", "ro") if f'value="{code}" selected' in html] == known
    assert 'id="id_speaks_0"' in html


def test_empty_boxes_and_the_same_answer_twice_do_not_count() -> None:
    form = ExampleForm(QueryDict("speaks=&speaks=ro&speaks=ru&speaks=ro"))
    form.is_valid()
    assert form.cleaned_data["speaks"] == ["ro", "ru"]


def test_a_page_for_the_day_everything_fails_needs_nothing() -> None:
    assert "Nothing is half-written" in render_to_string("500.html")


def test_what_is_missing_gets_no_tick() -> None:
    assert "#check" not in render_to_string("components/empty.html", {"title": "Not assessed yet"})
    done = render_to_string("components/empty.html", {"title": "Nothing is overdue", "icon": "check"})
    assert "#check" in done


def test_names_stand_apart_from_the_words_around_them() -> None:
    html = render_to_string(
        "components/task_row.html", {"title": "Visit", "number": "K7-42", "child": "ليلى"}
    )
    assert "<bdi>ليلى</bdi>" in html
    assert "<bdi>K7-42</bdi>" in html


def test_what_is_typed_by_people_is_escaped() -> None:
    html = render_to_string("components/facts.html", {"facts": [("Name", "<b>x</b>")]})
    assert "&lt;b&gt;" in html
