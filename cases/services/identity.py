"""Who the child is: names in every script, birth date and its certainty, citizenships, languages, id numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, Child, IdNumber, PersonName
from cases.models.choices import OPEN_STATES, NameKind
from cases.permissions import can_write
from cases.scripts import script_of
from cases.services import clocks
from cases.services.evidence import settle
from cases.services.indexing import index
from cases.services.locking import locked, must_not_have_ended


@dataclass(frozen=True, kw_only=True)
class Identity:
    """One consistent statement of who the child is, as the identity form gives it."""

    known_as: str = ""
    gender: str
    birth_date: date | None
    birth_certainty: str
    presumed_because: str = ""
    presumption_note: str = ""
    citizenships: Sequence[str] = ()
    languages: str = ""


@write
def record_identity(case_id: UUID, *, actor: User, identity: Identity, seen: str = "") -> Child:
    """Raises Meanwhile when somebody else has written since the page was shown (`seen`)."""
    case = _case_for_identity(case_id, actor)
    _check_birth(case, identity)
    child = case.child
    before = _values(child)
    _fill(child, identity)
    changed = sorted(name for name, value in _values(child).items() if before[name] != value)
    if changed:
        require_unchanged(child, seen)
        child.save()
        index(child)
        if case.state in OPEN_STATES and not case.waits_for_takeover:
            clocks.follow_birthday(case)
        _record(actor, "identity.changed", case, child, fields=changed)
        settle(case, actor)
    return child


def _fill(child: Child, identity: Identity) -> None:
    child.known_as = identity.known_as or None
    child.gender = identity.gender
    child.birth_date = identity.birth_date
    child.birth_certainty = identity.birth_certainty
    child.presumed_because = identity.presumed_because
    child.presumption_note = identity.presumption_note or None
    child.citizenships = list(identity.citizenships) or None
    child.languages = identity.languages or None


def begin_identity(
    case: Case, identity: Identity, names: Sequence[str], numbers: Sequence[Mapping[str, str]], *, by: User
) -> None:
    """A part of other writes: who the child of a new file is. Each name stands in one piece, as it came."""
    child = case.child
    _fill(child, identity)
    child.save()
    for whole in names:
        _keep_name(case, NameKind.USED, whole, "", by=by)
    for row in numbers:
        _keep_number(case, row["kind"], row["country"], row["number"], by=by)
    index(child)
    clocks.follow_birthday(case)
    _record(by, "identity.changed", case, child, fields=sorted(_values(child)))


def _check_birth(case: Case, identity: Identity) -> None:
    reported = case.reported_at.astimezone(ZoneInfo(case.agency.time_zone)).date()
    if identity.birth_date and identity.birth_date > reported:
        raise Invalid("birth_date", _("The child was reported before this day."))


@write
def add_name(case_id: UUID, *, actor: User, kind: str, given: str, family: str) -> PersonName:
    case = _case_for_identity(case_id, actor)
    name = _keep_name(case, kind, given, family, by=actor)
    index(case.child)
    return name


def _keep_name(case: Case, kind: str, given: str, family: str, *, by: User) -> PersonName:
    name = PersonName(child=case.child, case=case, kind=kind, script=script_of(given or family))
    name.given, name.family = given or None, family or None
    name.save(force_insert=True)
    _record(by, "identity.name_added", case, case.child, kind=kind, script=name.script)
    return name


@write
def remove_name(case_id: UUID, name_id: UUID, *, actor: User) -> None:
    """The name leaves the file's face and its search tokens; history keeps that it was there."""
    case = _case_for_identity(case_id, actor)
    name = PersonName.objects.get(pk=name_id, case=case, removed_at__isnull=True)
    name.removed_at = clock.now()
    name.save(update_fields=["removed_at"])
    index(case.child)
    _record(actor, "identity.name_removed", case, case.child, kind=name.kind, script=name.script)


@write
def add_id_number(case_id: UUID, *, actor: User, kind: str, country: str, number: str) -> IdNumber:
    case = _case_for_identity(case_id, actor)
    added = _keep_number(case, kind, country, number, by=actor)
    index(case.child)
    return added


def _keep_number(case: Case, kind: str, country: str, number: str, *, by: User) -> IdNumber:
    added = IdNumber(child=case.child, case=case, kind=kind, country=country)
    added.number = number
    added.save(force_insert=True)
    _record(by, "identity.number_added", case, case.child, kind=kind)
    return added


@write
def remove_id_number(case_id: UUID, number_id: UUID, *, actor: User) -> None:
    case = _case_for_identity(case_id, actor)
    number = IdNumber.objects.get(pk=number_id, case=case, removed_at__isnull=True)
    number.removed_at = clock.now()
    number.save(update_fields=["removed_at"])
    index(case.child)
    _record(actor, "identity.number_removed", case, case.child, kind=number.kind)


def _case_for_identity(case_id: UUID, actor: User) -> Case:
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.IDENTITY))
    must_not_have_ended(case)
    return case


def _values(child: Child) -> Mapping[str, object]:
    names = (
        "known_as",
        "gender",
        "birth_date",
        "birth_certainty",
        "presumed_because",
        "presumption_note",
        "citizenships",
        "languages",
    )
    return {name: getattr(child, name) for name in names}


def _record(actor: User, verb: str, case: Case, child: Child, **details: Any) -> None:
    record(actor, verb, child, case_id=case.pk, sections=[Section.IDENTITY], **details)
