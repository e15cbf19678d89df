"""What the two sides write to each other: words, and files that go along."""

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

import clock
from accounts import broker
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import Agency, User
from cases.models import Case, Document
from cases.services.assignment import assign_worker
from cases.services.documents import discard_bytes, record_police_reference
from referrals.models import Attachment, Message, Referral
from referrals.services import writing
from referrals.services.attachments import report_attachment
from referrals.services.writing import write_message
from referrals.views import thread
from tests.cases import files, papers
from tests.cases.asking import browser, get, last, post, told
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import accepted, step
from tests.referrals.thread import WORDS, attached, colleague, open_it, page, send
from vault.files import StoredFile
from workflow import deadlines


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


# Words


def test_each_side_reads_when_it_was_by_both_clocks(cast: Cast, case: Case, sent_referral: Referral) -> None:
    Agency.objects.filter(pk=cast.petra.agency_id).update(time_zone="Europe/Chisinau")
    send(User.objects.get(pk=cast.petra.pk), sent_referral, "From there.")
    here = date_format(timezone.localtime(clock.now(), ZoneInfo("Europe/Vienna")), "j E Y, H:i")
    there = timezone.localtime(clock.now(), ZoneInfo("Europe/Chisinau"))
    assert f"{here} ({there:%H:%M} in Arvania)" in page(cast.ana, sent_referral)
    # Its own words need no second clock.
    assert f"{date_format(there, 'j E Y, H:i')}</p>" in page(
        User.objects.get(pk=cast.petra.pk), sent_referral
    )


def test_both_sides_write_and_read_and_nobody_else(cast: Cast, case: Case, sent_referral: Referral) -> None:
    for stranger in (cast.omar, cast.ben, cast.tomas, cast.aida, cast.hotline):
        assert send(stranger, sent_referral).status_code == 404
    assert [send(user, sent_referral, f"From {user}.").status_code for user in (cast.ana, cast.petra)] == [
        302
    ] * 2
    for reader in (cast.ana, cast.sami, cast.petra):
        assert "From Ana." in page(reader, sent_referral)
        assert "From Petra." in page(reader, sent_referral)
    assert told(cast.petra)[-1] == told(cast.ana)[-1] == "referral.message"


@pytest.mark.parametrize("side", ["ana", "petra"])
def test_an_ended_referral_takes_no_message(
    cast: Cast, case: Case, side: str, sent_referral: Referral
) -> None:
    referral = step(sent_referral, "decline", cast.petra)
    answer = send(getattr(cast, side), referral, "Too late.", papers.upload())
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "This referral is not open." in shown
    assert "Too late." in shown
    assert "You can name" not in shown
    assert not Message.objects.exists()


# Files


def test_several_files_go_along_and_the_thread_names_them(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    uploads = (papers.upload("lease.pdf"), papers.upload("photo.jpg", papers.from_a_telephone()))
    assert send(cast.ana, accepted_referral, "Both papers.", *uploads).status_code == 302
    first, second = Message.objects.get().attachments.all()
    assert [(each.filename, each.media_type) for each in (first, second)] == [
        ("lease.pdf", "application/pdf"),
        ("photo.jpg", "image/jpeg"),
    ]
    kept = b"".join(StoredFile(case.pk, second.storage_name))
    assert papers.DEVICE not in kept
    assert second.size == len(kept)
    for reader in (cast.ana, cast.petra):
        shown = page(reader, accepted_referral)
        for attachment in (first, second):
            assert attachment.filename in shown
            assert reverse("referral_file", args=[accepted_referral.pk, attachment.pk]) in shown
    assert last(case.pk, "referral.file_attached").target_id == second.pk


def test_who_reads_the_thread_opens_its_files_and_nobody_else(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    attachment = attached(cast.ana, accepted_referral)
    nearby = colleague(cast.petra, "paolo")
    strangers = (cast.omar, cast.ben, cast.tomas, cast.aida, cast.hotline, cast.admin, cast.konsul)
    assert [open_it(user, attachment).status_code for user in strangers] == [404] * 7
    for reader in (cast.ana, cast.sami, cast.petra, nearby):
        assert b"".join(open_it(reader, attachment).streaming_content) == papers.pdf(WORDS)
    signed_out = browser(cast.ana)
    signed_out.logout()
    url = reverse("referral_file", args=[attachment.message.referral_id, attachment.pk])
    assert signed_out.get(url).status_code == 302


def test_through_another_referral_it_does_not_exist(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    attachment = attached(cast.ana, accepted_referral)
    other = accepted(cast, case, service="Health")
    for name in ("referral_file", "referral_file_report"):
        assert get(cast.ana, name, other.pk, attachment.pk).status_code == 404
        assert get(cast.ana, name, attachment.message.referral_id, uuid4()).status_code == 404
    assert post(cast.ana, "referral_file_report", other.pk, attachment.pk).status_code == 404


ENDS = {"recall_care": "sami", "hand_back": "petra"}


@pytest.mark.parametrize("edge", ENDS)
def test_from_the_end_on_the_recipient_finds_no_file(
    cast: Cast, case: Case, edge: str, running_referral: Referral
) -> None:
    theirs, ours = attached(cast.petra, running_referral), attached(cast.ana, running_referral)
    step(running_referral, edge, getattr(cast, ENDS[edge]))
    for attachment in (theirs, ours):
        assert open_it(cast.petra, attachment).status_code == 404
        assert open_it(cast.ana, attachment).status_code == 200
        report = get(cast.petra, "referral_file_report", running_referral.pk, attachment.pk)
        assert report.status_code == 404
        with pytest.raises(Attachment.DoesNotExist):
            report_attachment(running_referral.pk, attachment.pk, actor=cast.petra)
    assert "lease.pdf" not in page(cast.petra, running_referral)


@pytest.mark.parametrize(("edge", "actor"), [("decline", "petra"), ("recall", "ana")])
def test_after_a_no_even_ones_own_file_is_gone(
    cast: Cast, case: Case, edge: str, actor: str, sent_referral: Referral
) -> None:
    attachment = attached(cast.petra, sent_referral)
    assert open_it(cast.petra, attachment).status_code == 200
    step(sent_referral, edge, getattr(cast, actor))
    assert open_it(cast.petra, attachment).status_code == 404
    assert open_it(cast.sami, attachment).status_code == 200


def test_when_it_expires_the_file_is_gone(
    cast: Cast, case: Case, clock_at: Any, sent_referral: Referral
) -> None:
    attachment = attached(cast.petra, sent_referral)
    clock_at.forward(timedelta(days=3, minutes=1))
    deadlines.sweep()
    assert Referral.objects.get().state == "expired"
    assert open_it(cast.petra, attachment).status_code == 404


def test_after_the_service_it_is_open_as_long_as_the_pack_is(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    attachment = attached(cast.ana, running_referral)
    step(running_referral, "complete", cast.petra)
    clock_at.forward(timedelta(days=44))
    assert open_it(cast.petra, attachment).status_code == 200
    clock_at.forward(timedelta(days=2))
    assert open_it(cast.petra, attachment).status_code == 404
    assert open_it(cast.ana, attachment).status_code == 200


def test_who_leaves_the_agency_leaves_its_files(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    attachment = attached(cast.ana, accepted_referral)
    User.objects.filter(pk=cast.petra.pk).update(agency=cast.tomas.agency)
    assert open_it(User.objects.get(pk=cast.petra.pk), attachment).status_code == 404
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    assert [open_it(user, attachment).status_code for user in (cast.ana, cast.ben)] == [404, 200]


def test_opening_it_is_recorded_as_that_of_a_document_is(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    attachment = attached(cast.ana, accepted_referral)
    for reader, basis in ((cast.petra, "referral"), (cast.sami, "team")):
        open_it(reader, attachment)
        event = last(case.pk, "document.read")
        assert (event.actor, event.target_id, event.details["basis"]) == (reader, attachment.pk, [basis])
        assert event.target_label == "referrals.attachment"
    assert "opened a document" in get(cast.aida, "case_access", case.pk).content.decode()
    open_it(cast.omar, attachment)
    assert last(case.pk, "document.read").actor == cast.sami


def test_no_record_no_byte(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise ConnectionError

    attachment = attached(cast.ana, accepted(cast, case))
    monkeypatch.setattr(thread, "record_read", fail)
    monkeypatch.setattr(thread, "sealed_download", None)
    with pytest.raises(ConnectionError):
        open_it(cast.petra, attachment)


def test_it_leaves_as_every_document_does(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    attachment = attached(cast.ana, accepted_referral)
    answer = open_it(cast.petra, attachment)
    assert answer["Content-Disposition"] == f'attachment; filename="document-{attachment.pk.hex[:8]}.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert post(cast.petra, "referral_file", attachment.message.referral_id, attachment.pk).status_code == 405


def test_it_lies_sealed_and_without_a_name(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    attachment = attached(cast.ana, accepted_referral)
    path = settings.MEDIA_ROOT / attachment.storage_name
    assert WORDS not in path.read_bytes()
    assert "lease" not in str(path)
    default_storage.delete(attachment.storage_name)
    answer = open_it(cast.ana, attachment)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("referral", args=[attachment.message.referral_id]),
    )


# Before the acceptance


def test_before_the_acceptance_the_sender_sends_words_alone(
    cast: Cast, case: Case, acknowledged_referral: Referral
) -> None:
    referral, before = acknowledged_referral, papers.stored()
    assert 'type="file"' not in page(cast.ana, referral)
    answer = send(cast.ana, referral, "Our lease.", papers.upload())
    assert answer.status_code == 422
    assert "a file could tell who the child is" in answer.content.decode()
    assert "Our lease." in answer.content.decode()
    with pytest.raises(Invalid) as refused:
        attached(cast.ana, referral)
    assert refused.value.field == "attachments"
    assert not Message.objects.exists()
    assert papers.stored() == before
    step(referral, "accept", cast.petra)
    assert 'type="file"' in page(cast.ana, referral)
    assert send(cast.ana, referral, "Our lease.", papers.upload()).status_code == 302


def test_the_recipient_may_send_files_from_the_first_moment(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    assert send(cast.petra, sent_referral, "The rules of our house.", papers.upload()).status_code == 302
    assert open_it(cast.ana, Attachment.objects.get()).status_code == 200


# A file that is refused


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("letter.pdf", papers.EXE, "letter.pdf: The name ends in .pdf, but the file is something else."),
        ("letter.pdf", b"", "letter.pdf: This file is empty."),
        (
            "macro.docx",
            papers.docx(**{"word/vbaProject.bin": b"x"}),
            "macro.docx: This document holds macros",
        ),
    ],
    ids=["program", "empty", "macros"],
)
def test_a_refused_file_keeps_the_words(
    cast: Cast, case: Case, name: str, content: bytes, says: str, accepted_referral: Referral
) -> None:
    referral, before = accepted_referral, papers.stored()
    answer = send(cast.ana, referral, "The heron moves in.", papers.upload(), papers.upload(name, content))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The heron moves in.</textarea>" in shown
    assert says in shown
    assert not Message.objects.exists()
    assert papers.stored() == before


def test_without_words_the_files_are_asked_for_again(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    answer = send(cast.ana, accepted_referral, "", papers.upload())
    assert answer.status_code == 422
    assert "Choose the files again" in answer.content.decode()


def test_too_many_files_are_refused(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    answer = send(cast.ana, accepted_referral, "All.", *[papers.upload() for _each in range(6)])
    assert answer.status_code == 422
    assert "Send at most 5 files at once." in answer.content.decode()


def test_a_write_that_fails_leaves_nothing_in_the_storage(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise ConnectionError

    referral, before = accepted(cast, case), papers.stored()
    monkeypatch.setattr(writing, "add_event", fail)
    with pytest.raises(ConnectionError):
        attached(cast.ana, referral)
    assert not Attachment.objects.exists()
    assert papers.stored() == before


# One that shows abuse


def test_a_reported_file_is_opened_by_nobody_and_the_police_are_told(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    attachment = attached(cast.ana, accepted_referral)
    referral = attachment.message.referral
    assert get(cast.petra, "referral_file_report", referral.pk, attachment.pk).status_code == 200
    assert get(cast.omar, "referral_file_report", referral.pk, attachment.pk).status_code == 404
    assert post(cast.petra, "referral_file_report", referral.pk, attachment.pk).status_code == 302
    for reader in (cast.ana, cast.sami, cast.petra):
        assert open_it(reader, attachment).status_code == 404
        assert "lease.pdf" not in page(reader, referral)
        assert "Reported as showing abuse" in page(reader, referral)
        assert get(reader, "document_open", case.pk, attachment.pk).status_code == 404
    assert post(cast.petra, "referral_file_report", referral.pk, attachment.pk).status_code == 404
    assert "document.quarantined" in told(cast.sami)
    assert "document.quarantined" in told(cast.aida)
    document = Document.objects.get(quarantined_at__isnull=False)
    assert (document.section, document.quarantined_by) == (Section.LEGAL, cast.petra)
    assert "Reported as showing abuse" in get(cast.sami, "documents", case.pk).content.decode()
    assert papers.lies_there(document)
    record_police_reference(case.pk, document.pk, actor=cast.sami, reference="AZ 1")
    discard_bytes(document.pk)
    assert not papers.lies_there(document)


def test_what_was_reported_never_comes_again(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    attachment = attached(cast.ana, accepted_referral)
    report_attachment(attachment.message.referral_id, attachment.pk, actor=cast.ana)
    answer = send(
        cast.petra, attachment.message.referral, "Again.", papers.upload("b.pdf", papers.pdf(WORDS))
    )
    assert answer.status_code == 422
    assert "reported as showing abuse" in answer.content.decode()
    assert "Again.</textarea>" in answer.content.decode()
    with pytest.raises(Invalid):
        papers.added(case, cast.ana, content=papers.pdf(WORDS))


# What leaves the page


def test_the_hint_and_the_shared_history_say_nothing_of_it(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    referral = accepted(cast, case)
    monkeypatch.setattr(broker, "publish", said.append)
    with TestCase.captureOnCommitCallbacks(execute=True):
        attachment = attached(cast.ana, referral)
        write_message(referral.pk, actor=cast.ana, words="@petra, the heron moves.")
    assert said
    hidden = ["heron", "lease", "petra", str(attachment.pk), str(referral.pk), str(cast.petra.pk)]
    history = [event.as_message() for event in referral.events.filter(kind="message")]
    assert [word for word in hidden if word in str(said)] == []
    assert [event["details"] for event in history] == [{}, {}]
