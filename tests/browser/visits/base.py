"""What visits to pages are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from accounts.models import User
from cases.models import Case, Report

Act = Callable[[Page], None]
LONG_NAME = "Wilhelmina-Konstantinowna Ravensbruecker-Schneebergerovskaya"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenpension"
WORDS = "She says that she is afraid of the man who drives the grey van; a neighbour has taken her in for the night."


@dataclass(frozen=True)
class Visit:
    """One page as one person comes to see it. The first word of `name` is the name of its address."""

    name: str
    user: User | None
    path: str
    act: Act | None = None

    def make(self, page: Page) -> None:
        page.goto(self.path)
        if self.act:
            self.act(page)


@dataclass(frozen=True)
class House:
    """The demo's people and caseload, and one file with something in every place."""

    people: dict[str, User]
    full: Case
    report: Report

    def case(self, **found: Any) -> Case:
        return Case.objects.filter(agency=self.people["sami"].agency, **found).order_by("reported_at", "pk")[
            0
        ]

    def worker(self, case: Case) -> User:
        assignment = case.facts.assignment
        assert assignment
        return assignment.worker


def send(form: str = "main form.form") -> Act:
    def act(page: Page) -> None:
        # Some forms are folded away until somebody wants them.
        page.locator(form).first.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) e.open = true }"
        )
        with page.expect_navigation():
            page.locator(f"{form} .btn.main").first.click()

    return act
