"""A page that nobody moves on is covered, and uncovered in place; passkeys, as a browser makes and uses them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import factors
from accounts.models import AuditEvent, Session
from cases.models import Report
from tests.browser.reader import Reader
from tests.browser.test_live import until_it_listens
from tests.browser.windows import Windows
from tests.cast import PASSWORD, Cast
from tests.config.processes import wait_until
from tests.conftest import ClockHand

WORDS = "A boy sleeps in the car wash."


def covered(page: Page) -> bool:
    return page.locator(".cover").evaluate("cover => cover.open")  # type: ignore[no-any-return]


def wait_as_nobody(page: Page, minutes: int) -> None:
    page.clock.fast_forward(minutes * 60 * 1000)


def test_a_page_is_covered_and_what_was_typed_stays(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.clock.install()
    page.goto(reverse("report_new"))
    beside = page.context.new_page()
    beside.goto("/")
    page.locator("#id_words").fill(WORDS)
    wait_as_nobody(page, 14)
    assert not covered(page)
    # A movement begins the time anew.
    page.mouse.move(200, 200)
    wait_as_nobody(page, 14)
    assert not covered(page)
    wait_as_nobody(page, 2)
    expect(page.locator(".cover")).to_be_visible()
    expect(page.locator("#id_words")).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()
    # Every window of this browser, and the server.
    expect(beside.locator(".cover")).to_be_visible()
    expect(beside.locator("main")).to_be_hidden()
    wait_until(lambda: page.request.get("/cases/").status == 423, 10)
    assert Session.objects.get(account=cast.ana).locked_at is not None

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".cover")).to_be_visible()
    page.locator("#cover_password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".cover").get_by_text("This is not your password.")).to_be_visible()
    page.locator("#cover_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".cover")).to_be_hidden()
    expect(beside.locator(".cover")).to_be_hidden()
    expect(page.locator("#id_words")).to_have_value(WORDS)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.locator("#id_place").fill("Ring road")
    page.locator("[name=danger][value=no]").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("It has arrived.").first).to_be_visible()
    assert Report.objects.get().words == WORDS


def test_without_script_the_server_covers(windows: Windows, cast: Cast, clock_everywhere: ClockHand) -> None:
    ana = Reader(windows(script=False))
    ana.signs_in("ana")
    clock_everywhere.forward(timedelta(minutes=20))
    ana.page.goto("/cases/")
    ana.sees("Are you still there?")
    expect(ana.page.locator("nav")).to_have_count(0)
    ana.fill("Your password", PASSWORD)
    ana.press("Uncover")
    expect(ana.page).to_have_url(f"{windows.address}/cases/")


def test_after_twelve_hours_one_signs_in_anew(
    windows: Windows, cast: Cast, clock_everywhere: ClockHand
) -> None:
    ana = Reader(windows())
    # A page that asks for its socket only afterwards is refused, and complains.
    until_it_listens(ana.page, lambda: ana.signs_in("ana"))
    clock_everywhere.forward(timedelta(hours=12))
    ana.page.goto("/cases/")
    ana.sees("Sign in")
    expect(ana.page.locator("nav")).to_have_count(0)


@pytest.fixture
def by_name(windows: Windows) -> Page:
    """Browsers give passkeys to names, never to numbers."""
    page = windows()
    windows.address = windows.address.replace("127.0.0.1", "localhost")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def enter(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def test_a_passkey_is_made_and_opens_and_uncovers(windows: Windows, by_name: Page, cast: Cast) -> None:
    page = by_name
    enter(page, windows.address, "ana")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("This laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them. Go on").click()
    expect(page.locator("nav").first).to_be_visible()
    (row,) = factors.of(cast.ana)
    assert row.data["name"] == "This laptop"

    page.get_by_role("button", name="Sign out").click()
    enter(page, windows.address, "ana")
    expect(page.get_by_role("heading", name="One more proof")).to_be_visible()
    assert page.request.get(f"{windows.address}/cases/", max_redirects=0).status == 302
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("nav").first).to_be_visible()
    assert AuditEvent.objects.filter(verb="account.signed_in").latest("pk").details == {"factor": "webauthn"}

    page.clock.install()
    page.goto(f"{windows.address}/cases/")
    wait_as_nobody(page, 16)
    page.locator(".cover").get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".cover")).to_be_hidden()
    assert page.request.get(f"{windows.address}/cases/").status == 200
