"""The panel: convened, heard, weighed, voted, signed and told, whatever it decides."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from cases.models.plan import Means
from cases.models.situation import FACTORS
from repatriation.edges.deciding import DECIDED_BY
from repatriation.edges.returns import RETURN
from repatriation.models.choices import Option
from tests.browser.way_home.people import PANEL, Act, Traveller

REASONS = "Its own wish weighs most, and who can care for it."
DISSENT = "The winter is near, and the house is far from the school."


def the_panel_decides(act: Act, option: Option, *, third_country: str = "", **entries: Any) -> None:
    """From the empty page of the panel to what the chair takes; all three want the same."""
    is_convened(act, third_country)
    hears(act)
    weighs(act)
    votes(act, dict.fromkeys(PANEL, option))
    is_signed(act)
    is_taken(act, option, **entries)
    act.is_over_for(*PANEL)


def is_convened(act: Act, third_country: str = "") -> None:
    sami = act.by("sami")
    sami.opens("Panel")
    sami.at.follow("Convene the panel")
    members = [act.by(name).user for name in PANEL]
    for member in members:
        sami.at.choose("Who sits on it", f"{member.name} · {member.agency.name}")
    sami.at.select("Who has the chair", f"{members[0].name} · {members[0].agency.name}")
    sami.at.select("Begins at", "23:45")
    if third_country:
        sami.at.select("A third country that is in question besides", third_country)
    sami.at.press("Convene it")
    sami.at.sees("The panel is convened. Its members can read the file now.")


def hears(act: Act) -> None:
    pia = act.by(PANEL[0])
    pia.opens("Panel")
    pia.at.follow("Read the file")
    pia.opens("Panel")
    pia.at.follow("How the child was heard")
    pia.at.enter_day("Day on which the child was heard", act.today)
    pia.at.choose("How the child was heard", Means.TALK.label)
    pia.at.fill("What the child said", "I want to know where I will sleep.")
    pia.at.enter_day("Day on which the representative was heard", act.today)
    pia.at.press("Save")
    pia.at.sees("Recorded.")


def weighs(act: Act) -> None:
    """Two factors each; on one page all options of a factor."""
    for place, name in enumerate(PANEL):
        member = act.by(name)
        member.opens("Panel")
        member.at.follow("Weigh")
        for _factor, label in FACTORS[2 * place : 2 * place + 2]:
            member.at.hands.click(
                member.at.main.get_by_role("link", name=member.at.begins("Argue", then=label))
            )
            boxes = member.at.main.locator("textarea")
            # Counted once the page is there.
            boxes.first.wait_for()
            for number in range(boxes.count()):
                member.at.hands.fill(boxes.nth(number), "For and against.")
            member.at.press("Save")
            expect(member.at.page.locator("h1")).to_have_text(member.at.say("Weigh"))


def votes(act: Act, wanted: Mapping[str, Option]) -> None:
    """Nobody sees how the others vote before the chair has closed."""
    for name, option in wanted.items():
        member = act.by(name)
        member.opens("Panel")
        member.at.follow("Cast your vote")
        member.at.choose("Your vote", option.label)
        member.at.press("Vote")
        member.at.sees("Your vote is counted. Until the chair closes you can change it.")
    pia = act.by(PANEL[0])
    pia.opens("Panel")
    pia.at.follow("Close the vote")
    pia.at.press("Close it for good")
    pia.at.sees("The vote is closed.")


def paula_says_why_she_voted_otherwise(act: Act) -> None:
    paula = act.by("paula")
    paula.opens("Panel")
    paula.at.follow("Say why you voted otherwise")
    paula.at.fill("Why you voted otherwise", DISSENT)
    paula.at.press("Save")
    paula.at.sees("It stands in the minute.")


def is_signed(act: Act) -> None:
    pia = act.by(PANEL[0])
    pia.opens("Panel")
    pia.at.follow("Write and sign the minute")
    pia.at.fill("Reasons", REASONS)
    pia.at.enter_day("Can be appealed until", act.today + timedelta(days=14))
    pia.at.fill("Where and how it can be appealed", "At the guardianship court.")
    pia.at.fill("How it goes on", "Its worker says what follows.")
    pia.signs()
    pia.at.press("Sign the minute")
    pia.at.sees("The minute is signed. Now the decision can be taken.")


def is_taken(act: Act, option: Option, **entries: Any) -> None:
    """Exactly what was voted is offered; with it the file closes to the panel."""
    edge, pia = RETURN.edge(DECIDED_BY[option]), act.by(PANEL[0])
    pia.at.follow(edge.label)
    pia.enters(edge, entries)
    pia.at.press(edge.label)
    pia.sees_done(edge)


def is_told(act: Act) -> None:
    ana = act.by("ana")
    ana.opens("Panel")
    ana.at.follow("Record how it was told")
    ana.at.enter_day("Day on which the child was told", act.today)
    ana.at.enter_day("Day on which guardian or representative were told", act.today)
    ana.at.fill("How they were told", "In its own language, with pictures of the way.")
    ana.at.press("Save")
    ana.at.sees("Both were told")


def the_panel_decides_on_a_return(act: Act) -> None:
    """Two to one; who voted otherwise says why."""
    is_convened(act)
    hears(act)
    weighs(act)
    votes(act, {"pia": Option.RETURN, "pavel": Option.RETURN, "paula": Option.DEFERRAL})
    paula_says_why_she_voted_otherwise(act)
    is_signed(act)
    is_taken(act, Option.RETURN)
    act.stands("decided_return")
    act.is_over_for(*PANEL)
    is_told(act)


def reads_what_follows(person: Traveller, *words: str) -> None:
    person.finds_return()
    for each in words:
        person.at.sees(each)
