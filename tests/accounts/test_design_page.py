"""The living page of the design system shows every component and every token; each colour is read well enough."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import palette
from accounts.models import AuditEvent
from tests.cast import Cast

COMPONENTS = settings.BASE_DIR / "templates" / "components"
# Nothing of it is seen.
NOT_SHOWN = {"keys_script.html": "names the script of pages that ask for a passkey"}
SHEET = (settings.BASE_DIR / "static" / "homeward.css").read_text()
PEOPLE = ("ana", "sami", "petra", "konsul", "pia", "eskort", "aida", "hotline", "stella", "admin", "fokus")


@pytest.fixture
def page(cast: Cast, client: Client) -> str:
    client.force_login(cast.ana)
    return client.get(reverse("design")).content.decode()


def test_it_is_made_of_every_component(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    drawn = {template.name for template in client.get(reverse("design")).templates}
    there = {f"components/{path.name}" for path in COMPONENTS.iterdir()}
    assert there - drawn == {f"components/{name}" for name in NOT_SHOWN}


def test_the_guide_says_when_to_use_each_component() -> None:
    guide = (settings.BASE_DIR / "docs" / "design.md").read_text()
    assert [path.stem for path in COMPONENTS.iterdir() if f"`{path.stem}`" not in guide] == []


def test_it_shows_every_token_of_the_sheet(page: str) -> None:
    layer = SHEET[SHEET.index("@layer tokens {") : SHEET.index("@layer base {")]
    named = set(re.findall(r"(--[\w-]+):", layer))
    assert len(named) > 25
    assert {name for name in named if f'<code dir="ltr">{name}</code>' not in page} == set()


def test_it_shows_every_icon(page: str) -> None:
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    names = re.findall(r' id="([\w-]+)"', sprite)
    assert [name for name in names if f'<code dir="ltr">{name}</code>' not in page] == []


@pytest.mark.parametrize("colour", list(palette.colours()), ids=lambda colour: colour.name)
def test_a_colour_is_read_well_enough(colour: palette.Colour) -> None:
    assert [reading for reading in colour.readings if not reading.is_enough] == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21), ("#fff", "#fff", 1), ("#777", "#ffffff", 4.47)]
)
def test_contrast_is_reckoned_as_wcag_does(one: str, other: str, ratio: float) -> None:
    assert palette.contrast(one, other) == palette.contrast(other, one) == ratio


@pytest.mark.parametrize("name", PEOPLE)
def test_it_is_open_to_everybody_who_is_signed_in_and_reads_no_case(
    cast: Cast, client: Client, name: str
) -> None:
    client.force_login(getattr(cast, name))
    before = AuditEvent.objects.count()
    assert client.get(reverse("design")).status_code == 200
    assert AuditEvent.objects.count() == before


def test_it_is_closed_to_strangers(client: Client) -> None:
    assert client.get(reverse("design")).status_code == 302


def test_its_examples_cannot_be_sent(page: str) -> None:
    main = page[page.index("<main") : page.index("</main>")]
    outside_drafts = re.sub(r"<div inert>.*?</section>", "", main, flags=re.DOTALL)
    assert "<form" not in outside_drafts


def test_it_is_small_enough_for_a_slow_line(page: str) -> None:
    assert len(gzip.compress(page.encode(), 6)) <= 14 * 1024
