"""The whole file, today, on another day, and on days that cannot be; the history; the check of a paper."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from playwright.sync_api import Page

import clock
from accounts.models import User
from cases.models import Case
from cases.models.papers import PaperKind
from cases.services.papers import keep_case_file, make_paper, new_code
from tests.browser.visits.base import Act, House, Visit, send

CURRENT, OLD = new_code(), new_code()


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """Whatever the other areas put into the file stands in it. Two papers of it have left, one after the other."""
    for code in (OLD, CURRENT):
        made = make_paper(PaperKind.CASE_FILE, code, b"%PDF", by=people["ana"], language="en")
        keep_case_file(case.pk, made, actor=people["ana"])


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
    verify = reverse("verify")
    yield Visit("verify", None, verify)
    yield Visit("verify ana", ana, verify)
    yield Visit("verify wrong", None, verify, _check("7K2M"))
    yield Visit("verify unknown", None, verify, _check(new_code()))
    yield Visit("verify current", None, verify, _check(CURRENT))
    yield Visit("verify old", None, verify, _check(OLD))


def _check(code: str) -> Act:
    def act(page: Page) -> None:
        page.locator("#id_code").fill(code)
        send()(page)

    return act
