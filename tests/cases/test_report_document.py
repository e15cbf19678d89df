"""A file that shows abuse: whoever sees it takes it out of everybody's reach, and the police are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import clock
from accounts.access import Section
from accounts.models import Agency, AgencyKind, User
from cases.models import Case, Document
from cases.models.choices import Basis
from cases.registry import leaving_open, open_matters
from cases.services.documents import (
    TELL_POLICE,
    police_not_told,
    record_police_reference,
    remove_document,
    report_document,
)
from cases.services.steps import take_step
from tests.cases import files, papers
from tests.cases.asking import clock_of, get, last, post, running, statuses, told, verbs
from tests.cases.test_remove_document import run_jobs
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from workflow import deadlines


@pytest.fixture
def picture(cast: Cast, case: Case) -> Document:
    return papers.added(case, cast.ana, section=Section.ACCOUNT, title="Bluebell", filename="bluebell.pdf")


# Who may


def test_strangers_find_nothing_and_whoever_sees_it_may(
    cast: Cast, case: Case, picture: Document, nora: User
) -> None:
    papers.given(case, cast.petra, Section.MEDICAL, may_write=True)
    address = ("document_report", case.pk, picture.pk)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, *address) == [404] * 5
    assert not Document.objects.get().quarantined_at
    # One who reads, and may not write.
    files.ground(case, Basis.PANEL, account=cast.pia)
    assert get(cast.pia, *address).status_code == 200
    assert statuses([cast.pia], *address) == [302]
    document = Document.objects.get()
    assert (document.quarantined_by, document.removed_at) == (cast.pia, None)
    # It happened once, and there is nothing more to report.
    assert statuses([cast.ana, cast.pia], *address) == [404, 404]
    assert verbs(case.pk).count("document.quarantined") == 1


def test_the_service_refuses_too(cast: Cast, case: Case, picture: Document) -> None:
    papers.given(case, cast.petra, Section.MEDICAL, may_write=True)
    with pytest.raises(Document.DoesNotExist):
        report_document(case.pk, picture.pk, actor=cast.petra)
    with pytest.raises(Case.DoesNotExist):
        report_document(case.pk, picture.pk, actor=cast.omar)
    with pytest.raises(Document.DoesNotExist):
        report_document(files.screened(cast).pk, picture.pk, actor=cast.ana)


# What it does


def test_nobody_opens_it_any_more(cast: Cast, case: Case, picture: Document) -> None:
    post(cast.sami, "document_report", case.pk, picture.pk)
    for user in (cast.ana, cast.sami):
        for name in ("document_open", "document_remove", "document_report"):
            assert get(user, name, case.pk, picture.pk).status_code == 404
    with pytest.raises(Document.DoesNotExist):
        remove_document(case.pk, picture.pk, actor=cast.ana, reason="away")
    # Out of reach, and there for the police.
    run_jobs(picture)
    assert papers.lies_there(picture)


def test_supervisors_and_data_protection_officers_are_told_and_the_police_have_to_be(
    cast: Cast, case: Case, picture: Document
) -> None:
    office = Agency.objects.create(
        code="office", name="Office", country="XA", kind=AgencyKind.DATA_PROTECTION, time_zone="Europe/Vienna"
    )
    national = User.objects.create_account(
        "office", PASSWORD, name="Office", role=cast.aida.role, agency=office
    )
    post(cast.ana, "document_report", case.pk, picture.pk)
    for user in (cast.sami, cast.vera, cast.aida, national):
        assert "document.quarantined" in told(user)
    for user in (cast.ana, cast.ben, cast.omar):
        assert "document.quarantined" not in told(user)
    deadline = clock_of(case, TELL_POLICE)
    assert deadline.due_at <= clock.now()
    assert deadline.params == {"document": str(picture.pk)}
    event = last(case.pk, "document.quarantined")
    assert (event.details, event.sections) == ({"document_kind": "decision"}, ["account"])
    assert "Tell the police about a file" in get(cast.sami, "today").content.decode()
    assert "Bluebell" not in get(cast.sami, "today").content.decode()


def test_it_is_possible_in_a_case_that_is_not_open(cast: Cast, case: Case, picture: Document) -> None:
    values = {"code": "adult", "signpost": "The adults’ centre"}
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values=values)
    assert statuses([cast.sami], "document_report", case.pk, picture.pk) == [302]
    assert running(case) == {TELL_POLICE}


def test_one_that_nobody_tells_is_escalated(
    cast: Cast, case: Case, picture: Document, clock_at: ClockHand
) -> None:
    report_document(case.pk, picture.pk, actor=cast.ana)
    clock_at.forward(timedelta(minutes=1))
    deadlines.sweep()
    assert f"overdue.{TELL_POLICE}" in told(cast.sami)


# The police know


def test_the_reference_is_the_supervisor_s_to_record(
    cast: Cast, case: Case, picture: Document, nora: User
) -> None:
    address = ("document_police", case.pk, picture.pk)
    # There is nothing to tell yet.
    assert statuses([cast.sami], *address, reference="AZ 7") == [404]
    report_document(case.pk, picture.pk, actor=cast.ana)
    papers.given(case, cast.petra, Section.MEDICAL)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, *address, reference="AZ 7") == [404] * 5
    assert statuses([cast.ana], *address, reference="AZ 7") == [403]
    assert statuses([cast.sami], *address, reference=" ") == [422]
    assert [get(user, *address).status_code for user in (cast.ana, cast.sami)] == [403, 200]
    assert Document.objects.get().police_reference is None
    assert statuses([cast.sami], *address, reference="AZ 7") == [302]
    assert Document.objects.get().police_reference == "AZ 7"
    assert last(case.pk, "document.police_told").details == {"document_kind": "decision"}


def test_then_the_bytes_are_deleted_and_nothing_is_due(cast: Cast, case: Case, picture: Document) -> None:
    report_document(case.pk, picture.pk, actor=cast.ana)
    other = papers.added(case, cast.ana, section=Section.ACCOUNT)
    report_document(case.pk, other.pk, actor=cast.ana)
    record_police_reference(case.pk, picture.pk, actor=cast.sami, reference="AZ 7")
    run_jobs(picture, other)
    assert not papers.lies_there(picture)
    assert papers.lies_there(other)
    # The other one is still to be told.
    assert clock_of(case, TELL_POLICE).params == {"document": str(other.pk)}
    record_police_reference(case.pk, other.pk, actor=cast.vera, reference="AZ 8")
    assert TELL_POLICE not in running(case)
    page = get(cast.ana, "documents", case.pk).content.decode()
    assert "AZ 7" in page
    assert "Bluebell" not in page


def test_a_reference_can_be_corrected(cast: Cast, case: Case, picture: Document) -> None:
    report_document(case.pk, picture.pk, actor=cast.ana)
    for reference in ("AZ 7", "AZ 8"):
        record_police_reference(case.pk, picture.pk, actor=cast.sami, reference=reference)
    assert [row.police_reference for row in Document.history.order_by("history_id")][-2:] == ["AZ 7", "AZ 8"]


def test_the_service_of_the_reference_refuses_too(cast: Cast, case: Case, picture: Document) -> None:
    with pytest.raises(Document.DoesNotExist):
        record_police_reference(case.pk, picture.pk, actor=cast.sami, reference="AZ 7")
    report_document(case.pk, picture.pk, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        record_police_reference(case.pk, picture.pk, actor=cast.ana, reference="AZ 7")
    with pytest.raises(Document.DoesNotExist):
        record_police_reference(files.screened(cast).pk, picture.pk, actor=cast.sami, reference="AZ 7")


# The end of the case


def test_a_case_does_not_close_over_it(cast: Cast, case: Case, picture: Document) -> None:
    assert not police_not_told(files.fresh(case))
    report_document(case.pk, picture.pk, actor=cast.ana)
    assert police_not_told(files.fresh(case))
    assert open_matters(files.fresh(case))
    record_police_reference(case.pk, picture.pk, actor=cast.sami, reference="AZ 7")
    assert not police_not_told(files.fresh(case))


def test_whatever_else_ends_with_a_case_the_police_are_still_to_be_told(
    cast: Cast, case: Case, picture: Document
) -> None:
    report_document(case.pk, picture.pk, actor=cast.ana)
    values = {"code": "adult", "signpost": "The adults’ centre"}
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values=values)
    assert running(case) == {TELL_POLICE}
    record_police_reference(case.pk, picture.pk, actor=cast.sami, reference="AZ 7")
    leaving_open(files.fresh(case), cast.sami)
    assert running(case) == set()


def test_its_name_is_gone_from_every_day_and_from_history(cast: Cast, case: Case, clock_at: Any) -> None:
    papers.added(case, cast.ana, title="Bluebell")
    assert "Bluebell" in get(cast.ana, "case_history", case.pk).content.decode()
    then = clock.today("Europe/Vienna")
    clock_at.forward(timedelta(days=2))
    report_document(case.pk, case.documents.get().pk, actor=cast.ana)
    pages = [get(cast.ana, "case_history", case.pk), get(cast.ana, "case_file", case.pk, on=then.isoformat())]
    assert ["Bluebell" in page.content.decode() for page in pages] == [False, False]


def test_told_while_the_file_was_merged_the_police_are_not_to_be_told_again(cast: Cast, case: Case) -> None:
    document = papers.added(case, cast.ana)
    report_document(case.pk, document.pk, actor=cast.ana)
    values = {"surviving_case": files.screened(cast)}
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values=values)
    record_police_reference(case.pk, document.pk, actor=cast.sami, reference="17/2026")
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="They are sisters.")
    assert "tell_police_about_file" not in running(case)
