"""People with a hand in a track, each by a personal grant: clinic, lawyer, partner; and the steps that they take."""

from datetime import date, timedelta
from typing import Any

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, LegalProtection, Person, TrackStep
from cases.models.choices import Basis
from cases.models.people import Conflict, PersonRole
from cases.services.tracks import take_track_step
from tests.cases import files

# What the request for a representative asks for.
REQUEST = {"authority": "Guardianship court", "pending_because": "The hearing is on Friday."}


def today() -> date:
    return clock.today("Europe/Vienna")


def give(case: Case, account: User, *sections: Section, may_write: bool = True) -> User:
    until = clock.now() + timedelta(days=30)
    files.ground(
        case, Basis.PERSONAL, account=account, until=until, sections=list(sections), may_write=may_write
    )
    return account


def guardian(case: Case, by: User, **changes: Any) -> Person:
    settled: dict[str, Any] = {"role": PersonRole.GUARDIAN, "conflict": Conflict.NONE}
    name = changes.pop("name", "Greta Halm")
    person = Person(case=case, added_by=by, **(settled | changes))
    person.name = name
    person.save(force_insert=True)
    return person


def step(case: Case, track: str, edge: str, actor: User, *, reason: str = "", **values: Any) -> TrackStep:
    """One step, today unless another day is given."""
    settled = {"happened_on": clock.today(case.agency.time_zone)} | values
    return take_track_step(case.pk, track, edge, actor=actor, values=settled, reason=reason)


def legal_of(case: Case) -> LegalProtection:
    return LegalProtection.objects.get(case=case)
