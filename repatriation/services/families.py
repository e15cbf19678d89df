"""Who of the file's people is related to the child, and what shows it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Document, Person
from cases.models.people import PersonRole
from cases.permissions import sections
from repatriation.models import Relationship, Return
from repatriation.models.finding import is_implicated
from repatriation.services.beginning import by_worker, not_in_future

# Whom nobody takes for family, and who cares for nobody; whoever is suspected is never chosen either.
NOT_AROUND = (PersonRole.INTERPRETER, PersonRole.REPRESENTATIVE)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What shows that a person is who it says to be."""

    evidence: str
    verified_on: date
    words: str = ""
    document: Document | None = None


def people_around(case: Case) -> QuerySet[Person]:
    return case.people.filter(removed_at__isnull=True).exclude(role__in=NOT_AROUND)


def readable_documents(case: Case, user: User) -> QuerySet[Document]:
    readable = [section.value for section in sections(user, case)]
    return case.documents.filter(section__in=readable, removed_at__isnull=True, quarantined_at__isnull=True)


def free_person(case: Case, person_id: UUID, field: str) -> Person:
    """Of the file, and without a part in what happened. Raises Invalid."""
    person = people_around(case).filter(pk=person_id).first()
    if person is None:
        raise Invalid(field, _("Choose somebody who is recorded in the file."))
    if is_implicated(person):
        raise Invalid(field, had_a_part())
    return person


def had_a_part() -> str:
    return _(
        "This person had a part in what happened, or is close to somebody who had. Choose somebody else."
    )


@write
def verify_relationship(return_id: UUID, person_id: UUID, *, actor: User, shown: Shown) -> Relationship:
    way = by_worker(return_id, actor)
    person = free_person(way.case, person_id, "person")
    not_in_future(way, "verified_on", shown.verified_on)
    _check_document(way, actor, shown.document)
    row = Relationship(
        way=way,
        case=way.case,
        person=person,
        evidence=shown.evidence,
        document=shown.document,
        verified_on=shown.verified_on,
        verified_by=actor,
    )
    row.words = shown.words or None
    row.save(force_insert=True)
    record(
        actor,
        "return.relationship_verified",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        evidence=row.evidence,
    )
    return row


def _check_document(way: Return, actor: User, document: Document | None) -> None:
    """One that was removed, or reported, since the page was shown shows nothing."""
    if document is not None and not readable_documents(way.case, actor).filter(pk=document.pk).exists():
        raise Invalid("document", _("Choose a document of this file."))
