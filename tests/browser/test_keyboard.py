"""Keyboard alone: a child is reported and taken from the desk, and one always sees where one is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from cases.models import Case
from cases.models.choices import Danger
from tests.browser.reader import Reader
from tests.browser.windows import DESK, PHONE, Windows
from tests.cast import PASSWORD, Cast
from tests.entering import code_of, enrolled

# More stops than any page of the journey has.
STOPS = 60
# What the person at the keyboard has to see: a ring, on the screen, with nothing lying over it.
SEEN = """() => {
    const element = document.activeElement
    const shown = element.matches('input[type=radio], input[type=checkbox]') ? element.parentElement : element
    const style = getComputedStyle(element), box = element.getBoundingClientRect()
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return {
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,
        open: !!top && (element.contains(top) || shown.contains(top)),
        name: `${element.tagName} ${element.textContent.trim().slice(0, 30)}`,
    }
}"""


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_child_is_reported_and_taken_from_the_desk(windows: Windows, cast: Cast, width: int) -> None:
    hotline, ana = Reader(windows(width=width)), Reader(windows(width=width))
    _sign_in(hotline, "hotline")
    _report(hotline)
    _sign_in(ana, "ana")
    _take(ana)
    assert Case.objects.get().facts.assignment.worker == cast.ana  # type: ignore[union-attr]


def _sign_in(reader: Reader, username: str) -> None:
    user = enrolled(User.objects.get(username=username))
    reader.page.goto("/")
    _type(reader, "Username", username)
    _type(reader, "Password", PASSWORD)
    reader.page.keyboard.press("Enter")
    reader.sees("One more proof")
    _type(reader, "Code", code_of(user))
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("h1")).not_to_have_text("One more proof")


def _report(hotline: Reader) -> None:
    page = hotline.page
    _go(page, hotline.link("Report a child"))
    _type(hotline, "What did you see or hear?", "A boy sleeps in the car wash.")
    _type(hotline, "Where is the child now, and how can we reach it?", "Ring road")
    group = page.get_by_role("group", name="Is the child in danger right now?")
    first = group.get_by_label(hotline.say(Danger.YES.label), exact=True)
    _tab_to(page, first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_checked()
    _go(page, hotline.main.get_by_role("button", name="Send the report"))
    hotline.sees("It has arrived. Nobody has taken it yet.")


def _take(ana: Reader) -> None:
    _go(ana.page, ana.link("Open the report desk"))
    _go(ana.page, ana.main.get_by_role("link", name="Read"))
    _go(ana.page, ana.main.get_by_role("button", name="Take the report"))
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


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_language_and_sign_out_can_be_reached(windows: Windows, cast: Cast, width: int) -> None:
    page = windows(cast.ana, width=width)
    page.goto("/")
    if width == PHONE:
        _go(page, page.locator(".me > summary"))
    _go(page, page.locator(".languages > summary"))
    _go(page, page.get_by_role("button", name="Русский"))
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    if width == PHONE:
        _go(page, page.locator(".me > summary"))
    _go(page, page.get_by_role("button", name="Выйти"))
    expect(page.locator("#id_login")).to_be_visible()


def test_a_mistake_takes_the_focus(windows: Windows, cast: Cast) -> None:
    page = windows(cast.hotline)
    page.goto("/cases/new/")
    _go(page, page.get_by_role("button", name="Send the report"))
    expect(page.get_by_role("alert")).to_be_focused()
    _go(page, page.get_by_role("alert").get_by_role("link").first)
    expect(page.locator("#id_words")).to_be_focused()


def _type(reader: Reader, label: str, text: str) -> None:
    _tab_to(reader.page, reader.field(label))
    reader.page.keyboard.type(text)


def _go(page: Page, target: Locator) -> None:
    _tab_to(page, target)
    page.keyboard.press("Enter")


def _tab_to(page: Page, target: Locator) -> None:
    """From stop to stop; at each of them one sees where one is."""
    expect(target).to_be_visible()
    for _stop in range(STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        seen = page.evaluate(SEEN)
        assert seen["ring"], seen
        assert seen["inside"], seen
        assert seen["open"], seen
    raise AssertionError(f"{target} is not among the first {STOPS} stops")
