"""An open page keeps up to date by itself: without a reload, after a broker that died, and not without script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

import clock
from accounts.models import AuditEvent, Notification, User
from accounts.notifications import notify
from cases.models import CaseAccess
from tests.brokers import OwnBroker, own_broker
from tests.browser.server import served
from tests.browser.windows import PATIENCE, Windows
from tests.cases import files
from tests.cast import Cast

NEWS = "New for you"
UP_TO_DATE = "This page has been brought up to date."


def tell(user: User, times: int = 1) -> None:
    for _time in range(times):
        notify([user], "case.missing", user.agency)


def badge(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main").locator("[data-live=badge]")


def until_it_listens(page: Page, come: Callable[[], object]) -> None:
    """Its socket, after somebody has come to a page."""
    said = list[str]()
    # Heard from its first word on: a listener that comes after the page has loaded may miss it.
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: said.append(str(frame))))
    page.on("websocket", lambda socket: socket.on("close", lambda _socket: said.append("closed")))
    come()
    for _time in range(PATIENCE // 20):
        if any("ready" in word or word == "closed" for word in said):
            return
        page.wait_for_timeout(20)
    pytest.fail("The socket never said that it listens.")


def opened(windows: Windows, user: User, address: str = "/") -> Page:
    """Once its socket listens, and marked, so that a reload would show."""
    page = windows(user)
    until_it_listens(page, lambda: page.goto(address))
    page.evaluate("document.body.dataset.mark = 'same page'")
    return page


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("document.body.dataset.mark") == "same page")


def test_news_and_their_number_appear_without_a_reload(windows: Windows, cast: Cast) -> None:
    page = opened(windows, cast.ana)
    expect(badge(page)).to_be_empty()
    tell(cast.ana)
    expect(badge(page)).to_have_text("1 new for you")
    expect(page.get_by_role("heading", name=NEWS)).to_be_visible()
    expect(page.locator("[data-live-words]")).to_have_text(UP_TO_DATE)
    tell(cast.ana, 2)
    expect(badge(page)).to_have_text("3 new for you")
    assert is_same_page(page)


def test_what_is_due_appears_without_a_reload(windows: Windows, cast: Cast) -> None:
    page = opened(windows, cast.ana)
    expect(page.get_by_text("Nothing is due")).to_be_visible()
    files.screened(cast)
    tell(cast.ana)
    expect(page.locator("[data-live=due] .rows > li").first).to_be_visible()
    assert is_same_page(page)


def test_seen_in_one_window_is_seen_in_the_other(windows: Windows, cast: Cast) -> None:
    tell(cast.ana)
    first, second = opened(windows, cast.ana), opened(windows, cast.ana)
    expect(badge(first)).to_have_text("1 new for you")
    second.get_by_role("button", name="Mark all as seen").click()
    expect(badge(first)).to_be_empty()
    expect(first.get_by_role("heading", name=NEWS)).to_have_count(0)
    assert is_same_page(first)


def test_what_has_the_focus_stays_until_it_is_left(windows: Windows, cast: Cast) -> None:
    tell(cast.ana)
    page = opened(windows, cast.ana)
    button = page.get_by_role("button", name="Mark all as seen")
    button.focus()
    tell(cast.ana)
    expect(badge(page)).to_have_text("2 new for you")
    expect(button).to_be_focused()
    several = page.locator("[data-live=news] .rows .count")
    expect(several).to_have_count(0)
    page.locator("#main").focus()
    expect(several).to_have_text("2")


def test_what_is_typed_into_a_form_stays(windows: Windows, cast: Cast) -> None:
    page = opened(windows, cast.hotline, reverse("report_new"))
    page.locator("textarea").first.fill("A girl of about fourteen")
    tell(cast.hotline)
    expect(badge(page)).to_have_text("1 new for you")
    expect(page.locator("textarea").first).to_have_value("A girl of about fourteen")
    assert is_same_page(page)


def test_a_page_out_of_sight_waits_until_it_is_looked_at(windows: Windows, cast: Cast) -> None:
    page = opened(windows, cast.ana)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    tell(cast.ana)
    page.wait_for_timeout(1000)
    assert asked == []
    page.evaluate(hide, False)
    expect(badge(page)).to_have_text("1 new for you")


def test_many_hints_are_few_requests_and_one_look(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = opened(windows, cast.ana, reverse("case", args=[case.pk]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    told = Notification.objects.filter(receiver=cast.ana).count()
    tell(cast.ana, 30)
    expect(badge(page)).to_have_text(f"{told + 30} new for you")
    assert 1 <= len(asked) < 30
    assert AuditEvent.objects.filter(actor=cast.ana, verb="case.read").count() == 1


def test_signing_out_in_one_window_empties_the_other(windows: Windows, cast: Cast, client: Client) -> None:
    page = opened(windows, cast.ana)
    client.cookies["sessionid"] = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"
    )
    client.post(reverse("account_logout"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_case_that_is_taken_away_goes_from_the_screen(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = opened(windows, cast.ana, reverse("case", args=[case.pk]))
    CaseAccess.objects.filter(case=case).update(ended_at=clock.now())
    tell(cast.ana)
    expect(page.get_by_text(case.code)).to_have_count(0)
    expect(page).not_to_have_title(f"{case.code} · Homeward")


def test_without_script_there_is_no_socket_and_the_number_is_there(windows: Windows, cast: Cast) -> None:
    tell(cast.ana)
    page = windows(cast.ana, script=False)
    page.goto("/")
    expect(badge(page)).to_have_text("1 new for you")
    expect(page.get_by_role("heading", name=NEWS)).to_be_visible()
    tell(cast.ana)
    page.reload()
    expect(badge(page)).to_have_text("2 new for you")
    page.get_by_role("button", name="Mark all as seen").click()
    expect(badge(page)).to_be_empty()


def test_who_is_not_signed_in_gets_no_script(windows: Windows, cast: Cast) -> None:
    page = windows()
    page.goto("/")
    expect(page.locator("script, meta[name=live]")).to_have_count(0)


@pytest.fixture
def killable(transactional_db: None, browser: Browser, tmp_path: Path) -> Iterator[tuple[OwnBroker, Windows]]:
    with own_broker(tmp_path) as made, served(tmp_path / "static", broker=made.url) as address:
        windows = Windows(browser, address)
        yield made, windows
        windows.close()
        assert windows.complaints == []


def test_after_a_killed_broker_the_page_catches_up(killable: tuple[OwnBroker, Windows], cast: Cast) -> None:
    made, windows = killable
    page = opened(windows, cast.ana)
    made.kill()
    tell(cast.ana)
    page.wait_for_timeout(1000)
    # Pages that are opened meanwhile work, and wait as well.
    other = opened(windows, cast.ana, reverse("case_list"))
    tell(cast.ana)
    made.start()
    expect(badge(page)).to_have_text("2 new for you")
    expect(badge(other)).to_have_text("2 new for you")
    tell(cast.ana)
    expect(badge(page)).to_have_text("3 new for you")
    assert is_same_page(page)
