"""The rules on which conditions and pages rest: each short name is explained, once, in plain words."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from cases.templatetags.rules import rules
from cases.wording.rules import INSTRUMENTS, SAYS, in_words, instrument_of
from tests.cases import files
from tests.cast import Cast
from workflow import registry

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
WRITTEN = re.compile(r'help\.html" with [^%]*?sources="([^"]+)"')


def of_guards() -> set[str]:
    return {name for machine in registry.machines() for guard in machine.guards for name in guard.source}


def of_pages() -> Iterator[tuple[Path, str]]:
    for path in TEMPLATES:
        for written in WRITTEN.findall(path.read_text()):
            yield from ((path, rule.code) for rule in rules(written))


def test_every_rule_that_a_guard_names_is_explained() -> None:
    assert len(of_guards()) > 20
    assert of_guards() - SAYS.keys() == set()


def test_every_rule_that_a_page_names_is_explained() -> None:
    named = list(of_pages())
    assert len({path for path, _code in named}) >= 10
    assert [(path.name, code) for path, code in named if code not in SAYS] == []


def test_nothing_is_explained_that_nobody_names() -> None:
    # Asked of a consulate, and written in docs/decisions: no condition of ours rests on it alone.
    assert SAYS.keys() - of_guards() - {code for _path, code in of_pages()} == {"PAL8(3)"}


def test_every_rule_has_the_name_of_its_instrument() -> None:
    assert {instrument_of(code) for code in SAYS} == INSTRUMENTS.keys()


def test_a_rule_that_nobody_explained_has_its_short_name_alone() -> None:
    (rule,) = in_words(["XYZ 7"])
    assert (rule.code, rule.name, rule.says) == ("XYZ 7", "", "")


def test_a_blocker_says_why_it_is_asked() -> None:
    html = render_to_string(
        "components/blocker.html", {"sentence": "The child is asked.", "sources": ("CRC 12",)}
    )
    assert "Why is this asked?" in html
    assert "UN Convention on the Rights of the Child" in html
    assert "Every child may say what it thinks" in html


def test_without_a_rule_there_is_no_question() -> None:
    assert "details" not in render_to_string("components/blocker.html", {"sentence": "x"})


def test_the_case_page_explains_each_blocker(cast: Cast, client: Client) -> None:
    case = files.screened(cast)
    client.force_login(cast.ana)
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert page.count('<details class="help">') == page.count('class="block ')
    assert "Human Trafficking Case Data Standard" in page
