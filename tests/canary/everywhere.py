"""Everybody goes through every page that leads on from theirs, and fills in every form, first wrongly and then well."""

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.canary.filling import Filler, kind_of
from tests.canary.house import House
from tests.canary.screens import Form, Page, Person
from tests.canary.words import Nest

# So many pages of a kind are opened by one person; so often a form of a kind is filled in, and taken, by all.
PAGES, TRIES, TAKEN = 4, 9, 3
# How one signs in and out is no form about a child, and whoever is signed out goes nowhere.
NOT_THERE = ("/accounts/", "/static/", "/live/")
# What ends a file or takes something away comes last, or there would be nothing left to write in.
LAST = ("/remove/", "/end/", "/drop/", "/cancel/", "/erasure/", "/close", "/report/", "/hold/", "/suspend/")


@dataclass
class Everywhere:
    house: House
    nest: Nest
    taken: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    # Answers of 500 and more, which nobody should get here.
    broken: list[str] = field(default_factory=list)

    def goes(self, person: Person, *, to_the_end: bool, seconds: float) -> None:
        """At most for so long: the others wait."""
        person.sits_down()
        until = time.monotonic() + seconds
        seen, kinds = set[str](), Counter[str]()
        waiting = deque([f"{self.house.address}/"])
        while waiting and time.monotonic() < until:
            address = waiting.popleft()
            if address in seen or kinds[kind_of(address)] >= PAGES:
                continue
            seen.add(address)
            kinds[kind_of(address)] += 1
            waiting.extend(self._opens(person, address, to_the_end))

    def _opens(self, person: Person, address: str, to_the_end: bool) -> Iterator[str]:
        page = self._kept(person.goes_to(address), address)
        for form in page.forms:
            if form.method == "post" and self._wanted(form.action, to_the_end):
                yield from self._links(self._fills(person, form))
        yield from self._links(page)

    def _links(self, page: Page) -> Iterator[str]:
        for link in page.links:
            if link.startswith(self.house.address) and not urlsplit(link).path.startswith(NOT_THERE):
                yield link.partition("#")[0]

    def _wanted(self, action: str, to_the_end: bool) -> bool:
        kind = kind_of(action)
        if kind.startswith(NOT_THERE) or (not to_the_end and any(word in kind for word in LAST)):
            return False
        return self.tried[kind] < TRIES and self.taken[kind] < TAKEN

    def _fills(self, person: Person, form: Form) -> Page:
        kind = kind_of(form.action)
        filler, turn = Filler(self.nest), self.tried[kind]
        self.tried[kind] += 1
        for filled in (filler.fill_wrongly(form), filler.fill(form, turn)):
            page = self._kept(person.posts(form, filled.pairs, filled.files), form.action)
        self.taken[kind] += page.status == 200
        return page

    def _kept(self, page: Page, address: str) -> Page:
        self.pages += 1
        if page.status >= 500:
            self.broken.append(f"{page.status} {kind_of(address)}")
        return page

    @property
    def never_taken(self) -> list[str]:
        return sorted(kind for kind in self.tried if not self.taken[kind])
