"""Every form that comes filled in shows what is stored, so it carries which state that was, or says here why not.

Found in the pages themselves: a new form over a stored row that forgets it fails here. Then two people meet in each of
them: six times in `make test`; `CONFLICTS=100` (`make trials`) writes docs/trials/edits.md.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.browser.pages import furnish, visits
from tests.browser.visits.base import House
from tests.emptied import empty
from tests.trials.edits import Tally, meet, pages
from tests.trials.written import write_part

CONFLICTS, LONG = int(os.environ.get("CONFLICTS", "6")), 100
REPORT = Path(settings.BASE_DIR) / "docs/trials/edits.md"

# What stands in these before anybody types is a day, an hour, a person or a country that is proposed: each makes a row
# of its own, and writes over none.
PROPOSES = frozenset(
    {"agreement_new", "appointment_new", "conference_new", "consent_new", "consent_withdraw", "consular"}
    | {"duty_new", "examination_new", "interview_new", "panel_alternate", "panel_convene", "placement"}
    | {"referral_new", "return_assent", "return_care", "return_family", "return_visit", "return_waiver"}
    | {"return_wish", "task_new", "track_step", "transfer_new", "travel_fitness_new", "view_new"}
    | {"visit_new", "voice_answer", "voice_new"}
)
# Stored, and of one person alone: nobody else writes there.
OF_ONE = frozenset({"handover_receiver", "panel_dissent", "panel_vote", "set_keys", "view_rename"})
# A copy of the last one, saved as the next: what came meanwhile stays beside it.
COPIES = frozenset({"return_input"})
# Nothing is saved from it before its preview, which carries what it showed.
PREVIEWED = frozenset({"return_request"})
WITHOUT = PROPOSES | OF_ONE | COPIES | PREVIEWED


# Edit forms that the demo fills; the rest of them is in tests/trials/edits.py.
EDITS = frozenset(
    {"agency_edit", "agency_places", "case_identity", "person_edit", "referral_edit", "referral_pack"}
)


class Forms(HTMLParser):
    """The forms of a page that write: where each goes, the names of its fields, and those that come filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.found = list[tuple[str, set[str], set[str]]]()
        self._open: tuple[str, set[str], set[str]] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._open = (said.get("action") or "", set(), set()) if said.get("method") == "post" else None
            return
        if self._open is None:
            return
        name, kind = said.get("name") or "", said.get("type") or "text"
        if tag in ("input", "select", "textarea") and name:
            self._open[1].add(name)
        if tag == "input" and kind not in ("hidden", "submit"):
            filled = "checked" in said if kind in ("radio", "checkbox") else bool(said.get("value"))
            if filled:
                self._open[2].add(name)
        self._area = name if tag == "textarea" else ""
        self._select = name if tag == "select" else self._select
        if tag == "option" and "selected" in said and said.get("value"):
            self._open[2].add(self._select)

    def handle_data(self, data: str) -> None:
        if self._open and self._area and data.strip():
            self._open[2].add(self._area)

    def handle_endtag(self, tag: str) -> None:
        self._area = ""
        if tag == "form" and self._open:
            self.found.append(self._open)
            self._open = None


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield furnish()
        empty()
        connections.close_all()


@dataclass(frozen=True)
class Found:
    """One form on one page: to which address it goes, the names of its fields, and what comes filled in."""

    user: User
    path: str
    to: str
    names: set[str]
    filled: set[str]


@pytest.fixture(scope="module")
def on_all_pages(house: House, django_db_blocker: DjangoDbBlocker) -> list[Found]:
    with django_db_blocker.unblock():
        return list(_found(house))


def _found(house: House) -> Iterator[Found]:
    clients = dict[User, Client]()
    for user, path in pages(visits(house)):
        if user not in clients:
            clients[user] = Client()
            clients[user].force_login(user)
        answer = clients[user].get(path, follow=True)
        page = Forms()
        page.feed(answer.content.decode() if "html" in answer.get("Content-Type", "") else "")
        for action, names, filled in page.found:
            to = resolve(urlsplit(action).path or answer.request["PATH_INFO"]).view_name
            yield Found(user, path, to, names, filled)


def test_every_form_over_a_stored_row_carries_what_it_showed(on_all_pages: list[Found]) -> None:
    filled = [each for each in on_all_pages if each.filled]
    forgotten = {each.to: sorted(each.filled) for each in filled if "seen" not in each.names}
    assert {to: names for to, names in forgotten.items() if to not in WITHOUT} == {}
    assert set(forgotten) >= WITHOUT - OF_ONE
    assert {each.to for each in filled if "seen" in each.names} >= EDITS


def test_the_search_finds_a_form_that_comes_filled_in() -> None:
    page = Forms()
    page.feed(
        '<form method="post"><input name="a" value="b"><input name="c"><textarea name="d">e</textarea></form>'
    )
    assert page.found == [("", {"a", "c", "d"}, {"a", "d"})]


def test_nobody_writes_over_what_somebody_else_just_wrote(
    address: str, on_all_pages: list[Found], django_db_blocker: DjangoDbBlocker
) -> None:
    """Pairs of conflicting edits, over all of these forms in turn: 0 silent overwrites."""
    began, tally = time.monotonic(), Tally()
    forms = [(each.user, each.path, each.to) for each in on_all_pages if {"seen", "shown"} <= each.names]
    with django_db_blocker.unblock():
        meet(address, forms, CONFLICTS, tally)
    told = tally.told()
    print(told, dict(tally.forms))  # noqa: T201 - what it did
    assert tally.silent == []
    assert tally.lost == []
    assert tally.pairs == CONFLICTS
    if CONFLICTS >= LONG:
        forms_told = ", ".join(f"`{name}` {count}" for name, count in sorted(tally.forms.items()))
        command = f"CONFLICTS={CONFLICTS} python -m pytest tests/browser/test_edit_forms.py"
        write_part(
            REPORT, "Two people editing", command, time.monotonic() - began, told, f"By form: {forms_told}."
        )
