"""Files of a case: added, removed, reported.

Their bytes go to the storage before the transaction that knows of them (`keeping`), and are deleted by the worker
after the one that gives them up.
"""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

import clock
from accounts.access import Level, Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Document
from cases.models.documents import DocumentKind
from cases.permissions import (
    can_record_police_reference,
    can_remove_document,
    grounds,
    sections,
    sections_on,
)
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.incoming import Incoming
from cases.services.keeping import describe, stored
from cases.services.locking import locked
from cases.services.standing import require_open
from vault import files
from workflow import deadlines
from workflow.services import data_protection_officers

TELL_POLICE = "tell_police_about_file"
DISCARD = "cases.discard_bytes"


def add_document(
    case_id: UUID,
    *,
    actor: User,
    section: Section,
    kind: DocumentKind,
    title: str,
    filename: str,
    incoming: Incoming,
) -> Document:
    """Seals and stores the bytes, then adds the row. Raises Invalid when the case has this very file."""
    document = Document(case_id=case_id, section=section, kind=kind, added_by=actor)
    document.title = title
    describe(document, filename, incoming)
    with stored([(document, incoming)]):
        return _add(case_id, document, actor=actor)


@write
def _add(case_id: UUID, document: Document, *, actor: User) -> Document:
    case = locked(case_id, actor)
    held = sections(actor, case)
    require(held.get(Section(document.section), Level.NONE) >= Level.WRITE)
    require_open(case)
    _refuse_known(case, document, held)
    document.case, document.added_at = case, clock.now()
    document.save(force_insert=True)
    record(
        actor,
        "document.added",
        document,
        case_id=case.pk,
        sections=[Section(document.section)],
        document_kind=document.kind,
    )
    settle(case, actor)
    return document


def _refuse_known(case: Case, document: Document, held: Collection[Section]) -> None:
    """Compared with what this person may see, for what they may not see does not exist."""
    refuse_reported(case, document.digest)
    for known in case.documents.filter(removed_at__isnull=True, quarantined_at__isnull=True):
        if known.digest == document.digest and Section(known.section) in held:
            raise Invalid(
                "file", _("This very file is here already, as “%(title)s”.") % {"title": known.title}
            )


def refuse_reported(case: Case, digest: str, field: str = "file") -> None:
    """What was reported to show abuse never comes back, also where this person may not see that it was here."""
    for known in case.documents.filter(removed_at__isnull=True, quarantined_at__isnull=False):
        if known.digest == digest:
            raise Invalid(field, _("This very file was reported as showing abuse. It is not kept here."))


@write
def remove_document(case_id: UUID, document_id: UUID, *, actor: User, reason: str) -> Document:
    """The row stays and says that it was there; its bytes are deleted.

    Raises Document.DoesNotExist for one that this person cannot see, or nobody any more.
    """
    case = locked(case_id, actor)
    rows = grounds(actor, case)
    document = _readable(case, document_id, sections_on(rows))
    require(can_remove_document(actor, document, rows))
    require_open(case)
    document.removed_at = clock.now()
    document.save(update_fields=["removed_at"])
    record(
        actor,
        "document.removed",
        document,
        case_id=case.pk,
        reason=reason,
        sections=[Section(document.section)],
        document_kind=document.kind,
    )
    _discard_later(document)
    return document


@write
def report_document(case_id: UUID, document_id: UUID, *, actor: User) -> Document:
    """Somebody who can see it says that it shows abuse: from this moment nobody opens it, and the police are told.

    In a case of any state: abuse imagery is never kept. The bytes stay, out of reach, until the supervisor has
    recorded the reference of the police, who may ask for what was found.
    """
    case = locked(case_id, actor)
    document = _readable(case, document_id, sections(actor, case))
    put_out_of_reach(case, document, actor)
    return document


def put_out_of_reach(case: Case, document: Document, actor: User) -> None:
    """A part of the write by which somebody who can open it says that it shows abuse."""
    quarantine(document, actor)
    document.save(update_fields=["quarantined_at", "quarantined_by"])
    tell_of_quarantined(case, document, actor)


def quarantine(document: Document, actor: User) -> None:
    document.quarantined_at, document.quarantined_by = clock.now(), actor


def tell_of_quarantined(case: Case, document: Document, actor: User) -> None:
    """What follows a report, wherever the file stood before."""
    record(
        actor,
        "document.quarantined",
        document,
        case_id=case.pk,
        sections=[Section(document.section)],
        document_kind=document.kind,
    )
    clocks.start_task(case, TELL_POLICE, document=str(document.pk))
    officers = set(data_protection_officers(case.agency))
    notify(clocks.supervisors_of(case) | officers, "document.quarantined", case, case_id=case.pk)


@write
def record_police_reference(
    case_id: UUID, document_id: UUID, *, actor: User, reference: str, seen: str = ""
) -> Document:
    """The police know: what was kept out of reach for them is deleted. A correction of the reference is a new one.

    Raises Meanwhile when somebody else has kept another one since the page was shown (`seen`).
    """
    case = locked(case_id, actor)
    require(can_record_police_reference(actor, case))
    document = _of_case(case, document_id, quarantined=True)
    require_unchanged(document, seen, "police_reference")
    document.police_reference = reference
    document.save(update_fields=["police_reference"])
    record(
        actor,
        "document.police_told",
        document,
        case_id=case.pk,
        sections=[Section(document.section)],
        document_kind=document.kind,
    )
    deadlines.meet(case.pk, TELL_POLICE, {"document": str(document.pk)})
    _discard_later(document)
    return document


def _readable(case: Case, document_id: UUID, held: Collection[Section]) -> Document:
    document = _of_case(case, document_id, quarantined=False)
    if Section(document.section) not in held:
        raise Document.DoesNotExist
    return document


def _of_case(case: Case, document_id: UUID, *, quarantined: bool) -> Document:
    rows = case.documents.select_for_update().filter(removed_at__isnull=True)
    return rows.get(pk=document_id, quarantined_at__isnull=not quarantined)


def _discard_later(document: Document) -> None:
    """In the same transaction: with it the job is there or not, and a storage that is away is tried again."""
    app.configure_task(DISCARD).defer(document_id=str(document.pk))


def discard_bytes(document_id: UUID) -> None:
    """What nobody may open any more is deleted, what the police have not been told of excepted."""
    document = Document.objects.get(pk=document_id)
    if document.removed_at is not None or document.police_reference is not None:
        files.discard(document.storage_name)


def police_not_told(case: Case) -> bool:
    """A case with a reported file that the police do not know of does not close."""
    return bool(case.facts.marks.police_not_told)


def keep_telling_police(case: Case, actor: User) -> None:
    """Whatever else ends with a case: the police are still to be told."""
    for document in case.documents.filter(quarantined_at__isnull=False, police_reference__isnull=True):
        clocks.start_task(case, TELL_POLICE, document=str(document.pk))
