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

from accounts.models import AuditEvent, User
from cases.models import (
    Case,
    Document,
    Erasure,
)
from cases.models.choices import CaseState
from cases.services import erasing
from tests.cases import ended, files
from tests.cases import test_erase_case as rules
from tests.cases.asking import get, last, main_of, post, told
from tests.cast import Cast
from tests.entering import proof_of, sign_in
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
    for words in ("Erase the file for good", "The time is over.", "Sami", "15 June 2026"):
        assert words in shown
    assert client.post(page(case, "erasure_confirm"), second(cast.aida, case)).status_code == 302
    assert files.fresh(case).erased_at is not None
    assert f"{case.code} is erased" in body(client.get(page(case)))


def second(user: User, case: Case, **typed: str) -> dict[str, str]:
    """What whoever confirms types."""
    return {"case_code": case.code, **proof_of(user), **typed}


@pytest.mark.parametrize(
    "typed", [{"password": "x"}, {"code": "135790"}, {"case_code": "AAA-AAA"}, {"case_code": ""}]
)
def test_confirming_asks_who_sits_there_and_which_file_it_is(
    client: Client, cast: Cast, ready: Case, typed: dict[str, str]
) -> None:
    """However lately somebody signed in."""
    sign_in(client, cast.vera)
    assert client.post(page(ready, "erasure_confirm")).status_code == 422
    assert client.post(page(ready, "erasure_confirm"), second(cast.vera, ready, **typed)).status_code == 422
    assert files.fresh(ready).erased_at is None
    # Told by telephone, a code comes without its hyphen.
    plain = ready.code.replace("-", " ").lower()
    answer = client.post(page(ready, "erasure_confirm"), second(cast.vera, ready, case_code=plain))
    assert answer.status_code == 302


def test_who_asked_confirms_nothing_and_reads_who_does(cast: Cast, ready: Case) -> None:
    assert post(cast.sami, "erasure_confirm", ready.pk, **second(cast.sami, ready)).status_code == 403
    shown = main_of(cast.sami, "erasure", ready.pk)
    assert "You asked for it." in shown
    assert reverse("erasure_confirm", args=[ready.pk]) not in shown


def test_a_hold_says_who_placed_it_and_why_and_is_lifted_by_another(cast: Cast, case: Case) -> None:
    hold = erasing.place_hold(case.pk, actor=cast.sami, why="Trial 7/26.")
    address = reverse("hold_lift", args=[case.pk, hold.pk])
    own = main_of(cast.sami, "erasure", case.pk)
    assert "You placed it." in own
    assert address not in own
    assert post(cast.sami, "hold_lift", case.pk, hold.pk).status_code == 403
    for other in (cast.vera, cast.aida):
        shown = main_of(other, "erasure", case.pk)
        for words in ("Trial 7/26.", "Placed by <bdi>Sami", address):
            assert words in shown
    assert post(cast.vera, "hold_lift", case.pk, hold.pk).status_code == 422
    because = {f"lift-{hold.pk}-because": "The trial is over."}
    assert post(cast.aida, "hold_lift", case.pk, hold.pk, **because).status_code == 302
    assert post(cast.vera, "hold_lift", case.pk, hold.pk, **because).status_code == 404


def test_whoever_was_told_reads_what_became_of_the_file(
    cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured
) -> None:
    assert {"erasure.asked"} <= set(told(cast.vera))
    erase(ready, cast, django_capture_on_commit_callbacks)
    assert "erasure.confirmed" in told(cast.sami)
    for user in (cast.sami, cast.vera, cast.aida):
        assert reverse("erasure", args=[ready.pk]) in get(user, "today").content.decode()
        shown = main_of(user, "erasure", ready.pk)
        for words in (f"{ready.code} is erased", "Sami", "Vera", "The file was kept as long as it must be"):
            assert words in shown
        assert "Her letter" not in shown
    for stranger in (cast.ana, cast.omar, cast.petra):
        assert get(stranger, "erasure", ready.pk).status_code == 404
    assert last(ready.pk, "case.read").details["basis"] == ["protection"]
    assert "This file was erased on" in main_of(cast.aida, "case_access", ready.pk)


def test_whoever_left_the_agency_is_told_no_more(
    cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured
) -> None:
    erase(ready, cast, django_capture_on_commit_callbacks)
    User.objects.filter(pk=cast.sami.pk).update(agency=cast.omar.agency)
    cast.sami.refresh_from_db()
    assert get(cast.sami, "erasure", ready.pk).status_code == 404


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
        for name in ("case", "case_file", "case_history", "documents", "closure"):
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
