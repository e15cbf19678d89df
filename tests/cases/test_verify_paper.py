"""Anybody who holds a paper asks whether it is genuine, and learns nothing about a child."""

import logging
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from cases.models import Case, IssuedPaper
from cases.services.papers import ALPHABET, find_paper, new_code, normalised
from cases.views import papers as pages
from tests.cases.asking import browser, get, last
from tests.cast import Cast

CODE = re.compile(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]")


def made(user: User, case: Case, **query: str) -> tuple[str, bytes]:
    """A PDF of the file, and the code that stands on it."""
    content = get(user, "case_file_pdf", case.pk, **query).content
    document = pypdfium2.PdfDocument(BytesIO(content))
    codes = [CODE.findall(document[page].get_textpage().get_text_bounded()) for page in range(len(document))]
    # On each page, at its foot, the same.
    assert {tuple(found) for found in codes} == {tuple(codes[0])}
    (code,) = codes[0]
    return code, content


def ask(code: str, content: bytes | None = None, client: Client | None = None, **extra: Any) -> Any:
    data: dict[str, Any] = {"code": code}
    if content is not None:
        data["file"] = SimpleUploadedFile("paper.pdf", content)
    return (client or Client()).post(reverse("verify"), data, **extra)


def says(answer: Any, *sentences: str) -> bool:
    assert answer.status_code == 200
    page = answer.content.decode()
    return all(sentence in page for sentence in sentences)


def test_a_genuine_paper_is_found_by_strangers_and_by_colleagues(cast: Cast, case: Case) -> None:
    code, content = made(cast.ana, case)
    for client in (Client(), browser(cast.omar), browser(cast.ana)):
        what = "File of a case, made on 15 June 2026."
        assert says(ask(code, client=client), "Genuine and current.", what, "add the PDF")
        assert says(ask(code, content, client), "Genuine and current.", "The file is unchanged.")


def test_it_tells_nothing_else(cast: Cast, case: Case) -> None:
    code, content = made(cast.ana, case)
    for answer in (ask(code), ask(code, content), ask(code, content + b" ")):
        page = answer.content.decode()
        secrets = (
            case.code,
            str(case.pk),
            "Lirana",
            "Ana",
            cast.ana.agency.name,
            code,
            code.replace("-", ""),
        )
        assert [secret for secret in secrets if secret in page] == []
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("change", [lambda b: b + b" ", lambda b: b[:-1], lambda b: b"x", lambda b: b[::-1]])
def test_a_file_of_other_bytes_is_changed(cast: Cast, case: Case, change: Any) -> None:
    code, content = made(cast.ana, case)
    answer = ask(code, change(content))
    assert says(answer, "This file was changed.")
    assert not says(answer, "Genuine")


def test_a_file_of_another_genuine_code_is_changed_too(cast: Cast, case: Case) -> None:
    (first, _content), (_second, content) = made(cast.ana, case), made(cast.ana, case)
    assert says(ask(first, content), "This file was changed.")


def test_a_newer_one_of_the_same_agency_takes_its_place(cast: Cast, case: Case) -> None:
    first, content = made(cast.ana, case)
    second, _content = made(cast.sami, case)
    assert says(ask(first), "Genuine, but no longer current.", "Ask whoever gave it to you")
    assert says(ask(first, content), "Genuine, but no longer current.", "The file is unchanged.")
    assert says(ask(second), "Genuine and current.")


def test_a_day_of_the_past_is_never_current_and_takes_no_place(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=2))
    current, _content = made(cast.ana, case)
    past, _content = made(cast.ana, case, on="2026-06-16")
    assert says(ask(past), "Genuine, but no longer current.")
    assert says(ask(current), "Genuine and current.")


def test_what_nobody_made_is_unknown(cast: Cast, case: Case) -> None:
    made(cast.ana, case)
    answer = ask(new_code(), b"%PDF")
    assert says(answer, "No paper bears this code.")
    assert not says(answer, "Genuine")


@pytest.mark.parametrize("code", ["", "x", "7K2M", "7K2M-9QXA-B3CD-4EFG-!", "\x00", "א" * 17, "9" * 500])
def test_what_no_code_looks_like_gets_a_sentence(db: None, code: str) -> None:
    answer = ask(code)
    assert answer.status_code == 422
    assert "This needs another look" in answer.content.decode()


def test_it_works_by_post_alone(cast: Cast, case: Case) -> None:
    code, _content = made(cast.ana, case)
    answer = Client().get(reverse("verify"), {"code": code})
    assert answer.status_code == 200
    assert "Genuine" not in answer.content.decode()
    assert 'method="post"' in answer.content.decode()
    assert "<script" not in answer.content.decode()
    assert Client(enforce_csrf_checks=True).post(reverse("verify"), {"code": code}).status_code == 403


def test_it_is_read_however_somebody_writes_it(cast: Cast, case: Case) -> None:
    code, _content = made(cast.ana, case)
    letters = code.replace("0", "o").replace("1", "l")
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {letters}\u00a0",
        code.replace("-", "–"),
        code.replace("1", "I"),
    ):
        assert says(ask(typed), "Genuine and current.")


@given(st.integers(0, 16), st.integers(1, 31))
def test_a_slip_of_the_pen_is_found(place: int, by: int) -> None:
    signs = normalised(new_code())
    assert signs
    wrong = ALPHABET[(ALPHABET.index(signs[place]) + by) % 32]
    assert normalised(signs[:place] + wrong + signs[place + 1 :]) is None


def test_codes_do_not_repeat_and_hold_eighty_bits() -> None:
    codes = [new_code() for _time in range(2000)]
    assert len(set(codes)) == 2000
    assert all(CODE.fullmatch(code) and normalised(code) for code in codes)
    for place in range(16):
        # Each sign at each of sixteen places: 32 to the 16th is 2 to the 80th.
        assert {signs[place] for signs in map(normalised, codes) if signs} == set(ALPHABET)


def test_neither_the_code_nor_a_word_of_it_is_kept_or_logged(
    cast: Cast, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        code, content = made(cast.ana, case)
        ask(code, content)
        ask(code[:-1] + "!")
    plain = normalised(code)
    assert plain
    paper = find_paper(plain)
    assert paper is not None
    rows = [
        str(values)
        for model in (IssuedPaper, IssuedPaper.history.model, AuditEvent)
        for values in model.objects.values()
    ]
    # Statements of the tests' own connection are logged at this level; they carry digests alone.
    said = " ".join([caplog.text, *rows])
    for secret in (code, plain, plain[:8]):
        assert secret not in said
    assert last(case.pk, "paper.made").details == {"kind": "case_file", "language": "en"}


def test_asking_leaves_nothing_behind(cast: Cast, case: Case) -> None:
    code, content = made(cast.ana, case)
    before = AuditEvent.objects.count()
    ask(code, content)
    ask(new_code())
    assert AuditEvent.objects.count() == before


def test_guessing_is_slow_and_answered_with_a_sentence(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ASKED_A_MINUTE", 3)
    code, _content = made(cast.ana, case)
    answers = [ask(each) for each in (new_code(), "nonsense", new_code(), code)]
    assert [answer.status_code for answer in answers] == [200, 422, 200, 429]
    page = answers[-1].content.decode()
    assert "Too many questions from your network." in page
    assert "Genuine" not in page
    assert answers[-1]["Retry-After"] == "60"
    # The page itself is always there, and so is the answer for somebody elsewhere.
    assert Client().get(reverse("verify")).status_code == 200
    assert says(ask(code, REMOTE_ADDR="203.0.113.9"), "Genuine and current.")


def test_it_is_told_in_the_reader_s_language(cast: Cast, case: Case) -> None:
    code, _content = made(cast.ana, case)
    answer = ask(code, headers={"accept-language": "ru"})
    assert says(answer, "Документ подлинный и действующий.", "Дело, дата составления: 15 июня 2026")


def test_the_sign_in_page_leads_there(db: None) -> None:
    assert reverse("verify") in Client().get(reverse("account_login")).content.decode()


def test_no_row_no_paper(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_values: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr("cases.services.papers.record", fails)
    client = browser(cast.ana)
    client.raise_request_exception = False
    assert client.get(reverse("case_file_pdf", args=[case.pk])).status_code == 500
    assert not IssuedPaper.objects.exists()
