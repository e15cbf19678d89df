"""People around the child: recorded, changed, taken off the file's face. Nobody is deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import Agency, User
from accounts.permissions import require
from cases.models import Case, Person
from cases.models.people import Conflict, Contact, section_of
from cases.models.tracks import Representation
from cases.permissions import can_read, can_write
from cases.services import clocks
from cases.services.indexing import index
from cases.services.locking import locked
from cases.services.standing import require_open
from workflow import deadlines
from workflow.models import Deadline

# The worker reports the conflict of an appointed representative, and another one is requested.
REPRESENTATIVE_CONFLICT = "representative_conflict"


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is known of somebody, as the form gives it."""

    role: str
    name: str
    telephone: str = ""
    address: str = ""
    languages: str = ""
    note: str = ""
    country: str = ""
    agency: Agency | None = None
    contact: str = Contact.UNKNOWN
    conflict: str = Conflict.NONE


@write
def add_person(case_id: UUID, *, actor: User, told: Particulars) -> Person:
    case = locked(case_id, actor)
    require(can_write(actor, case, section_of(told.role)))
    require_open(case)
    person = Person(case=case, added_by=actor)
    _fill(person, told)
    person.save(force_insert=True)
    index(case.child)
    _record(actor, "person.added", person)
    return person


@write
def change_person(
    case_id: UUID, person_id: UUID, *, actor: User, told: Particulars, seen: str = ""
) -> Person:
    """A conflict of interest of the appointed representative becomes a task at once.

    Raises Meanwhile when somebody else has changed the person since the page was shown (`seen`).
    """
    case = locked(case_id, actor)
    person = _person(case, person_id, actor)
    require_open(case)
    if section_of(told.role) != person.section:
        # One row would otherwise carry what one section knows into the history of the other.
        raise Invalid("role", _("Whoever is suspected is recorded as a person of their own."))
    before, could_represent = _values(person), person.may_represent
    _fill(person, told)
    changed = sorted(name for name, value in _values(person).items() if before[name] != value)
    if not changed:
        return person
    require_unchanged(person, seen)
    person.save()
    index(case.child)
    _record(actor, "person.changed", person, fields=changed)
    if person.may_represent != could_represent and appointed_representative(case) == person.pk:
        if person.may_represent:
            deadlines.meet(case.pk, REPRESENTATIVE_CONFLICT)
        else:
            clocks.start_task(case, REPRESENTATIVE_CONFLICT)
    return person


@write
def remove_person(case_id: UUID, person_id: UUID, *, actor: User) -> None:
    """The person leaves the file's face; history keeps that it was there."""
    case = locked(case_id, actor)
    person = _person(case, person_id, actor)
    require_open(case)
    if appointed_representative(case) == person.pk:
        raise Invalid("", _("This is the appointed representative. Record the end of representation first."))
    person.removed_at = clock.now()
    person.save(update_fields=["removed_at"])
    index(case.child)
    _record(actor, "person.removed", person)


def appointed_representative(case: Case) -> UUID | None:
    """Who was appointed last, while a representative is appointed."""
    if case.legal.representation != Representation.APPOINTED:
        return None
    step = case.track_steps.filter(edge="appoint_representative").order_by("-made_at").first()
    named = step.coded.get("person") if step else None
    return UUID(named) if named else None


def conflict_waits(case: Case) -> bool:
    """Whether a conflict of the appointed representative has still to be reported."""
    return Deadline.objects.open().filter(case_id=case.pk, kind=REPRESENTATIVE_CONFLICT).exists()


def _person(case: Case, person_id: UUID, actor: User) -> Person:
    """Raises Person.DoesNotExist also for somebody whose section is closed to the actor."""
    person = Person.objects.get(pk=person_id, case=case, removed_at__isnull=True)
    if not can_read(actor, case, person.section):
        raise Person.DoesNotExist
    require(can_write(actor, case, person.section))
    return person


def _fill(person: Person, told: Particulars) -> None:
    person.role = told.role
    person.name = told.name
    person.telephone = told.telephone or None
    person.address = told.address or None
    person.languages = told.languages or None
    person.note = told.note or None
    person.country = told.country
    person.agency = told.agency
    person.contact = told.contact
    person.conflict = told.conflict


def _values(person: Person) -> Mapping[str, object]:
    sealed = ("name", "telephone", "address", "languages", "note")
    coded = ("role", "country", "agency_id", "contact", "conflict")
    return {name: getattr(person, name) for name in (*sealed, *coded)}


def _record(actor: User, verb: str, person: Person, **details: Any) -> None:
    record(
        actor,
        verb,
        person,
        case_id=person.case_id,
        sections=[person.section],
        person_role=person.role,
        conflict=person.conflict,
        **details,
    )
