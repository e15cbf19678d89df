"""What the child wishes about contact and about going, each time it was asked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from repatriation.models import Wish
from repatriation.services.beginning import by_worker, not_in_future


@dataclass(frozen=True, kw_only=True)
class Heard:
    """As the form gives it. `words` are the child's own, or what was observed."""

    heard_on: date
    means: str
    contact: str
    going: str
    words: str


@write
def record_wish(return_id: UUID, *, actor: User, heard: Heard) -> Wish:
    """The latest counts, the earlier ones stay. Raises Invalid."""
    way = by_worker(return_id, actor)
    not_in_future(way, "heard_on", heard.heard_on)
    row = Wish(
        way=way,
        case=way.case,
        heard_on=heard.heard_on,
        means=heard.means,
        contact=heard.contact,
        going=heard.going,
        written_by=actor,
    )
    row.words = heard.words
    row.save(force_insert=True)
    record(
        actor,
        "return.wish_recorded",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        contact=row.contact,
        going=row.going,
    )
    return row
