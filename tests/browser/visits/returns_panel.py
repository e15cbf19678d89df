"""The panel at several points of its work, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from accounts.models import User
from cases.models import Case, Person
from cases.models.situation import FACTORS
from repatriation.models import CareArrangement, Panel, Return
from repatriation.models.choices import Option
from repatriation.services import alternates, voting
from repatriation.services.weighing import argue
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, House, Visit, send
from tests.cases import files
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

RETURN, STAY, ELSEWHERE = Option.RETURN, Option.INTEGRATION, Option.THIRD_COUNTRY
# How far each of the panels has come.
EMPTY, BEGUN, VOTING, CLOSED, SIGNED, DECIDED, ASKED = range(7)


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """In files of their own: a return is one of a child."""
    company = company_of(people)
    for point in (EMPTY, BEGUN, VOTING, CLOSED, SIGNED, DECIDED, ASKED):
        own = files.in_state("active", people["ana"].agency, worker=people["ana"])
        _lead_to(company, sitting.waiting(company, own), point)


def company_of(people: Mapping[str, User]) -> Company:
    named: dict[str, Any] = {
        name: people[name]
        for name in ("ana", "sami", "vera", "petra", "tomas", "konsul", "eskort", "fokus", "pia", "pavel")
    }
    cast: Any = SimpleNamespace(**people)
    return Company(cast, ben=people["boris"], paula=people["paula"], selim=people["pavel"], **named)


def _lead_to(people: Company, way: Return, point: int) -> None:
    if point == EMPTY:
        ways.assessed(people, way, conclusion="negative", refoulement=True)
        return
    if point == BEGUN:
        sitting.convened(people, way, third_country="DE")
        argue(way.pk, "family", {ELSEWHERE: f"{WORDS} {LONG_WORD}"}, actor=people.pavel)
        return
    sitting.prepared(people, way)
    for factor, _label in FACTORS[:3]:
        argue(way.pk, factor, {STAY: f"{WORDS} {LONG_WORD}"}, actor=people.pavel)
    sitting.heard(people, way, child_words=f"{WORDS} {LONG_WORD}")
    sitting.voted(people, way, RETURN, RETURN, STAY)
    if point == VOTING:
        return
    voting.close_vote(way.pk, actor=people.pia)
    if point in (CLOSED, SIGNED):
        voting.say_dissent(way.pk, actor=people.paula, words=f"{WORDS} {LONG_WORD}")
    if point == CLOSED:
        return
    sitting.minute(people, way, reasons=f"{WORDS} {LONG_WORD}", goes_on=WORDS)
    if point == SIGNED:
        return
    ways.step(way, "decide_return", people.pia)
    files.look_at_safety(way.case, people.ana)
    if point == ASKED:
        _ask(people, way)


def _ask(people: Company, way: Return) -> None:
    person = Person(case=way.case, role="relative", country="XB", added_by=people.ana)
    person.name = LONG_NAME
    person.save(force_insert=True)
    row = CareArrangement.objects.create(
        way=way,
        case=way.case,
        country="XB",
        kind="relative",
        person=person,
        alternate=True,
        made_by=people.ana,
    )
    alternates.ask_about_alternate(way.pk, actor=people.sami, arrangement_id=row.pk)


def visits(house: House) -> Iterator[Visit]:
    """Who sits, who convened, and who works on the case."""
    pia, pavel, paula = (house.people[name] for name in ("pia", "pavel", "paula"))
    ana, sami = house.people["ana"], house.people["sami"]
    begun = _panels(third_country="DE")
    at = {
        "voting": _panels(third_country="", closed_at=None),
        "closed": _panels(closed_at__isnull=False, minute_signed_at=None),
        "signed": _panels(minute_signed_at__isnull=False, way__state="panel_pending"),
        "asked": _panels(alternate_questions__isnull=False),
        "decided": _panels(
            way__state="decided_return", alternate_questions=None, facts_told_upto__isnull=False
        ),
    }
    nobody = Return.objects.filter(state="panel_pending", panel=None, assessments__refoulement=True)
    empty = nobody.latest("opened_at").pk
    for who in (ana, sami):
        yield Visit(f"panel empty {who.username}", who, reverse("panel", args=[empty]))
        yield Visit(f"return after {who.username}", who, reverse("return", args=[at["decided"]]))
        for point, way in at.items():
            yield Visit(f"panel {point} {who.username}", who, reverse("panel", args=[way]))
    yield from _acts(sami, empty, "panel_convene")
    yield from _acts(sami, begun, "panel_complete", "panel_dissolve")
    yield from _acts(paula, begun, "panel_hearing")
    yield Visit("panel_step_down", paula, reverse("panel_step_down", args=[begun]))
    for who, way in ((pavel, begun), (ana, at["closed"])):
        yield Visit(f"panel_weighing {who.username}", who, reverse("panel_weighing", args=[way]))
    factor = reverse("panel_factor", args=[begun, "family"])
    yield Visit("panel_factor", pavel, factor)
    yield Visit("panel_factor wrong", pavel, factor, send())
    yield Visit("panel_dossier", pavel, reverse("panel_dossier", args=[begun]))
    yield Visit("panel begun", pavel, reverse("panel", args=[begun]))
    yield Visit("panel voting", pia, reverse("panel", args=[at["voting"]]))
    yield Visit("panel_vote", pavel, reverse("panel_vote", args=[at["voting"]]))
    yield from _acts(pia, at["closed"], "panel_minute")
    yield Visit("panel_close", pia, reverse("panel_close", args=[at["voting"]]))
    yield Visit("panel_dissent", paula, reverse("panel_dissent", args=[at["closed"]]))
    yield Visit("panel signed", pia, reverse("panel", args=[at["signed"]]))
    yield from _acts(ana, at["decided"], "panel_told")
    yield from _acts(pia, at["asked"], "panel_alternate")


def _acts(who: User, way: Any, *names: str) -> Iterator[Visit]:
    for name in names:
        yield Visit(name, who, reverse(name, args=[way]))
        yield Visit(f"{name} wrong", who, reverse(name, args=[way]), send())


def _panels(**found: Any) -> Any:
    return Panel.objects.filter(dissolved_at=None, **found).latest("convened_at").way_id
