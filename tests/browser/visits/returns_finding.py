"""What is found out before a decision, for tests that look at all pages: a return with everything in its place."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import cast

from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.models.people import Conflict, PersonRole
from cases.services.incoming import SentFile, take_in
from cases.services.people import Particulars, add_person
from cases.services.reports import Told, make_report, take_report
from repatriation.models import Return
from repatriation.models.choices import RiskFactor
from repatriation.services.assessing import Assessed, Weighed, finish_assessment, save_assessment
from repatriation.services.care import Care, name_care, record_agreement
from repatriation.services.families import Shown, verify_relationship
from repatriation.services.inputs import Known, give_input
from repatriation.services.opening import consider_return
from repatriation.services.partners import answer_plan
from repatriation.services.studies import Visited, write_study
from repatriation.services.wishes import Heard, record_wish
from repatriation.study import questions
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, House, Visit, send
from tests.cases import papers
from tests.repatriation import ways
from tests.repatriation.ways import Company

COUNTRY = "XB"


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """One child of its own, on whose return a partner abroad works; and one on which nothing is there yet."""
    company = cast(Company, SimpleNamespace(cast=SimpleNamespace(**_cast(people)), **_cast(people)))
    way = _considered(people)
    ways.clear(company, way)
    ways.partner_works(company, way)
    _heard(way, people["ana"])
    _named(way, people)
    _known(way, people)
    _considered(people)


def _cast(people: Mapping[str, User]) -> dict[str, User]:
    return {name: people[name] for name in ("ana", "sami", "tomas", "petra")}


def _considered(people: Mapping[str, User]) -> Return:
    details = {"name": LONG_NAME, "age": "13", "gender": "Feminine"}
    told = Told(words=WORDS, place=LONG_WORD, danger="no", details=details)
    case = take_report(make_report(told, actor=people["hotline"]).pk, actor=people["ana"])
    return consider_return(case.pk, actor=people["ana"], country=COUNTRY)


def _heard(way: Return, ana: User) -> None:
    for contact, going in (("unsure", "not_said"), ("yes", "yes")):
        heard = Heard(
            heard_on=ways.today(way), means="play", contact=contact, going=going, words=f"{WORDS} {LONG_WORD}"
        )
        record_wish(way.pk, actor=ana, heard=heard)


def _named(way: Return, people: Mapping[str, User]) -> None:
    ana, tomas, today = people["ana"], people["tomas"], ways.today(way)
    told = Particulars(role=PersonRole.RELATIVE, name=LONG_NAME, country=COUNTRY, contact="safe")
    aunt = add_person(way.case_id, actor=ana, told=told)
    uncle = Particulars(role=PersonRole.RELATIVE, name="ليلى ندى", conflict=Conflict.SUSPECTED)
    add_person(way.case_id, actor=ana, told=uncle)
    shown = Shown(evidence="register", verified_on=today, words=f"{WORDS} {LONG_WORD}")
    verify_relationship(way.pk, aunt.pk, actor=ana, shown=shown)
    care = Care(country=COUNTRY, person_id=aunt.pk, address=f"{LONG_WORD} 3\nBelm", terms=WORDS)
    name_care(way.pk, actor=ana, care=care)
    row = name_care(way.pk, actor=ana, care=care)
    house = Care(country=COUNTRY, agency=tomas.agency, address=LONG_WORD, alternate=True)
    name_care(way.pk, actor=ana, care=house)
    file = SentFile("signed.pdf", take_in("signed.pdf", papers.pdf()))
    record_agreement(way.pk, row.pk, actor=tomas, agreed_on=today, terms=WORDS, file=file)
    answers = {each.code: f"{WORDS} {LONG_WORD}" if each.in_words else "yes" for each in questions()}
    visited = Visited(visited_on=today, answers=answers, conclusion="with_support")
    write_study(way.pk, row.pk, actor=tomas, visited=visited)


def _known(way: Return, people: Mapping[str, User]) -> None:
    """A finished version, what came since, and the draft of the next."""
    ana, tomas = people["ana"], people["tomas"]
    known = {code: Known("medium", f"{WORDS} {LONG_WORD}") for code in RiskFactor.values}
    give_input(way.pk, actor=tomas, known=known)
    said = {code: Weighed("high", f"{WORDS} {LONG_WORD}", WORDS) for code in RiskFactor.values}
    assessed = Assessed(
        version=1,
        country=COUNTRY,
        factors=said,
        conclusion="negative",
        refoulement=True,
        reasons=WORDS,
        not_sought="",
    )
    finish_assessment(way.pk, actor=ana, assessed=assessed)
    give_input(way.pk, actor=tomas, known=known)
    answer_plan(way.pk, actor=tomas, accepts=True)
    draft = Assessed(version=2, country=COUNTRY, factors=said, reasons=WORDS)
    save_assessment(way.pk, actor=ana, assessed=draft)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, tomas = house.people["ana"], house.people["sami"], house.people["tomas"]
    mine = Return.objects.filter(plan_accepted_by=tomas, home_studies__isnull=False, wishes__isnull=False)
    way = mine.latest("opened_at")
    yield from _of(way, ana, sami)
    empty = Return.objects.filter(wishes__isnull=True, opened_by=ana, partner__isnull=True).latest(
        "opened_at"
    )
    yield from _of(empty, ana, sami, " empty")
    row = way.arrangements.get(ended_at__isnull=True, alternate=False)
    for name in ("return", "return_study", "return_input", "return_plan"):
        yield Visit(f"{name} tomas", tomas, reverse(name, args=[way.pk]))
    for name in ("return_study_new", "return_agreement"):
        address = reverse(name, args=[way.pk, row.pk])
        yield Visit(f"{name} tomas", tomas, address)
        yield Visit(f"{name} wrong", tomas, address, send())
    for name in ("return_input", "return_plan"):
        address = reverse(name, args=[way.pk])
        yield Visit(f"{name} sent", tomas, address, send())


def _of(way: Return, ana: User, sami: User, words: str = "") -> Iterator[Visit]:
    pages = (
        "return_wish",
        "return_family",
        "return_partners",
        "return_care",
        "return_study",
        "return_assessment",
    )
    for name in pages:
        address = reverse(name, args=[way.pk])
        yield Visit(f"{name} ana{words}", ana, address)
        yield Visit(f"{name} sami{words}", sami, address)
    if words:
        for name in ("return_wish", "return_family", "return_care"):
            yield Visit(f"{name} wrong", ana, reverse(name, args=[way.pk]), send())
        yield Visit("return_assessment_finish", ana, reverse("return_assessment", args=[way.pk]), send())
