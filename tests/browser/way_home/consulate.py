"""The consulate of one country: asked one question, told nothing else, and what it answers."""

from datetime import timedelta

from playwright.sync_api import expect

from cases.models.choices import Purpose
from repatriation.guards import carrying
from repatriation.models.choices import NextQuestion, Refusal, TravelDocumentKind
from tests.browser.way_home.finding import agrees
from tests.browser.way_home.people import Act

HOME = "Mill Lane 3, Belm"


def is_asked(act: Act) -> None:
    ana, konsul = act.by("ana"), act.by("konsul")
    act.is_over_for("konsul")
    ana.goes_from(carrying.REQUEST_FROZEN)
    ana.at.fill("Last address at home", HOME)
    ana.at.press("Look at it as the consulate will see it")
    ana.at.press("This is right, freeze it")
    ana.at.sees("Frozen. The consulate reads it like this as soon as you send it.")
    ana.at.follow("Record consent")
    agrees(ana, Purpose.SHARING, konsul.user.agency)
    ana.opens("Request to the consulate")
    ana.at.follow("Send it")
    ana.at.press("Ask the consulate who the child is")
    act.stands("verification_requested")
    konsul.opens("Consulate")
    konsul.at.sees(HOME)


def answers(act: Act, answer: str, reason: str = "") -> None:
    konsul = act.by("konsul")
    konsul.opens("Consulate")
    konsul.at.choose("What do the registers say?", answer)
    konsul.at.fill("Your reference", "KB-17")
    if reason:
        konsul.at.fill("If it is not confirmed: why", reason)
    konsul.at.press("Send the answer")
    konsul.at.sees("Done: %(step)s.", step=konsul.at.say("Send the answer"))


def issues_the_document(act: Act) -> None:
    answers(act, "The child is a national")
    konsul = act.by("konsul")
    konsul.at.press("Begin with the travel document")
    konsul.at.choose("Which document", TravelDocumentKind.EMERGENCY.label)
    konsul.at.fill("Number", "L898902C3")
    konsul.at.enter_day("Valid until", act.today + timedelta(days=90))
    konsul.at.press("Issue the travel document")
    expect(konsul.at.main.get_by_text("L898902C3").first).to_be_visible()
    act.stands("document_issued")


def refuses_the_document(act: Act) -> None:
    konsul = act.by("konsul")
    konsul.opens("Consulate")
    konsul.at.unfold("If it cannot be issued")
    konsul.at.choose("Why", Refusal.CONSENT.label)
    konsul.at.fill("In words", "The mother has to sign.")
    konsul.at.press("Refuse the travel document")
    act.stands("document_refused")


def begins_again(act: Act) -> None:
    """The officer keeps the request: what was missing may come."""
    konsul = act.by("konsul")
    konsul.opens("Consulate")
    konsul.at.press("Begin with the travel document")
    act.stands("document_requested")


def the_finding_goes_before_the_panel(act: Act, question: NextQuestion) -> None:
    ana = act.by("ana")
    ana.takes("back_to_panel", code=question.value, reason="The consulate has answered.")
    act.stands("panel_pending")
    act.is_over_for("konsul")
    for username in ("ana", "sami"):
        person = act.by(username)
        person.finds_return()
        person.at.sees("What consulates have answered")
        person.at.sees(question.label)
