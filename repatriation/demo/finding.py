"""What is found out before a panel sits: the wish, the family, the partner abroad, who would care, and the risks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import clock
from accounts.meanwhile import last_saved
from accounts.models import Agency, ServiceType
from cases.demo import around
from cases.demo.papers import written
from cases.models import Person
from cases.models.choices import Purpose
from cases.models.people import Contact, PersonRole
from cases.models.plan import Means
from cases.services.incoming import SentFile, take_in
from cases.services.people import Particulars
from referrals.models import Referral
from referrals.services.drafting import Offer, choose_fields, cosign, draft_referrals, mark_previewed
from referrals.services.moving import take_referral_step
from repatriation.demo.way import HOME, Way, agree
from repatriation.models import CareArrangement
from repatriation.models.choices import (
    Channel,
    Conclusion,
    Desire,
    Evidence,
    Finding,
    Likelihood,
    RiskFactor,
    Suitability,
)
from repatriation.services.assessing import Assessed, Weighed, finish_assessment, save_assessment
from repatriation.services.care import Care, name_care, record_agreement
from repatriation.services.clearing import take_clearance_step
from repatriation.services.families import Shown, verify_relationship
from repatriation.services.inputs import Known, give_input
from repatriation.services.partners import name_partners
from repatriation.services.studies import Visited, write_study
from repatriation.services.wishes import Heard, record_wish
from repatriation.study import Seen, questions

MIDDLE = "Ms Oda Lenn, Red Cross of Belmora"
GRANDMOTHERS = ("Marga Tolen", "Нина Ребель")
WHY_CLEARED = (
    "The family was reached through the Red Cross; nobody of the network lives in that district any more."
)
WISHES = (
    "“I want to hear my grandmother’s voice. If she wants me, I want to go to her.”",
    "“I want to go home, but not to the street where he finds me.”",
)
FOUND = (
    "The civil register names the grandmother; she and the child told of the same house, each for itself.",
    "The Red Cross spoke with her twice; she knows the scar, the song and the name of the dog.",
)
AGREEMENT = "I take my grandchild in, send it to school, and let the social service in at any time."
TERMS = "School from the first week; the social service comes every month in the first half year."

# Of each factor: how likely, what shows it, what is done against it; and what the other country knows of it.
RISKS: Mapping[RiskFactor, tuple[Likelihood, str, str, str]] = {
    RiskFactor.RECRUITERS: (
        Likelihood.LOW,
        "The recruiter worked in a port town, four hours away. Police of both countries.",
        "The address is given to nobody; a new telephone.",
        "Nobody of that name is known in the district. District police.",
    ),
    RiskFactor.REPRISALS: (
        Likelihood.LOW,
        "No threats since the proceedings were closed. Prosecutor.",
        "",
        "Nothing was heard in the village. Social worker.",
    ),
    RiskFactor.DEBT: (
        Likelihood.NONE,
        "Those who would care were asked apart; nobody has paid for the journey here.",
        "",
        "No debt is pressed for. Village council.",
    ),
    RiskFactor.FAMILY: (
        Likelihood.LOW,
        "Nobody of those who would care knew of it; the one who did has left.",
        "He is not told where the child goes.",
        "He was last seen in the capital in spring. District police.",
    ),
    RiskFactor.CONFLICT: (
        Likelihood.NONE,
        "No fighting in that part of the country. Reports of this month.",
        "",
        "None here.",
    ),
    RiskFactor.NO_PROTECTION: (
        Likelihood.MEDIUM,
        "The nearest police station is an hour away.",
        "A named officer of the social service can be called day and night.",
        "One officer answers for the district. She knows of it.",
    ),
    RiskFactor.PROSECUTION: (
        Likelihood.NONE,
        "What the child was made to do is not punished there. Legal Aid.",
        "",
        "No case is open. Prosecutor of the district.",
    ),
    RiskFactor.STIGMA: (
        Likelihood.MEDIUM,
        "Neighbours ask why the child was away.",
        "At home they say: at school abroad. The teacher knows no more than that.",
        "People talk, as they do everywhere. Social worker.",
    ),
    RiskFactor.PRACTICES: (Likelihood.NONE, "No sign of it in this household.", "", "No sign of it."),
    RiskFactor.NO_CARE: (
        Likelihood.LOW,
        "The school has a place; the doctor comes on Tuesdays.",
        "The journey takes medicine for four weeks along.",
        "A place at school is kept. Head of the school.",
    ),
}
IN_WORDS = {
    "household": "The grandmother, 61, and an aunt of 24 who studies in the town.",
    "expects": "That the child goes to school, and helps with the hens.",
    "lives_on": "A pension, and what the garden gives.",
    "school": "Ten minutes on foot, free; books are lent.",
    "health": "The doctor comes on Tuesdays; the psychologist of the district by telephone.",
    "wishes": "“She can have my room,” says the aunt.",
}

IN_THE_HOUSE = {
    "household": "Nine children and four grown-ups; the sister lives on the same floor.",
    "expects": "That it goes to school, cooks once a week, and says where it goes.",
    "lives_on": "The town pays for each child.",
    "school": "With the sister, by tram.",
    "health": "A nurse in the house, a doctor in the same street.",
    "wishes": "“We keep the room with the balcony for two weeks more.”",
}


@dataclass(frozen=True)
class Abroad:
    """Where the child may go, by whom there the home is looked at and the child received, and what is seen there."""

    country: str
    partner: str
    seen: Mapping[str, str]


ORIGIN, ELSEWHERE = Abroad(HOME, "tomas", IN_WORDS), Abroad("XC", "cora", IN_THE_HOUSE)


def hear_wish(way: Way, contact: Desire = Desire.YES, going: Desire = Desire.YES, words: str = "") -> None:
    file = way.file
    heard = Heard(
        heard_on=file.today,
        means=Means.TALK,
        contact=contact,
        going=going,
        words=words or WISHES[file.half],
    )
    record_wish(way.pk, actor=file.worker, heard=heard)


def clear_contact(way: Way) -> None:
    take_clearance_step(way.file.case_id, HOME, "clear", actor=way.who("sami"), reason=WHY_CLEARED)


def trace(way: Way) -> None:
    hear_wish(way)
    agree(way.file, Purpose.TRACING)
    clear_contact(way)
    way.step("trace", code=Channel.AUTHORITY)


def meet_family(way: Way) -> None:
    """The grandmother is found; the partner abroad takes on to look at her home, and to receive the child."""
    file = way.file
    grandmother, _mother = around.add(file, _grandmother(way), around.MOTHER)
    shown = Shown(
        evidence=Evidence.REGISTER,
        verified_on=file.today,
        words="Extract of the register of births, number 204.",
    )
    verify_relationship(way.pk, grandmother.pk, actor=file.worker, shown=shown)
    way.step("assess_family")
    _name_grandmother(way, grandmother)
    take_partner(way, ORIGIN)


def _grandmother(way: Way) -> Particulars:
    return Particulars(
        role=PersonRole.RELATIVE,
        name=GRANDMOTHERS[way.file.half],
        telephone="+00 300 731",
        languages="Belmoran",
        note="Grandmother. Spoken to by " + MIDDLE + ".",
        country=HOME,
        contact=Contact.SAFE,
    )


def _name_grandmother(way: Way, grandmother: Person) -> None:
    care = Care(country=HOME, person_id=grandmother.pk, address="Mill Lane 3, Upper Tolna", terms=TERMS)
    name_care(way.pk, actor=way.file.worker, care=care)


def take_partner(way: Way, abroad: Abroad) -> None:
    """Asked by a referral, which it accepts: for the home study, and for the reception."""
    referral = _accepted(way, abroad)
    name_partners(way.pk, actor=way.file.worker, partner=referral, reception=referral)


def _accepted(way: Way, abroad: Abroad) -> Referral:
    file, partner = way.file, way.who(abroad.partner)
    agree(file, Purpose.SHARING, partner.agency)
    offer = Offer(
        purpose="family",
        needs=["family", "school"],
        request="Please look at the home, and say whether you would receive the child.",
        answer_by=clock.now() + timedelta(days=5),
        legal_basis="consent",
        transfer_basis="agreement",
    )
    to = [(partner.agency, ServiceType.SOCIAL_CARE)]
    (row,) = draft_referrals(file.case_id, actor=file.worker, to=to, offer=offer)
    choose_fields(row.pk, actor=file.worker, codes=("identity.names", "identity.languages"))
    mark_previewed(row.pk, actor=file.worker, seen=last_saved(row))
    cosign(row.pk, actor=way.who("sami"), seen=last_saved(row))
    take_referral_step(row.pk, "send", actor=file.worker)
    contacts = {"contact": "The day desk, +00 300 410", "alternate": "The night desk, +00 300 400"}
    take_referral_step(row.pk, "acknowledge", actor=partner, values=contacts)
    taken = {"responsible": "The day desk", "starts_on": clock.today(partner.agency.time_zone)}
    return take_referral_step(row.pk, "accept", actor=partner, values=taken)


def look_at_home(way: Way, abroad: Abroad = ORIGIN) -> None:
    """By the partner abroad: the visit, what is known about safety there, and the agreement in writing."""
    partner = way.who(abroad.partner)
    care = CareArrangement.objects.get(way=way.pk, country=abroad.country, ended_at=None, alternate=False)
    visited = Visited(visited_on=way.file.today, answers=_answers(abroad), conclusion=Suitability.SUITABLE)
    write_study(way.pk, care.pk, actor=partner, visited=visited)
    known = {str(code): Known(likelihood, there) for code, (likelihood, _here, _done, there) in RISKS.items()}
    give_input(way.pk, actor=partner, known=known)
    paper = take_in("agreement.pdf", written("Agreement about the child’s care", AGREEMENT))
    record_agreement(
        way.pk,
        care.pk,
        actor=partner,
        agreed_on=way.file.today,
        terms=TERMS,
        file=SentFile("agreement.pdf", paper),
    )


def _answers(abroad: Abroad) -> dict[str, str]:
    """Nothing in it gives reason to worry."""
    plain = {
        each.code: Seen.NO if each.worry == Seen.YES else Seen.YES
        for each in questions()
        if not each.in_words
    }
    return {**plain, **abroad.seen}


def find(way: Way, finding: Finding = Finding.VERIFIED, words: str = "") -> None:
    way.step("record_finding", code=finding, words=words or FOUND[way.file.half])


def begin_assessment(way: Way) -> None:
    """The finding, and a draft that is not finished yet."""
    find(way)
    draft = _assessed(ORIGIN.country, Conclusion.POSITIVE, "")
    begun = dict(list(draft.factors.items())[:6])
    unfinished = Assessed(version=1, country=draft.country, factors=begun)
    save_assessment(way.pk, actor=way.file.worker, assessed=unfinished)


def assess(way: Way, country: str, conclusion: Conclusion, *, not_sought: str = "") -> None:
    finish_assessment(way.pk, actor=way.file.worker, assessed=_assessed(country, conclusion, not_sought))


def submit(way: Way) -> None:
    """Found, assessed, and put before the panel."""
    find(way)
    assess(way, HOME, Conclusion.POSITIVE)
    way.step("submit_to_panel", by="sami")


def _assessed(country: str, conclusion: Conclusion, not_sought: str) -> Assessed:
    factors = {
        str(code): Weighed(likely, shown, done) for code, (likely, shown, done, _there) in RISKS.items()
    }
    said: dict[Conclusion, str] = {
        Conclusion.POSITIVE: "What is left of the risks is met by what was agreed. The child wants to go.",
        Conclusion.NEGATIVE: "Nobody there could protect the child, and nobody is known who would care for it.",
    }
    return Assessed(
        version=1,
        country=country,
        factors=factors,
        conclusion=conclusion,
        reasons=said[conclusion],
        not_sought=not_sought,
    )


def find_nobody(way: Way) -> None:
    """Nobody was found; nobody there is asked, and a return is not in the child's best interests."""
    hear_wish(way, Desire.UNSURE, Desire.NO, "“There is nobody left there whom I would call family.”")
    find(way, Finding.NOT_FOUND, "Two months of search by the Red Cross; the old address is empty.")
    why = "The child fears the police of that district; asking them would tell where it is."
    assess(way, HOME, Conclusion.NEGATIVE, not_sought=why)
    way.step("submit_to_panel", by="sami")


def find_elsewhere(way: Way) -> None:
    """The family had a part in it; a children's house in a third country knows the child's elder sister."""
    hear_wish(way, Desire.NO, Desire.YES, "“Not to them. My sister says I can come to where she is.”")
    find(way, Finding.IMPLICATED, "Messages of the father to the recruiter, read out in the proceedings.")
    house = Agency.objects.get(code="corvia-house")
    care = Care(country=ELSEWHERE.country, agency=house, terms="A room beside the sister’s.")
    name_care(way.pk, actor=way.file.worker, care=care)
    take_partner(way, ELSEWHERE)
    look_at_home(way, ELSEWHERE)
    assess(way, ELSEWHERE.country, Conclusion.POSITIVE)
    way.step("submit_to_panel", by="sami")


def find_refused(way: Way) -> None:
    """The child does not want any of it."""
    words = "“I do not want to go, and I do not want anybody to call them.”"
    hear_wish(way, Desire.NO, Desire.NO, words)
    find(way, Finding.CONTACT_REFUSED, "Said so twice, a week apart, with an interpreter of its choice.")
