"""What the child says to the journey itself, and its wish not to wait for the end of the reflection period."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models.plan import Means
from repatriation.models import Assent, Return
from repatriation.models.choices import BEFORE_DEPARTURE, AssentKind
from repatriation.permissions import can_write_journey
from repatriation.services.events import add_event
from repatriation.services.locking import locked


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """Both have to want it: the child asks to go, and its representative agrees (CETS197 13)."""

    child_wishes: bool
    representative_agrees: bool
    said_on: date
    words: str


@write
def record_assent(
    return_id: UUID, *, actor: User, kind: AssentKind, given_on: date, means: Means, words: str
) -> Assent:
    """The latest counts, a no as well: it takes readiness back in the same transaction. Raises Invalid."""
    way = _before_departure(return_id, actor)
    _not_later_than_today(way, "given_on", given_on)
    if kind not in AssentKind.values or means not in Means.values:
        raise Invalid("kind", _("Choose an answer."))
    if not words.strip():
        raise Invalid("words", _("Write what the child said, or what was observed."))
    row = Assent(way=way, case=way.case, kind=kind, given_on=given_on, means=means, written_by=actor)
    row.words = words
    row.save(force_insert=True)
    record(actor, "return.assent_recorded", row, case_id=way.case_id, sections=[Section.RETURN_JOURNEY])
    add_event(way, "assent_recorded", actor=actor)
    return row


@write
def waive_reflection(return_id: UUID, *, actor: User, waiver: Waiver) -> Return:
    """Raises Invalid where one of the two has not said so."""
    way = _before_departure(return_id, actor)
    if not waiver.child_wishes:
        raise Invalid("child_wishes", _("Only the child’s own wish shortens its time to think."))
    if not waiver.representative_agrees:
        raise Invalid("representative_agrees", _("The representative has to agree as well."))
    _not_later_than_today(way, "said_on", waiver.said_on)
    if not waiver.words.strip():
        raise Invalid("words", _("Write how both said so."))
    way.reflection_waived_on, way.reflection_words = waiver.said_on, waiver.words
    return _kept(way, actor, "return.reflection_waived")


@write
def take_waiver_back(return_id: UUID, *, actor: User) -> Return:
    """The child wants its time after all. Again, it changes nothing."""
    way = _before_departure(return_id, actor)
    if way.reflection_waived_on is None:
        return way
    way.reflection_waived_on, way.reflection_words = None, None
    return _kept(way, actor, "return.waiver_taken_back")


def _kept(way: Return, actor: User, verb: str) -> Return:
    way.save(update_fields=["reflection_waived_on", "reflection_words"])
    record(actor, verb, way, case_id=way.case_id, sections=[Section.RETURN_JOURNEY])
    return way


def _before_departure(return_id: UUID, actor: User) -> Return:
    way = locked(return_id, actor)
    require(can_write_journey(actor, way))
    if way.state not in BEFORE_DEPARTURE:
        raise Invalid("", _("The child has departed, or the return has ended."))
    return way


def _not_later_than_today(way: Return, name: str, day: date) -> None:
    if day > clock.today(way.case.agency.time_zone):
        raise Invalid(name, _("This day lies in the future."))
