"""The handover, the visits afterwards and the alert, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from repatriation.models import CareArrangement, Return
from repatriation.models.choices import HandoverRefusal, SeenPaper, SignedAs
from repatriation.services import handing
from repatriation.services.inbound import open_own_file
from tests.browser.visits.base import LONG_WORD, WORDS, Act, House, Visit
from tests.cases import files
from tests.repatriation import ways
from tests.repatriation.ways import Company

# The states at which somebody stands, each a return of its own.
UNDERWAY, SIGNED, FAILED, VISITED, ALERTED = "underway", "signed", "failed", "visited", "alerted"
_made: dict[str, Any] = {}


def furnish(case: Case, people: Mapping[str, User]) -> None:
    company = _company(people)
    _made.clear()
    for name, begin in BEGINNINGS.items():
        own = files.in_state("active", people["ana"].agency, worker=people["ana"])
        _made[name] = begin(company, own).pk
    there = people["tomas"].agency
    _made["bruno"] = User.objects.create_account(
        "bruno", None, name="Bruno Sand", role=Role.SUPERVISOR, agency=there
    )
    _made["own"] = open_own_file(_made[VISITED], actor=people["tomas"]).case_id


def _company(people: Mapping[str, User]) -> Company:
    """The demo's people; who is not among them comes from elsewhere."""
    council = Agency.objects.create(
        code="council", name=LONG_WORD, country="XA", kind=AgencyKind.PANEL, time_zone="Europe/Vienna"
    )
    selim = User.objects.create_account("selim", None, name=LONG_WORD, role=Role.PANEL_MEMBER, agency=council)
    names = ("ana", "sami", "vera", "petra", "tomas", "konsul", "eskort", "fokus", "pia", "pavel", "paula")
    known: dict[str, Any] = {name: people[name] for name in names}
    cast: Any = type("Cast", (), {name: user for name, user in people.items()})
    return Company(cast=cast, ben=people["boris"], selim=selim, **known)


def _underway(people: Company, case: Case) -> Return:
    way = ways.at(people, case, "arrived")
    handing.begin_handover(way.pk, actor=people.eskort)
    handing.tick_line(way.pk, actor=people.tomas, place=1, there=False)
    return way


def _signed(people: Company, case: Case) -> Return:
    way = _underway(people, case)
    handing.match_receiver(way.pk, actor=people.eskort, matches=True, paper=SeenPaper.PASSPORT)
    for place in (1, 2):
        handing.tick_line(way.pk, actor=people.tomas, place=place, there=True)
    handing.write_remarks(way.pk, actor=people.tomas, words=f"{WORDS} {LONG_WORD}")
    handover = ways.fresh_row(way).facts.handover
    assert handover is not None
    handover.signatures.create(signed_as=SignedAs.ESCORT, signer=people.eskort, agency=people.eskort.agency)
    return way


def _failed(people: Company, case: Case) -> Return:
    way = _underway(people, case)
    said = {"code": HandoverRefusal.OTHER_PERSON, "words": f"{WORDS} {LONG_WORD}"}
    ways.step(way, "fail_handover", people.eskort, **said)
    CareArrangement.objects.create(
        way=way,
        case=way.case,
        country=way.country,
        kind="agency",
        agency=people.tomas.agency,
        is_able=True,
        alternate=True,
        approved_by=way.panel,
        made_by=people.ana,
    )
    return way


def _visited(people: Company, case: Case) -> Return:
    way = ways.at(people, case, "monitoring")
    way.visits.filter(number=1).update(
        done_on=ways.today(way), safe=False, occupation="none", signs=[], reported_by=people.tomas
    )
    return way


def _alerted(people: Company, case: Case) -> Return:
    way = _visited(people, case)
    return ways.step(way, "raise_alert", people.tomas)


BEGINNINGS = {
    UNDERWAY: _underway,
    SIGNED: _signed,
    FAILED: _failed,
    VISITED: _visited,
    ALERTED: _alerted,
}


def _refused(form: str) -> Act:
    """These forms are sent by the page itself, which stays."""

    def act(page: Page) -> None:
        page.locator(f"form[data-resend={form}] .btn.main").first.click()
        page.locator(f"form[data-resend={form}] .error").first.wait_for()

    return act


def visits(house: House) -> Iterator[Visit]:
    people = house.people
    for name in (UNDERWAY, SIGNED, FAILED, VISITED):
        for who in ("eskort", "tomas", "sami"):
            path = reverse("handover", args=[_made[name]])
            yield Visit(f"handover {name} {who}", people[who], path)
    underway = reverse("handover", args=[_made[UNDERWAY]])
    yield Visit("handover wrong", people["eskort"], underway, _refused("receiver"))
    for who in ("tomas", "ana"):
        yield Visit(f"monitoring {who}", people[who], reverse("monitoring", args=[_made[VISITED]]))
    yield Visit("monitoring alerted", people["sami"], reverse("monitoring", args=[_made[ALERTED]]))
    report = reverse("return_visit", args=[_made[VISITED], 2])
    yield Visit("return_visit", people["tomas"], report)
    yield Visit("return_visit wrong", people["tomas"], report, _refused("report"))
    for name in (UNDERWAY, VISITED):
        yield Visit(f"own_file {name}", people["tomas"], reverse("own_file", args=[_made[name]]))
    yield Visit("return with own file", people["ana"], reverse("return", args=[_made[VISITED]]))
    yield Visit("case_returns comes home", _made["bruno"], reverse("case_returns", args=[_made["own"]]))
    yield Visit("returns to here", people["tomas"], reverse("returns") + "?way=inbound")
    yield Visit("return_alerts", people["fokus"], reverse("return_alerts"))
    yield Visit("return_alert", people["fokus"], reverse("return_alert", args=[_made[ALERTED]]))
