"""Keyboard alone: a child is reported and taken from the desk, and one always sees where one is.

The whole journeys by keyboard are a matter of `make trials`: `EVERY_WAY=1`, the ways named `keyboard`.
"""

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.models.choices import Danger
from tests.browser.hands import Keyboard, stops
from tests.browser.reader import Reader
from tests.browser.test_handover import without_lost_lines
from tests.browser.windows import DESK, HEIGHT, LOW, PHONE, Windows
from tests.cast import Cast

KEYS = Keyboard()
SCREENS = [(DESK, HEIGHT), (PHONE, HEIGHT), (PHONE, LOW)]
OVER = "Object.assign(document.querySelector('.skip').style, {position: 'fixed', inset: '0 0 20% 0'})"


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_child_is_reported_and_taken_from_the_desk(
    windows: Windows, cast: Cast, width: int, height: int
) -> None:
    hotline, ana = (Reader(windows(width=width, height=height), hands=KEYS) for _each in range(2))
    hotline.signs_in("hotline")
    _report(hotline)
    ana.signs_in("ana")
    _take(ana)
    assert Case.objects.get().facts.assignment.worker == cast.ana  # type: ignore[union-attr]


def _report(hotline: Reader) -> None:
    hotline.follow("Report a child")
    hotline.fill("What did you see or hear?", "A boy sleeps in the car wash.")
    hotline.fill("Where is the child now, and how can we reach it?", "Ring road")
    hotline.choose("Is the child in danger right now?", Danger.NO.label)
    hotline.choose("Is the child in danger right now?", Danger.YES.label)
    hotline.press("Send the report")
    hotline.sees("It has arrived. Nobody has taken it yet.")


def _take(ana: Reader) -> None:
    ana.follow("Open the report desk")
    KEYS.click(ana.main.get_by_role("link", name="Read"))
    ana.press("Take the report")
    ana.sees("The case is open. Its clocks run from the moment the report came in.")


def test_the_first_stop_leads_past_the_navigation(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto("/cases/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_language_and_sign_out_can_be_reached(windows: Windows, cast: Cast, width: int, height: int) -> None:
    page = windows(cast.ana, width=width, height=height)
    page.goto("/")
    if width == PHONE:
        KEYS.click(page.locator(".me > summary"))
    KEYS.click(page.locator(".languages > summary"))
    KEYS.click(page.get_by_role("button", name="Русский"))
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    if width == PHONE:
        KEYS.click(page.locator(".me > summary"))
    KEYS.click(page.get_by_role("button", name="Выйти"))
    expect(page.locator("#id_login")).to_be_visible()


def test_a_mistake_takes_the_focus(windows: Windows, cast: Cast) -> None:
    page = windows(cast.hotline)
    page.goto("/cases/new/")
    KEYS.click(page.get_by_role("button", name="Send the report"))
    expect(page.get_by_role("alert")).to_be_focused()
    KEYS.click(page.get_by_role("alert").get_by_role("link").first)
    expect(page.locator("#id_words")).to_be_focused()


@pytest.mark.parametrize("height", [HEIGHT, LOW])
def test_what_stays_on_the_screen_hides_no_stop(windows: Windows, cast: Cast, height: int) -> None:
    """The line is cut, which is said at the top for as long as it is; there and back again."""
    page = windows(cast.hotline, width=PHONE, height=height)
    page.goto("/cases/new/")
    page.context.set_offline(True)
    expect(page.locator("[data-cut]")).to_be_visible()
    assert len(stops(page)) == len(stops(page, back=True)) > 10
    without_lost_lines(windows)


@pytest.mark.parametrize(
    "wrong", ["document.activeElement.ownerDocument.body.style.marginInlineStart = '-6rem'", OVER]
)
def test_what_hides_the_focus_is_found(windows: Windows, wrong: str) -> None:
    page = windows()
    page.goto("/accounts/login/")
    stops(page)
    page.evaluate(wrong)
    with pytest.raises(AssertionError, match=r"inside|open"):
        stops(page)


def test_a_missing_ring_is_found(windows: Windows) -> None:
    page: Page = windows()
    page.goto("/accounts/login/")
    page.evaluate("for (const each of document.querySelectorAll('input')) each.style.outline = 'none'")
    with pytest.raises(AssertionError, match="ring"):
        stops(page)
