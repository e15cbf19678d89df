"""What stands on each paper of a return, for each of its readers, and what does not."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.models import Case, PersonName
from cases.models.choices import Basis
from cases.services.identity import add_name, record_identity
from cases.services.people import Particulars, add_person
from repatriation.models import Handover, MonitoringVisit, Return
from repatriation.models.choices import Option, SignedAs
from repatriation.services import convening, handing, voting
from repatriation.services.journeys import plan_route
from repatriation.services.minuting import record_telling
from repatriation.services.requesting import Asked, assembled, freeze_request, seal_of
from repatriation.views.sheets.escorted import BOX
from tests.cases import files
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import consented
from tests.repatriation import issued, sitting, ways
from tests.repatriation.handovers import standing
from tests.repatriation.issued import ARABIC, CANARIES, READY, Returns
from tests.repatriation.journeys import stretch
from tests.repatriation.ways import Company

MOST_KB = 300
LONG = "Die Großmutter holt sie ab. Бабушка ждёт на вокзале. "


@kept
def people(cast: Cast) -> Company:
    found = ways.company(cast)
    issued.speak_apart(found)
    return found


@kept
def returns(people: Company) -> Returns:
    return issued.both(people)


@kept
def decided(people: Company) -> Return:
    """By two of three; the third one says why it voted otherwise."""
    way = sitting.waiting(people, issued.told_of(people))
    sitting.closed(people, way, Option.RETURN, Option.RETURN, Option.INTEGRATION)
    voting.say_dissent(way.pk, actor=people.paula, words="She goes to school here.")
    sitting.minute(people, way)
    ways.step(way, "decide_return", people.pia)
    return ways.fresh_row(way)


def said(user: Any, name: str, way: Return, *more: object) -> str:
    return issued.printed(issued.taken(user, name, way, *more))


# The minute.


def test_the_minute_says_who_sat_who_was_heard_and_how_it_was_voted(people: Company, decided: Return) -> None:
    text = said(people.ana, "minute_paper", decided)
    for words in (
        "Pia Arvania panel · Chair",
        "Paula Court",
        "Members: 3. Needed for a decision: 3.",
        "In its words I want to go to my grandmother.",
        "What was said She knows her mind.",
        "Safety, and what threatens it Return For and against. Integration here For and against.",
        "Votes Return: 2; Integration here: 1 Paula Integration here Pavel Return Pia Return",
        "Who voted otherwise, and why Paula She goes to school here.",
        f"Decided Return Reasons {sitting.REASONS}",
        "How it goes on The consulate is asked.",
        "Signed Pia · Arvania panel Monday 15 June 2026",
        "The child not told yet",
        "At the guardianship court.",
        "A return would be to Belmora",
        decided.case.code,
        "Name of the child Lirana Vosk",
    ):
        assert words in text, words
    assert text.count("She goes to school here.") == 2


def test_the_minute_says_how_it_was_told(people: Company, decided: Return) -> None:
    today = ways.today(decided)
    record_telling(
        decided.pk, actor=people.ana, child_told_on=today, guardian_told_on=today, words="With a drawing."
    )
    text = said(people.sami, "minute_paper", decided)
    assert "The child 15 June 2026 Guardian or representative 15 June 2026" in text
    assert "With a drawing." in text
    assert "not told yet" not in text


def test_who_gives_no_reason_and_who_stepped_down_stand_in_the_minute(people: Company) -> None:
    way = sitting.waiting(people, ways.active_case(people.cast))
    sitting.convened(people, way)
    convening.complete_panel(way.pk, actor=people.sami, member=people.selim, chair=people.pia)
    convening.step_down(way.pk, actor=people.selim)
    sitting.heard(people, way)
    sitting.argued(people, way)
    sitting.voted(people, way, Option.RETURN, Option.RETURN, Option.DEFERRAL)
    voting.close_vote(way.pk, actor=people.pia)
    sitting.minute(people, way)
    text = said(people.ana, "minute_paper", way)
    assert "Paula Voted otherwise and gives no reason." in text
    assert f"Selim {people.selim.agency.name} · Stepped down" in text


def test_a_minute_that_is_not_signed_is_no_paper(people: Company) -> None:
    way = sitting.waiting(people, ways.active_case(people.cast))
    assert issued.take(people.ana, "minute_paper", way).status_code == 404
    sitting.closed(people, way)
    for user in (people.pia, people.ana, people.sami):
        assert issued.take(user, "minute_paper", way).status_code == 404
    sitting.minute(people, way)
    # Those who sit read it as long as the decision is to be taken.
    for user in (people.pia, people.pavel, people.ana):
        assert issued.take(user, "minute_paper", way).status_code == 200
    assert issued.take(people.selim, "minute_paper", way).status_code == 404
    ways.step(way, "decide_return", people.pia)
    assert issued.take(people.pia, "minute_paper", way).status_code == 404


# The request.


@kept
def asked(people: Company) -> Return:
    """With everything that can be in a request, and much in the file that cannot."""
    case = issued.told_of(people)
    record_identity(case.pk, actor=people.ana, identity=files.identity())
    add_name(case.pk, actor=people.ana, kind="alias", given="Лирана", family="Воск")
    add_person(case.pk, actor=people.ana, told=Particulars(role="mother", name="Mara Vosk", note="Drinks."))
    way = ways.at(people, case, "decided_return")
    consented(way.case, people.ana, people.konsul.agency)
    what, post = Asked(last_address="Harbour Street 4, Belm"), people.konsul.agency
    seal = seal_of(post, assembled(Case.objects.get(pk=case.pk), what))
    freeze_request(way.pk, actor=people.ana, post=post, asked=what, seen=seal)
    return ways.fresh_row(way)


def test_the_request_says_what_was_frozen_and_nothing_else(people: Company, asked: Return) -> None:
    ways.step(asked, "request_verification", people.ana)
    for user in (people.konsul, people.ana, people.sami):
        content = issued.taken(user, "request_paper", asked)
        text = issued.printed(content)
        for words in (
            "Request for verification",
            "Is this child a national",
            "To Belmora post, Belmora",
            "From Arvania social, Arvania",
            "Lirana Vosk",
            "Лирана Воск",
            "Mara Vosk",
            "Harbour Street 4, Belm",
        ):
            assert words in text, words
        for secret in (*CANARIES.values(), "Drinks", "Salbutamol", "grandmother", "Baba", asked.case.code):
            assert secret not in text, secret
        assert all("Лирана Воск" in reading for reading in issued.readings(content))


def test_an_arabic_name_stands_on_it_as_it_is_read(people: Company, asked: Return) -> None:
    """Its letters joined and in their order, the first of its words to the right of the second."""
    ways.step(asked, "request_verification", people.ana)
    content = issued.taken(people.konsul, "request_paper", asked)
    first, second = ARABIC.split()
    # One program turns the words of such a line, and the other does not.
    for text in issued.readings(content):
        assert f"{first} {second}" in text or f"{second} {first}" in text
    assert issued.left_of(content, first) > issued.left_of(content, second)
    assert "have no form on paper" not in issued.printed(content)


def test_what_changes_in_the_file_afterwards_is_not_on_it(people: Company, asked: Return) -> None:
    ways.step(asked, "request_verification", people.ana)
    add_name(asked.case_id, actor=people.ana, kind="alias", given="Kestrel", family="")
    assert "Kestrel" not in said(people.konsul, "request_paper", asked)


def test_a_draft_leaves_for_nobody(people: Company, asked: Return) -> None:
    for user in (people.ana, people.sami, people.konsul):
        assert issued.take(user, "request_paper", asked).status_code == 404


def test_who_reads_the_journey_and_not_the_identity_has_no_request(people: Company, returns: Returns) -> None:
    way, petra = returns[READY], people.petra
    until = way.facts.journey.departs_at  # type: ignore[union-attr]
    files.ground(way.case, Basis.PERSONAL, account=petra, sections=["return_journey"], until=until)
    assert issued.take(petra, "return_request", way).status_code == 200
    assert issued.take(petra, "request_paper", way).status_code == 404


# What an escort carries.


def test_the_mandate_says_who_for_whom_by_what_right_and_nothing_of_health(
    people: Company, returns: Returns
) -> None:
    text = said(people.eskort, "mandate_paper", returns[READY])
    for words in (
        "Eskort · Arvania escorts",
        "Vetted on 15 June 2026",
        "Authorised by The guardian or representative, 15 June 2026",
        "Mandate of the escort Order 12/26 of the youth court.",
        "From Arva to Belm",
        "Departs Saturday 20 June 2026, 08:00 (clock of Vienna)",
        "Arrives Saturday 20 June 2026, 18:00 (clock of Chisinau)",
        "Travel document Emergency travel document",
        "Hand the child over to whoever is named for it, and to nobody else.",
        "Whom to call",
        "At night too +00 100",
    ):
        assert words in text, words
    for secret in (
        "Vosk",
        "Salbutamol",
        "Inhaler",
        "L898902C3",
        # Who waits for the child, or stays at home: for the escort to call, and for nobody whom it shows this to.
        "Tomas",
        "+373 22 300",
        "+43 1 100",
        "Baba",
        "Mill Lane",
        returns[READY].case.code,
    ):
        assert secret not in text, secret


def test_the_pack_says_what_is_needed_on_the_way_and_nothing_else(people: Company, returns: Returns) -> None:
    text = said(people.eskort, "travel_pack", returns[READY])
    for words in (
        f"First name {ARABIC.split()[0]}",
        "Speaks Belmoran, some Russian",
        "Medication Salbutamol, two puffs.",
        "The railway mission waits.",
        f"{BOX} Passport",
        f"{BOX} Inhaler",
        "If something goes wrong Stay at the mission, and call.",
        "Tomas · Belmora +373 22 300",
        "+00 100",
        "суббота, 20 июня 2026, 18:00",
    ):
        assert words in text, words
    for secret in ("Vosk", "Order 12/26", "L898902C3", "Baba", "Mill Lane", "bear", returns[READY].case.code):
        assert secret not in text, secret


def test_without_an_escort_there_is_a_pack_and_no_mandate(people: Company) -> None:
    way = ways.at(people, issued.told_of(people), "document_issued")
    plan_route(way.pk, actor=people.ana, legs=[stretch()])
    assert issued.take(people.ana, "travel_pack", way).status_code == 200
    assert issued.take(people.ana, "mandate_paper", way).status_code == 404
    page = issued.take(people.ana, "return_journey", way).content.decode()
    assert "mandate.pdf" not in page
    assert "travel-pack.pdf" in page


def test_the_pack_stays_small_with_much_in_it(people: Company, returns: Returns) -> None:
    way = returns[READY]
    legs = [
        stretch(5 + number, start=f"{LONG}{number}", end=f"{LONG}{number + 1}", carrier=LONG * 2)
        for number in range(8)
    ]
    plan_route(way.pk, actor=people.ana, legs=legs)
    issued.arranged_anew(
        people,
        way,
        to_carry=[f"{LONG}{number} ליאור ليلى" for number in range(60)],
        assistance=LONG * 80,
        fallback=LONG * 80,
    )
    content = issued.taken(people.eskort, "travel_pack", ways.fresh_row(way))
    assert len(issued.sheets(content)) > 6
    assert len(content) <= MOST_KB * 1024
    assert f"{LONG}59" in issued.printed(content)


# The handover, and what follows.


def test_the_protocol_says_who_met_what_was_there_and_who_signed_when(
    people: Company, returns: Returns
) -> None:
    way = returns[issued.VISITED]
    text = said(people.ana, "handover_paper", way)
    # As both looked at it where they met; on a slow machine a minute may have gone by.
    at = way.handovers.get().begun_at.astimezone(ZoneInfo("Europe/Chisinau"))
    signed = [
        f"Monday 15 June 2026, {at + timedelta(minutes=late):%H:%M} (clock of Chisinau)" for late in (0, 1)
    ]
    for who in ("Eskort · Arvania escorts", "Tomas · Belmora social"):
        assert any(f"{who} {when}" in text for when in signed), text
    for words in (
        "The child was handed over.",
        "Who receives the child Baba Vosk · A relative",
        "The escort has looked: it is the one named (Passport).",
        "Passport There Inhaler Not there",
        "The inhaler stayed on the train.",
        "Place of arrival Belm",
    ):
        assert words in text, words
    assert "Where the child is" not in text


def test_who_the_receiver_is_stands_on_it_for_those_who_know(people: Company, returns: Returns) -> None:
    way = returns[issued.VISITED]
    first = ARABIC.split()[0]
    for user, knows_receiver, knows_child in (
        (people.sami, True, True),
        (people.tomas, True, False),
        (people.eskort, False, True),
    ):
        text = said(user, "handover_paper", way)
        assert ("Baba Vosk" in text) is knows_receiver, user
        assert ("First name" in text and first in text) is knows_child, user
        assert "A relative" in text


def test_a_refused_handover_has_a_protocol_too(people: Company) -> None:
    way = issued.arrived(people, issued.told_of(people))
    assert issued.take(people.eskort, "handover_paper", way).status_code == 404
    handing.begin_handover(way.pk, actor=people.eskort)
    assert issued.take(people.eskort, "handover_paper", way).status_code == 404
    ways.step(way, "fail_handover", people.eskort, code="other_person", words="With me, at the mission.")
    for user in (people.eskort, people.tomas, people.ana):
        text = said(user, "handover_paper", way)
        for words in (
            "The handover did not take place.",
            "Why not Somebody else came than the one named",
            "Where the child is With me, at the mission.",
            "No papers of the one named were seen.",
            "Escort not signed Receiving partner not signed",
            "Inhaler Nobody has looked",
        ):
            assert words in text, words


def test_what_was_begun_anew_is_no_protocol(people: Company) -> None:
    way = issued.arrived(people, issued.told_of(people))
    handing.begin_handover(way.pk, actor=people.eskort)
    standing(way).signatures.create(
        signed_as=SignedAs.ESCORT, signer=people.eskort, agency=people.eskort.agency
    )
    handing.begin_anew(way.pk, actor=people.tomas)
    assert Handover.objects.filter(way=way, ended_at__isnull=False).count() == 1
    assert issued.take(people.ana, "handover_paper", way).status_code == 404


def test_the_report_says_what_the_visitor_said(people: Company, returns: Returns) -> None:
    text = said(people.tomas, "visit_paper", returns[issued.VISITED], 1)
    for words in (
        "To be made by 22 June 2026",
        "Spoken with alone Yes",
        "Safe there Yes",
        "By day At school",
        "Signs of trafficking None was seen.",
        "I like the dog.",
        "Her room is warm.",
        "Tomas · Belmora social",
    ):
        assert words in text, words
    assert "First name" not in text
    assert "First name" in said(people.ana, "visit_paper", returns[issued.VISITED], 1)


def test_signs_stand_in_the_report_one_under_the_other(people: Company, returns: Returns) -> None:
    way = returns[issued.VISITED]
    MonitoringVisit.objects.filter(way=way, number=1).update(signs=["debt", "says_so"])
    text = said(people.ana, "visit_paper", way, 1)
    assert "Signs of trafficking Owes money to somebody Says so" in text
    assert "None was seen" not in text


def test_of_what_the_case_worker_wrote_the_receiver_takes_no_report(
    people: Company, returns: Returns
) -> None:
    way = returns[issued.VISITED]
    MonitoringVisit.objects.filter(way=way, number=1).update(reported_by=people.ana)
    assert issued.take(people.tomas, "visit_paper", way, 1).status_code == 404
    assert issued.take(people.ana, "visit_paper", way, 1).status_code == 200


@pytest.mark.parametrize("name", ["mandate_paper", "travel_pack"])
def test_a_name_that_has_no_form_on_paper_is_told(people: Company, returns: Returns, name: str) -> None:
    way = returns[READY]
    PersonName.objects.filter(case=way.case_id).update(removed_at=way.opened_at)
    add_name(way.case_id, actor=people.ana, kind="used", given="小龙", family="")
    text = said(people.eskort, name, way)
    assert "2 characters have no form on paper." in text
    assert "2 знака" in text
