"""A document is removed by whoever may write its part: the row stays, the bytes go."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, Document, OutsideAcceptance
from cases.models.choices import Basis
from cases.services import documents
from cases.services.documents import remove_document, report_document
from cases.services.steps import take_step
from cases.tasks import discard_bytes
from tests.cases import files, papers
from tests.cases.asking import get, last, post, statuses
from tests.cast import Cast
from vault import files as stored_files

WHY = "Belongs to another child."


@pytest.fixture
def decision(cast: Cast, case: Case) -> Document:
    return papers.added(case, cast.ana, title="Bluebell", filename="bluebell.pdf")


def jobs(*wanted: Document) -> list[ProcrastinateJob]:
    """Of these documents: a test that commits leaves others behind."""
    found = ProcrastinateJob.objects.filter(task_name=documents.DISCARD)
    return list(found.filter(args__document_id__in=[str(document.pk) for document in wanted]))


def run_jobs(*wanted: Document) -> None:
    """What the worker does with what waits for it."""
    for job in jobs(*wanted):
        discard_bytes.func(**job.args)


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, decision: Document, nora: User
) -> None:
    papers.given(case, cast.petra, Section.MEDICAL, may_write=True)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.petra]
    address = ("document_remove", case.pk, decision.pk)
    assert statuses(strangers, *address, reason=WHY) == [404] * 5
    assert statuses([cast.sami], *address, reason=WHY) == [403]
    assert [get(user, *address).status_code for user in (cast.omar, cast.sami, cast.ana)] == [404, 403, 200]
    assert not Document.objects.get().removed_at
    assert statuses([cast.ana], *address, reason=WHY) == [302]
    assert Document.objects.get().removed_at
    # Once more: nobody finds it.
    assert statuses([cast.ana, cast.sami], *address, reason=WHY) == [404, 404]


def test_a_partner_takes_away_what_it_added_and_nothing_else(
    cast: Cast, case: Case, decision: Document
) -> None:
    papers.given(case, cast.tomas, Section.LEGAL, may_write=True)
    own = papers.added(case, cast.tomas, title="Letter of the lawyer")
    assert statuses([cast.tomas], "document_remove", case.pk, decision.pk, reason=WHY) == [403]
    page = get(cast.tomas, "documents", case.pk).content.decode()
    assert [f"/documents/{each.pk}/remove/" in page for each in (decision, own)] == [False, True]
    assert statuses([cast.tomas], "document_remove", case.pk, own.pk, reason=WHY) == [302]
    assert statuses([cast.ana], "document_remove", case.pk, decision.pk, reason=WHY) == [302]


def test_the_service_refuses_too(cast: Cast, case: Case, decision: Document) -> None:
    with pytest.raises(PermissionDenied):
        remove_document(case.pk, decision.pk, actor=cast.sami, reason=WHY)
    papers.given(case, cast.petra, Section.MEDICAL, may_write=True)
    for actor in (cast.petra, cast.omar):
        with pytest.raises((Document.DoesNotExist, Case.DoesNotExist)):
            remove_document(case.pk, decision.pk, actor=actor, reason=WHY)
    other = files.screened(cast)
    with pytest.raises(Document.DoesNotExist):
        remove_document(other.pk, decision.pk, actor=cast.ana, reason=WHY)


def test_it_needs_a_reason(cast: Cast, case: Case, decision: Document) -> None:
    answer = post(cast.ana, "document_remove", case.pk, decision.pk, reason=" ")
    assert answer.status_code == 422
    assert not Document.objects.get().removed_at


def test_the_row_stays_and_the_bytes_go_after_the_commit(cast: Cast, case: Case, decision: Document) -> None:
    remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    assert papers.lies_there(decision)
    run_jobs(decision)
    assert not papers.lies_there(decision)
    # A job that runs twice does no harm.
    run_jobs(decision)
    assert Document.objects.get().title == "Bluebell"
    assert "Bluebell" not in get(cast.ana, "documents", case.pk).content.decode()
    assert get(cast.ana, "document_open", case.pk, decision.pk).status_code == 404


def test_the_job_carries_the_id_only_and_is_the_worker_s(cast: Cast, case: Case, decision: Document) -> None:
    remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    (job,) = jobs(decision)
    assert job.args == {"document_id": str(decision.pk)}
    assert app.tasks[documents.DISCARD] is discard_bytes


def test_a_job_deletes_nothing_that_somebody_may_open(cast: Cast, case: Case, decision: Document) -> None:
    discard_bytes.func(document_id=str(decision.pk))
    assert papers.lies_there(decision)


def test_a_storage_that_is_away_is_asked_again(
    cast: Cast, case: Case, decision: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str) -> None:
        raise ConnectionError

    remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    with monkeypatch.context() as broken:
        broken.setattr(stored_files, "discard", away)
        with pytest.raises(ConnectionError):
            run_jobs(decision)
    assert discard_bytes.retry_strategy
    run_jobs(decision)
    assert not papers.lies_there(decision)


def test_when_the_removal_fails_there_is_no_job(
    cast: Cast, case: Case, decision: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = documents._discard_later

    def fail(document: Document) -> None:
        original(document)
        raise ConnectionError

    monkeypatch.setattr(documents, "_discard_later", fail)
    with pytest.raises(ConnectionError):
        remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    assert jobs(decision) == []
    assert not Document.objects.get().removed_at


def test_a_case_that_is_not_open_keeps_its_documents(cast: Cast, case: Case, decision: Document) -> None:
    values = {"code": "adult", "signpost": "The adults’ centre"}
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values=values)
    answer = post(cast.ana, "document_remove", case.pk, decision.pk, reason=WHY)
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    page = get(cast.ana, "documents", case.pk).content.decode()
    assert "Bluebell" in page
    assert "/remove/" not in page


def test_the_audit_has_the_reason_sealed_and_no_title(cast: Cast, case: Case, decision: Document) -> None:
    remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    event = last(case.pk, "document.removed")
    assert (event.reason, event.sections) == (WHY, ["legal"])
    assert event.details == {"document_kind": "decision"}


@pytest.mark.parametrize("how", ["removed", "reported"])
def test_an_acceptance_on_paper_needs_its_paper(cast: Cast, case: Case, decision: Document, how: str) -> None:
    acceptance = OutsideAcceptance(
        case=case,
        agency=cast.omar.agency,
        accepted_on="2026-01-01",
        document=decision,
        recorded_by=cast.ana,
    )
    acceptance.contact = "A"
    acceptance.save(force_insert=True)
    assert files.fresh(case).facts.marks.outside
    doing: Any = {"removed": lambda: remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)}
    doing["reported"] = lambda: report_document(case.pk, decision.pk, actor=cast.ana)
    doing[how]()
    assert not files.fresh(case).facts.marks.outside


def test_it_is_said_in_the_history_of_those_who_see_the_part(
    cast: Cast, case: Case, decision: Document
) -> None:
    remove_document(case.pk, decision.pk, actor=cast.ana, reason=WHY)
    files.ground(
        case,
        Basis.PERSONAL,
        account=cast.petra,
        until=clock.now() + timedelta(days=1),
        sections=[Section.IDENTITY],
    )
    assert "removed a document" in get(cast.sami, "case_history", case.pk).content.decode()
    history = get(cast.petra, "case_history", case.pk)
    assert history.status_code == 200
    assert "removed a document" not in history.content.decode()
