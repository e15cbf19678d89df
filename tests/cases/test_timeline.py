"""What happened in a case, cut to what the reader may see."""

from typing import Any

import pytest

from accounts.access import Section
from accounts.audit import record
from accounts.models import AuditEvent
from cases.models import Case
from cases.models.choices import Basis, Purpose
from cases.services.identity import add_name
from cases.services.steps import take_step
from cases.views import access
from tests.cases import files
from tests.cases.asking import browser, get, last, post
from tests.cases.test_grant_access import form
from tests.cast import Cast


def test_who_may_read_it(cast: Cast, case: Case) -> None:
    assert [get(p, "case_history", case.pk).status_code for p in (cast.ana, cast.sami)] == [200] * 2
    strangers = (cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, cast.stella)
    assert {get(person, "case_history", case.pk).status_code for person in strangers} == {404}


def test_it_tells_who_did_what_newest_first(cast: Cast, case: Case) -> None:
    files.agree(case, cast.ana, Purpose.DATA)
    page = get(cast.sami, "case_history", case.pk).content.decode()
    order = [page.index(words) for words in ("recorded an answer", "began screening", "took the report")]
    assert order == sorted(order)
    assert "Hotline" in page


def test_an_event_of_a_section_exists_for_its_readers_only(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana)
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    post(cast.sami, "access_grant", case.pk, **form(sections=["identity"]))
    page = get(cast.omar, "case_history", case.pk).content.decode()
    assert "added a name" in page
    assert "assessed risk" not in page
    assert "Knew the family." not in page
    assert "Knew the family." in get(cast.ana, "case_history", case.pk).content.decode()


@pytest.mark.parametrize(
    ("sections", "events", "reasons"),
    [
        (["identity"], {"added a name"}, set()),
        (["risk"], {"assessed risk"}, set()),
        (["medical"], set(), set()),
        (["notes"], set(), {"Out since noon.", "Knew the family."}),
        (["identity", "notes"], {"added a name"}, {"Out since noon.", "Knew the family."}),
    ],
)
def test_a_personal_grant_shows_its_own_sections_and_reasons_to_who_sees_notes(
    cast: Cast, case: Case, sections: list[str], events: set[str], reasons: set[str]
) -> None:
    files.look_at_safety(case, cast.ana)
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    take_step(case.pk, "suspend", actor=cast.ana, reason="Out since noon.")
    post(cast.sami, "access_grant", case.pk, **form(sections=sections))
    assert said(get(cast.omar, "case_history", case.pk)) == events | reasons
    assert said(get(cast.omar, "case", case.pk)) == events


def said(page: Any) -> set[str]:
    """What an event of one section, or a reason, shows on a page."""
    words = ("added a name", "assessed risk", "Knew the family.", "Out since noon.")
    return {each for each in words if each in page.content.decode()}


def test_readings_are_not_happenings(cast: Cast, case: Case) -> None:
    get(cast.sami, "case", case.pk)
    assert "opened the file" not in get(cast.ana, "case_history", case.pk).content.decode()
    assert "opened the file" in get(cast.ana, "case_access", case.pk).content.decode()


def test_reading_it_is_recorded_with_all_that_was_shown(cast: Cast, case: Case) -> None:
    get(cast.sami, "case_history", case.pk)
    event = last(case.pk, "case.read")
    assert event.actor == cast.sami
    assert set(event.sections) >= {Section.IDENTITY, Section.RISK, Section.LEGAL}
    assert event.details["basis"] == [Basis.TEAM]


def test_older_events_are_a_page_away(cast: Cast, case: Case) -> None:
    for number in range(30):
        add_name(case.pk, actor=cast.ana, kind="alias", given=f"N{number}", family="")
    client = browser(cast.ana)
    first = client.get(f"/cases/{case.pk}/history/").content.decode()
    assert "began screening" not in first
    events = AuditEvent.objects.filter(case_id=case.pk, verb="identity.name_added").order_by("-id")
    second = client.get(f"/cases/{case.pk}/history/?before={events[24].pk}").content.decode()
    assert "began screening" in second
    assert f"before={events[24].pk}" in first


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "１", "²", "%00"])
def test_a_wrong_place_in_the_list_is_no_error(cast: Cast, case: Case, before: str) -> None:
    assert get(cast.ana, "case_history", case.pk, before=before).status_code in (200, 400, 404)


def test_what_nobody_did_homeward_did(cast: Cast, case: Case) -> None:
    record(None, "case.imported", case, case_id=case.pk)
    page = " ".join(get(cast.sami, "case_history", case.pk).content.decode().split())
    assert "<strong><bdi>Homeward</bdi></strong> took the case over from a file" in page


@pytest.mark.parametrize("reader", ["sami", "aida"])
def test_every_opening_is_found_page_by_page(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    get(cast.vera, "case", case.pk)
    monkeypatch.setattr(access, "READINGS", 3)
    for _number in range(2):
        get(cast.ana, "case", case.pk)
        get(cast.sami, "case", case.pk)
    page = get(getattr(cast, reader), "case_access", case.pk)
    assert "Vera</bdi></strong>" not in page.content.decode()
    pages = 1
    while older := page.context["older"]:
        page = get(getattr(cast, reader), "case_access", case.pk, before=older)
        pages += 1
    assert "Vera</bdi></strong>" in page.content.decode()
    assert pages > 1


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_a_wrong_place_in_the_openings_shows_the_latest(cast: Cast, case: Case, before: str) -> None:
    page = get(cast.sami, "case_access", case.pk, before=before)
    assert page.status_code == 200
    assert "Sami" in page.content.decode()
