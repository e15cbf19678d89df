"""Forms that come filled in: each shows what is stored, so it carries which state that was, or says here why not.

Found in the pages themselves, so a new form over a stored row that forgets it is found as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve

from accounts.models import User
from tests.browser.pages import visits
from tests.browser.visits.base import House
from tests.trials.edits import pages

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


@dataclass(frozen=True)
class Found:
    """One form on one page: to which address it goes, the names of its fields, and what comes filled in."""

    user: User
    path: str
    to: str
    names: set[str]
    filled: set[str]


def on_all_pages(house: House) -> Iterator[Found]:
    """Each form of each page of that house."""
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
