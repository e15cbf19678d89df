"""The worker writes to one consulate: out of the file, looked at as the post will see it, and frozen."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, AuditEvent, User
from cases.models import Case, Person
from cases.models.people import PersonRole
from cases.services.identity import add_id_number, add_name
from repatriation.models import Return, VerificationRequest
from repatriation.services import requesting
from repatriation.services.requesting import Asked, assembled, freeze_request, seal_of
from tests.cases import files
from tests.cases.asking import get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import consented
from tests.repatriation import ways
from tests.repatriation.ways import Company

HOME = "Mill Lane 3, Belm"
STRANGE = ("Grey Harbour shelter", "The man with the van", "asthma")


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    """Its file knows more than any consulate is told."""
    case = ways.active_case(cast)
    for given in ("Lirana", "Лирана"):
        add_name(case.pk, actor=cast.ana, kind="legal", given=given, family="")
    for role, name in (("mother", "Mara Vosk"), ("suspect", STRANGE[1]), ("relative", "Baba Vosk")):
        row = Person(case=case, role=PersonRole(role), added_by=cast.ana)
        row.name = name
        row.note = STRANGE[2]
        row.save(force_insert=True)
    return case


@kept
def number(cast: Cast, case: Case) -> Any:
    return add_id_number(case.pk, actor=cast.ana, kind="passport", country="XB", number="B7712345")


@kept
def way(people: Company, case: Case, number: Any) -> Return:
    return ways.at(people, case, "decided_return")


def written(people: Company, way: Return, **said: Any) -> VerificationRequest:
    asked = Asked(**({"numbers": [], "last_address": HOME} | said))
    post_of = people.konsul.agency
    seen = seal_of(post_of, assembled(way.case, asked))
    return freeze_request(way.pk, actor=people.ana, post=post_of, asked=asked, seen=seen)


def entered(people: Company, **changes: Any) -> dict[str, Any]:
    return {"post": str(people.konsul.agency_id), "last_address": HOME} | changes


def looked(people: Company, way: Return, **changes: Any) -> Any:
    return post(people.ana, "return_request", way.pk, **entered(people, **changes))


def test_it_is_looked_at_and_then_frozen(people: Company, way: Return, number: Any) -> None:
    page = get(people.ana, "return_request", way.pk).content.decode()
    assert "Look at it as the consulate will see it" in page
    answer = looked(people, way, numbers=[str(number.pk)])
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not VerificationRequest.objects.exists()
    for told in ("Lirana", "Лирана", "Mother: Mara Vosk", HOME, "B7712345"):
        assert told in text
    for kept_back in (*STRANGE, "Baba Vosk"):
        assert kept_back not in text
    seen = answer.context["preview"]["seen"]
    answer = looked(people, way, numbers=[str(number.pk)], seen=seen)
    assert answer.status_code == 302
    row = VerificationRequest.objects.get()
    assert set(row.frozen or ()) <= set(requesting.PARTS)
    assert (row.post, row.country, row.sent_at) == (people.konsul.agency, "XB", None)
    event = last(way.case_id, "return.request_frozen")
    assert event.sections == [Section.RETURN_JOURNEY.value]
    assert event.details["parts"] == "names,numbers,parents,last_address"
    # The post learns nothing before it is sent.
    assert get(people.konsul, "return", way.pk).status_code == 404
    # As it stands for the worker now, word for word.
    page = get(people.ana, "return_request", way.pk).content.decode()
    assert all(told in page for told in ("Mother: Mara Vosk", HOME, "Send it"))


def test_nothing_but_its_parts_is_ever_in_it(people: Company, way: Return) -> None:
    """Whatever a form sends, and whatever the file knows."""
    answer = looked(people, way, account="The man with the van", shelter="Grey Harbour", frozen="{}")
    assert not any(word in answer.content.decode() for word in STRANGE)
    content = assembled(way.case, Asked(last_address=HOME))
    assert set(content) <= {"names", "birth", "citizenships", "numbers", "parents", "last_address"}
    assert not any(word in str(content) for word in (*STRANGE, "Baba Vosk"))


def test_only_ticked_numbers_of_this_child_go(people: Company, way: Return, number: Any) -> None:
    other = files.in_state("active", people.ana.agency, worker=people.ana)
    foreign = add_id_number(other.pk, actor=people.ana, kind="passport", country="XB", number="X9990000")
    assert "numbers" not in (written(people, way).frozen or ())
    asked = Asked(numbers=[number.pk, foreign.pk, uuid4()])
    content = assembled(way.case, asked)
    assert [row["number"] for row in content["numbers"]] == ["B7712345"]
    answer = looked(people, way, numbers=[str(foreign.pk)])
    assert answer.status_code == 422


def test_what_was_not_looked_at_is_not_frozen(people: Company, way: Return) -> None:
    seen = looked(people, way).context["preview"]["seen"]
    add_name(way.case_id, actor=people.ana, kind="alias", given="Lira", family="")
    answer = looked(people, way, seen=seen)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This is not what you looked at" in text
    # It is shown at once as it is now.
    assert "Lira (" in text
    assert not VerificationRequest.objects.exists()
    fresh = answer.context["preview"]["seen"]
    assert looked(people, way, seen=fresh, last_address="Elsewhere").status_code == 422
    assert looked(people, way, seen=fresh).status_code == 302


def test_a_later_change_of_the_file_shows_until_it_is_sent(people: Company, way: Return) -> None:
    differs = "The file says something else by now."
    row = written(people, way)
    assert differs not in get(people.ana, "return_request", way.pk).content.decode()
    add_name(way.case_id, actor=people.ana, kind="alias", given="Lira", family="")
    assert differs in get(people.ana, "return_request", way.pk).content.decode()
    assert "Lira" not in str(VerificationRequest.objects.get(pk=row.pk).frozen).replace("Lirana", "")
    again = written(people, way)
    assert again.pk == row.pk
    assert differs not in get(people.ana, "return_request", way.pk).content.decode()
    consented(way.case, people.ana, people.konsul.agency)
    ways.step(way, "request_verification", people.ana)
    add_name(way.case_id, actor=people.ana, kind="alias", given="Mira", family="")
    text = get(people.ana, "return_request", way.pk).content.decode()
    assert differs not in text
    assert "Mira" not in text


def test_the_consent_to_this_very_post_is_shown(people: Company, way: Return) -> None:
    assert "There is no consent to share with this consulate yet." in looked(people, way).content.decode()
    consented(way.case, people.ana, people.petra.agency)
    assert "There is no consent to share" in looked(people, way).content.decode()
    consented(way.case, people.ana, people.konsul.agency)
    assert "There is consent to share with this consulate, given on" in looked(people, way).content.decode()


def test_posts_are_those_of_the_country_where_somebody_works(people: Company, way: Return) -> None:
    def consulate(code: str, country: str, **more: Any) -> Agency:
        return Agency.objects.create(
            code=code,
            name=code,
            country=country,
            kind=AgencyKind.CONSULATE,
            time_zone="Europe/Vienna",
            **more,
        )

    empty, elsewhere = consulate("empty", "XB"), consulate("elsewhere", "XA")
    closed = consulate("closed", "XB", is_active=False)
    for index, agency in enumerate((elsewhere, closed)):
        User.objects.create_account(f"k{index}", None, name="K", role="consular_officer", agency=agency)
    assert requesting.posts_for("XB") == [people.konsul.agency]
    for wrong in (empty, elsewhere, closed, people.petra.agency):
        answer = looked(people, way, post=str(wrong.pk))
        assert answer.status_code == 422
        with pytest.raises(Invalid):
            freeze_request(way.pk, actor=people.ana, post=wrong, asked=Asked(), seen="x")
    User.objects.filter(pk=people.konsul.pk).update(is_active=False)
    assert (
        "No consulate of this country works with Homeward"
        in get(people.ana, "return_request", way.pk).content.decode()
    )
    assert not VerificationRequest.objects.exists()


def test_who_may(people: Company, way: Return) -> None:
    """A stranger, readers, the right role elsewhere; the right role is everywhere above."""
    konsul, petra, omar = people.konsul, people.petra, people.cast.omar
    strangers = [konsul, petra, omar, people.cast.stella, people.cast.admin, people.tomas]
    assert statuses(strangers, "return_request", way.pk, **entered(people)) == [404] * len(strangers)
    assert statuses([people.sami], "return_request", way.pk, **entered(people)) == [403]
    assert get(people.sami, "return_request", way.pk).status_code == 200
    assert not VerificationRequest.objects.exists()


@pytest.mark.parametrize("state", ["considered", "panel_pending", "nationality_verified"])
def test_only_between_the_decision_and_the_consulate(people: Company, case: Case, state: str) -> None:
    way = ways.at(people, case, state)
    before = VerificationRequest.objects.count()
    answer = looked(people, way)
    assert answer.status_code == 302
    with pytest.raises(Invalid):
        written(people, way)
    assert VerificationRequest.objects.count() == before


def test_a_file_without_a_name_asks_nobody(people: Company, way: Return) -> None:
    child = way.case.child
    child.names.update(removed_at=child.case.reported_at)
    child.known_as = None
    child.save(update_fields=["known_as_sealed"])
    answer = looked(people, way)
    seen = answer.context["preview"]["seen"]
    answer = looked(people, way, seen=seen)
    assert (answer.status_code, "knows no name" in answer.content.decode()) == (422, True)


def test_a_late_fact_stops_it(people: Company, way: Return) -> None:
    """A person who was to care turns out to be implicated: the next write of the return notices."""
    ways.implicate(ways.grandmother(people, way))
    written(people, way)
    assert ways.fresh_row(way).state == "suspended"
    assert VerificationRequest.objects.get().ended_at is not None


def test_nothing_of_the_child_is_in_the_log(people: Company, way: Return) -> None:
    written(people, way)
    told = str(list(AuditEvent.objects.filter(case_id=way.case_id).values_list("details", flat=True)))
    assert not any(word in told for word in ("Lirana", "Mara", "Mill"))
