"""The living page of the design system, looked at in every scheme, in forced colours, and on paper."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.checks.access import FULL, RUN
from tests.browser.checks.sides import MEASURE, overflowing
from tests.browser.checks.well_formed import checked
from tests.browser.windows import DESK, HEIGHT, PHONE, Windows
from tests.cast import Cast
from tests.poppler import text_of

# What is left of A4 between margins of 15 mm, in CSS pixels.
PAPER = 680
SCHEMES: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"color_scheme": "light", "forced_colors": "active"},
    {"color_scheme": "dark", "forced_colors": "active"},
    {"contrast": "more"},
)


@pytest.fixture
def page(windows: Windows, cast: Cast) -> Page:
    page = windows(cast.ana)
    page.goto(reverse("design"))
    assert checked(windows.answers[page].text()) == []
    # What explains something is looked at as well.
    page.evaluate("document.querySelectorAll('details.help, details.more').forEach(each => each.open = true)")
    return page


def test_axe_finds_nothing_in_any_scheme(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(**{"forced_colors": "none", "contrast": "no-preference", **scheme})
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for violation in page.evaluate(RUN, FULL):
                found.append(
                    (scheme, width, violation["id"], [node["html"] for node in violation["nodes"]][:3])
                )
    assert found == []


def test_nothing_leaves_the_screen(page: Page) -> None:
    assert list(overflowing(page)) == []


def test_forced_colours_leave_every_edge(page: Page) -> None:
    """Where grounds are taken away, a line says where something ends, and what is chosen."""
    page.emulate_media(forced_colors="active")
    for part in (
        ".btn",
        ".chip",
        ".notice",
        ".message",
        ".block",
        ".card",
        ".bars li",
        ".filters a",
        "input[type=text]",
    ):
        width = page.locator(f"main {part}, .messages {part}").first.evaluate(
            "each => parseFloat(getComputedStyle(each).borderBlockStartWidth)"
        )
        assert width >= 1, part


def test_on_a4_it_is_whole(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    assert page.evaluate(MEASURE, "ltr") == []
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("main .pager")).to_be_hidden()
    expect(page.locator("main .block").first).to_be_visible()
    margin = "15mm"
    paper = page.pdf(
        format="A4", margin={"top": margin, "bottom": margin, "left": margin, "right": margin}, tagged=True
    )
    text = text_of(paper)
    for words in (
        "--brand-tint",
        "Risk and safety are assessed.",
        "This needs another look",
        "Nobody is recorded yet",
    ):
        assert words in text
    # Ends of pages, as poppler marks them.
    assert 3 <= text.count("\f") <= 16


def test_the_keys_are_shown_from_here(page: Page) -> None:
    page.locator("main [data-show-keys]").click()
    expect(page.locator(".keys-help")).to_be_visible()
