"""Travel documents, current and former, and the permits of a journey: they have to hold until the arrival."""

from datetime import date, timedelta
from typing import Any

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from cases.models import Case
from repatriation.models import Return, TravelDocument, TravelPermit
from repatriation.models.choices import TravelDocumentKind
from repatriation.services.papers import Paper, add_permit, grant_permit, remove_permit, replace_document
from tests.cases.asking import day, get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.test_read_zone import TD3
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def issued(people: Company, case: Case) -> Return:
    return ways.at(people, case, "document_issued")


@kept
def ready(people: Company, issued: Return) -> Return:
    ways.journey_planned(people, issued)
    ways.step(issued, "plan_travel", people.ana)
    for fact in (ways.assent_given, ways.certified_fit, ways.plan_accepted):
        fact(people, issued)
    return ways.step(issued, "make_ready", people.sami)


def today() -> date:
    return clock.today("Europe/Vienna")


def document(**changes: Any) -> dict[str, Any]:
    said = {"code": "new_passport", "number": "P1234567", "zone": ""}
    days = day("issued_on", today()) | day("expires_on", today() + timedelta(days=60))
    return said | days | changes


def permit(people: Company, way: Return, **changes: Any) -> TravelPermit:
    return add_permit(way.pk, actor=people.ana, **({"kind": "exit", "country": "XA"} | changes))


def state(way: Return) -> str:
    return str(Return.objects.get(pk=way.pk).state)


@pytest.mark.parametrize("who", ["ana", "konsul"])
def test_another_document_takes_the_place_of_the_first(people: Company, issued: Return, who: str) -> None:
    actor = getattr(people, who)
    former = TravelDocument.objects.get()
    assert post(actor, "return_document_new", issued.pk, **document()).status_code == 302
    current = TravelDocument.objects.get(ended_at__isnull=True)
    assert (current.number, current.kind, current.entered_by) == ("P1234567", "new_passport", actor)
    assert TravelDocument.objects.get(pk=former.pk).ended_at is not None
    text = get(people.ana, "return_documents", issued.pk).content.decode()
    assert text.index("P1234567") < text.index("Former documents") < text.index("L898902C3")
    event = last(issued.case_id, "return.document_replaced")
    assert (event.actor, event.sections) == (actor, [Section.RETURN_JOURNEY.value])
    assert "P1234567" not in str(event.details)
    for reader in (people.konsul, people.tomas):
        assert "entered another travel document" in get(reader, "return", issued.pk).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zone": TD3}, "The number in these lines is another one"),
        (day("issued_on", date(2026, 6, 20)), "This day has not come yet."),
        (day("expires_on", date(2026, 6, 14)), "A document ends after the day"),
        ({"number": ""}, "We need an answer here."),
    ],
)
def test_a_document_that_cannot_be_right(
    people: Company, issued: Return, changes: dict[str, Any], sentence: str
) -> None:
    refused = post(people.ana, "return_document_new", issued.pk, **document(**changes))
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert [row.number for row in TravelDocument.objects.all()] == ["L898902C3"]


def test_it_has_to_hold_until_the_arrival(people: Company, ready: Return) -> None:
    """Five days from now: the guard of the service, not only that of the form."""
    short = document() | day("expires_on", today() + timedelta(days=3))
    refused = post(people.ana, "return_document_new", ready.pk, **short)
    assert (refused.status_code, state(ready)) == (422, "ready")
    assert "It is not valid until the arrival." in refused.content.decode()
    paper = Paper(
        kind=TravelDocumentKind.NEW_PASSPORT,
        number="P1234567",
        issued_on=today(),
        expires_on=today() + timedelta(days=60),
        zone=TD3,
    )
    with pytest.raises(Invalid):
        replace_document(ready.pk, actor=people.ana, paper=paper)


@pytest.mark.parametrize("before", ["verification_requested", "document_requested"])
def test_the_first_document_is_the_consulates_step(people: Company, case: Case, before: str) -> None:
    way = ways.at(people, case, before)
    answer = post(people.ana, "return_document_new", way.pk, **document())
    assert (answer.status_code, TravelDocument.objects.count()) == (302, 0)
    assert "Enter another travel document" not in get(people.ana, "return_documents", way.pk).content.decode()


def test_a_permit_is_noted_granted_and_removed(people: Company, issued: Return) -> None:
    said = {"kind": "overstay", "country": "XA"}
    assert post(people.konsul, "permit_new", issued.pk, **said).status_code == 302
    row = TravelPermit.objects.get()
    text = get(people.ana, "return_documents", issued.pk).content.decode()
    assert "Waiver for having overstayed (Arvania)" in text
    assert "Not granted yet" in text
    days = day("granted_on", today()) | day("valid_until", today() + timedelta(days=30))
    assert post(people.ana, "permit_granted", issued.pk, row.pk, **days).status_code == 302
    row.refresh_from_db()
    assert (row.granted_on, row.valid_until) == (today(), today() + timedelta(days=30))
    assert post(people.ana, "permit_remove", issued.pk, row.pk).status_code == 302
    assert post(people.ana, "permit_remove", issued.pk, row.pk).status_code == 404
    assert "overstayed" not in get(people.ana, "return_documents", issued.pk).content.decode()
    for verb in ("permit_needed", "permit_granted", "permit_removed"):
        assert last(issued.case_id, f"return.{verb}").details["code"] == "overstay"
    kinds = list(issued.events.order_by("-number").values_list("kind", flat=True)[:3])
    assert kinds == ["permit_removed", "permit_granted", "permit_needed"]


def test_what_is_wrong_with_a_permit_is_said(people: Company, issued: Return) -> None:
    row = permit(people, issued)
    twice = post(people.ana, "permit_new", issued.pk, kind="exit", country="XA")
    assert (twice.status_code, "It is noted already." in twice.content.decode()) == (422, True)
    assert post(people.ana, "permit_new", issued.pk, kind="", country="XA").status_code == 422
    assert post(people.ana, "permit_new", issued.pk, kind="exit", country="QQ").status_code == 422
    wrong = {
        "This day has not come yet.": day("granted_on", today() + timedelta(days=1)),
        "It cannot end before it was granted.": day("granted_on", today())
        | day("valid_until", today() - timedelta(days=1)),
    }
    for sentence, days in wrong.items():
        refused = post(people.ana, "permit_granted", issued.pk, row.pk, **days)
        assert (refused.status_code, sentence in refused.content.decode()) == (422, True)
    assert TravelPermit.objects.get().granted_on is None


def test_a_permit_of_another_return_is_not_reached(people: Company, issued: Return) -> None:
    other = ways.at(people, ways.active_case(people.cast), "document_issued")
    row = permit(people, other)
    for name in ("permit_granted", "permit_remove"):
        assert post(people.ana, name, issued.pk, row.pk, **day("granted_on", today())).status_code == 404
    assert TravelPermit.objects.get().removed_at is None


def test_whether_each_holds_for_the_whole_journey_is_shown(people: Company, ready: Return) -> None:
    def shown() -> str:
        return str(get(people.ana, "return_documents", ready.pk).content.decode())

    assert "Holds until the arrival on 20 June 2026" in shown()
    row = permit(people, ready)
    assert state(ready) == "travel_planned"
    grant_permit(
        ready.pk, row.pk, actor=people.ana, granted_on=today(), valid_until=today() + timedelta(days=2)
    )
    assert "Ends before the arrival on 20 June 2026" in shown()
    grant_permit(ready.pk, row.pk, actor=people.ana, granted_on=today(), valid_until=None)
    assert "Granted, without a last day" in shown()
    assert ways.step(ready, "make_ready", people.sami).state == "ready"


def test_a_permit_that_turns_out_to_be_needed_takes_readiness_back(people: Company, ready: Return) -> None:
    row = permit(people, ready)
    assert state(ready) == "travel_planned"
    remove_permit(ready.pk, row.pk, actor=people.ana)
    assert ways.step(ready, "make_ready", people.sami).state == "ready"


def test_who_may(people: Company, issued: Return) -> None:
    strangers = [people.petra, people.cast.omar, people.cast.stella, people.eskort, people.tomas]
    said = {"kind": "visa", "country": "XB"}
    assert statuses(strangers, "permit_new", issued.pk, **said) == [404] * len(strangers)
    assert statuses(strangers, "return_document_new", issued.pk, **document()) == [404] * len(strangers)
    assert [get(user, "return_documents", issued.pk).status_code for user in strangers] == [404] * 5
    assert statuses([people.sami], "permit_new", issued.pk, **said) == [403]
    assert get(people.sami, "return_documents", issued.pk).status_code == 200
    assert not TravelPermit.objects.exists()


def test_after_the_departure_nothing_of_it_changes(people: Company, case: Case) -> None:
    way = ways.at(people, case, "departed")
    assert post(people.ana, "permit_new", way.pk, kind="visa", country="XB").status_code == 302
    assert not TravelPermit.objects.exists()
    with pytest.raises(Invalid):
        permit(people, way)


def test_a_post_sees_the_documents_of_its_own_requests(people: Company, issued: Return) -> None:
    """One that another post of the country had issued before is not shown to it."""
    row = TravelDocument.objects.get()
    text = get(people.konsul, "return_documents", issued.pk).content.decode()
    assert row.number in text
    other = type(row.request)(
        way=issued, case=issued.case, post=people.petra.agency, country="XB", made_by=people.ana
    )
    other.frozen = {"names": []}
    other.ended_at = clock.now()
    other.save(force_insert=True)
    TravelDocument.objects.filter(pk=row.pk).update(request=other)
    assert row.number not in get(people.konsul, "return_documents", issued.pk).content.decode()
    assert row.number in get(people.ana, "return_documents", issued.pk).content.decode()


def test_a_late_fact_stops_the_return(people: Company, issued: Return) -> None:
    ways.implicate(ways.grandmother(people, issued))
    permit(people, issued)
    assert state(issued) == "suspended"
