"""Whoever may read a part of the file opens its documents; each opening is recorded before the first byte leaves."""

import asyncio
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django.urls import reverse

from accounts.access import Section
from accounts.models import AuditEvent, User
from cases.models import Case, Document, TrackStep
from cases.models.choices import Basis
from cases.services.access import end_access
from cases.services.documents import report_document
from cases.views import documents as views
from tests.cases import files, papers
from tests.cases.asking import browser, get, last, statuses
from tests.cast import Cast
from vault.files import HEAD, StoredFile

WORDS = b"the court decides"


@pytest.fixture
def decision(cast: Cast, case: Case) -> Document:
    return papers.added(case, cast.ana, content=papers.pdf(WORDS), title="Bluebell", filename="bluebell.pdf")


def open_it(user: User, case: Case, document: Document) -> Any:
    return get(user, "document_open", case.pk, document.pk)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def listed(user: User, case: Case) -> str:
    return str(get(user, "documents", case.pk).content.decode())


# Who may


def test_strangers_and_readers_of_other_parts_find_nothing(
    cast: Cast, case: Case, decision: Document, nora: User
) -> None:
    papers.given(case, cast.petra, Section.MEDICAL)
    papers.given(case, cast.tomas, Section.LEGAL)
    people = [cast.omar, nora, cast.ben, cast.aida, cast.petra, cast.hotline, cast.admin]
    assert [open_it(user, case, decision).status_code for user in people] == [404] * 7
    assert [body(open_it(user, case, decision)) for user in (cast.ana, cast.sami, cast.tomas)] == [
        papers.pdf(WORDS)
    ] * 3
    assert statuses([cast.ana], "document_open", case.pk, decision.pk) == [405]


def test_through_another_case_it_does_not_exist(cast: Cast, case: Case, decision: Document) -> None:
    mine = files.screened(cast)
    for name in ("document_open", "document_remove", "document_report"):
        assert get(cast.ana, name, mine.pk, decision.pk).status_code == 404
        assert get(cast.ana, name, case.pk, uuid4()).status_code == 404
    assert statuses([cast.ana], "document_report", mine.pk, decision.pk) == [404]
    assert statuses([cast.ana], "document_remove", mine.pk, decision.pk, reason="r") == [404]


def test_the_next_request_after_the_end_of_an_access_finds_nothing(
    cast: Cast, case: Case, decision: Document
) -> None:
    row = files.ground(case, Basis.DUTY, account=cast.ben)
    assert open_it(cast.ben, case, decision).status_code == 200
    end_access(case.pk, row.pk, actor=cast.sami)
    assert open_it(cast.ben, case, decision).status_code == 404


# What leaves


def test_it_is_kept_by_the_browser_and_never_shown_in_our_name(
    cast: Cast, case: Case, decision: Document
) -> None:
    answer = open_it(cast.ana, case, decision)
    assert body(answer) == papers.pdf(WORDS)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(papers.pdf(WORDS)))
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_its_name_tells_nothing(cast: Cast, case: Case) -> None:
    for filename, content, ending in (
        ("Мира Белан.txt", b"words", "txt"),
        ("x.docx", papers.docx(), "docx"),
        ("x.jpg", papers.picture(), "jpg"),
    ):
        document = papers.added(case, cast.ana, filename=filename, content=content)
        answer = open_it(cast.ana, case, document)
        named = f'attachment; filename="document-{document.pk.hex[:8]}.{ending}"'
        assert answer["Content-Disposition"] == named


def test_a_large_one_leaves_in_pieces(cast: Cast, case: Case) -> None:
    content = papers.pdf(b"%" * 300_000)
    document = papers.added(case, cast.ana, content=content)
    parts = list(open_it(cast.ana, case, document).streaming_content)
    assert b"".join(parts) == content
    assert len(parts) == 5


def test_asking_for_the_head_alone_is_a_reading_too(cast: Cast, case: Case, decision: Document) -> None:
    answer = browser(cast.ana).head(reverse("document_open", args=[case.pk, decision.pk]))
    assert answer.status_code == 200
    assert last(case.pk, "document.read").actor == cast.ana


# What is recorded


def test_each_reading_is_recorded_with_its_part_and_ground(
    cast: Cast, case: Case, decision: Document
) -> None:
    open_it(cast.sami, case, decision)
    event = last(case.pk, "document.read")
    assert (event.actor, event.target_id, event.sections) == (cast.sami, decision.pk, ["legal"])
    assert event.details["basis"] == ["team"]
    page = get(cast.aida, "case_access", case.pk).content.decode()
    assert "opened a document" in page
    assert "Bluebell" not in page


def test_no_record_no_byte(
    cast: Cast, case: Case, decision: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise ConnectionError

    opened = list[object]()
    monkeypatch.setattr(views, "record_read", fail)
    monkeypatch.setattr(views, "StoredFile", lambda *args: opened.append(args))
    with pytest.raises(ConnectionError):
        open_it(cast.ana, case, decision)
    assert opened == []


def test_the_list_records_the_parts_that_it_shows(cast: Cast, case: Case, decision: Document) -> None:
    papers.added(case, cast.ana, section=Section.MEDICAL)
    listed(cast.ana, case)
    assert last(case.pk, "case.read").sections == ["legal", "medical"]
    papers.given(case, cast.tomas, Section.LEGAL)
    listed(cast.tomas, case)
    assert last(case.pk, "case.read").sections == ["legal"]


# What was altered or lost


@pytest.mark.parametrize("harm", ["altered", "lost", "swapped"])
def test_what_is_damaged_is_said_and_nothing_of_it_leaves(
    cast: Cast, case: Case, decision: Document, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = default_storage.path(decision.storage_name)
    if harm == "lost":
        default_storage.delete(decision.storage_name)
    elif harm == "altered":
        with open(path, "r+b") as lying:  # noqa: PTH123
            lying.seek(HEAD + 3)
            lying.write(b"\0\0\0")
    else:
        other = papers.added(case, cast.ana)
        with default_storage.open(other.storage_name) as lying, open(path, "wb") as target:  # noqa: PTH123
            target.write(lying.read())
    answer = open_it(cast.ana, case, decision)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("documents", args=[case.pk])
    assert str(decision.pk) in caplog.text
    assert "Bluebell" not in caplog.text


# On the real server


# An answer that ends closes the connection, and with it every transaction around the test.
@pytest.mark.django_db(transaction=True)
def test_on_the_real_server_it_is_opened_piece_by_piece(cast: Cast, case: Case) -> None:
    document = papers.added(case, cast.ana, content=papers.pdf(b"%" * 200_000))
    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, BytesIO())
    request.user = cast.ana
    answer = views.document_open(request, case.pk, document.pk)
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.is_async
    stored = StoredFile(case.pk, document.storage_name)
    stepwise = views.Stepwise(stored, stored.close)

    async def read() -> list[bytes]:
        return [part async for part in stepwise]

    parts = asyncio.run(read())
    assert b"".join(parts) == papers.pdf(b"%" * 200_000)
    assert len(parts) == 4
    stepwise.close()
    answer.close()


# The list


def test_the_list_shows_what_may_be_opened_and_nothing_else(
    cast: Cast, case: Case, decision: Document
) -> None:
    papers.added(case, cast.ana, section=Section.MEDICAL, title="Foxglove", filename="foxglove.pdf")
    papers.given(case, cast.tomas, Section.LEGAL)
    for user, seen in ((cast.ana, True), (cast.sami, True), (cast.tomas, False)):
        page = listed(user, case)
        assert "Bluebell" in page
        assert ("Foxglove" in page, "foxglove.pdf" in page) == (seen, seen)
    assert get(cast.omar, "documents", case.pk).status_code == 404
    # Only what a person can do is offered.
    assert "/documents/new/" not in listed(cast.tomas, case)
    assert "/remove/" not in listed(cast.tomas, case)
    assert "/documents/new/" in listed(cast.sami, case)
    assert "/remove/" not in listed(cast.sami, case)
    assert "/remove/" in listed(cast.ana, case)


def test_an_empty_list_says_what_to_do(cast: Cast, case: Case) -> None:
    assert "There is no document yet" in listed(cast.ana, case)
    papers.given(case, cast.tomas, Section.LEGAL)
    assert "There is no document that you may open" in listed(cast.tomas, case)


def test_a_long_list_has_pages(cast: Cast, case: Case) -> None:
    for number in range(views.PAGE + 1):
        papers.added(case, cast.ana, title=f"Paper {number:02}")
    assert "Paper 00" not in listed(cast.ana, case)
    assert "Paper 00" in get(cast.ana, "documents", case.pk, page=2).content.decode()


def test_what_is_reported_has_no_title_and_no_address(cast: Cast, case: Case, decision: Document) -> None:
    report_document(case.pk, decision.pk, actor=cast.ana)
    page = listed(cast.ana, case)
    assert "Reported as showing abuse" in page
    assert "Bluebell" not in page
    assert "bluebell" not in page
    assert reverse("document_open", args=[case.pk, decision.pk]) + '"' not in page


# Where a step leans on it


def _step(case: Case, *evidence: Document) -> None:
    TrackStep.objects.create(
        case=case,
        track="proceedings",
        edge="open_proceedings",
        before="none",
        after="open",
        happened_on="2026-01-01",
        evidence=[document.pk for document in evidence],
    )


def test_a_step_links_to_the_documents_that_show_it(cast: Cast, case: Case, decision: Document) -> None:
    medical = papers.added(case, cast.ana, section=Section.MEDICAL, title="Foxglove")
    _step(case, decision, medical)
    papers.given(case, cast.tomas, Section.LEGAL)
    link = f'<a href="{reverse("document_open", args=[case.pk, decision.pk])}"><bdi>Bluebell</bdi></a>'
    for user, seen in ((cast.ana, True), (cast.tomas, False)):
        page = get(user, "legal", case.pk).content.decode()
        assert link in page
        assert ("Foxglove" in page) is seen
    report_document(case.pk, decision.pk, actor=cast.ana)
    assert "Bluebell" not in get(cast.ana, "legal", case.pk).content.decode()


def test_a_reading_that_is_refused_leaves_no_record(cast: Cast, case: Case, decision: Document) -> None:
    open_it(cast.omar, case, decision)
    assert not AuditEvent.objects.filter(verb="document.read").exists()
