"""The whole file, today, on another day, and on days that cannot be; the history with its filters."""

from collections.abc import Iterator, Mapping

from django.urls import reverse

import clock
from accounts.models import User
from cases.models import Case
from tests.browser.visits.base import House, Visit


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """Whatever the other areas put into the file stands in it; nothing of its own is needed."""


def visits(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], [house.full.pk]
    address, history = reverse("case_file", args=full), reverse("case_history", args=full)
    for user in (ana, sami):
        yield Visit(f"case_file {user.username}", user, address)
    yield Visit("case_file on", ana, f"{address}?on={clock.today('Europe/Vienna')}")
    yield Visit("case_file wrong", ana, f"{address}?on=2026-02-30")
    yield Visit("case_file before", ana, f"{address}?on=1999-01-01")
    yield Visit("case_file petra", house.people["petra"], address)
    yield Visit("case_history filtered", ana, f"{history}?section=identity&by={ana.pk}")
    yield Visit("case_history nothing", ana, f"{history}?section=return_journey")
