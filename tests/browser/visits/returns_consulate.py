"""The consular part of returns at several points of the way, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from accounts.models import User
from cases.models import Case
from repatriation.models import Return, TravelPermit
from repatriation.models.choices import ReturnState
from repatriation.services.papers import Paper, add_permit, grant_permit, replace_document
from tests.browser.visits.base import LONG_NAME, LONG_WORD, WORDS, House, Visit, send
from tests.cases import files
from tests.repatriation import ways
from tests.repatriation.ways import Company

LONG = {
    "names": [{"kind": "legal", "script": "Latn", "whole": LONG_NAME}],
    "parents": [{"role": "mother", "name": LONG_NAME}],
    "last_address": f"{LONG_WORD} 3, {LONG_WORD}",
}
STATES = (
    ReturnState.DECIDED_RETURN,
    ReturnState.VERIFICATION_REQUESTED,
    ReturnState.NOT_A_NATIONAL,
    ReturnState.DOCUMENT_REQUESTED,
    ReturnState.DOCUMENT_ISSUED,
)


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """In files of their own: a return is one of a child."""
    company = company_of(people)
    for state in STATES:
        own = files.in_state("active", people["ana"].agency, worker=people["ana"])
        _lead_to(company, own, state)


def company_of(people: Mapping[str, User]) -> Company:
    named: dict[str, Any] = {
        name: people[name]
        for name in ("ana", "sami", "vera", "petra", "tomas", "konsul", "eskort", "fokus", "pia", "pavel")
    }
    cast: Any = SimpleNamespace(**people)
    return Company(cast, ben=people["boris"], paula=people["paula"], selim=people["pavel"], **named)


def _lead_to(people: Company, case: Case, state: ReturnState) -> None:
    denied = state == ReturnState.NOT_A_NATIONAL
    way = ways.at(people, case, ReturnState.VERIFICATION_REQUESTED if denied else state)
    if state == ReturnState.DECIDED_RETURN:
        ways.request_written(people, way)
    for row in way.requests.all():
        row.frozen = LONG
        row.save(update_fields=["frozen_sealed"])
    if denied:
        ways.step(way, "deny_nationality", people.konsul, reference=LONG_WORD[:60], reason=WORDS)
    if state == ReturnState.DOCUMENT_ISSUED:
        _papers(people, way)


def _papers(people: Company, way: Return) -> None:
    ways.journey_planned(people, way)
    today = ways.today(way)
    add_permit(way.pk, actor=people.konsul, kind="overstay", country="XA")  # type: ignore[arg-type]
    row = add_permit(way.pk, actor=people.ana, kind="exit", country="XA")  # type: ignore[arg-type]
    grant_permit(way.pk, row.pk, actor=people.ana, granted_on=today, valid_until=today)
    paper = Paper(
        kind="new_passport",  # type: ignore[arg-type]
        number=LONG_WORD[:40],
        issued_on=today,
        expires_on=today.replace(year=today.year + 5),
    )
    replace_document(way.pk, actor=people.ana, paper=paper)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, konsul = (house.people[name] for name in ("ana", "sami", "konsul"))
    at = {state: _return_in(state) for state in STATES}
    waits, issued = at[ReturnState.DECIDED_RETURN], at[ReturnState.DOCUMENT_ISSUED]
    yield Visit("returns konsul", konsul, reverse("returns"))
    yield Visit("return_request", ana, reverse("return_request", args=[waits]))
    yield Visit("return_request wrong", ana, reverse("return_request", args=[waits]), send())
    for state in (ReturnState.VERIFICATION_REQUESTED, ReturnState.NOT_A_NATIONAL):
        yield Visit(f"return_request {state}", sami, reverse("return_request", args=[at[state]]))
    for state in STATES[1:]:
        yield Visit(f"consular {state}", konsul, reverse("consular", args=[at[state]]))
    asked = reverse("consular", args=[at[ReturnState.VERIFICATION_REQUESTED]])
    yield Visit("consular answer wrong", konsul, asked, send("form:has([value=answer])"))
    begun = reverse("consular", args=[at[ReturnState.DOCUMENT_REQUESTED]])
    for act in ("issue", "refuse"):
        yield Visit(f"consular {act} wrong", konsul, begun, send(f"form:has([value={act}])"))
    for who in (ana, konsul):
        yield Visit(f"return_documents {who.username}", who, reverse("return_documents", args=[issued]))
    permit = TravelPermit.objects.get(way=issued, kind="overstay")
    for name, args in {"return_document_new": [issued], "permit_new": [issued]}.items():
        yield Visit(name, ana, reverse(name, args=args))
        yield Visit(f"{name} wrong", ana, reverse(name, args=args), send())
    yield Visit("permit_granted", ana, reverse("permit_granted", args=[issued, permit.pk]))
    for name in ("sami", "fokus"):
        yield Visit(f"verifications {name}", house.people[name], reverse("verifications"))


def _return_in(state: ReturnState) -> Any:
    """The one that is furnished here: its request bears the long words."""
    found = Return.objects.filter(state=state, requests__isnull=False).order_by("-opened_at")
    return next(way.pk for way in found if (way.requests.first().frozen or {}) == LONG)  # type: ignore[union-attr]
