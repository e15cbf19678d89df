"""The minute of a case conference: what was said point by point, what was decided, and that it is final."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from cases.models import AgendaPoint, Conference, ConferenceDecision, Goal, MinuteAddendum
from cases.permissions import invited_to
from cases.services import tasks
from cases.services.conferences import KIND, locked_to_chair, named, open_conference, tell
from workflow import deadlines


def _begun(conference: Conference, field: str) -> None:
    if not conference.has_begun:
        raise Invalid(field, _("The conference has not begun yet."))


@write
def save_minute(
    case_id: UUID,
    conference_id: UUID,
    *,
    actor: User,
    present: Collection[UUID],
    minutes: Mapping[UUID, str],
    seen: str = "",
) -> Conference:
    """Who was there (by their invitations), and what was said to each point; a draft until it is closed.

    Whoever chairs writes what was said under every label: the label decides who reads it. Raises Meanwhile when
    somebody else has written since the page was shown (`seen`).
    """
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "")
    _begun(conference, "")
    points = _written(conference, minutes)
    come = [each for each in invited_to(conference) if each.attended != (each.pk in present)]
    if not points and not come:
        return conference
    require_unchanged(conference, seen)
    for point in points:
        point.save(update_fields=["minute"])
    for invitation in come:
        invitation.attended = invitation.pk in present
        invitation.save(update_fields=["attended"])
    conference.minuted_at = clock.now()
    conference.save(update_fields=["minuted_at"])
    tell(actor, "conference.minuted", conference, *{Section(point.section) for point in points})
    return conference


def _written(conference: Conference, minutes: Mapping[UUID, str]) -> list[AgendaPoint]:
    """The points to which something else was said than is stored."""
    points = conference.points.filter(removed_at__isnull=True, pk__in=list(minutes))
    changed = []
    for point in points.select_for_update(of=("self",)):
        if (point.minute or "") != minutes[point.pk]:
            point.minute = minutes[point.pk] or None
            changed.append(point)
    return changed


@write
def decide(
    case_id: UUID,
    conference_id: UUID,
    *,
    actor: User,
    point: AgendaPoint,
    words: str,
    assignee: User,
    due_on: date,
    goal: Goal | None = None,
) -> ConferenceDecision:
    """Something that is to be done: at once a task of somebody who has access to the case, until a day."""
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "words")
    _begun(conference, "words")
    if point.conference_id != conference.pk or point.removed_at is not None:
        raise Invalid("point", _("Choose one of the points of this conference."))
    task = tasks.give(case, actor=actor, words=words, assignee=assignee, due_on=due_on, goal=goal)
    decision = ConferenceDecision(
        case=case, conference=conference, point=point, section=point.section, task=task, recorded_by=actor
    )
    decision.words = words
    decision.save(force_insert=True)
    tell(actor, "conference.decided", conference, Section(point.section), label=point.section)
    return decision


@write
def close_minute(case_id: UUID, conference_id: UUID, *, actor: User) -> Conference:
    """Final from now on: every point has its minute, and nothing that was written changes any more."""
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "")
    _begun(conference, "")
    points = list(conference.points.filter(removed_at__isnull=True).select_for_update(of=("self",)))
    if not points or any(point.minute is None for point in points):
        raise Invalid("", _("Write down first what was said to each point of the agenda."))
    if not any(each.attended for each in invited_to(conference)):
        raise Invalid("", _("Say first who was there."))
    now = clock.now()
    for point in points:
        point.final_at = now
        point.save(update_fields=["final_at"])
    conference.closed_at, conference.closed_by = now, actor
    conference.save(update_fields=["closed_at", "closed_by"])
    deadlines.meet(case.pk, KIND, named(conference))
    tell(actor, "conference.closed", conference)
    told = [each.account for each in invited_to(conference) if each.account_id != actor.pk]
    notify(told, "conference.closed", conference, case_id=case.pk)
    return conference


@write
def add_to_minute(
    case_id: UUID, conference_id: UUID, point_id: UUID, *, actor: User, words: str
) -> MinuteAddendum:
    """What somebody knows better afterwards stands beside the final minute, with name and time."""
    case = locked_to_chair(case_id, actor)
    conference = case.conferences.select_for_update(of=("self",)).get(pk=conference_id)
    point = conference.points.get(pk=point_id)
    if point.final_at is None:
        raise Invalid("words", _("This minute is not closed yet. Change the minute itself."))
    added = MinuteAddendum(
        case=case, conference=conference, point=point, section=point.section, written_by=actor
    )
    added.words = words
    added.save(force_insert=True)
    tell(actor, "conference.addendum_written", conference, Section(point.section), label=point.section)
    return added
