"""A document goes along with the pack: the recipient opens its bytes from the acceptance to the end, and no others."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.access import Section
from accounts.meanwhile import last_saved
from accounts.models import AuditEvent, User
from cases.models import Case, Document
from cases.services.documents import TELL_POLICE, remove_document, report_document
from referrals.fields import DOCUMENT
from referrals.models import Disclosure, Referral
from referrals.permissions import holds_pack
from referrals.services.attachments import report_given
from tests.cases import files, papers
from tests.cases.asking import clock_of, get, last, post
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import FIELDS, accepted, acknowledged, consented, drafted, in_service, step

WORDS = b"the ruling of the kestrel"


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


@pytest.fixture
def document(cast: Cast, case: Case) -> Document:
    return papers.added(case, cast.ana, title="Ruling of the kestrel", content=papers.pdf(WORDS))


def chosen(document: Document) -> list[str]:
    return [*FIELDS, f"{DOCUMENT}{document.pk}"]


def open_it(user: User, referral: Referral, document: Document) -> Any:
    return get(user, "referral_document", referral.pk, document.pk)


def test_a_ticked_document_goes_along_page_by_page(
    cast: Cast, case: Case, document: Document, drafted_referral: Referral
) -> None:
    ticked = dict.fromkeys(chosen(document), "on")
    assert post(cast.ana, "referral_pack", drafted_referral.pk, **ticked).status_code == 302
    shown = get(cast.ana, "referral_preview", drafted_referral.pk)
    assert document.title in shown.content.decode()
    assert (
        post(cast.ana, "referral_preview", drafted_referral.pk, seen=last_saved(drafted_referral)).status_code
        == 302
    )
    assert post(cast.ana, "referral_step", drafted_referral.pk, "send").status_code == 302
    given = Disclosure.objects.get(field=f"{DOCUMENT}{document.pk}")
    assert given.section == Section.LEGAL


def test_the_recipient_opens_it_with_the_acceptance(cast: Cast, case: Case, document: Document) -> None:
    referral = acknowledged(cast, case, fields=chosen(document))
    assert open_it(cast.petra, referral, document).status_code == 404
    step(referral, "accept", cast.petra)
    address = reverse("referral_document", args=[referral.pk, document.pk])
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert address in page
    assert b"".join(open_it(cast.petra, referral, document).streaming_content) == papers.pdf(WORDS)
    look = last(case.pk, "document.read")
    assert (look.actor, look.target_id, look.sections) == (cast.petra, document.pk, [Section.LEGAL])
    assert look.details["basis"] == ["referral"]


def test_nobody_else_opens_it_there(cast: Cast, case: Case, document: Document) -> None:
    referral = accepted(cast, case, fields=chosen(document))
    strangers = (cast.omar, cast.ben, cast.tomas, cast.aida, cast.hotline, cast.admin, cast.konsul)
    assert [open_it(user, referral, document).status_code for user in strangers] == [404] * 7
    # Whoever gave it has the file.
    assert open_it(cast.ana, referral, document).status_code == 404
    assert get(cast.ana, "document_open", case.pk, document.pk).status_code == 200
    assert not AuditEvent.objects.filter(verb="document.read").exclude(actor=cast.ana).exists()


def test_what_was_not_given_does_not_exist(cast: Cast, case: Case, document: Document) -> None:
    another = papers.added(case, cast.ana)
    referral = accepted(cast, case, fields=chosen(document))
    elsewhere = accepted(cast, case, service="Health")
    assert open_it(cast.petra, referral, another).status_code == 404
    assert open_it(cast.petra, elsewhere, document).status_code == 404
    assert get(cast.petra, "referral_document", referral.pk, uuid4()).status_code == 404


ENDS = {"recall_care": "sami", "hand_back": "petra"}


@pytest.mark.parametrize("edge", ENDS)
def test_from_the_end_on_it_is_gone(cast: Cast, case: Case, document: Document, edge: str) -> None:
    referral = in_service(cast, case, fields=chosen(document))
    step(referral, edge, getattr(cast, ENDS[edge]))
    assert open_it(cast.petra, referral, document).status_code == 404
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert document.title not in page


def test_it_is_gone_when_access_after_the_service_is_over(
    cast: Cast, case: Case, document: Document, clock_at: Any
) -> None:
    referral = step(in_service(cast, case, fields=chosen(document)), "complete", cast.petra)
    assert open_it(cast.petra, referral, document).status_code == 200
    clock_at.forward(timedelta(days=46))
    assert not holds_pack(cast.petra, referral)
    assert open_it(cast.petra, referral, document).status_code == 404


@pytest.mark.parametrize("way", ["removed", "reported"])
def test_what_is_not_in_the_file_any_more_is_not_opened(
    cast: Cast, case: Case, document: Document, way: str
) -> None:
    referral = accepted(cast, case, fields=chosen(document))
    if way == "removed":
        remove_document(case.pk, document.pk, actor=cast.ana, reason="Wrong page.")
    else:
        report_document(case.pk, document.pk, actor=cast.ana)
    assert open_it(cast.petra, referral, document).status_code == 404
    address = reverse("referral_document", args=[referral.pk, document.pk])
    assert address not in get(cast.petra, "referral", referral.pk).content.decode()


def test_nobody_gives_a_document_of_a_part_that_they_do_not_read(
    cast: Cast, case: Case, document: Document
) -> None:
    """Between choosing and sending its part was closed to the sender."""
    consented(case, cast.ana, cast.petra.agency)
    referral = drafted(cast, case, fields=chosen(document))
    Document.objects.filter(pk=document.pk).update(section=Section.DOCUMENTS)
    answer = post(cast.ana, "referral_step", referral.pk, "send")
    assert answer.status_code == 422
    assert not Disclosure.objects.exists()


def test_the_recipient_reports_one_that_shows_abuse(cast: Cast, case: Case, document: Document) -> None:
    """It goes out of reach in the file as well, for everybody, and the police have to be told."""
    referral = accepted(cast, case, fields=chosen(document))
    address = reverse("referral_document_report", args=[referral.pk, document.pk])
    assert address in get(cast.petra, "referral", referral.pk).content.decode()
    for stranger in (cast.ana, cast.omar, cast.tomas):
        assert post(stranger, "referral_document_report", referral.pk, document.pk).status_code == 404
    with pytest.raises(Document.DoesNotExist):
        report_given(referral.pk, document.pk, actor=cast.ana)
    assert get(cast.petra, "referral_document_report", referral.pk, document.pk).status_code == 200
    assert open_it(cast.petra, referral, document).status_code == 200
    assert post(cast.petra, "referral_document_report", referral.pk, document.pk).status_code == 302
    assert open_it(cast.petra, referral, document).status_code == 404
    assert get(cast.ana, "document_open", case.pk, document.pk).status_code == 404
    assert last(case.pk, "document.quarantined").actor == cast.petra
    assert clock_of(case, TELL_POLICE).params == {"document": str(document.pk)}
    assert post(cast.petra, "referral_document_report", referral.pk, document.pk).status_code == 404
