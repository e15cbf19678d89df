"""Before something that cannot be taken back, the answers are shown in words, with a way to change each."""

from uuid import uuid4

import pytest

from accounts.models import SentForm
from cases.models import Case, Document
from tests.cases import files, papers
from tests.cases.asking import post
from tests.cast import Cast
from tests.kept import kept

WHY = "Belongs to another child: the brother."


@pytest.fixture
def decision(cast: Cast, case: Case) -> Document:
    return papers.added(case, cast.ana, title="Bluebell", filename="bluebell.pdf")


@kept
def survivor(cast: Cast) -> Case:
    return files.screened(cast)


def test_what_is_looked_at_is_not_done(cast: Cast, case: Case, decision: Document) -> None:
    number = str(uuid4())
    sent = {"reason": WHY, "once": number}
    answer = post(cast.ana, "document_remove", case.pk, decision.pk, **sent, look="check")
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("Check your answers", "Nothing is saved yet.", WHY, "Change", "Remove the document"):
        assert words in page
    assert f'<input type="hidden" name="reason" value="{WHY}">' in page
    assert not Document.objects.get().removed_at
    assert not SentForm.objects.exists()
    # The same number, sent for good.
    assert post(cast.ana, "document_remove", case.pk, decision.pk, **sent).status_code == 302
    assert Document.objects.get().removed_at


def test_an_answer_is_changed_and_nothing_typed_is_lost(cast: Cast, case: Case, decision: Document) -> None:
    answer = post(cast.ana, "document_remove", case.pk, decision.pk, reason=WHY, look="reason")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert WHY in page
    assert "<textarea" in page
    assert "Nothing is saved yet." not in page
    assert not Document.objects.get().removed_at


def test_a_mistake_is_said_before_anything_is_shown(cast: Cast, case: Case, decision: Document) -> None:
    answer = post(cast.ana, "document_remove", case.pk, decision.pk, reason="", look="check")
    assert answer.status_code == 422
    assert "This needs another look" in answer.content.decode()


def test_a_step_to_an_end_shows_what_was_typed(cast: Cast, case: Case, survivor: Case) -> None:
    at = ("case_step", case.pk, "mark_duplicate")
    answer = post(cast.sami, *at, surviving_case=survivor.code, look="check")
    assert survivor.code in answer.content.decode()
    assert files.fresh(case).state == "screening"
    assert post(cast.sami, *at, surviving_case=survivor.code).status_code == 302
    assert files.fresh(case).state == "duplicate"


def test_who_may_not_do_it_is_shown_nothing(cast: Cast, case: Case, decision: Document) -> None:
    for user, status in ((cast.omar, 404), (cast.sami, 403)):
        answer = post(user, "document_remove", case.pk, decision.pk, reason=WHY, look="check")
        assert answer.status_code == status
