"""When the first consulate says no: what each has answered is a finding for the panel, and another may be asked."""

import pytest

from accounts.access import Role
from accounts.models import Agency, AgencyKind, AuditEvent, User
from cases.models import Case
from repatriation.models import Return, VerificationRequest
from repatriation.models.choices import Option
from tests.cases.asking import get, last, post
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company

THIRD = "RO"
BACK = {"code": "stateless", "reason": "No register knows her; a procedure for statelessness is open to her."}


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def denied(people: Company, case: Case) -> Return:
    way = ways.at(people, case, "verification_requested")
    return ways.step(way, "deny_nationality", people.konsul, reference="KB-17")


def read(user: User, way: Return) -> str:
    return str(get(user, "return", way.pk).content.decode())


def test_the_panel_gets_the_finding_and_the_question(people: Company, denied: Return) -> None:
    answer = post(people.ana, "return_step", denied.pk, "back_to_panel", **BACK)
    assert answer.status_code == 302
    assert Return.objects.get(pk=denied.pk).state == "panel_pending"
    event = last(denied.case_id, "return.back_to_panel")
    assert event.reason == BACK["reason"]
    assert BACK["reason"] not in str(AuditEvent.objects.values_list("details", flat=True))
    ways.panel_votes(people, denied)
    for reader in (people.tomas, people.pia):
        # The partner abroad sees the step, and not what consulates have answered.
        text = read(reader, denied)
        assert ("KB-17" in text) == (reader == people.pia)
    text = read(people.pia, denied)
    for told in ("Belmora post", "Belmora", "Not a national", "KB-17", "A procedure for statelessness"):
        assert told in text


def test_the_reason_is_needed_and_the_question_is_one_of_the_list(people: Company, denied: Return) -> None:
    for wrong in ({"code": "stateless"}, {"code": "mars", "reason": "x"}):
        assert post(people.ana, "return_step", denied.pk, "back_to_panel", **wrong).status_code == 422
    assert Return.objects.get(pk=denied.pk).state == "not_a_national"
    assert post(people.konsul, "return_step", denied.pk, "back_to_panel", **BACK).status_code == 403
    assert post(people.petra, "return_step", denied.pk, "back_to_panel", **BACK).status_code == 404


def test_another_country_is_asked(people: Company, denied: Return) -> None:
    agency = Agency.objects.create(
        code="third", name="Third post", country=THIRD, kind=AgencyKind.CONSULATE, time_zone="Europe/Vienna"
    )
    konsul2 = User.objects.create_account(
        "konsul2", None, name="K", role=Role.CONSULAR_OFFICER, agency=agency
    )
    ways.step(denied, "back_to_panel", people.ana, **BACK)
    ways.clear(people, denied, THIRD)
    ways.assessed(people, denied, THIRD)
    ways.input_given(people, denied, THIRD)
    ways.care_agreed(people, denied, THIRD)
    ways.panel_votes(people, denied, Option.THIRD_COUNTRY, THIRD)
    ways.step(denied, "decide_third_country", people.pia)
    ways.request_written(people, denied, agency)
    ways.step(denied, "request_verification", people.ana)
    assert get(konsul2, "consular", denied.pk).status_code == 200
    assert get(people.konsul, "consular", denied.pk).status_code == 404
    # It learns nothing of who was asked before, and what was answered.
    text = read(konsul2, denied) + get(konsul2, "consular", denied.pk).content.decode()
    assert not any(word in text for word in ("Belmora post", "KB-17"))
    ways.step(denied, "verify_nationality", konsul2, code="resident", reference="T-1")
    found = [(row.country, row.answer) for row in VerificationRequest.objects.order_by("made_at")]
    assert found == [("XB", "not_national"), (THIRD, "verified")]
    text = read(people.sami, denied)
    assert text.index("Third post") < text.index("KB-17")
    assert "Confirmed: Right of permanent residence" in text


def test_the_same_consulate_asked_again_keeps_its_first_answer(people: Company, case: Case) -> None:
    way = ways.at(people, case, "verification_requested")
    ways.step(way, "find_inconclusive", people.konsul, reference="KB-18")
    ways.step(way, "ask_again", people.ana)
    first, second = VerificationRequest.objects.order_by("made_at")
    assert (first.answer, first.ended_at is not None) == ("no_result", True)
    assert (second.answer, second.frozen, second.reference) == ("", first.frozen, "KB-18")
    assert get(people.konsul, "consular", way.pk).status_code == 200
    ways.step(way, "verify_nationality", people.konsul)
    text = read(people.sami, way)
    assert "No result" in text
    assert "Confirmed: National" in text


@pytest.mark.parametrize("who", ["ana", "sami", "pia"])
def test_who_reads_the_return_reads_the_findings(people: Company, denied: Return, who: str) -> None:
    ways.step(denied, "back_to_panel", people.ana, **BACK)
    ways.panel_votes(people, denied)
    if who == "pia":
        assert "What consulates have answered" in read(people.pia, denied)
    else:
        context = get(getattr(people, who), "return_request", denied.pk)
        assert context.status_code == 200
