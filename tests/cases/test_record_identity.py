"""Who the child is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

import clock
from accounts.models import AuditEvent
from cases.models import Case, Child, IdNumber, PersonName
from cases.services.identity import add_id_number, add_name, record_identity
from tests.cases import files
from tests.cases.asking import browser, day, get, last, post, statuses
from tests.cases.test_record_person import seen_on
from tests.cases.test_take_report import fails
from tests.cast import Cast


def form(**changes: Any) -> dict[str, Any]:
    settled = {"known_as": "Lira", "gender": "Feminine", "birth_certainty": "unknown"}
    return settled | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(cast: Cast, case: Case) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "case_identity", case.pk, **form()) == [404] * 5
    assert statuses([cast.sami], "case_identity", case.pk, **form()) == [403]
    assert Child.objects.get().known_as == "Lirana Vosk"
    assert statuses([cast.ana], "case_identity", case.pk, **form()) == [302]
    assert Child.objects.get().known_as == "Lira"


def test_a_reader_reads_without_a_form(cast: Cast, case: Case) -> None:
    page = get(cast.sami, "case_identity", case.pk).content.decode()
    assert "Lirana Vosk" in page
    assert 'name="known_as"' not in page


def test_the_whole_statement_is_kept(cast: Cast, case: Case) -> None:
    sent = form(
        presumed_because="documents",
        presumption_note="School certificate",
        citizenships=["XB", "MD"],
        languages="Belmoran",
        birth_certainty="exact",
        **day("birth_date", date(2012, 3, 4)),
    )
    assert post(cast.ana, "case_identity", case.pk, **sent).status_code == 302
    child = Child.objects.get()
    assert (child.birth_date, child.birth_certainty) == (date(2012, 3, 4), "exact")
    assert (child.citizenships, child.languages) == (["XB", "MD"], "Belmoran")
    assert (child.presumed_because, child.presumption_note) == ("documents", "School certificate")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (day("birth_date", date(1899, 12, 31)) | {"birth_certainty": "exact"}, "1900"),
        ({"birth_certainty": "exact"}, "Enter the birth date"),
        (day("birth_date", date(2012, 3, 4)), "Leave the date empty"),
        (
            {
                "birth_date_day": 31,
                "birth_date_month": 2,
                "birth_date_year": 2012,
                "birth_certainty": "exact",
            },
            "There is no such day",
        ),
        ({"birth_date_day": "x", "birth_certainty": "exact"}, "There is no such day"),
        ({"gender": "other"}, "other"),
        ({"citizenships": ["ZZ"]}, "ZZ"),
        ({"presumed_because": "hunch"}, "hunch"),
        ({"known_as": "x" * 201}, "200"),
        ({"birth_certainty": ""}, "Choose an answer."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.ana, "case_identity", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Child.objects.get().known_as == "Lirana Vosk"
    assert not AuditEvent.objects.filter(verb="identity.changed").exists()


def test_a_birth_date_in_the_future_is_refused(cast: Cast, case: Case) -> None:
    tomorrow = clock.today("Europe/Vienna") + timedelta(days=1)
    answer = post(
        cast.ana, "case_identity", case.pk, **form(birth_certainty="exact", **day("birth_date", tomorrow))
    )
    assert answer.status_code == 422
    assert "future" in answer.content.decode()


def test_sending_it_twice_changes_and_audits_once(cast: Cast, case: Case) -> None:
    for _click in range(2):
        post(cast.ana, "case_identity", case.pk, **form())
    assert AuditEvent.objects.filter(verb="identity.changed").count() == 1
    assert Child.objects.get().history.count() == 2


def test_the_audit_names_fields_and_no_value(cast: Cast, case: Case) -> None:
    post(cast.ana, "case_identity", case.pk, **form())
    event = last(case.pk, "identity.changed")
    assert set(event.details) == {"fields"}
    assert "known_as" in event.details["fields"]
    assert event.sections == ["identity"]


def test_names_in_several_scripts_stand_side_by_side(cast: Cast, case: Case) -> None:
    for given, family in (("Lirana", "Vosk"), ("Лирана", "Воск"), ("ليرانا", "")):
        assert (
            post(cast.ana, "name_add", case.pk, kind="legal", given=given, family=family).status_code == 302
        )
    assert set(PersonName.objects.filter(kind="legal").values_list("script", flat=True)) == {
        "Latn",
        "Cyrl",
        "Arab",
    }
    page = get(cast.ana, "case_identity", case.pk).content.decode()
    assert "Лирана Воск" in page
    assert "ليرانا" in page


def test_invisible_and_turning_characters_leave_a_name(cast: Cast, case: Case) -> None:
    post(cast.ana, "name_add", case.pk, kind="alias", given="Li\u200b\u202era\u2066 ", family="")
    assert PersonName.objects.get(kind="alias").given == "Lira"


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u202e"])
def test_a_name_of_nothing_is_none(cast: Cast, case: Case, nothing: str) -> None:
    before = PersonName.objects.count()
    answer = post(cast.ana, "name_add", case.pk, kind="alias", given=nothing, family="")
    assert answer.status_code == 422
    assert "Enter a given name" in answer.content.decode()
    assert PersonName.objects.count() == before


def test_a_removed_name_leaves_the_page_and_stays_in_history(cast: Cast, case: Case) -> None:
    name = add_name(case.pk, actor=cast.ana, kind="alias", given="Zuleyka", family="")
    assert post(cast.ana, "name_remove", case.pk, name.pk).status_code == 302
    assert "Zuleyka" not in get(cast.ana, "case_identity", case.pk).content.decode()
    assert [row.given for row in name.history.all()] == ["Zuleyka", "Zuleyka"]
    assert post(cast.ana, "name_remove", case.pk, name.pk).status_code == 404


def test_names_and_numbers_are_the_workers_to_change(cast: Cast, case: Case) -> None:
    number = add_id_number(case.pk, actor=cast.ana, kind="passport", country="XB", number="B77")
    name = add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    new_name = {"kind": "alias", "given": "X", "family": ""}
    new_number = {"kind": "passport", "country": "XB", "number": "1"}
    for person, status in ((cast.omar, 404), (cast.sami, 403)):
        assert post(person, "name_add", case.pk, **new_name).status_code == status
        assert post(person, "name_remove", case.pk, name.pk).status_code == status
        assert post(person, "number_add", case.pk, **new_number).status_code == status
        assert post(person, "number_remove", case.pk, number.pk).status_code == status
    assert PersonName.objects.filter(removed_at__isnull=True).count() == 2
    assert IdNumber.objects.filter(removed_at__isnull=True).count() == 1


def test_a_document_number_comes_and_goes(cast: Cast, case: Case) -> None:
    sent = {"kind": "passport", "country": "XB", "number": "B7712345"}
    assert post(cast.ana, "number_add", case.pk, **sent).status_code == 302
    number = IdNumber.objects.get()
    assert number.number == "B7712345"
    assert post(cast.ana, "number_remove", case.pk, number.pk).status_code == 302
    assert "B7712345" not in get(cast.ana, "case_identity", case.pk).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"number": ""}, {"kind": "library_card"}, {"country": "ZZ"}, {"number": "9" * 201}]
)
def test_a_wrong_number_is_refused(cast: Cast, case: Case, wrong: dict[str, str]) -> None:
    sent = {"kind": "passport", "country": "XB", "number": "1"} | wrong
    assert post(cast.ana, "number_add", case.pk, **sent).status_code == 422
    assert not IdNumber.objects.exists()


def test_tokens_follow_names_and_birth_date(cast: Cast, case: Case) -> None:
    before = files.tokens_of(case)
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Somebody Else"))
    after = files.tokens_of(case)
    assert after
    assert after != before


def test_a_document_number_names_its_country(cast: Cast, case: Case) -> None:
    add_id_number(case.pk, actor=cast.ana, kind="passport", country="MD", number="B7712345")
    page = get(cast.ana, "case_identity", case.pk).content.decode()
    assert "Moldova</bdi>" in page


def test_opening_identity_is_recorded_with_its_section(cast: Cast, case: Case) -> None:
    get(cast.sami, "case_identity", case.pk)
    event = last(case.pk, "case.read")
    assert (event.actor, event.sections) == (cast.sami, ["identity"])


@pytest.mark.parametrize(
    "page", ["case", "case_identity", "case_history", "case_risk", "consents", "case_duplicates"]
)
def test_a_read_that_cannot_be_recorded_is_not_served(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(AuditEvent, "save", fails)
    client = browser(cast.ana)
    client.raise_request_exception = False
    answer = client.get(reverse(page, args=[case.pk]))
    assert answer.status_code == 500
    assert "Lirana" not in answer.content.decode()


def test_the_second_of_two_sees_both_and_chooses(cast: Cast, case: Case) -> None:
    shown = seen_on(get(cast.ana, "case_identity", case.pk))
    assert (
        post(cast.ana, "case_identity", case.pk, **form(languages="Ukrainian"), seen=shown).status_code == 302
    )
    answer = post(cast.ana, "case_identity", case.pk, **form(known_as="Anna"), seen=shown)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else has saved this meanwhile" in page
    assert "Ukrainian" in page
    assert 'value="Anna"' in page
    assert Child.objects.get().languages == "Ukrainian"
    again = form(known_as="Anna", languages="Ukrainian")
    assert post(cast.ana, "case_identity", case.pk, **again, seen=seen_on(answer)).status_code == 302
    assert (Child.objects.get().known_as, Child.objects.get().languages) == ("Anna", "Ukrainian")


def test_a_name_added_meanwhile_is_no_change_of_the_statement(cast: Cast, case: Case) -> None:
    shown = seen_on(get(cast.ana, "case_identity", case.pk))
    add_name(case.pk, actor=cast.ana, kind="alias", given="Lira", family="")
    assert post(cast.ana, "case_identity", case.pk, **form(), seen=shown).status_code == 302


def test_nobody_is_born_after_the_report(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=9))
    born = day("birth_date", clock.today("Europe/Vienna") - timedelta(days=1))
    answer = post(cast.ana, "case_identity", case.pk, **form(birth_certainty="exact"), **born)
    assert answer.status_code == 422
    assert "The child was reported before this day." in answer.content.decode()


def test_an_adult_by_birth_date_is_said_to_be_one(cast: Cast, case: Case) -> None:
    born = day("birth_date", date(1990, 1, 1))
    saved = browser(cast.ana).post(
        reverse("case_identity", args=[case.pk]), form(birth_certainty="exact") | born, follow=True
    )
    assert "By this birth date the person is 36." in saved.content.decode()
