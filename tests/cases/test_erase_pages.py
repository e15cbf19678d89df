"""The end of a file on its pages: asked, exported to the last byte, confirmed; then nothing is there."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent
from cases.models import (
    Case,
    Document,
    Erasure,
)
from cases.models.choices import CaseState
from cases.services import erasing
from tests.cases import ended, files
from tests.cases import test_erase_case as rules
from tests.cases.asking import get
from tests.cast import Cast
from vault import files as storage
from vault import keys
from vault.errors import SealBroken

pytestmark = pytest.mark.django_db
Captured = DjangoCaptureOnCommitCallbacks
case, ready, _files_of_the_kept_case = rules.case, rules.ready, rules._files_of_the_kept_case
erase, refusal = rules.erase, rules.refusal


def page(case: Case, name: str = "erasure", *more: object) -> str:
    return reverse(name, args=[case.pk, *more])


def body(response: Any) -> str:
    return str(response.content.decode())


def test_from_asking_to_the_end(client: Client, cast: Cast, case: Case) -> None:
    client.force_login(cast.sami)
    assert "Ask that the file be erased" in body(client.get(page(case)))
    data = {"ground": "retention", "reason": "The time is over."}
    assert client.post(page(case), data).status_code == 302
    leaving: Any = client.get(page(case, "erasure_export"))
    archive = ZipFile(BytesIO(b"".join(leaving.streaming_content)))
    (drawn,) = (name for name in archive.namelist() if name.startswith("document-"))
    assert archive.read(drawn) == ended.BYTES
    assert archive.read("case-file.pdf").startswith(b"%PDF")
    assert client.post(page(case, "erasure_confirm")).status_code == 403
    client.force_login(cast.aida)
    shown = body(client.get(page(case)))
    assert "Erase the file for good" in shown
    assert "The time is over." not in shown
    assert client.post(page(case, "erasure_confirm")).status_code == 302
    assert files.fresh(case).erased_at is not None
    assert "This file is erased." in body(client.get(page(case)))


def test_what_does_not_hold_is_said_beside_the_form(client: Client, cast: Cast, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(retain_until=date(2031, 12, 31))
    client.force_login(cast.sami)
    answer = client.post(page(case), {"ground": "retention", "reason": "x"})
    assert answer.status_code == 422
    assert "Not yet:" in body(answer)
    assert client.post(page(case), {}).status_code == 422


def test_an_export_with_a_document_missing_does_not_count(client: Client, cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    default_storage.delete(Document.objects.get(case=case).storage_name)
    client.force_login(cast.sami)
    assert client.get(page(case, "erasure_export")).status_code == 302
    assert Erasure.objects.get().exported_at is None


def leaving(client: Client, case: Case) -> Any:
    """The parts of the export, as a browser takes them one after the other."""
    response: Any = client.get(page(case, "erasure_export"))
    return iter(response.streaming_content)


def test_an_export_counts_once_its_last_byte_has_left(client: Client, cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    client.force_login(cast.sami)
    parts = leaving(client, case)
    next(parts)
    assert Erasure.objects.get().exported_at is None
    assert list(parts)
    assert Erasure.objects.get().exported_by == cast.sami


def test_an_export_whose_line_broke_does_not_count(client: Client, cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    client.force_login(cast.sami)
    response: Any = client.get(page(case, "erasure_export"))
    next(iter(response.streaming_content))
    # As the server does; response.close() would take the tests' own database connection along.
    response._iterator.close()
    assert Erasure.objects.get().exported_at is None


def test_looking_at_the_head_of_an_export_takes_none(client: Client, cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    client.force_login(cast.sami)
    answer = client.head(page(case, "erasure_export"))
    assert (answer.status_code, answer.streaming) == (200, False)
    assert not AuditEvent.objects.filter(verb="case.exported").exists()
    assert Erasure.objects.get().exported_at is None


def test_an_export_with_a_document_that_was_cut_does_not_count(
    client: Client, cast: Cast, case: Case
) -> None:
    """Its beginning still opens, so only whoever reads it to its end learns of it."""
    ended.asked(case, cast)
    name = Document.objects.get(case=case).storage_name
    default_storage.delete(name)
    storage.store(case.pk, name, b"x" * (storage.CHUNK * 3))
    with default_storage.open(name) as file:
        whole = file.read()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[: storage.CHUNK * 2]))
    client.force_login(cast.sami)
    with pytest.raises(SealBroken):
        list(leaving(client, case))
    default_storage.delete(name)
    assert Erasure.objects.get().exported_at is None


def test_an_export_that_cannot_be_drawn_does_not_count(
    client: Client, cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended.asked(case, cast)
    monkeypatch.setattr("cases.views.erasing.case_file_pdf", _cannot_be_drawn)
    client.force_login(cast.sami)
    with pytest.raises(RuntimeError):
        client.get(page(case, "erasure_export"))
    assert Erasure.objects.get().exported_at is None


def _cannot_be_drawn(*_args: object, **_facts: object) -> bytes:
    raise RuntimeError("No room on the disk.")


def test_what_is_written_while_an_export_leaves_is_not_in_it(client: Client, cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    client.force_login(cast.sami)
    parts = leaving(client, case)
    next(parts)
    AuditEvent.objects.create(
        actor=cast.ana, verb="document.added", target_label="cases.document", case_id=case.pk
    )
    list(parts)
    assert "has changed" in refusal(lambda: erasing.confirm_erasure(case.pk, actor=cast.vera))


def test_an_export_for_what_was_taken_back_counts_for_nothing_asked_since(cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    begun = erasing.begin_export(case.pk, actor=cast.sami)
    erasing.drop_erasure(case.pk, actor=cast.sami)
    ended.asked(case, cast)
    with pytest.raises(Erasure.DoesNotExist):
        erasing.finish_export(begun, actor=cast.sami)


def test_after_the_end_every_page_of_it_is_gone_and_lists_are_whole(
    client: Client, cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured
) -> None:
    other = ended.closed(cast, state=CaseState.ACTIVE)
    erase(ready, cast, django_capture_on_commit_callbacks)
    for user in (cast.ana, cast.sami, cast.vera):
        client.force_login(user)
        for name in ("case", "case_file", "case_history", "documents", "erasure"):
            assert client.get(page(ready, name)).status_code == 404
        for name in ("today", "case_list", "calendar", "desk", "referrals"):
            assert client.get(reverse(name)).status_code == 200
        assert client.get(page(other, "case")).status_code == 200
    client.force_login(cast.aida)
    assert client.get(page(ready, "case_access")).status_code == 200


def test_an_older_database_shows_nothing_of_it_either(client: Client, cast: Cast, ready: Case) -> None:
    """Before anybody has run the command: the key is gone, so its pages are."""
    keys.erase(ready.pk)
    client.force_login(cast.sami)
    assert client.get(page(ready, "case_identity")).status_code == 404


def test_the_button_is_there_once_it_does_something(cast: Cast, ready: Case) -> None:
    """`ready` is exported already."""
    button = reverse("erasure_confirm", args=[ready.pk])
    assert button in get(cast.aida, "erasure", ready.pk).content.decode()
    erasing.place_hold(ready.pk, actor=cast.sami, why="A court has asked for it.")
    assert button not in get(cast.aida, "erasure", ready.pk).content.decode()
