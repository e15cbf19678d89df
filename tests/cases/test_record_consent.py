"""What the child, or whoever speaks for it, agrees to."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from cases.models import Case, Consent
from cases.models.choices import Answer, Purpose
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses
from tests.cast import Cast


def form(**changes: Any) -> dict[str, Any]:
    settled = {
        "purpose": "data",
        "answer": "assent",
        "given_by": "child",
        "explained": "In Belmoran, slowly.",
    }
    return settled | day("given_on", clock.today("Europe/Vienna")) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(cast: Cast, case: Case) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "consent_new", case.pk, **form()) == [404] * 5
    assert statuses([cast.sami], "consent_new", case.pk, **form()) == [403]
    assert not Consent.objects.exists()
    assert statuses([cast.ana], "consent_new", case.pk, **form()) == [302]
    consent = Consent.objects.get()
    assert (consent.purpose, consent.answer, consent.explained) == ("data", "assent", "In Belmoran, slowly.")
    assert consent.recorded_by == cast.ana


def test_the_latest_answer_counts(cast: Cast, case: Case) -> None:
    files.agree(case, cast.ana, Purpose.DATA)
    assert files.fresh(case).facts.agreed(Purpose.DATA)
    files.agree(case, cast.ana, Purpose.DATA, Answer.REFUSED)
    assert not files.fresh(case).facts.agreed(Purpose.DATA)
    assert Consent.objects.count() == 2


def test_one_purpose_says_nothing_of_another(cast: Cast, case: Case) -> None:
    files.agree(case, cast.ana, Purpose.DATA)
    assert not files.fresh(case).facts.agreed(Purpose.SERVICES)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"purpose": "sharing"}, "Name the recipient"),
        ({"given_by": "parent"}, "Assent is given by the child"),
        ({"purpose": "everything"}, "everything"),
        ({"answer": ""}, "Choose an answer."),
        ({"given_by": ""}, "Choose an answer."),
        ({"given_on_day": "", "given_on_month": "", "given_on_year": ""}, "We need an answer here."),
        ({"given_on_day": "32"}, "There is no such day"),
        ({"explained": "x" * 20_001}, "20000"),
        ({"recipient": "nobody"}, "nobody"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "consent_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Consent.objects.exists()


def test_it_was_not_given_tomorrow(cast: Cast, case: Case) -> None:
    tomorrow = day("given_on", clock.today("Europe/Vienna") + timedelta(days=1))
    answer = post(cast.ana, "consent_new", case.pk, **form(**tomorrow))
    assert answer.status_code == 422
    assert "future" in answer.content.decode()


def test_a_recipient_belongs_to_sharing_alone(cast: Cast, case: Case) -> None:
    sent = form(recipient=cast.petra.agency.pk)
    assert post(cast.ana, "consent_new", case.pk, **sent).status_code == 422
    assert post(cast.ana, "consent_new", case.pk, **sent | {"purpose": "sharing"}).status_code == 302
    assert Consent.objects.get().recipient == cast.petra.agency


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "consent_new", case.pk, **form())
    event = last(case.pk, "consent.recorded")
    assert event.details == {"purpose": "data", "answer": "assent", "given_by": "child"}
    assert event.sections == ["legal"]


def test_whoever_sees_the_legal_part_reads_the_answers(cast: Cast, case: Case) -> None:
    files.agree(case, cast.ana, Purpose.DATA)
    assert get(cast.sami, "consents", case.pk).status_code == 200
    assert last(case.pk, "case.read").sections == ["legal"]
    assert get(cast.omar, "consents", case.pk).status_code == 404
