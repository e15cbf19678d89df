"""Every form that comes filled in shows what is stored, so it carries which state that was, or says here why not.

Found in the pages themselves: a new form over a stored row that forgets it fails here.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from tests.browser.pages import furnish, visits
from tests.browser.visits.base import House
from tests.emptied import empty

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
OF_ONE = frozenset({"handover_receiver", "panel_dissent", "panel_vote", "set_keys"})
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


def filled_in(house: House) -> dict[str, tuple[set[str], bool]]:
    """By address to which they go: what comes filled in, and whether the state that was shown goes along."""
    found = dict[str, tuple[set[str], bool]]()
    clients = dict[str, Client]()
    for visit in visits(house):
        if visit.user is None:
            continue
        if visit.user.username not in clients:
            clients[visit.user.username] = Client()
            clients[visit.user.username].force_login(visit.user)
        answer = clients[visit.user.username].get(visit.path, follow=True)
        page = Forms()
        page.feed(answer.content.decode() if "html" in answer.get("Content-Type", "") else "")
        for action, names, filled in page.found:
            to = resolve(urlsplit(action).path or answer.request["PATH_INFO"]).view_name
            before, carries = found.get(to, (set(), True))
            if filled:
                found[to] = before | filled, carries and "seen" in names
    return found


def test_every_form_over_a_stored_row_carries_what_it_showed(house: House) -> None:
    found = filled_in(house)
    forgotten = {to: sorted(filled) for to, (filled, carries) in found.items() if not carries}
    assert {to: filled for to, filled in forgotten.items() if to not in WITHOUT} == {}
    assert set(forgotten) >= WITHOUT - OF_ONE
    assert {to for to, (_filled, carries) in found.items() if carries} >= EDITS


def test_the_search_finds_a_form_that_comes_filled_in() -> None:
    page = Forms()
    page.feed(
        '<form method="post"><input name="a" value="b"><input name="c"><textarea name="d">e</textarea></form>'
    )
    assert page.found == [("", {"a", "c", "d"}, {"a", "d"})]
