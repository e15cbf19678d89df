"""Somebody with one return before them: how they find it, take its steps, and what is closed to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django_stubs_ext import StrOrPromise
from playwright.sync_api import Locator, expect

import clock
from accounts.models import User
from cases.models import Case
from repatriation.edges.returns import RETURN
from repatriation.models import Return
from tests.browser.journey import Journey
from tests.browser.reader import TYPING
from tests.browser.whole_file.steps import Person
from tests.cast import PASSWORD
from tests.conftest import ClockHand
from tests.entering import code_of
from workflow import deadlines
from workflow.machine import Guard

PANEL = ("pia", "pavel", "paula")


@dataclass(frozen=True)
class Act:
    """The journey, the one file that it is about, and the hand on everybody's clock."""

    journey: Journey
    case: Case
    clock: ClockHand

    def by(self, username: str) -> "Traveller":
        return Traveller(self.journey.by(username), User.objects.get(username=username), self.case)

    @property
    def way(self) -> Return:
        """As it is now."""
        return Return.objects.select_related("panel", "case__agency").get(case=self.case)

    @property
    def today(self) -> date:
        return clock.today(self.case.agency.time_zone)

    def time_passes(self, **by: float) -> None:
        """And the sweep has come by, as it does every few seconds."""
        self.clock.forward(timedelta(**by))
        deadlines.sweep()

    def stands(self, state: str) -> None:
        assert self.way.state == state

    def is_over_for(self, *usernames: str) -> None:
        """It does not exist for them, and no list of theirs leads there."""
        page = reverse("return", args=[self.way.pk])
        for username in usernames:
            person = self.by(username)
            person.at.goes_to("Returns")
            expect(person.at.main.locator(f"a[href='{page}']")).to_have_count(0)
            assert person.at.page.request.get(page).status == 404, username

    def is_read_by(self, *usernames: str, as_: StrOrPromise) -> None:
        """In their lists, with the same state for everybody."""
        for username in usernames:
            person = self.by(username)
            person.finds_return()
            expect(person.at.page.locator("h1 .chip")).to_have_text(person.at.say(as_))


@dataclass(frozen=True)
class Traveller(Person):
    """A person who has a part in this return."""

    @property
    def way(self) -> Return:
        return Return.objects.get(case=self.case)

    def finds_return(self) -> None:
        """Its overview, as it is now."""
        if self._is_there() or not self._comes().endswith(self._page):
            self._goes_to("Overview")

    def opens(self, part: StrOrPromise) -> None:
        """A part of the return, by its tab."""
        if not self._is_there() or not self._tab(part).is_visible():
            self._comes()
        self._goes_to(part)

    @property
    def _page(self) -> str:
        return reverse("return", args=[self.way.pk])

    def _is_there(self) -> bool:
        return self._tab("Overview").is_visible()

    def _comes(self) -> str:
        """As people find one: from the list of those in which they have a part. A post is led to where it answers."""
        self.at.goes_to("Returns")
        if not self.way.is_open:
            self.at.follow("All")
        link = self.at.main.locator(f"a[href^='{self._page}']").first
        address = str(link.get_attribute("href"))
        self.at.hands.click(link)
        expect(self._parts).to_be_visible()
        return address

    def _goes_to(self, part: StrOrPromise) -> None:
        """Also when it is there already: somebody else may have written meanwhile."""
        with self.at.page.expect_navigation():
            self.at.hands.click(self._tab(part))
        expect(self._parts.locator("[aria-current=page]")).to_have_text(self.at.say(part))

    @property
    def _parts(self) -> Locator:
        return self.at.page.get_by_role("navigation", name=self.at.say("Return"), exact=True)

    def _tab(self, part: StrOrPromise) -> Locator:
        return self._parts.get_by_role("link", name=self.at.say(part), exact=True)

    def takes(self, name: str, **entries: Any) -> None:
        """A step of the return, by its button on the overview."""
        edge = RETURN.edge(name)
        self.finds_return()
        self.at.follow(edge.label)
        self.enters(edge, entries)
        self.at.press(edge.label)
        self.sees_done(edge)

    def may_not_yet(self, name: str, *missing: Guard, **entries: Any) -> None:
        """Presses all the same, and reads what is missing."""
        edge, before = RETURN.edge(name), self.way.state
        self.finds_return()
        self.at.follow(edge.label)
        self.enters(edge, entries)
        self.at.press(edge.label)
        self.at.sees("This step is not possible yet")
        blocks = self.at.main.locator(".block p.strong")
        expect(blocks).to_have_text([self.at.begins("Missing:", then="")] * len(missing))
        for guard in missing:
            # As far as the sentence bears no number.
            said = self.at.say(guard.sentence).partition("%")[0]
            expect(self.at.main.locator(".blocks")).to_contain_text(said)
        assert self.way.state == before

    def goes_from(self, guard: Guard) -> None:
        """From the overview, which says where a condition is put right."""
        self.finds_return()
        self.goes_where_it_says(guard)

    # Long forms, by the names of their questions

    def types(self, **words: str) -> None:
        for name, text in words.items():
            self.at.hands.fill(self.at.page.locator(f"[name='{name}']"), text)

    def picks(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.at.hands.check(self.at.page.locator(f"[name='{name}'][value='{answer}']"))

    def signs(self) -> None:
        self.at.fill("Your password, once more", PASSWORD)
        self.at.fill("The code that your app shows", code_of(self.user, seconds=TYPING))
