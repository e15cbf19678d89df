"""From the document to the departure: the plan, everything that has to be there, and the day itself."""

from datetime import date, timedelta

from playwright.sync_api import expect

from accounts.access import Section
from cases.models.plan import Means
from repatriation.guards import carrying
from repatriation.models.choices import AssentKind, Authority
from tests.browser.way_home.people import Act, Traveller
from tests.browser.whole_file.assessing import sami_gives_access
from tests.browser.whole_file.caring import certifies_fitness

AHEAD = 5
CARRIED = ("Passport", "Inhaler")


def the_journey_is_planned(act: Act) -> None:
    ana, eskort = act.by("ana"), act.by("eskort")
    act.is_over_for("eskort")
    ana.goes_from(carrying.ROUTE_KNOWN)
    ana.at.follow("Plan the way")
    _types_the_way(ana, act.today + timedelta(days=AHEAD))
    ana.at.press("Save the way")
    ana.at.sees("The way is planned. Now say who goes along, and with what.")
    _arranges(act, ana, eskort)
    ana.takes("plan_travel")
    act.stands("travel_planned")


def _types_the_way(ana: Traveller, day: date) -> None:
    ana.types(
        start_1="Arva", end_1="Belm", carrier_1="EN 462", departs_time_1="08:00", arrives_time_1="18:00"
    )
    leg = ana.at.page.locator("details", has=ana.at.page.locator("[name=start_1]"))
    for side in ("departs", "arrives"):
        ana.at.hands.fill(leg.locator(f"[name={side}_on_1_day]"), str(day.day))
        ana.at.hands.select(leg.locator(f"[name={side}_on_1_month]"), value=str(day.month))
        ana.at.hands.fill(leg.locator(f"[name={side}_on_1_year]"), str(day.year))


def _arranges(act: Act, ana: Traveller, eskort: Traveller) -> None:
    ana.at.hands.select(ana.at.page.locator("[name=escort]"), value=str(eskort.user.pk))
    ana.at.select("Sex of the escort", "Feminine")
    ana.at.enter_day("Vetted on", act.today)
    ana.at.fill("Mandate of the escort", "Order 12/26 of the youth court.")
    ana.at.choose("Who has authorised the journey", Authority.GUARDIAN.label)
    ana.at.enter_day("Authorised on", act.today)
    ana.at.fill("What to carry", "\n".join(CARRIED))
    ana.types(here_name_1="Ana", here_phone_1="+43 1 100", there_name_1="Tomas", there_phone_1="+373 22 300")
    ana.at.press("Save")
    ana.at.sees("Saved.")


def everything_is_there(act: Act) -> None:
    """Each side reads what is missing, and whose it is."""
    ana, petra, tomas, sami = (act.by(name) for name in ("ana", "petra", "tomas", "sami"))
    sami.opens("Ready to depart")
    expect(sami.at.main.locator(".block")).to_have_count(3)
    ana.opens("Ready to depart")
    ana.at.follow("Record what it says")
    ana.at.choose("What the child says to this journey", AssentKind.ASSENT.label)
    ana.at.select("How it was asked", Means.TALK.label)
    ana.at.fill("In its own words", "Yes, with my bear.")
    ana.at.press("Save")
    sami_gives_access(act, "petra", Section.MEDICAL)  # type: ignore[arg-type]
    certifies_fitness(petra)
    tomas.opens("The time afterwards")
    tomas.at.choose("The plan for the time afterwards", "We accept it")
    tomas.at.press("Save")
    sami.opens("Ready to depart")
    sami.at.sees("Everything is there.")
    sami.at.follow("Say that everything is ready")
    sami.at.press("Say that everything is ready")
    act.stands("ready")


def the_child_departs(act: Act) -> None:
    """In the morning of that day, by the clock of the place."""
    act.time_passes(days=AHEAD, hours=-4)
    eskort = act.by("eskort")
    eskort.opens("For the escort")
    for line in CARRIED:
        eskort.at.sees(line)
    eskort.at.follow("Depart")
    eskort.at.tick("I have compared the child with the travel document.")
    eskort.at.press("Depart")
    act.stands("departed")
