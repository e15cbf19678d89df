"""What somebody without a ground finds at the addresses of a case: each of them opened, or sent to.

That both doors of every address are closed to every stranger is the permission matrix's to know.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Page

from cases.guards.lifecycle import CONSENT_TO_DATA
from cases.models import AgendaPoint, Case

# Parts of addresses that name a row of the file, and where its rows are.
ROWS = {
    "access_id": "access",
    "appointment_id": "appointments",
    "candidate_id": "duplicate_candidates",
    "conference_id": "conferences",
    "consent_id": "consents",
    "document_id": "documents",
    "goal_id": "goals",
    "hold_id": "legal_holds",
    "link_id": "links_made",
    "person_id": "people",
    "task_id": "tasks",
    "visit_id": "visits",
    "voice_id": "voices",
}
WORDS = {
    "edge_name": "assess",
    "guard_code": CONSENT_TO_DATA.code,
    "track": "representation",
    "country": "XB",
    "purpose": "services",
}
TRACK_STEP = "request_representative"


def found_by(page: Page, case: Case, but: Collection[str] = ()) -> dict[str, int]:
    """Addresses of the case that are there for this reader, with what they answer; nobody's is empty."""
    # Any page has a form to sign out, and with it the token that a forged form would lack.
    page.goto("/")
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    found = {}
    for name, address in addresses_of(case):
        if name in but:
            continue
        answer = page.request.get(address)
        # Only for sending, and it says so whether the case exists or not.
        if answer.status == 405:
            answer = page.request.post(address, form={"csrfmiddlewaretoken": token})
        if answer.status != 404:
            found[name] = answer.status
    return found


def addresses_of(case: Case) -> Iterator[tuple[str, str]]:
    """Every address that takes the case's id, read from the table of addresses; rows are real where there are any."""
    for pattern in _patterns(get_resolver().url_patterns):
        wanted = set(pattern.pattern.converters)
        if "case_id" in wanted:
            assert pattern.name
            values = {name: _value(name, case) for name in wanted}
            if "track" in wanted:
                values["edge_name"] = TRACK_STEP
            yield pattern.name, reverse(pattern.name, kwargs=values)


def _value(name: str, case: Case) -> Any:
    if name == "case_id":
        return case.pk
    if name in WORDS:
        return WORDS[name]
    deeper: dict[str, Any] = {
        "name_id": case.child.names,
        "number_id": case.child.id_numbers,
        "point_id": AgendaPoint.objects.filter(case=case),
    }
    row = (deeper[name] if name in deeper else getattr(case, ROWS[name])).first()
    return row.pk if row else uuid4()


def _patterns(entries: list[Any]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry.url_patterns)
