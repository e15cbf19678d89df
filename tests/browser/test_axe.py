"""axe finds nothing on any page: both languages, desk and phone, light and dark.

What axe looks at is the same in both languages, so every page in Russian is a matter of `make trials`; `make test`
takes each third one, at the width of a phone, where longer words do most harm.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.pages import furnish, opened, visits
from tests.browser.windows import DESK, HEIGHT, PHONE, Windows

FULL: dict[str, Any] = {"resultTypes": ["violations"]}
# Another scheme changes nothing but colours.
COLOURS = FULL | {"runOnly": ["color-contrast"]}
Look = tuple[int, Literal["light", "dark"], dict[str, Any]]
ON_PHONE: tuple[Look, ...] = ((PHONE, "light", FULL),)
EVERY_LOOK: tuple[Look, ...] = (
    (DESK, "light", FULL),
    *ON_PHONE,
    (DESK, "dark", COLOURS),
    (PHONE, "dark", COLOURS),
)
EVERY_PAGE = "AXE_EVERY_PAGE" in os.environ
# Another language changes no colour.
LOOKS = {"en": EVERY_LOOK, "ru": EVERY_LOOK[:2] if EVERY_PAGE else ON_PHONE}
# In parts, so that none takes long: language, the first page and from there each so-manieth.
PARTS = [
    *(("en", part, 4) for part in range(4)),
    *(("ru", part, 3) for part in (range(3) if EVERY_PAGE else [0])),
]
RUN = "async options => (await axe.run(document, options)).violations"


@pytest.mark.parametrize(("language", "first", "each"), PARTS)
def test_it_finds_nothing_on_any_page(windows: Windows, language: str, first: int, each: int) -> None:
    house = furnish(language)
    wanted = list(visits(house))[first::each]
    found = [
        f"{visit.name} {said}"
        for visit, page in opened(windows, wanted, language)
        for said in _violations(page, LOOKS[language])
    ]
    assert found == []


def _violations(page: Page, looks: Iterable[Look]) -> Iterator[str]:
    page.evaluate(AXE_SCRIPT)
    for width, scheme, options in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(RUN, options):
            places = [node["html"] for node in violation["nodes"]]
            yield f"at {width}, {scheme}: {violation['id']} {places[:3]}"


def test_it_would_find_something(windows: Windows) -> None:
    page = windows()
    page.goto("/accounts/login/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    # Too dark by night, fine by day.
    page.evaluate("document.querySelector('h1').style.color = '#333'")
    found = list(_violations(page, LOOKS["en"]))
    assert [said.split(" [")[0] for said in found] == [
        "at 1280, light: html-has-lang",
        "at 320, light: html-has-lang",
        "at 1280, dark: color-contrast",
        "at 320, dark: color-contrast",
    ]
