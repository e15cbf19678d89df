"""Afterwards: visits by those who received the child, until nothing is left to look at; or an alert."""

from playwright.sync_api import expect

from repatriation.models.choices import Occupation, Sign
from tests.browser.way_home.people import Act, Traveller

# Days until each visit is due, from the one before.
AFTER = (7, 23, 61, 92, 183)


def all_visits_are_made(act: Act) -> None:
    tomas = act.by("tomas")
    for days in AFTER:
        act.time_passes(days=days)
        tomas.opens("Visits afterwards")
        reports(tomas)
    tomas.at.sees("All visits are reported")


def reports(tomas: Traveller, *signs: Sign) -> None:
    tomas.at.hands.click(tomas.at.main.locator("a.btn.main"))
    tomas.at.choose("Did you speak with the child alone?", "Yes")
    tomas.at.choose("Is the child safe there?", "No" if signs else "Yes")
    tomas.at.choose("Where is the child by day?", Occupation.SCHOOL.label)
    for sign in signs:
        tomas.at.choose("Signs of trafficking", sign.label)
    tomas.at.press("Report it")
    expect(tomas.at.page.locator("h1")).to_have_text(tomas.at.say("Visits afterwards"))


def the_return_is_completed(act: Act) -> None:
    act.by("sami").takes("complete")
    act.stands("completed")
