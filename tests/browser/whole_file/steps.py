"""Steps as people meet them on the pages: refused with every reason, put right where the page says, taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django_stubs_ext import StrOrPromise
from playwright.sync_api import Locator, expect

import clock
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.edges.tracks import TRACKS
from cases.models import Case
from tests.browser.journey import Journey
from tests.browser.reader import Reader
from tests.cases import files
from workflow.machine import Attempt, Edge, Guard, Machine

ANYTHING_TO_DO = "a, .block-words > p.soft:not(.dots)"


@dataclass(frozen=True)
class Act:
    """The journey, and the one file that it is about."""

    journey: Journey
    case: Case

    def by(self, username: str) -> "Person":
        return Person(self.journey.by(username), User.objects.get(username=username), self.case)

    @property
    def row(self) -> Case:
        """As it is now."""
        return files.fresh(self.case)

    @property
    def today(self) -> date:
        return clock.today(self.case.agency.time_zone)


@dataclass(frozen=True)
class Person:
    """Somebody with this one file before them."""

    at: Reader
    user: User
    case: Case

    def opens_file(self) -> None:
        self.at.page.goto(reverse("case", args=[self.case.pk]))

    def finds_file(self) -> None:
        """As people find one: from the list of those that they may see."""
        self.at.goes_to("Cases")
        self.at.hands.click(self.at.main.get_by_role("link", name=self.case.code, exact=True))
        expect(self.at.page.locator("h1")).to_contain_text(self.case.code)

    def opens_tab(self, group: StrOrPromise, page: StrOrPromise | None = None) -> None:
        self.opens_file()
        self._entry("Case", group)
        if page:
            self._entry("In this part", page)

    def _entry(self, navigation: str, entry: StrOrPromise) -> None:
        inside = self.at.page.get_by_role("navigation", name=self.at.say(navigation), exact=True)
        self.at.hands.click(inside.get_by_role("link", name=self.at.say(entry), exact=True))

    def opens_track(self, title: StrOrPromise) -> None:
        """By its lane on the page of the case."""
        if self.at.page.locator("h1").inner_text() == self.at.say(title):
            return
        self.opens_file()
        self.at.hands.click(
            self.at.main.locator(".lane").get_by_role("link", name=self.at.say(title), exact=True)
        )
        expect(self.at.page.locator("h1")).to_have_text(self.at.say(title))

    # Steps of the case

    def opens_step(self, name: str) -> Edge:
        edge = LIFECYCLE.edge(name)
        self.opens_file()
        self.at.follow(edge.label)
        return edge

    def takes_step(self, name: str, **entries: str) -> None:
        edge = self.opens_step(name)
        for label, value in entries.items():
            self.at.fill(label, value)
        self.at.press(edge.label)
        self.sees_done(edge)

    def sees_done(self, edge: Edge) -> None:
        self.at.sees("Done: %(step)s.", step=self.at.say(edge.label))

    def is_refused(self, name: str, *missing: Guard) -> None:
        """Presses all the same, and reads exactly what the machine itself finds missing."""
        before = files.fresh(self.case).state
        edge = self.opens_step(name)
        self.at.press(edge.label)
        self.at.sees("This step is not possible yet")
        self.reads(LIFECYCLE, edge, missing)
        assert files.fresh(self.case).state == before

    def puts_right(self, guard: Guard) -> None:
        """From the page of the case, which says the same before anybody presses anything."""
        self.opens_file()
        self.goes_where_it_says(guard)

    # Steps of the tracks

    def opens_track_step(self, track: str, name: str) -> Edge:
        machine = TRACKS[track]
        self.opens_track(_page_title(track))
        edge = machine.machine.edge(name)
        self.at.follow(edge.label)
        return edge

    def takes_track_step(self, track: str, name: str, **entries: Any) -> None:
        """Entries by the names that the edge gives them."""
        edge = self.opens_track_step(track, name)
        self.enters(edge, entries)
        self.at.press(edge.label)
        self.sees_done(edge)

    def is_refused_in(self, track: str, name: str, *missing: Guard, **entries: Any) -> None:
        edge = self.opens_track_step(track, name)
        self.enters(edge, entries)
        self.at.press(edge.label)
        self.at.sees("This step is not possible yet")
        self.reads(TRACKS[track].machine, edge, missing)

    def enters(self, edge: Edge, entries: dict[str, Any]) -> None:
        for entry in edge.inputs:
            if entry.name not in entries:
                continue
            value = entries[entry.name]
            if entry.kind == "day":
                self.at.enter_day(entry.label, value)
            elif entry.kind == "code":
                self.at.choose(entry.label, dict(entry.choices)[value])
            elif entry.kind in ("person", "country", "document"):
                self.at.select(entry.label, value)
            elif entry.kind == "yes":
                self.at.tick(entry.label)
            else:
                self.at.fill(entry.label, value)

    # What a refusal says

    def reads(self, machine: Machine, edge: Edge, missing: Sequence[Guard], within: str = "main") -> None:
        """Every condition of the edge, in the order of its table: those that fail with their sources and a way on."""
        assert [guard.code for guard in missing] == self._found_by(machine, edge)
        place = self.at.page.locator(within)
        blocks = place.locator(".block")
        expect(blocks.locator("p.strong")).to_have_text([self._said("Missing:", guard) for guard in missing])
        holding = [guard for guard in edge.guards if guard not in missing]
        expect(place.locator(".check p:first-child")).to_have_text(
            [self._said("Done:", guard) for guard in holding]
        )
        for number, guard in enumerate(missing):
            block = blocks.nth(number)
            expect(block.locator("summary .rule")).to_have_text(list(guard.source))
            expect(block.locator(ANYTHING_TO_DO)).not_to_have_count(0)

    def _said(self, mark: str, guard: Guard) -> str:
        return f"{self.at.say(mark)} {self.at.say(guard.sentence)}"

    def _found_by(self, machine: Machine, edge: Edge) -> list[str]:
        case = files.fresh(self.case)
        subject = TRACKS[machine.name].row_of(case) if machine.name in TRACKS else case
        results = machine.judge(edge, subject, Attempt(actor=self.user))
        return [result.code for result in results if result.blocks]

    def way_on(self, guard: Guard) -> Locator:
        """The link of a refusal: what it does, and for which condition."""
        label, sentence = (re.escape(self.at.say(words)) for words in (guard.remedy_label, guard.sentence))
        return self.at.main.get_by_role("link", name=re.compile(rf"^{label}\s*: {sentence}$"))

    def goes_where_it_says(self, guard: Guard) -> None:
        self.at.hands.click(self.way_on(guard))

    def goes_on(self, action: StrOrPromise) -> None:
        """By the one thing that a page says is next."""
        following = self.at.main.locator("a.btn.main")
        expect(following).to_have_text(self.at.say(action))
        self.at.hands.click(following)


def _page_title(track: str) -> StrOrPromise:
    titles = {"legal": "Legal protection", "medical": "Medical care", "rehabilitation": "Rehabilitation"}
    return titles[TRACKS[track].page]
