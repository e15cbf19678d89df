"""From the e-mail to the issued document: after the sign-in a consular officer needs eight clicks at most."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

import clock
from accounts import mailing
from cases.models import Case
from repatriation.models import Return
from tests.browser.reader import Reader
from tests.browser.windows import Windows
from tests.cast import PASSWORD, Cast
from tests.entering import code_of, enrolled
from tests.postbox import postbox
from tests.repatriation import ways

MOST = 8
# Every press of a pointer, and every choice in a list; kept from page to page.
COUNTING = """
for (const kind of ["pointerdown", "change"]) addEventListener(kind, event => {
  if (kind === "change" && event.target.tagName !== "SELECT") return
  sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1
}, true)
"""


@pytest.fixture
def way(cast: Cast) -> Return:
    people = ways.company(cast)
    case: Case = ways.active_case(cast)
    cast.konsul.email = "post@mail.example"
    cast.konsul.save(update_fields=["email"])
    return ways.at(people, case, "verification_requested")


def clicks(page: Page) -> int:
    return int(page.evaluate("sessionStorage.clicks || 0"))


def letter(settings: Settings, address: str) -> str:
    with postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_FROM, settings.SITE_URL = "no-reply@homeward.example", address
        assert mailing.sweep() >= 1
        (found,) = [each for each in box.letters if each.receiver == "post@mail.example"]
        return found.words


def test_from_the_letter_to_the_document(
    windows: Windows, cast: Cast, way: Return, settings: Settings
) -> None:
    enrolled(cast.konsul)
    told = letter(settings, windows.address)
    link = told.split()[-1]
    assert link.startswith(windows.address)
    page = windows()
    page.add_init_script(COUNTING)
    konsul = Reader(page)
    page.goto(link)
    konsul.fill("Username", cast.konsul.username)
    konsul.fill("Password", PASSWORD)
    page.get_by_label("Password").press("Enter")
    konsul.fill("Code", code_of(cast.konsul))
    page.get_by_label("Code").press("Enter")
    expect(page.locator("h1")).not_to_have_text("One more proof")
    page.evaluate("delete sessionStorage.clicks")

    konsul.follow("A request for verification has arrived.")
    konsul.follow("Consulate")
    expect(page.get_by_text("Lirana Vosk").first).to_be_visible()
    page.get_by_label("The child is a national").click()
    konsul.fill("Your reference", "KB-17")
    konsul.press("Send the answer")
    konsul.press("Begin with the travel document")
    page.get_by_label("Emergency travel document").click()
    konsul.fill("Number", "L898902C3")
    konsul.enter_day("Valid until", clock.today("Europe/Chisinau") + timedelta(days=90))
    konsul.press("Issue the travel document")

    expect(page.get_by_text("L898902C3").first).to_be_visible()
    assert Return.objects.get(pk=way.pk).state == "document_issued"
    assert 5 <= clicks(page) <= MOST
