"""The consular officer's one page: what is asked now, and the forms to answer it; nothing else of the child."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import clock
from accounts.access import Role
from accounts.models import Agency, AgencyKind, AuditEvent, User
from cases.models import Case, TravelFitness
from repatriation.models import Return, ReturnEvent, TravelDocument, VerificationRequest
from repatriation.services import sameness
from repatriation.zone import check_digit
from tests.cases.asking import day, get, last, post, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.test_read_zone import TD3, changed
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "verification_requested")


@kept
def verified(people: Company, way: Return) -> Return:
    return ways.step(way, "verify_nationality", people.konsul)


@kept
def begun(people: Company, verified: Return) -> Return:
    return ways.step(verified, "request_document", people.konsul)


def today() -> date:
    return clock.today("Europe/Chisinau")


def answer(**changes: Any) -> dict[str, Any]:
    said = {"act": "answer", "answer-answer": "national", "answer-reference": "KB-17"}
    return said | day("answer-happened_on", today()) | changes


def issue(**changes: Any) -> dict[str, Any]:
    said = {"act": "issue", "issue-code": "emergency", "issue-number": "L898902C3", "issue-zone": ""}
    days = day("issue-issued_on", today()) | day("issue-expires_on", today() + timedelta(days=60))
    return said | days | changes


def sent(user: User, way: Return, said: dict[str, Any]) -> Any:
    return post(user, "consular", way.pk, **said)


def state(way: Return) -> str:
    return str(Return.objects.get(pk=way.pk).state)


def page(user: User, way: Return) -> str:
    return str(get(user, "consular", way.pk).content.decode())


def test_the_page_shows_what_was_frozen_and_what_is_asked(people: Company, way: Return) -> None:
    text = page(people.konsul, way)
    assert "Lirana Vosk" in text
    assert "Is this child a national, or was it a permanent resident?" in text
    assert [text.count(f'name="act" value="{name}"') for name in ("answer", "begin", "issue", "refuse")] == [
        1,
        0,
        0,
        0,
    ]
    event = AuditEvent.objects.filter(verb="return.read", actor=people.konsul).latest("id")
    assert set(event.sections) == {"identity", "contacts", "medical", "return_journey"}


def test_of_health_it_shows_yes_or_no(people: Company, way: Return) -> None:
    def fit() -> Any:
        return dict(get(people.konsul, "consular", way.pk).context["facts"])["Fit to travel"]

    assert fit() == "Not known yet"
    row = TravelFitness(
        case=way.case, is_fit=False, certified_on=today(), supply_days=14, certified_by=people.petra
    )
    row.conditions = "Needs an inhaler."
    row.save(force_insert=True)
    text = page(people.konsul, way)
    assert fit() == "No"
    assert "inhaler" not in text
    assert "14" not in text.split("Fit to travel")[1].split("</dl>")[0]
    ways.certified_fit(people, way)
    assert fit() == "Yes"


def test_what_the_post_types_as_its_reference_is_sealed(people: Company, way: Return) -> None:
    """It is free text, so a name can be in it."""
    word = "Zyvolanta"
    assert sent(people.konsul, way, answer(**{"answer-reference": f"{word} 7"})).status_code == 302
    assert VerificationRequest.objects.get().reference == f"{word} 7"
    rows = ""
    with connection.cursor() as cursor:
        for query in (
            "SELECT row::text FROM repatriation_verificationrequest row",
            "SELECT row::text FROM repatriation_historicalverificationrequest row",
            "SELECT row::text FROM repatriation_returnevent row",
        ):
            cursor.execute(query)
            rows += str(cursor.fetchall())
    assert str(way.pk) in rows
    assert word not in rows
    assert word.encode().hex() not in rows


@pytest.mark.parametrize("as_what", ["national", "resident"])
def test_the_nationality_is_confirmed(people: Company, way: Return, as_what: str) -> None:
    assert sent(people.konsul, way, answer(**{"answer-answer": as_what})).status_code == 302
    assert state(way) == "nationality_verified"
    row = VerificationRequest.objects.get()
    assert (row.answer, row.verified_as, row.reference) == ("verified", as_what, "KB-17")
    assert (row.answered_on, row.answered_by) == (today(), people.konsul)
    assert last(way.case_id, "return.verify_nationality").actor == people.konsul
    assert "return.verify_nationality" in told(people.ana)
    # Who reads decisions sees everything; who has only a part in it, the journey since that part began.
    abroad, here, post_ = (
        [event.number for event, _words, _code in get(who, "return", way.pk).context["events"]]
        for who in (people.tomas, people.ana, people.konsul)
    )
    assert here[: len(post_)] == post_ == abroad[: len(post_)]
    assert len(post_) == 2
    assert len(abroad) < len(here)
    assert "confirmed the nationality" in get(people.ana, "return", way.pk).content.decode()


@pytest.mark.parametrize(
    ("said", "target", "kept"),
    [
        ("not_national", "not_a_national", "not_national"),
        ("no_result", "verification_inconclusive", "no_result"),
    ],
)
def test_it_is_not_confirmed(people: Company, way: Return, said: str, target: str, kept: str) -> None:
    wrong = sent(people.konsul, way, answer(**{"answer-answer": said}))
    assert wrong.status_code == 422
    assert "Say why, so that another way can be found for the child." in wrong.content.decode()
    assert state(way) == "verification_requested"
    reason = {"answer-answer": said, "answer-reason": "No entry in the register."}
    assert sent(people.konsul, way, answer(**reason)).status_code == 302
    assert state(way) == target
    row = VerificationRequest.objects.get()
    assert (row.answer, row.verified_as) == (kept, "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer-answer": ""}, "Choose an answer."),
        ({"answer-answer": "citizen"}, "citizen"),
        ({"answer-reference": "x" * 61}, "60"),
        ({"answer-reference": ""}, "A confirmation has a reference"),
        ({"answer-reference": "\u200b\u2060"}, "A confirmation has a reference"),
        (day("answer-happened_on", date(2026, 6, 16)), "This day has not come yet."),
        (day("answer-happened_on", date(2026, 6, 14)), "before the day on which the consulate was asked"),
        ({"answer-happened_on_day": "31"}, "There is no such day."),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(
    people: Company, way: Return, changes: dict[str, Any], sentence: str
) -> None:
    done, events = verbs(way.case_id), ReturnEvent.objects.count()
    refused = sent(people.konsul, way, answer(**changes))
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert state(way) == "verification_requested"
    assert VerificationRequest.objects.get().answer == ""
    assert [each for each in verbs(way.case_id) if each != "return.read"] == [
        each for each in done if each != "return.read"
    ]
    assert ReturnEvent.objects.count() == events


def test_who_may(people: Company, way: Return) -> None:
    """A stranger, readers, the right role of another post; the right one is everywhere else here."""
    other = Agency.objects.create(
        code="post-2", name="Other", country="XB", kind=AgencyKind.CONSULATE, time_zone="Europe/Vienna"
    )
    rival = User.objects.create_account("rival", None, name="R", role=Role.CONSULAR_OFFICER, agency=other)
    strangers = [rival, people.petra, people.cast.omar, people.eskort, people.cast.stella]
    readers = [people.ana, people.sami, people.tomas, people.pia]
    everybody = strangers + readers
    assert statuses(everybody, "consular", way.pk, **answer()) == [404] * len(everybody)
    assert [get(user, "consular", way.pk).status_code for user in everybody] == [404] * len(everybody)
    assert state(way) == "verification_requested"
    colleague = User.objects.create_account(
        "k2", None, name="K", role=Role.CONSULAR_OFFICER, agency=people.konsul.agency
    )
    assert get(colleague, "consular", way.pk).status_code == 200


def test_what_the_page_never_tells(people: Company, way: Return) -> None:
    """No code of the case, nobody who cares for the child, nothing of why."""
    for name in ("consular", "return", "return_documents"):
        text = get(people.konsul, name, way.pk).content.decode()
        assert way.case.code not in text
        assert not any(word in text for word in ("Baba Vosk", "Mill Lane", "grandmother", "network"))
    text = get(people.konsul, "return", way.pk).content.decode()
    before = (
        "recorded what was found",
        "The family",
        "decided on a return",
        "best interests",
        "no part in it",
    )
    assert [word for word in before if word in text] == []
    assert get(people.konsul, "return_request", way.pk).status_code == 404
    step = get(people.konsul, "return_step", way.pk, "verify_nationality").content.decode()
    assert [word for word in before if word in step] == []


def test_the_document_is_begun_and_issued(people: Company, verified: Return) -> None:
    text = page(people.konsul, verified)
    assert 'name="act" value="begin"' in text
    assert sent(people.konsul, verified, {"act": "begin"}).status_code == 302
    assert state(verified) == "document_requested"
    assert sent(people.konsul, verified, issue()).status_code == 302
    assert state(verified) == "document_issued"
    document = TravelDocument.objects.get()
    assert (document.kind, document.number, document.zone) == ("emergency", "L898902C3", None)
    assert (document.entered_by, document.request) == (people.konsul, VerificationRequest.objects.get())
    assert "L898902C3" in page(people.konsul, verified)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"issue-zone": changed(TD3, 1, 0, "M")}, "Line 2, signs 1 to 10, the number of the document"),
        ({"issue-zone": "L898902C3"}, "These are not the lines of a travel document"),
        ({"issue-zone": TD3}, "The last day in these lines is another one than the one above."),
        (day("issue-expires_on", date(2026, 6, 1)), "A document ends after the day"),
        (day("issue-issued_on", date(2026, 6, 17)), "valid on the day of travel"),
        ({"issue-code": ""}, "Choose an answer."),
        ({"issue-number": "<script>"}, "A number of a document has only Latin letters and digits."),
        ({"issue-number": "P 1234/5"}, "A number of a document has only Latin letters and digits."),
        ({"issue-number": "АВ123456"}, "A number of a document has only Latin letters and digits."),
        ({"issue-number": "- <"}, "A number of a document has only Latin letters and digits."),
    ],
)
def test_a_document_that_cannot_be_right(
    people: Company, begun: Return, changes: dict[str, Any], sentence: str
) -> None:
    refused = sent(people.konsul, begun, issue(**changes))
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert (state(begun), TravelDocument.objects.count()) == ("document_requested", 0)


BORN = {"day": "1974-08-12", "certainty": "exact"}
CONFIRMS = "The name differs from the request, and the consulate confirms that it is this child."


def lines(
    name: str = "VOSK<<LIRANA", born: str = "740812", nationality: str = "UTO", state: str = "UTO"
) -> str:
    """The specimen's, with a last day that lies ahead."""
    last, number = "310415", "L898902C36"
    body = f"{number}{nationality}{born}{check_digit(born)}F{last}{check_digit(last)}ZE184226B<<<<<1"
    return (
        f"P<{state}{name:<39}\n".replace(" ", "<")
        + body
        + str(check_digit(body[:10] + body[13:20] + body[21:43]))
    )


def with_zone(zone: str, **more: Any) -> dict[str, Any]:
    return issue(**{"issue-zone": zone}, **more) | day("issue-expires_on", date(2031, 4, 15))


def frozen(way: Return, **parts: Any) -> VerificationRequest:
    row = VerificationRequest.objects.get(way=way)
    row.frozen = {**(row.frozen or {}), **parts}
    row.save()
    return row


def test_a_zone_that_holds_is_kept_sealed(people: Company, begun: Return) -> None:
    frozen(begun, birth=BORN)
    assert sent(people.konsul, begun, with_zone(lines())).status_code == 302
    document = TravelDocument.objects.get()
    assert document.zone == lines()
    assert "L898902C3" not in str(bytes(vars(document)["zone_sealed"]))
    assert "L898902C3" not in str(AuditEvent.objects.values_list("details", flat=True))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"born": "740813"}, "was born: 13 August 1974. The child of the request: 12 August 1974."),
        (
            {"born": "74<<<<", "certainty": "year", "day": "1975-01-01"},
            "born: 74&lt;&lt;&lt;&lt;. The child of the request: 1975.",
        ),
        ({"born": "991332"}, "The date of birth in these lines is no day of the calendar."),
        ({"born": "740230"}, "The date of birth in these lines is no day of the calendar."),
        ({"nationality": "D<<"}, "The state in these lines is “D”, and the request is for Belmora."),
        ({"state": "FRA"}, "The state in these lines is “FRA”, and the request is for Belmora."),
    ],
)
def test_a_document_of_another_child_is_refused(
    people: Company, begun: Return, changes: dict[str, str], sentence: str
) -> None:
    frozen(begun, birth=BORN | {name: value for name, value in changes.items() if name in BORN})
    zone = lines(**{name: value for name, value in changes.items() if name not in BORN})
    refused = sent(people.konsul, begun, with_zone(zone))
    assert (refused.status_code, state(begun)) == (422, "document_requested")
    assert sentence in refused.content.decode()
    # Nobody confirms it away.
    assert sent(people.konsul, begun, with_zone(zone, **{"issue-same_child": "on"})).status_code == 422


@pytest.mark.parametrize(
    ("asked", "zone"),
    [
        ({"birth": BORN | {"certainty": "estimated"}}, {"born": "760101"}),
        ({"birth": BORN | {"certainty": "year"}}, {"born": "741231"}),
        ({"birth": BORN}, {"born": "7408<<"}),
        (
            {"names": [{"kind": "legal", "script": "Cyrl", "whole": "Александр Щербаков"}]},
            {"name": "SHCHERBAKOV<<OLEKSANDR"},
        ),
        ({"names": [{"kind": "legal", "script": "Cyrl", "whole": "Юлия Цой"}]}, {"name": "TSOI<<IULIIA"}),
    ],
)
def test_what_may_be_the_same_is_not_refused(
    people: Company, begun: Return, asked: dict[str, Any], zone: dict[str, str]
) -> None:
    frozen(begun, **asked)
    assert sent(people.konsul, begun, with_zone(lines(**zone))).status_code == 302


def test_who_only_lived_there_may_have_another_countrys_passport(people: Company, begun: Return) -> None:
    VerificationRequest.objects.update(verified_as="resident")
    assert sent(people.konsul, begun, with_zone(lines(nationality="FRA", state="FRA"))).status_code == 302


def test_another_name_is_asked_about(people: Company, begun: Return) -> None:
    other = with_zone(lines(name="ERIKSSON<<ANNA<MARIA"))
    assert CONFIRMS not in page(people.konsul, begun)
    asked = sent(people.konsul, begun, other)
    assert (asked.status_code, state(begun)) == (422, "document_requested")
    assert "The name in these lines is another one than in the request." in asked.content.decode()
    assert CONFIRMS in asked.content.decode()
    assert sent(people.konsul, begun, other | {"issue-same_child": "on"}).status_code == 302
    assert last(begun.case_id, "return.name_confirmed").actor == people.konsul


def test_a_number_stands_for_one_document(people: Company, begun: Return) -> None:
    """Not while another return has it; of which child, nobody learns."""
    ways.at(people, ways.active_case(people.cast), "document_issued")
    taken = TravelDocument.objects.get()
    refused = sent(
        people.konsul, begun, issue(**{"issue-number": f"{taken.number[:4]} {taken.number[4:].lower()}"})
    )
    assert (refused.status_code, state(begun)) == (422, "document_requested")
    assert "This number is already written down for another document." in refused.content.decode()
    TravelDocument.objects.filter(pk=taken.pk).update(ended_at=clock.now())
    assert sent(people.konsul, begun, issue(**{"issue-number": "l898-902 C3"})).status_code == 302
    assert TravelDocument.objects.get(way=begun).number == "L898902C3"


def test_two_numbers_at_the_same_moment_wait_for_each_other(people: Company, begun: Return) -> None:
    """What is sealed no constraint compares: who comes second must find what the first wrote."""
    key = "SELECT pg_try_advisory_xact_lock(hashtext('homeward.document_number'), hashtext(%s))"
    other = connection.copy()
    try:
        for country, is_free in ((begun.country, False), ("XC", True)):
            sameness.check_number(begun, "L898902C3")
            with other.cursor() as cursor:
                cursor.execute(key, [country])
                assert cursor.fetchone() == (is_free,)
    finally:
        other.close()


def test_the_document_is_refused_and_begun_again(people: Company, begun: Return) -> None:
    wrong = sent(people.konsul, begun, {"act": "refuse", "refuse-code": "no_proof"})
    assert (wrong.status_code, state(begun)) == (422, "document_requested")
    said = {"act": "refuse", "refuse-code": "no_proof", "refuse-reason": "A photo is missing."}
    assert sent(people.konsul, begun, said).status_code == 302
    assert state(begun) == "document_refused"
    assert "Identity is not proved enough" in get(people.ana, "return", begun.pk).content.decode()
    assert sent(people.konsul, begun, {"act": "begin"}).status_code == 302
    assert state(begun) == "document_requested"


def test_a_form_of_another_state_is_told_where_it_stands(people: Company, way: Return) -> None:
    for said in (issue(), {"act": "begin"}, {"act": "nothing"}, {}):
        refused = sent(people.konsul, way, said)
        assert refused.status_code in (302, 409)
        assert state(way) == "verification_requested"


def test_a_late_fact_stops_the_step(people: Company, begun: Return) -> None:
    """What must hold at every step is looked at again, and what does not hold is said."""
    ways.implicate(ways.grandmother(people, begun))
    refused = sent(people.konsul, begun, issue())
    assert refused.status_code == 422
    # Why is no business of the post.
    assert "Nothing stands against the departure where the child is now." in refused.content.decode()
    assert "had no part in it" not in refused.content.decode()
    assert (state(begun), TravelDocument.objects.count()) == ("document_requested", 0)


def test_the_post_finds_what_waits_for_it(people: Company, way: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=3))
    text = get(people.konsul, "returns").content.decode()
    assert "Lirana Vosk" in text
    assert "Is this child a national" in text
    assert "for 3 days" in text
    assert reverse("consular", args=[way.pk]) in text
    assert way.case.code not in text
    listed = last(way.case_id, "case.listed")
    assert (listed.actor, listed.sections) == (people.konsul, ["identity"])
    sent(people.konsul, way, answer())
    sent(people.konsul, way, {"act": "begin"})
    sent(people.konsul, way, issue())
    text = get(people.konsul, "returns").content.decode()
    assert "Waits for others" in text
    assert "Waits for you" not in text
    assert "KB-17" in text


def test_the_list_takes_as_many_questions_for_three_as_for_one(people: Company, way: Return) -> None:
    def spent() -> int:
        client = Client()
        client.force_login(people.konsul)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("returns")).status_code == 200
        return len(queries)

    # The first page of a person also notes what it has seen.
    spent()
    first = spent()
    for _each in range(2):
        ways.at(people, ways.active_case(people.cast), "verification_requested")
    assert get(people.konsul, "returns").content.decode().count("Lirana Vosk") == 3
    assert spent() == first
