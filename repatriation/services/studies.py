"""The home study: what the partner abroad has seen where the child would live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.services.clocks import workers_of
from repatriation.models import HomeStudy
from repatriation.models.choices import Suitability
from repatriation.services.beginning import by_partner, not_in_future
from repatriation.services.care import require_free, require_there, standing_arrangement
from repatriation.services.events import add_event
from repatriation.study import SUPPORT, questions


@dataclass(frozen=True, kw_only=True)
class Visited:
    """Of one visit. `answers` are by the codes of `repatriation.study`."""

    visited_on: date
    answers: Mapping[str, str]
    conclusion: str


@write
def write_study(return_id: UUID, arrangement_id: UUID, *, actor: User, visited: Visited) -> HomeStudy:
    """A study never changes; whoever goes there again writes another one, and the latest counts.

    Whether the one named is able to care is what the conclusion says. Raises Invalid.
    """
    way = by_partner(return_id, actor)
    arrangement = standing_arrangement(way, arrangement_id)
    require_there(way, arrangement, actor)
    require_free(way, arrangement, actor)
    not_in_future(way, "visited_on", visited.visited_on)
    _check(visited)
    row = HomeStudy(
        way=way,
        case=way.case,
        arrangement=arrangement,
        agency=actor.agency,
        visited_on=visited.visited_on,
        conclusion=visited.conclusion,
        written_by=actor,
    )
    row.answers = {
        each.code: visited.answers[each.code] for each in questions() if visited.answers.get(each.code)
    }
    row.save(force_insert=True)
    arrangement.is_able = visited.conclusion != Suitability.UNSUITABLE
    arrangement.save(update_fields=["is_able"])
    record(
        actor,
        "return.study_written",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        conclusion=row.conclusion,
    )
    add_event(way, "study_written", actor=actor)
    notify(workers_of(way.case) - {actor}, "return.study_written", way, case_id=way.case_id)
    return row


def _check(visited: Visited) -> None:
    for each in questions():
        if each.required and not visited.answers.get(each.code):
            raise Invalid(each.code, _("We need an answer here."))
    if visited.conclusion == Suitability.WITH_SUPPORT and not visited.answers.get(SUPPORT):
        raise Invalid(SUPPORT, _("Say what help is needed: only with it is this place suitable."))
