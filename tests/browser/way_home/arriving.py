"""The arrival and the handover, at two devices, with two signatures."""

from playwright.sync_api import expect

from repatriation.models.choices import HandoverRefusal, SeenPaper
from tests.browser.reader import TYPING
from tests.browser.way_home.finding import GRANDMOTHER
from tests.browser.way_home.people import Act, Traveller
from tests.cast import PASSWORD
from tests.entering import code_of


def the_child_arrives(act: Act) -> None:
    act.time_passes(hours=9)
    eskort = act.by("eskort")
    eskort.opens("Handover")
    eskort.at.press("The child has arrived")
    eskort.at.sees("Begin when both of you are there")
    act.stands("arrived")


def the_child_is_handed_over(act: Act) -> None:
    act.time_passes(minutes=20)
    hands_over(act, GRANDMOTHER)
    act.stands("monitoring")


def hands_over(act: Act, named: str) -> None:
    """Either begins; the page of the other follows by itself, or when one looks again."""
    eskort, tomas = act.by("eskort"), act.by("tomas")
    for person in (eskort, tomas):
        person.opens("Handover")
        person.at.sees(named)
    eskort.at.press("Begin the handover")
    eskort.at.choose("Do the papers of whoever stands here name the same person?", "Yes, it is the one named")
    eskort.at.choose("Which document have you looked at?", SeenPaper.IDENTITY_CARD.label)
    eskort.at.press("Save what I have seen")
    eskort.at.sees(
        "The escort has looked: it is the one named (%(paper)s).", paper=SeenPaper.IDENTITY_CARD.label
    )
    tomas.at.looks_again()
    lines = tomas.at.page.locator("[id^=there-]")
    expect(lines.first).to_be_visible()
    for place in range(1, lines.count() + 1):
        tomas.at.hands.click(tomas.at.page.locator(f"#there-{place}"))
        expect(tomas.at.page.locator(f"#there-{place}")).to_have_attribute("aria-pressed", "true")
    for person in (eskort, tomas):
        person.at.looks_again()
        _signs(person)
    for person in (eskort, tomas):
        person.at.looks_again()
        person.at.sees("The child was handed over.")


def _signs(person: Traveller) -> None:
    password = person.at.page.locator("#sign_password")
    person.at.hands.fill(password, PASSWORD)
    person.at.hands.fill(person.at.page.locator("#sign_code"), code_of(person.user, seconds=TYPING))
    person.at.hands.click(person.at.page.locator("#sign"))
    expect(password).to_have_count(0)


def the_receiver_refuses(act: Act) -> None:
    eskort = act.by("eskort")
    eskort.opens("Handover")
    eskort.at.unfold("The handover cannot take place")
    eskort.at.choose("Why", HandoverRefusal.RECEIVER_REFUSES.label)
    eskort.at.fill("Where the child is now, and with whom", "With me, at the mission of the station.")
    eskort.at.press("Say that it has failed")
    eskort.at.sees(
        "The handover has failed. The child stays with the escort until it is clear where it goes."
    )
    act.stands("handover_failed")
