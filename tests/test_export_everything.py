"""What is destroyed with a case was in its export before: every sealed word of every room, and every file."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Model
from django.test import Client
from django.urls import reverse

import clock
from accounts.acting import acting_as
from accounts.audit import record
from accounts.models import AgencyCertificate, Draft, SavedView
from cases.casefile import everything
from cases.models import Case, Document, DuplicateCandidate, Erasure, Goal
from cases.models.documents import SealedFile
from cases.services import erasing
from referrals.models import Attachment, Disclosure
from referrals.services.attachments import report_attachment
from referrals.services.writing import write_message, write_service_note
from repatriation.models import HandoverSignature
from repatriation.models.choices import Option
from repatriation.services.voting import close_vote
from tests.cases import ended, files, whole_file
from tests.cast import Cast
from tests.kept import kept
from tests.referrals import offers, thread
from tests.repatriation import issued, sitting, ways
from vault import files as storage
from vault.fields import SealedDate, SealedField, SealedJSON

pytestmark = pytest.mark.django_db
# Sealed with a key that is no case's, or typed and not sent: no part of a file yet.
OF_NO_CASE = {AgencyCertificate, SavedView, Draft}


@kept
def case(cast: Cast) -> Case:
    """Open still, as rooms write in it; somebody has asked for its end nevertheless."""
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    asked_for(case, cast)
    return case


def asked_for(case: Case, cast: Cast) -> None:
    with acting_as(cast.sami):
        whole_file.put(Erasure, case, ground="request", reason="letter-of-a-bittern", asked_by=cast.sami)


def archive(case: Case, cast: Cast) -> Mapping[str, bytes]:
    client = Client()
    client.force_login(cast.sami)
    response: Any = client.get(reverse("erasure_export", args=[case.pk]))
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def told(case: Case, cast: Cast) -> str:
    pages = archive(case, cast)
    return "\n".join(page.decode() for name, page in pages.items() if name.startswith("rows-"))


# -- nothing can be forgotten ----------------------------------------------------------------------------


def sealed_fields(model: type[Model]) -> list[SealedField[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def sealed_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if sealed_fields(model) and not hasattr(model, "instance_type") and model not in OF_NO_CASE
    ]


def word_of(field: SealedField[Any, Any]) -> str:
    return f"planted-in-{field.model._meta.label_lower}-{field.name}"


def planted(model: type[Model], case: Case) -> Model:
    """A row that says one word in each sealed field, and is not saved: no rule of its table stands in the way."""
    row: Any = model()
    row.pk = case.pk if model is Case else row.pk or 7
    for name in {field.scope for field in sealed_fields(model)} - {"id", "case_key"}:
        setattr(row, name, case.pk)
    if hasattr(row, "case_key"):
        row.case_key = case.pk
    for field in sealed_fields(model):
        words = {"words": [word_of(field)]} if isinstance(field, SealedJSON) else word_of(field)
        setattr(row, field.name, date(2011, 2, 3) if isinstance(field, SealedDate) else words)
    made: Model = row
    return made


def test_every_sealed_word_of_every_kind_of_row_is_in_the_export(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {model: planted(model, case) for model in sealed_models()}
    monkeypatch.setattr(
        everything, "rows_of", lambda model, _way, _id: [rows[model]] if model in rows else []
    )
    text = told(case, cast)
    fields = [field for model in rows for field in sealed_fields(model)]
    wanted = ["3 February 2011" if isinstance(field, SealedDate) else word_of(field) for field in fields]
    assert len(rows) > 50
    assert [word for word in wanted if word not in text] == []


def _document(cast: Cast, case: Case) -> SealedFile:
    return ended.document(case, cast)


def _attachment(cast: Cast, case: Case) -> SealedFile:
    return thread.attached(cast.ana, offers.accepted(cast, case))


MAKERS: Mapping[type[SealedFile], Callable[[Cast, Case], SealedFile]] = {
    Document: _document,
    Attachment: _attachment,
}


def test_every_kind_of_file_has_a_row_below() -> None:
    kinds = {model for model in apps.get_models() if issubclass(model, SealedFile)}
    assert kinds == set(MAKERS)


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_file_is_in_the_export(cast: Cast, case: Case, kind: type[SealedFile]) -> None:
    file = MAKERS[kind](cast, case)
    assert type(file) is kind
    default_storage.delete(file.storage_name)
    storage.store(case.pk, file.storage_name, b"the bytes of the " + kind.__name__.encode())
    pages = archive(case, cast)
    assert b"the bytes of the " + kind.__name__.encode() in pages.values()
    assert file.filename in pages[f"rows-{kind._meta.app_label}.txt"].decode()


# -- what people wrote, room by room ---------------------------------------------------------------------


def test_the_file_with_what_no_page_of_it_shows(cast: Cast, case: Case) -> None:
    whole_file.fill(case, cast.ana, cast.petra.agency)
    for document in Document.objects.filter(case=case):
        ended.put_back(document)
    text = told(case, cast)
    words = [word for section in whole_file.WORDS.values() for word in section]
    more = [*whole_file.NOTES.values(), *whole_file.DOCUMENTS.values(), *whole_file.TAKEN_OVER.values()]
    removed = ["Family: כהן", "Given: REMOVED", "police-reference-of-a-kite", "letter-of-a-bittern"]
    assert [word for word in (*words, *more, *removed) if word not in text] == []
    assert "QUARANTINED" not in text


def test_a_referral_with_its_messages_notes_and_what_was_given(cast: Cast, case: Case) -> None:
    case.child.known_as = "Oriolanda"
    case.child.save()
    referral = offers.in_service(cast, case)
    message = write_message(referral.pk, actor=cast.ana, words="message-of-a-redstart @petra")
    write_service_note(referral.pk, actor=cast.petra, words="note-of-a-dipper")
    page = archive(case, cast)["rows-referrals.txt"].decode()
    assert "message-of-a-redstart" in page
    assert f"Mentioned: {', '.join(user.name for user in message.mentioned.all())}" in page
    assert "note-of-a-dipper" in page
    given = Disclosure.objects.filter(case=case)
    assert given
    assert all(f"Disclosure {row.pk}" in page for row in given)


def test_a_return_with_its_panel_handover_and_visits(cast: Cast) -> None:
    people = ways.company(cast)
    way = issued.visited(people, issued.told_of(people))
    asked_for(way.case, cast)
    page = archive(way.case, cast)["rows-repatriation.txt"].decode()
    said = ("I want to see my grandmother.", "The inhaler stayed on the train.", "I like the dog.", ways.SAFE)
    assert [words for words in said if words not in page] == []
    signed = HandoverSignature.objects.filter(handover__way=way)
    assert signed
    assert all(f"Handover signature {row.pk}" in page for row in signed)


def test_no_vote_from_before_the_chair_closed_it(cast: Cast) -> None:
    """As on the page of the panel, which a supervisor reads."""
    people = ways.company(cast)
    way = sitting.waiting(people, ways.active_case(cast))
    sitting.prepared(people, way)
    sitting.voted(people, way, Option.INTEGRATION, Option.INTEGRATION, Option.RETURN)
    asked_for(way.case, cast)
    assert "Vote: Integration" not in seats_in(way.case, cast)
    # Whoever changes it was never seen with the first.
    sitting.voted(people, way, Option.RETURN, Option.RETURN, Option.RETURN)
    close_vote(way.pk, actor=people.pia)
    told_of = seats_in(way.case, cast)
    assert told_of.count("Vote: Return") == 3
    assert "Integration" not in told_of


def seats_in(case: Case, cast: Cast) -> str:
    page = archive(case, cast)["rows-repatriation.txt"].decode()
    return "\n".join(row for row in page.split("\n\n") if row.startswith("Seat "))


def test_what_stood_there_before_it_was_corrected(cast: Cast, case: Case) -> None:
    with acting_as(cast.ana):
        goal = whole_file.put(
            Goal, case, track="legal", service_type="Legal", words="first-words", set_by=cast.ana
        )
        goal.words = "second-words"
        goal.save()
    page = archive(case, cast)["rows-cases.txt"].decode()
    assert page.index("second-words") < page.index("first-words")
    assert "Ana" in page[page.index("Saved ") :]


def test_a_hold_that_was_lifted_with_why_and_by_whom(cast: Cast, case: Case) -> None:
    hold = erasing.place_hold(case.pk, actor=cast.vera, why="trial-of-a-wigeon")
    erasing.lift_hold(case.pk, hold.pk, actor=cast.sami, because="end-of-a-teal")
    page = archive(case, cast)["rows-cases.txt"].decode()
    of_it = page[page.index(f"Legal hold {hold.pk}") :].split("\n\n")[0]
    for words in (
        "Why: trial-of-a-wigeon",
        "Placed by: Vera",
        "Lifted by: Sami",
        "Lifted because: end-of-a-teal",
    ):
        assert words in of_it


def test_a_reason_that_is_sealed_in_the_audit(cast: Cast, case: Case) -> None:
    """The audit stays, and what somebody gave as a reason goes with the key."""
    record(cast.ana, "document.removed", case, case_id=case.pk, reason="reason-of-a-rail")
    page = archive(case, cast)["rows-accounts.txt"].decode()
    assert "reason-of-a-rail" in page
    assert "case.exported" not in page


# -- what is not in it -----------------------------------------------------------------------------------


def test_a_reported_attachment_is_left_out_with_its_name(cast: Cast, case: Case) -> None:
    attachment = thread.attached(cast.ana, offers.accepted(cast, case))
    report_attachment(attachment.message.referral_id, attachment.pk, actor=cast.petra)
    pages = archive(case, cast)
    assert not any(name.startswith("document-") for name in pages)
    assert not any(b"lease.pdf" in page for page in pages.values())


def test_the_code_of_another_agencys_file_is_left_out(cast: Cast, case: Case) -> None:
    other = files.in_state("active", cast.omar.agency)
    reasons = {"other_agency": other.agency, "reasons": ["name"]}
    candidate = whole_file.put(DuplicateCandidate, case, other=other, **reasons)
    page = archive(case, cast)["rows-cases.txt"].decode()
    assert str(candidate.pk) in page
    assert "Other: a file of another agency" in page
    assert other.code not in page
    assert str(other.pk) not in page


def test_a_damaged_value_is_said_to_be_one_and_stops_nothing(cast: Cast, case: Case) -> None:
    hurt = whole_file.put(
        Goal, case, track="legal", service_type="Legal", words="to-be-damaged", set_by=cast.ana
    )
    with acting_as(cast.ana):
        hurt.history.model.objects.create(
            **{field.attname: getattr(hurt, field.attname) for field in Goal._meta.concrete_fields}
            | {"words_sealed": b"damaged", "history_date": clock.now(), "history_type": "~"}
        )
    assert "Words: Damaged: it does not open." in told(case, cast)


def test_what_is_left_out_is_said_in_the_export_and_beside_its_button(cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.sami)
    page = client.get(reverse("erasure", args=[case.pk])).content.decode()
    assert everything.left_out() in page
    assert everything.left_out() in told(case, cast)
