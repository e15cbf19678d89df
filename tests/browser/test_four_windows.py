"""Four people in four windows: a referral there and back, one declined, one recalled, one that nobody answered.

Nothing is reloaded by hand where a line says that it appears; the clock is moved, never waited for.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, WebSocket, expect

from cases.models import Case
from cases.services.identity import add_name
from referrals.models import Referral
from referrals.services.clocks import ANSWER
from tests.browser.test_live import is_same_page, opened
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast
from tests.referrals.offers import accepted, consented, drafted, offering, step
from workflow import deadlines
from workflow.models import Deadline

CANARY = "Quendolina"
ENDED = "This referral has ended."
INBOX, OUTBOX = "/referrals/?box=in&show=all", "/referrals/?box=out&show=all"


@pytest.fixture
def case(cast: Cast) -> Case:
    case = files.screened(cast)
    add_name(case.pk, actor=cast.ana, kind="alias", given=CANARY, family="")
    # A shelter abroad: an authority there would need a clearance that nothing gives yet.
    cast.tomas.agency.kind = "shelter"
    cast.tomas.agency.save()
    for partner in (cast.petra, cast.tomas):
        offering(partner.agency, "SocialCare", "Health")
    return case


def take(page: Page, label: str, **entries: str) -> None:
    """One step from the open page of the referral, and back on it."""
    page.get_by_role("link", name=label, exact=True).click()
    for name, value in entries.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def shows(page: Page, *words: str) -> None:
    for each in words:
        # Not what a filter could choose.
        expect(page.get_by_text(each).locator("visible=true").first).to_be_visible()
    assert is_same_page(page)


def happened(page: Page) -> list[str]:
    """The history as this window shows it."""
    return page.locator("[data-live=events] li").all_inner_texts()


def test_there_and_back(windows: Windows, cast: Cast, case: Case) -> None:
    consented(case, cast.ana, cast.petra.agency)
    inbox = opened(windows, cast.petra, INBOX)
    team = opened(windows, cast.sami, OUTBOX)
    stranger = windows(cast.omar)
    ana = windows(cast.ana)

    ana.goto(reverse("referral_new", args=[case.pk]))
    ana.get_by_label("Arvania shelter").first.check()
    ana.get_by_label("Care for the child").check()
    ana.get_by_label("A safe place to live").check()
    ana.get_by_label("What exactly, in words").fill("A quiet room, please.")
    ana.get_by_label("Consent to share with this recipient").check()
    ana.get_by_role("button", name="Draft it").click()
    expect(ana.get_by_role("checkbox", checked=True)).to_have_count(0)
    ana.get_by_label("Names").check()
    ana.get_by_role("button", name="Take these fields").click()
    expect(ana.get_by_text(CANARY).first).to_be_visible()
    ana.get_by_role("button", name="This is right, go on to sending").click()
    ana.get_by_role("button", name="Send the referral").click()
    expect(ana.get_by_role("heading", name="What happened")).to_be_visible()
    referral = Referral.objects.get()

    # The offer is there, and who the child is, is not.
    shows(inbox, "Arvania social", "Sent")
    shows(team, case.code)
    page = reverse("referral", args=[referral.pk])
    petra = opened(windows, cast.petra, page)
    assert CANARY not in petra.content() + inbox.content()
    assert case.code not in petra.content() + inbox.content()
    assert stranger.goto(page).status == 404  # type: ignore[union-attr]
    sent = opened(windows, cast.ana, page)
    shows(sent, "Petra has this page open, too.")

    take(petra, "Ask for information", question="Does she need a room of her own?")
    shows(sent, "Does she need a room of her own?", "The recipient’s time stands still")
    petra = opened(windows, cast.petra, page)
    take(sent, "Answer the question", answer="Yes.")
    sent = opened(windows, cast.ana, page)
    shows(petra, "Information given")
    petra.reload()
    take(petra, "Accept", responsible="Petra")
    expect(petra.get_by_text(CANARY).first).to_be_visible()
    shows(sent, "Accepted")

    take(petra, "Begin the service")
    petra.get_by_label("What was done for the child").fill("She slept through the night.")
    petra.get_by_role("button", name="Report it").click()
    expect(petra.get_by_text("She slept through the night.").first).to_be_visible()
    shows(sent, "In service")
    petra.get_by_role("link", name="Complete the service").click()
    petra.get_by_label("Achieved", exact=True).check()
    petra.locator("[name=feedback]").fill("She settled in well.")
    petra.get_by_role("button", name="Complete the service").click()
    shows(sent, "Completed")
    sent.reload()
    take(sent, "Confirm the outcome")
    petra.reload()
    sent.reload()
    assert happened(petra) == happened(sent) != []


def test_a_second_is_declined(windows: Windows, cast: Cast, case: Case) -> None:
    """Across the border, with the supervisor's signature."""
    referral = drafted(cast, case, cast.tomas.agency, transfer_basis="agreement")
    page = reverse("referral", args=[referral.pk])
    sami, ana = windows(cast.sami), windows(cast.ana)
    sami.goto(reverse("referral_cosign", args=[referral.pk]))
    sami.locator("main form").get_by_role("button").first.click()
    ana.goto(page)
    inbox = opened(windows, cast.tomas, INBOX)
    take(ana, "Send the referral")
    shows(inbox, "Arvania social")
    sent = opened(windows, cast.ana, page)
    tomas = windows(cast.tomas)
    tomas.goto(page)
    tomas.get_by_role("link", name="Decline").click()
    tomas.get_by_label("No place or no time").check()
    tomas.get_by_role("button", name="Decline").click()
    expect(tomas.get_by_text(ENDED)).to_be_visible()
    shows(sent, "Declined", "No place or no time")
    for window in (tomas, inbox):
        assert CANARY not in window.content()
        assert case.code not in window.content()
    sent.reload()
    expect(sent.get_by_role("button", name="Send it again as a new version")).to_be_visible()


def test_a_third_is_recalled_while_it_is_open(windows: Windows, cast: Cast, case: Case) -> None:
    """The one that was accepted, with its pack on the screen, and an offer beside it."""
    held = accepted(cast, case, service="Health")
    offer = step(drafted(cast, case), "send", cast.ana)
    held_page, offer_page = (reverse("referral", args=[row.pk]) for row in (held, offer))
    petra, beside = opened(windows, cast.petra, held_page), windows(cast.petra)
    sockets: list[WebSocket] = []
    beside.on("websocket", lambda socket: sockets.append(socket))
    beside.goto(offer_page)
    inbox = opened(windows, cast.petra, INBOX)
    expect(petra.get_by_text("Lirana").first).to_be_visible()
    case_url = reverse("case", args=[case.pk])
    other = windows(cast.petra)
    assert other.goto(case_url).status == 200  # type: ignore[union-attr]

    sami, ana = windows(cast.sami), windows(cast.ana)
    sami.goto(held_page)
    take(sami, "End the referral", reason="She moved to her aunt.")
    expect(petra.get_by_text("Lirana")).to_have_count(0)
    assert petra.goto(case_url).status == 404  # type: ignore[union-attr]
    assert other.reload().status == 404  # type: ignore[union-attr]

    ana.goto(offer_page)
    take(ana, "Recall the offer", reason="Another place was found.")
    expect(beside.get_by_text(ENDED)).to_be_visible()
    expect(beside.get_by_text("A safe place to live")).to_have_count(0)
    assert sockets[0].is_closed()
    expect(inbox.get_by_text("Recalled").locator("visible=true")).to_have_count(2)
    assert case.code not in inbox.content()


def test_a_fourth_expires_by_the_clock(windows: Windows, cast: Cast, case: Case) -> None:
    referral = step(drafted(cast, case), "send", cast.ana)
    page = reverse("referral", args=[referral.pk])
    inbox = opened(windows, cast.petra, INBOX)
    sent = opened(windows, cast.ana, page)
    # The server has a clock of its own, so the time is up instead of the clock being ahead.
    Deadline.objects.filter(kind=ANSWER).update(due_at=referral.made_at - timedelta(minutes=1))
    deadlines.sweep()
    shows(inbox, "Expired")
    shows(sent, "Expired")
    sent.reload()
    sent.get_by_role("button", name="Send it again as a new version").click()
    expect(sent.get_by_role("heading", name="Change the draft")).to_be_visible()
