"""The board of returns, the overview of one at several points, and contact with a country."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from repatriation.models import Return
from tests.browser.visits.base import House, Visit, send


def visits(house: House) -> Iterator[Visit]:
    ana, sami = house.people["ana"], house.people["sami"]
    for name in ("ana", "sami", "konsul", "tomas", "eskort"):
        yield Visit(f"returns {name}", house.people[name], reverse("returns"))
    yield Visit("returns table", sami, reverse("returns") + "?as=table")
    for state in ("considered", "ready", "departed"):
        way = Return.objects.filter(state=state).latest("opened_at")
        yield Visit(f"return {state}", ana, reverse("return", args=[way.pk]))
    yield from _of(Return.objects.filter(state="ready").latest("opened_at"), ana, sami)
    yield from _form("return_new", ana, reverse("return_new", args=[house.full.pk]))
    yield Visit("case_returns", ana, reverse("case_returns", args=[house.full.pk]))
    yield Visit("clearances empty", sami, reverse("clearances", args=[house.full.pk]))


def _of(way: Return, ana: User, sami: User) -> Iterator[Visit]:
    """One that is ready: contact is cleared, and it can be withdrawn, suspended or ended."""
    yield Visit("case_returns", ana, reverse("case_returns", args=[way.case_id]))
    yield from _form("clearances", sami, reverse("clearances", args=[way.case_id]))
    yield from _form("clearance_revoke", sami, reverse("clearance_revoke", args=[way.case_id, way.country]))
    yield from _form("return_propose_end", sami, reverse("return_propose_end", args=[way.pk]))
    yield from _form("return_step", ana, reverse("return_step", args=[way.pk, "withdraw"]))


def _form(name: str, who: User, address: str) -> Iterator[Visit]:
    yield Visit(name, who, address)
    yield Visit(f"{name} wrong", who, address, send())
