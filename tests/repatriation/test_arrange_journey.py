"""Who goes along, by what right, with what, to whom; and whom to call."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import Case, CaseAccess, Child
from cases.models.choices import Basis
from repatriation.models import CareArrangement, Journey, Return
from tests.cases import papers
from tests.cases.asking import browser, day, get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import another_escort, arranged, arranged_form, in_days, planned
from tests.repatriation.ways import Company, fresh_row


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    """The document is there, and a way with nobody on it."""
    found = ways.at(people, case, "document_issued")
    planned(found, people.ana)
    return found


@kept
def ready(people: Company, case: Case) -> Return:
    return ways.at(people, case, "ready")


def the_journey() -> Journey:
    return Journey.objects.get(ended_at__isnull=True)


def escorts_with_access(case: Case) -> list[str]:
    rows = CaseAccess.objects.live().filter(case=case, basis=Basis.ESCORT)
    return list(rows.values_list("account__username", flat=True))


def test_everything_is_kept_and_the_escort_is_let_in(people: Company, case: Case, way: Return) -> None:
    paper = papers.added(case, people.ana, section=Section.LEGAL)
    sent = arranged_form(people.eskort, authorisation=paper.pk)
    answer = post(people.ana, "return_arrange", way.pk, **sent)
    assert answer["Location"] == reverse("return_journey", args=[way.pk])
    row = the_journey()
    assert (row.escort, row.escort_gender, row.escort_vetted_on) == (people.eskort, "Feminine", in_days(-1))
    assert (row.authorised_by, row.authorised_on, row.authorisation) == ("guardian", in_days(0), paper)
    assert row.to_carry == ["Passport", "Inhaler", "Bear"]
    assert row.contacts == [["here", "Ana", "+43 1 100"], ["there", "Tomas", "+373 22 300"]]
    assert row.has_contacts
    assert row.mandate == "Order 12/26 of the youth court."
    assert row.receiver == CareArrangement.objects.get(way=way)
    assert escorts_with_access(case) == ["eskort"]
    assert last(case.pk, "return.journey_arranged").sections == [Section.RETURN_JOURNEY.value]
    assert fresh_row(way).events.order_by("-number")[0].kind == "journey_arranged"
    assert told(people.eskort) == ["return.journey_arranged"]
    assert ways.step(way, "plan_travel", people.ana).state == "travel_planned"
    page = get(people.sami, "return_journey", way.pk).content.decode()
    for words in (
        "Eskort",
        "Order 12/26",
        "railway mission",
        "Baba Vosk",
        "Inhaler",
        "+373 22 300",
        paper.title,
    ):
        assert words in page, words


def test_who_works_on_it_arranges_it(people: Company, way: Return) -> None:
    sent = arranged_form(people.eskort)
    strangers = [people.cast.omar, people.cast.aida, people.fokus, people.konsul, people.tomas, people.eskort]
    assert statuses(strangers, "return_arrange", way.pk, **sent) == [404] * 6
    assert statuses([people.sami, people.vera], "return_arrange", way.pk, **sent) == [403] * 2
    assert the_journey().escort is None
    assert statuses([people.ana], "return_arrange", way.pk, **sent) == [302]
    with pytest.raises(PermissionDenied):
        arranged(way, people.sami)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (day("escort_vetted_on", in_days(1)), "This day lies in the future."),
        (day("vetted_until", in_days(-2)), "The vetting ends before it was made."),
        ({"authorised_by": ""}, "Say both: who has authorised the journey, and on which day."),
        (day("authorised_on", in_days(1)), "This day lies in the future."),
        ({"here_phone_1": ""}, "Say both the name and the telephone."),
        ({"there_name_1": ""}, "Say both the name and the telephone."),
        ({"to_carry": "x\n" * 61}, "At most 60 lines"),
        ({"here_phone_1": "abc"}, "Write the number in digits"),
        ({"here_phone_1": "+43 1"}, "Write the number in digits"),
        ({"here_phone_1": "+43 1 100 <b>"}, "Write the number in digits"),
        ({"here_phone_1": "٠١٢٣٤٥٦"}, "Write the number in digits"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    people: Company, way: Return, changes: dict[str, Any], sentence: str
) -> None:
    answer = post(people.ana, "return_arrange", way.pk, **(arranged_form(people.eskort) | changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (the_journey().escort, the_journey().has_contacts) == (None, False)


def test_only_an_active_escort_goes_along(people: Company, way: Return) -> None:
    gone = another_escort(people.cast)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    for wrong in (people.tomas, gone):
        sent = arranged_form(wrong)
        assert statuses([people.ana], "return_arrange", way.pk, **sent) == [422]
        with pytest.raises(Invalid):
            arranged(way, people.ana, escort=wrong)


def test_an_authorisation_lies_in_this_file_and_is_open_to_who_names_it(people: Company, way: Return) -> None:
    other = papers.added(ways.active_case(people.cast), people.ana, section=Section.LEGAL)
    sent = arranged_form(people.eskort, authorisation=other.pk)
    assert statuses([people.ana], "return_arrange", way.pk, **sent) == [422]
    with pytest.raises(Invalid):
        arranged(way, people.ana, authorisation=other)


def test_one_contact_is_not_both_ends(people: Company, way: Return) -> None:
    sent = arranged_form(people.eskort, there_name_1="", there_phone_1="")
    assert statuses([people.ana], "return_arrange", way.pk, **sent) == [302]
    assert not the_journey().has_contacts


def test_another_escort_takes_the_place_of_the_first(people: Company, case: Case, ready: Return) -> None:
    erika = another_escort(people.cast)
    assert escorts_with_access(case) == ["eskort"]
    arranged(ready, people.ana, escort=erika, escort_vetted_on=in_days(0))
    assert escorts_with_access(case) == ["erika"]
    assert get(people.eskort, "escort", ready.pk).status_code == 404
    assert get(erika, "escort", ready.pk).status_code == 200
    assert fresh_row(ready).state == "ready"
    arranged(ready, people.ana)
    assert escorts_with_access(case) == []
    assert fresh_row(ready).state == "travel_planned"


def test_what_is_known_of_an_escorts_sex_stands_beside_the_name(
    people: Company, case: Case, way: Return
) -> None:
    page = get(people.ana, "return_arrange", way.pk).content.decode()
    assert "Eskort · Arvania escorts · sex not known" in page
    Child.objects.filter(case=case).update(gender="Feminine")
    assert statuses([people.ana], "return_arrange", way.pk, **arranged_form(people.eskort)) == [302]
    page = get(people.ana, "return_arrange", way.pk).content.decode()
    assert "Eskort · Arvania escorts · of the child’s own sex" in page
    other = arranged_form(people.eskort, escort_gender="Masculine")
    assert statuses([people.ana], "return_arrange", way.pk, **other) == [302]
    assert (
        "Eskort · Arvania escorts · Masculine" in get(people.ana, "return_arrange", way.pk).content.decode()
    )


def test_two_people_arrange_at_once(people: Company, way: Return) -> None:
    seen = last_saved(the_journey())
    arranged(way, people.ana, fallback="Call the mission.")
    page = reverse("return_arrange", args=[way.pk])
    answer = browser(people.ana).post(page, arranged_form(people.eskort) | {"seen": seen})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Somebody else has saved this meanwhile" in body
    assert "Call the mission." in body
    assert the_journey().escort is None


def test_conflicts_stand_on_the_page_with_their_days(people: Company, case: Case, way: Return) -> None:
    second = ways.at(people, ways.active_case(people.cast), "document_issued")
    planned(second, people.ana, days=5)
    arranged(second, people.ana, escort=people.eskort, escort_vetted_on=in_days(0))
    arranged(
        way,
        people.ana,
        escort=people.eskort,
        escort_vetted_on=in_days(0),
        vetted_until=in_days(1),
        authorised_by="court",
        authorised_on=in_days(0),
    )
    page = get(people.ana, "return_journey", way.pk).content.decode()
    assert "The escort is on another journey on 20 June 2026." in page
    assert "The vetting of the escort ends on 16 June 2026, before the arrival on 20 June 2026." in page
    # The 20th is a Saturday.
    assert "Belmora social is closed on 20 June 2026, the day of the arrival." in page
    # Which other journey it is, nobody learns from here.
    assert second.case.code not in page
    # They are of who plans: the consulate and the receiver read the times.
    for reader in (people.konsul, people.tomas):
        body = get(reader, "return_journey", way.pk).content.decode()
        assert "another journey" not in body
        assert "Arva" in body


def test_abroad_reads_its_own_part(people: Company, case: Case, ready: Return) -> None:
    Journey.objects.filter(way=ready).update(escort_vetted_on=in_days(-3))
    arranged(
        ready,
        people.ana,
        escort=people.eskort,
        escort_vetted_on=in_days(0),
        mandate="By order of the court.",
        to_carry=["Inhaler"],
        assistance="The railway mission.",
        fallback="Stay, and call.",
    )
    consul = get(people.konsul, "return_journey", ready.pk).content.decode()
    receiver = get(people.tomas, "return_journey", ready.pk).content.decode()
    for words in (
        "Inhaler",
        "By order of the court.",
        "The railway mission.",
        "Vosk",
        "+373 22 300",
        "Stay, and",
    ):
        assert words not in consul, words
    for words in ("Inhaler", "By order of the court.", "The railway mission."):
        assert words not in receiver, words
    for words in ("Baba Vosk", "+373 22 300", "Stay, and call.", "Eskort"):
        assert words in receiver, words
    assert "Eskort" in consul
    assert get(people.eskort, "return_journey", ready.pk).status_code == 404
    assert get(people.fokus, "return_journey", ready.pk).status_code == 404


def test_when_somebody_else_would_care_the_plan_is_saved_once_more(people: Company, ready: Return) -> None:
    care = CareArrangement.objects.get(way=ready)
    CareArrangement.objects.filter(pk=care.pk).update(ended_at=ready.opened_at)
    other = CareArrangement.objects.create(
        way=ready,
        case=ready.case,
        country=care.country,
        kind=care.kind,
        person=care.person,
        is_able=True,
        agreed_on=care.agreed_on,
        agreement=care.agreement,
        made_by=people.ana,
    )
    said = "Somebody else would care for the child now than this plan names."
    assert said in get(people.ana, "return_journey", ready.pk).content.decode()
    arranged(ready, people.ana, escort=people.eskort, escort_vetted_on=in_days(0))
    assert the_journey().receiver == other
    assert said not in get(people.ana, "return_journey", ready.pk).content.decode()


def test_nothing_is_arranged_without_a_way(people: Company, case: Case) -> None:
    found = ways.at(people, case, "document_issued")
    with pytest.raises(Invalid):
        arranged(found, people.ana)
    assert get(people.ana, "return_arrange", found.pk)["Location"] == reverse(
        "return_journey", args=[found.pk]
    )
