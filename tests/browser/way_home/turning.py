"""Where the way turns: a review, a withdrawal, an end, an alternate, an alert."""

from playwright.sync_api import expect

from repatriation.guards import never
from repatriation.models.choices import EndReason
from tests.browser.way_home.finding import WHY_SAFE, brings_the_agreement, studies
from tests.browser.way_home.people import PANEL, Act

THIRD = "DE"


def contact_there_is_a_question_of_its_own(act: Act) -> None:
    ana, sami = act.by("ana"), act.by("sami")
    ana.finds_return()
    ana.at.sees("Return: %(country)s", country="Germany")
    ana.goes_where_it_says(never.CLEARED)
    sami.goes_from(never.CLEARED)
    sami.at.select("Which country?", "Germany")
    sami.at.fill("Why contact is safe", WHY_SAFE)
    sami.at.press("Contact is safe, clear it")
    sami.at.sees("Contact is cleared.")
    ana.opens("Request to the consulate")
    ana.at.sees("No consulate of this country works with Homeward: %(country)s", country="Germany")


def the_review_has_come(act: Act) -> None:
    """It stands among what is due, and leads to the return."""
    sami = act.by("sami")
    sami.at.goes_to("Today")
    sami.at.sees("Put the deferred decision before the panel")
    sami.takes("reopen_decision", reason="The day of the review has come.")
    act.stands("panel_pending")


def the_child_withdraws(act: Act) -> None:
    """Whoever was to take it along learns at once that nobody travels."""
    eskort, ana = act.by("eskort"), act.by("ana")
    eskort.opens("For the escort")
    ana.takes("withdraw", reason="She does not want to go any more.")
    expect(eskort.at.main).not_to_contain_text("Inhaler")
    act.stands("withdrawn")


def two_supervisors_end_it(act: Act) -> None:
    sami, vera = act.by("sami"), act.by("vera")
    sami.finds_return()
    sami.at.follow("Propose the end")
    sami.at.choose("Why the return ends", EndReason.NO_QUESTION.label)
    sami.at.press("Propose it")
    vera.takes("end", code=EndReason.NO_QUESTION)
    act.stands("ended")


def an_alternate_is_named(act: Act) -> None:
    ana, tomas = act.by("ana"), act.by("tomas")
    house = tomas.user.agency
    ana.opens("Who would care")
    ana.at.select("Who takes responsibility?", f"{house.name} ({house.country.name})")
    ana.at.choose("First, or alternate?", "As the alternate, should that one fail")
    ana.at.fill("Address there", "River Road 8, Belm")
    ana.at.press("Save")
    tomas.opens("Home study")
    card = tomas.at.main.locator("li", has_text=house.name)
    tomas.at.hands.click(card.get_by_role("link", name=tomas.at.begins("Write the study")))
    studies(act, tomas)
    brings_the_agreement(act, tomas, house.name)


def the_panel_approves_the_alternate(act: Act) -> None:
    """It sat long ago; the file opens to it for this one question."""
    sami, pia = act.by("sami"), act.by(PANEL[0])
    sami.opens("Panel")
    sami.at.follow("Ask the panel about an alternate")
    sami.at.hands.check(sami.at.main.locator("[name=arrangement]").first)
    sami.at.press("Ask the panel")
    pia.opens("Panel")
    pia.at.follow("Write down the answer")
    pia.at.choose("What the panel has decided", "The panel approves this alternate")
    pia.at.fill("How many members were in favour", "3")
    pia.at.fill("Reasons", "The house is known, and the child can stay there.")
    pia.at.press("Save")
    pia.at.sees("Written down. The file is closed to the panel again.")


def both_focal_points_see_the_alert(act: Act, *usernames: str) -> None:
    for username in usernames:
        person = act.by(username)
        person.at.goes_to("Returns")
        person.at.follow("Alerts of your country")
        alert = person.at.main.get_by_role("link").filter(has_text=person.at.say("signs of trafficking"))
        person.at.hands.click(alert.first)
        person.at.sees("Whom to call")
        assert act.case.code not in person.at.page.content()


def the_panel_has_to_decide_anew(act: Act) -> None:
    assert act.case.__class__.objects.get(pk=act.case.pk).state == "active"
    act.by("sami").takes("alert_to_panel", reason="The uncle is back.")
    act.stands("panel_pending")
