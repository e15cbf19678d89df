"""Finding out: the wish, contact, the partner abroad, the family, who would care, and how safe it is."""

from playwright.sync_api import FilePayload, expect

from accounts.models import Agency
from cases.models.choices import Answer, GivenBy, Purpose
from cases.models.people import Contact, PersonRole
from cases.models.plan import Means
from referrals.models import Referral
from referrals.models.choices import LegalBasis, Need, TransferBasis
from repatriation.guards import deciding
from repatriation.models.choices import Conclusion, Desire, Evidence, Finding, RiskFactor, Suitability
from repatriation.study import questions
from tests.browser.way_home.people import Act, Traveller
from tests.cases import papers

BELMORA = "Belmora"
GRANDMOTHER = "Baba Vosk"
WISH = "I want to see my grandmother, and to go home in spring."
WHY_SAFE = "The Red Cross has spoken with the grandmother; nobody of the network is near."


def the_question_is_opened(act: Act) -> None:
    ana = act.by("ana")
    ana.opens_file()
    ana.opens_tab("Return")
    ana.at.sees("Could this child go home?")
    ana.at.follow("Consider a return")
    ana.at.select("Where might the child go?", BELMORA)
    ana.at.press("Open the question")
    act.stands("considered")


def the_child_is_asked(act: Act) -> None:
    ana = act.by("ana")
    ana.goes_from(deciding.WISH_KNOWN)
    ana.at.choose("How?", Means.DRAWING.label)
    ana.at.choose("Contact with its family", Desire.YES.label)
    ana.at.choose("Going there to live", Desire.YES.label)
    ana.at.fill("In its own words", WISH)
    ana.at.press("Save")
    ana.at.sees("Recorded. What the child said before stays below.")
    ana.goes_from(deciding.CONSENT_TO_TRACING)
    agrees(ana, Purpose.TRACING)


def agrees(ana: Traveller, purpose: Purpose, recipient: Agency | None = None) -> None:
    """On the page of consents, wherever the way there began."""
    ana.at.choose("What was asked?", purpose.label)
    if recipient is not None:
        ana.at.select("Recipient", recipient.name)
    ana.at.choose("Answer", Answer.ASSENT.label)
    ana.at.choose("Who answered?", GivenBy.CHILD.label)
    ana.at.press("Save")
    expect(ana.at.main.get_by_text(ana.at.say(purpose.label)).first).to_be_visible()


def contact_is_cleared(act: Act) -> None:
    """An authority may not be asked before; the page says who has to say so."""
    ana, sami = act.by("ana"), act.by("sami")
    ana.may_not_yet("trace", deciding.CHANNEL_CLEARED, code="authority")
    ana.goes_where_it_says(deciding.CHANNEL_CLEARED)
    ana.at.sees("A supervisor judges whether it is safe, and says why.")
    sami.opens_file()
    sami.opens_tab("Return")
    sami.at.follow("Contact with other countries")
    sami.at.select("Which country?", BELMORA)
    sami.at.fill("Why contact is safe", WHY_SAFE)
    sami.at.press("Contact is safe, clear it")
    sami.at.sees("Contact is cleared.")
    ana.takes("trace", code="authority")


def a_partner_abroad_is_found(act: Act) -> None:
    """A referral over the border, with the supervisor's signature, and only then named on the return."""
    ana, tomas = act.by("ana"), act.by("tomas")
    ana.opens_tab("Protection", "Consent")
    ana.at.follow("Record consent")
    agrees(ana, Purpose.SHARING, tomas.user.agency)
    ana.opens("The partners abroad")
    ana.at.follow("Referrals of this case")
    ana.at.follow("Ask another agency")
    _is_referred(ana, tomas.user.agency)
    referral = Referral.objects.get(case=act.case)
    _sami_signs(act, referral)
    # She is still where the preview has led her.
    ana.at.press("Send the referral")
    tomas.at.goes_to("Referrals")
    tomas.at.hands.click(tomas.at.main.locator(f"a[href*='{referral.pk}']").first)
    _moves(tomas, "Confirm that it arrived", contact="Tomas, +00 300", alternate="Tira")
    _moves(tomas, "Accept", responsible="Tomas")
    ana.opens("The partners abroad")
    for question in ("Partner abroad", "Organisation that receives the child"):
        ana.at.hands.select(ana.at.field(question), index=1)
    ana.at.press("Save")
    ana.at.sees("Saved. Whoever is named finds its part in its list of returns.")


def _is_referred(ana: Traveller, there: Agency) -> None:
    ana.at.hands.check(ana.at.page.get_by_label(there.name).first)
    ana.at.choose("What is asked for?", "Care for the child")
    ana.at.choose("What does the child need?", Need.FAMILY.label)
    ana.at.choose("Why may data be shared?", LegalBasis.CONSENT.label)
    ana.at.select("If it crosses a border: why data may leave the country", TransferBasis.AGREEMENT.label)
    ana.at.press("Draft it")
    ana.at.tick("Names")
    ana.at.press("Take these fields")
    ana.at.press("This is right, go on to sending")


def _sami_signs(act: Act, referral: Referral) -> None:
    sami = act.by("sami")
    sami.at.goes_to("Referrals")
    sami.at.hands.click(sami.at.main.locator(f"a[href*='{referral.pk}']").first)
    sami.at.follow("Sign as the supervisor")
    sami.at.press("Sign")


def _moves(person: Traveller, label: str, **entries: str) -> None:
    """A step of the referral from its open page."""
    person.at.follow(label)
    person.types(**entries)
    person.at.press(label)
    expect(person.at.page.get_by_role("heading", name=person.at.say("What happened"))).to_be_visible()


def the_family_is_found(act: Act) -> None:
    ana = act.by("ana")
    ana.opens_tab("Child", "People")
    ana.at.follow("Record a person")
    ana.at.select("Who is this to the child?", PersonRole.RELATIVE.label)
    ana.at.fill("Name", GRANDMOTHER)
    ana.at.choose("May this person be spoken to about the child?", Contact.SAFE.label)
    ana.at.select("Country where the person lives", BELMORA)
    ana.at.press("Save")
    ana.at.sees("Recorded.")
    ana.goes_from(deciding.RELATIONSHIP_VERIFIED)
    ana.at.select("Who?", f"{GRANDMOTHER} ({ana.at.say(PersonRole.RELATIVE.label)})")
    ana.at.choose("What shows that they are related?", Evidence.REGISTER.label)
    ana.at.press("Save")
    ana.at.sees("Relationship shown")
    act.by("tomas").takes("assess_family")
    act.stands("family_assessment")


def somebody_would_care(act: Act) -> None:
    """Named here, visited there, and the agreement brought from there."""
    ana, tomas = act.by("ana"), act.by("tomas")
    ana.opens("Who would care")
    ana.at.select("Who takes responsibility?", f"{GRANDMOTHER} ({ana.at.say(PersonRole.RELATIVE.label)})")
    ana.at.fill("Address there", "Mill Lane 3, Belm")
    ana.at.press("Save")
    tomas.opens("Home study")
    tomas.at.hands.click(tomas.at.main.get_by_role("link", name=tomas.at.begins("Write the study")))
    studies(act, tomas)
    brings_the_agreement(act, tomas, GRANDMOTHER)
    tomas.takes(
        "record_finding", code=Finding.VERIFIED, words="Spoken with her twice; the register names her."
    )
    act.stands("risk_assessment")


def studies(act: Act, tomas: Traveller) -> None:
    tomas.at.enter_day("When were you there?", act.today)
    plain = {each.code: each for each in questions()}
    for code, each in plain.items():
        if each.in_words:
            tomas.types(**{code: "Seen and heard there."})
        else:
            tomas.picks(**{code: "no" if each.worry == "yes" else "yes"})
    tomas.at.choose("Is this place suitable for the child?", Suitability.SUITABLE.label)
    tomas.at.press("Hand the study in")
    tomas.at.sees("The study is there. Who works on the case has been told.")


def brings_the_agreement(act: Act, tomas: Traveller, carer: str) -> None:
    link = tomas.at.begins("Bring the signed agreement", then=carer)
    tomas.at.hands.click(tomas.at.main.get_by_role("link", name=link))
    tomas.at.enter_day("Signed on", act.today)
    paper: FilePayload = {"name": "agreement.pdf", "mimeType": "application/pdf", "buffer": papers.pdf()}
    tomas.at.hands.attach(tomas.at.page.locator("input[type=file]"), paper)
    tomas.at.press("Record this agreement")
    tomas.at.sees("The agreement is recorded, and its paper is in the file.")


def the_risk_is_assessed(act: Act) -> None:
    """Both countries say what they know; the assessment stands beside it."""
    tomas, ana, sami = act.by("tomas"), act.by("ana"), act.by("sami")
    tomas.opens("Safety there")
    for factor in RiskFactor:
        tomas.picks(**{f"{factor}_likelihood": "low"})
        tomas.types(**{f"{factor}_sources": "Asked in the quarter."})
    tomas.at.press("Send it")
    sami.may_not_yet("submit_to_panel", deciding.FRESH_ASSESSMENT, deciding.INPUT_OR_REASON)
    ana.opens("Risk and security assessment")
    ana.at.sees("Asked in the quarter.")
    assesses(ana, Conclusion.POSITIVE)
    sami.takes("submit_to_panel")
    act.stands("panel_pending")


def assesses(ana: Traveller, conclusion: Conclusion) -> None:
    for factor in RiskFactor:
        ana.picks(**{f"{factor}_likelihood": "low"})
        ana.types(**{f"{factor}_sources": "Both countries say so."})
    ana.at.choose("Conclusion", conclusion.label)
    ana.at.fill("How the conclusion follows", "Nobody of the network is left there.")
    ana.at.press("Finish this version")
    ana.at.sees("This version is finished and stays as it is. You have no vote on the panel.")
