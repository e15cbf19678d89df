"""The child goes missing, the police first; and is found, which somebody has to have seen."""

from playwright.sync_api import expect

from cases.guards import lifecycle as guards
from cases.models.choices import Risk
from tests.browser.whole_file.assessing import looks_at_safety
from tests.browser.whole_file.steps import Act


def the_child_is_missing_and_found(act: Act) -> None:
    ana = act.by("ana")
    ana.takes_step("suspend", **{"What is known": "Not at the shelter since breakfast."})
    assert act.row.state == "suspended"
    first = ana.at.main.locator(".task").first
    expect(first).to_contain_text(ana.at.say("Tell the police that the child is missing"))
    ana.at.hands.click(first.get_by_role("link"))
    ana.at.fill("Police reference", "17/2026, station North")
    ana.at.press("Record that the police were told")
    ana.at.sees("Recorded: the police were told.")
    ana.is_refused("resume", guards.FOUND_AND_SAFE)
    ana.goes_where_it_says(guards.FOUND_AND_SAFE)
    looks_at_safety(ana, Risk.MEDIUM)
    ana.takes_step("resume")
    assert act.row.state == "active"
