"""The referral on paper: for both sides, in the recipient's language, with no more than each may read."""

import re
import unicodedata
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.models import Case, IssuedPaper
from referrals.models import Referral
from tests.cases import files
from tests.cases.asking import browser, get, last
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import ENTRIES, accepted, drafted, in_service, sent, step
from tests.signing import certified, signature_of, validated

NAME = "Lirana Vosk"
ASKED = "Lirana sleeps badly; please take her in."
# Of the file, and not among what was chosen.
UNGIVEN = ("Belmoran girl of the harbour", "2012", "Bus station", "asked the driver")


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast, words="The Belmoran girl of the harbour asked the driver for help.")


def letter(user: User, referral: Referral) -> Any:
    return get(user, "referral_letter", referral.pk)


def printed(answer: Any) -> str:
    assert answer.status_code == 200
    document = pypdfium2.PdfDocument(BytesIO(answer.content))
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(unicodedata.normalize("NFKC", " ".join(pages)).split())


def speaks(cast: Cast, *languages: str) -> None:
    cast.petra.agency.languages = list(languages)
    cast.petra.agency.save()


def test_before_the_acceptance_neither_side_gets_more_than_the_offer(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    for user in (cast.ana, cast.petra):
        said = printed(letter(user, referral))
        for word in (
            "Letter of a referral",
            "An offer.",
            "A safe place to live",
            "Arvania shelter",
            "Answer by",
        ):
            assert word in said
        for secret in ("Lirana", "Vosk", "sleeps badly", case.code, *UNGIVEN):
            assert secret not in said, secret


def test_after_it_both_sides_get_what_was_asked_and_given_and_nothing_else(cast: Cast, case: Case) -> None:
    referral = accepted(cast, case)
    for user in (cast.ana, cast.petra):
        said = printed(letter(user, referral))
        for word in (NAME, ASKED, "With the pack", "Consent to share with this recipient, 15 June 2026"):
            assert word in said, word
        assert "An offer." not in said
        for secret in (case.code, *UNGIVEN):
            assert secret not in said, secret


def test_it_is_signed_by_the_agency_that_hands_it_out(cast: Cast, case: Case) -> None:
    referral = accepted(cast, case)
    speaks(cast, "ru")
    for user in (cast.ana, cast.petra):
        certified(user.agency)
        status = validated(letter(user, referral).content)
        assert status.bottom_line
        assert status.signing_cert.subject.native["organization_name"] == user.agency.name
    content = letter(cast.petra, referral).content
    assert signature_of(content).sig_object["/Reason"] == "Письмо о направлении"


def test_a_snapshot_stays_as_it_was_given(cast: Cast, case: Case) -> None:
    referral = accepted(cast, case)
    files.satisfy_registration(case, cast.ana)
    case.child.known_as = "Somebody Else"
    case.child.save()
    assert "Somebody" not in printed(letter(cast.petra, referral))


def test_strangers_and_drafts_have_no_letter(cast: Cast, case: Case) -> None:
    draft = drafted(cast, case)
    assert [letter(user, draft).status_code for user in (cast.ana, cast.petra)] == [404, 404]
    referral = step(draft, "send", cast.ana)
    strangers = (cast.omar, cast.ben, cast.tomas, cast.aida, cast.hotline, cast.konsul, cast.admin)
    assert {letter(user, referral).status_code for user in strangers} == {404}
    assert letter(cast.sami, referral).status_code == 200
    address = reverse("referral_letter", args=[referral.pk])
    assert Client().get(address).status_code == 302
    assert browser(cast.ana).post(address).status_code == 405
    assert IssuedPaper.objects.count() == 1


@pytest.mark.parametrize(
    ("edge", "actor"),
    [("recall", "ana"), ("decline", "petra"), ("recall_care", "sami"), ("hand_back", "petra")],
)
def test_the_end_takes_it_from_the_recipient_and_outdates_every_copy(
    cast: Cast, case: Case, edge: str, actor: str
) -> None:
    before = sent if edge in ("recall", "decline") else in_service
    referral = before(cast, case)
    if edge == "decline":
        step(referral, "acknowledge", cast.petra)
    for user in (cast.ana, cast.petra):
        letter(user, referral)
    assert {paper.is_current for paper in IssuedPaper.objects.all()} == {True}
    step(referral, edge, getattr(cast, actor), **ENTRIES[edge])
    assert {paper.is_current for paper in IssuedPaper.objects.all()} == {False}
    assert letter(cast.petra, referral).status_code == 404
    # The sender may still have one, which is history from the beginning.
    assert letter(cast.ana, referral).status_code == 200
    assert not IssuedPaper.objects.latest("made_at").is_current
    assert reverse("referral_letter", args=[referral.pk]) not in page(cast.petra, referral)


def test_after_completion_it_goes_with_the_access(cast: Cast, case: Case, clock_at: Any) -> None:
    referral = step(in_service(cast, case), "complete", cast.petra)
    assert NAME in printed(letter(cast.petra, referral))
    clock_at.forward(timedelta(days=44))
    assert letter(cast.petra, referral).status_code == 200
    clock_at.forward(timedelta(days=2))
    assert letter(cast.petra, referral).status_code == 404


def test_the_acceptance_outdates_the_offer_and_an_answer_does_not(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    letter(cast.ana, referral)
    for edge, actor in (("ask", cast.petra), ("provide", cast.ana)):
        step(referral, edge, actor)
    assert IssuedPaper.objects.get().is_current
    step(referral, "accept", cast.petra)
    assert not IssuedPaper.objects.get().is_current


def test_a_newer_one_takes_the_place_of_the_same_side_s_only(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    for user in (cast.ana, cast.petra, cast.sami):
        letter(user, referral)
    current = {paper.made_by: paper.is_current for paper in IssuedPaper.objects.all()}
    assert current == {cast.ana: False, cast.petra: True, cast.sami: True}


@pytest.mark.parametrize(
    ("languages", "word", "language"),
    [
        (("ru", "en"), "Письмо о направлении", "ru"),
        (("rom", "ru"), "Письмо о направлении", "ru"),
        (("rom",), "Letter of a referral", "en"),
        ((), "Letter of a referral", "en"),
    ],
)
def test_it_speaks_the_first_language_of_the_recipient_that_is_here(
    cast: Cast, case: Case, languages: tuple[str, ...], word: str, language: str
) -> None:
    speaks(cast, *languages)
    referral = accepted(cast, case)
    answer = letter(cast.ana, referral)
    said = printed(answer)
    assert word in said
    assert NAME in said
    assert IssuedPaper.objects.get().language == language
    # The page stays in the reader's.
    assert "Download the letter as PDF" in page(cast.ana, referral)


def test_it_is_russian_throughout(cast: Cast, case: Case) -> None:
    speaks(cast, "ru")
    said = printed(letter(cast.petra, accepted(cast, case)))
    for word in (
        "Социальная помощь",
        "Согласие на передачу данных этому получателю",
        "Страница 1 из",
        "июня",
    ):
        assert word in said, word
    for word in ("Letter", "Page", "Consent", "June", "Social care"):
        assert word not in said, word


def test_a_recipient_that_writes_from_the_right_gets_it_from_the_right(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LANGUAGES", [*settings.LANGUAGES, ("he", "Hebrew")])
    speaks(cast, "he", "en")
    case.child.known_as = "לירנה ווסק"
    case.child.save()
    referral = accepted(cast, case)
    answer = letter(cast.petra, referral)
    said = printed(answer)
    assert "לירנה" in said
    assert "ווסק" in said
    document = pypdfium2.PdfDocument(BytesIO(answer.content))
    text = document[0].get_textpage()
    label, value = (text.search(word).get_next() for word in ("Service", "Social care"))
    # What is read first stands on the right.
    assert text.get_charbox(label[0])[0] > text.get_charbox(value[0])[0]
    # A code runs from the left all the same.
    assert codes_in(said)


def codes_in(said: str) -> list[str]:
    return re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]", said)


def test_it_stays_out_of_caches_and_names_nobody(cast: Cast, case: Case) -> None:
    answer = letter(cast.petra, accepted(cast, case))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="referral-letter.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    metadata = str(pypdfium2.PdfDocument(BytesIO(answer.content)).get_metadata_dict())
    assert "Lirana" not in metadata
    assert case.code not in metadata


def test_each_is_recorded_with_all_that_it_shows(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    letter(cast.petra, referral)
    event = last(case.pk, "referral.letter_taken")
    assert (event.actor, event.target_id, event.sections) == (cast.petra, referral.pk, [])
    referral = step(step(referral, "acknowledge", cast.petra), "accept", cast.petra)
    letter(cast.petra, referral)
    event = last(case.pk, "referral.letter_taken")
    assert (event.sections, event.details["basis"]) == (["identity"], ["referral"])
    assert (
        "took the letter of a referral away as a PDF"
        in get(cast.aida, "case_access", case.pk).content.decode()
    )
    assert "took away a paper with a code" in get(cast.ana, "case_history", case.pk).content.decode()


def test_no_record_no_letter(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    referral = sent(cast, case)

    def fails(*_values: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr("referrals.services.letters.record_read", fails)
    client = browser(cast.petra)
    client.raise_request_exception = False
    assert client.get(reverse("referral_letter", args=[referral.pk])).status_code == 500
    assert not IssuedPaper.objects.exists()


def test_what_is_recalled_while_it_is_written_does_not_leave(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = accepted(cast, case)

    def slow(*_values: object, **_more: object) -> bytes:
        step(referral, "recall_care", cast.sami)
        return b"%PDF"

    monkeypatch.setattr("referrals.views.letter.letter_pdf", slow)
    assert letter(cast.petra, referral).status_code == 404
    assert not IssuedPaper.objects.exists()


@pytest.mark.parametrize(
    ("edge", "before", "actor"), [("accept", "acknowledge", "petra"), ("recall", "", "ana")]
)
def test_what_changes_while_it_is_written_makes_it_history(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, edge: str, before: str, actor: str
) -> None:
    referral = sent(cast, case)
    if before:
        step(referral, before, cast.petra)

    def slow(*_values: object, **_more: object) -> bytes:
        step(referral, edge, getattr(cast, actor))
        return b"%PDF"

    monkeypatch.setattr("referrals.views.letter.letter_pdf", slow)
    assert letter(cast.ana, referral).status_code == 200
    assert not IssuedPaper.objects.get().is_current


def test_the_first_look_counts_as_one_on_paper_too(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    letter(cast.petra, referral)
    assert Referral.objects.get(pk=referral.pk).opened_at is not None


def page(user: User, referral: Referral) -> str:
    return str(get(user, "referral", referral.pk).content.decode())


def test_the_page_leads_to_it_and_to_the_check(cast: Cast, case: Case) -> None:
    referral = sent(cast, case)
    for user in (cast.ana, cast.petra):
        said = page(user, referral)
        assert reverse("referral_letter", args=[referral.pk]) in said
        assert reverse("verify") in said
