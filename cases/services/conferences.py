"""Case conferences: called, moved, cancelled; who is invited, and what is on the agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import AgendaPoint, Case, Conference, Invitation
from cases.permissions import (
    can_chair,
    can_remove_point,
    conferences_visible,
    grounds,
    invited_to,
    labels_to_write,
    may_be_given_tasks,
)
from cases.services import clocks
from cases.services.locking import locked
from cases.services.standing import require_open
from cases.services.writing import check_planned
from workflow import deadlines

# The clock of the minute: it runs from the day of the conference until the minute is closed.
KIND = "minute"
MINUTE_DAYS = "conference.minute_days"


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """When and where people meet, and for how many minutes."""

    starts_at: datetime
    minutes: int
    place: str


@write
def call_conference(
    case_id: UUID, *, actor: User, meeting: Meeting, invited: Iterable[User], section: Section, words: str
) -> Conference:
    """With the first point of its agenda. Whoever calls it takes part; the invited are told that there is one."""
    case = locked_to_chair(case_id, actor)
    others = _may_come(case, actor, invited, besides=actor)
    conference = Conference(case=case, called_by=actor)
    _meet(conference, meeting)
    conference.save(force_insert=True)
    _put_on(conference, actor, section, words)
    for account in (actor, *others):
        _invite(conference, account, by=actor)
    start_clock(conference)
    tell(actor, "conference.called", conference)
    notify(others, "conference.called", conference, case_id=case.pk)
    return conference


def locked_to_chair(case_id: UUID, actor: User) -> Case:
    """The locked case, open, for somebody who works on it."""
    case = locked(case_id, actor)
    require(can_chair(actor, case))
    require_open(case)
    return case


def _meet(conference: Conference, meeting: Meeting) -> None:
    case = conference.case
    check_planned(case, "on", meeting.starts_at.astimezone(ZoneInfo(case.agency.time_zone)).date())
    conference.starts_at, conference.minutes = meeting.starts_at, meeting.minutes
    conference.place = meeting.place


def _may_come(case: Case, actor: User, named: Iterable[User], *, besides: User) -> list[User]:
    """Whom this person may name; nobody is invited who has no access to the case now."""
    wanted = {account.pk for account in named} - {besides.pk}
    found = list(may_be_given_tasks(actor, case).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Invalid("invited", _("Choose people who have access to the case now."))
    return found


def _invite(conference: Conference, account: User, *, by: User) -> None:
    """One that stopped counting when access ended makes room for the new one."""
    stale = conference.invitations.filter(account=account, withdrawn_at__isnull=True)
    for invitation in stale:
        _withdraw(invitation)
    Invitation.objects.create(
        case_id=conference.case_id, conference=conference, account=account, invited_by=by
    )


def _withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = clock.now()
    invitation.save(update_fields=["withdrawn_at"])


def start_clock(conference: Conference) -> None:
    """The minute is due so many days after the conference; a conference that moves takes its clock along."""
    case = conference.case
    day = conference.starts_at.astimezone(ZoneInfo(case.agency.time_zone)).date()
    last = day + timedelta(days=policy.get(MINUTE_DAYS, agency=case.agency))
    clocks.start_task(case, KIND, clocks.end_of_day(last, case.agency), **named(conference))


def named(conference: Conference) -> dict[str, str]:
    return {"conference": str(conference.pk)}


def tell(
    actor: User, verb: str, conference: Conference, *sections: Section, reason: str = "", **more: str
) -> None:
    """Into the audit. The history of a case shows it to those who see the conference."""
    details = named(conference) | more
    record(actor, verb, conference, case_id=conference.case_id, sections=sections, reason=reason, **details)


def open_conference(case: Case, conference_id: UUID, field: str) -> Conference:
    """Locked. Raises Invalid, beside this field, for one that is over or cancelled."""
    conference = case.conferences.select_for_update(of=("self",)).get(pk=conference_id)
    conference.case = case
    if not conference.is_open:
        raise Invalid(field, _("This conference is closed or cancelled already."))
    return conference


@write
def move_conference(
    case_id: UUID, conference_id: UUID, *, actor: User, meeting: Meeting, seen: str = ""
) -> Conference:
    """Raises Meanwhile when somebody else has written since the page was shown (`seen`)."""
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "on")
    require_unchanged(conference, seen)
    _not_minuted(conference, "on")
    _meet(conference, meeting)
    conference.save()
    start_clock(conference)
    tell(actor, "conference.moved", conference)
    _notify_others(conference, "conference.moved", actor)
    return conference


@write
def cancel_conference(case_id: UUID, conference_id: UUID, *, actor: User, reason: str) -> Conference:
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "reason")
    _not_minuted(conference, "reason")
    conference.cancelled_at = clock.now()
    conference.save(update_fields=["cancelled_at"])
    deadlines.cancel(case.pk, KIND, named(conference))
    tell(actor, "conference.cancelled", conference, reason=reason)
    _notify_others(conference, "conference.cancelled", actor)
    return conference


def _not_minuted(conference: Conference, field: str) -> None:
    if conference.minuted_at is not None:
        raise Invalid(field, _("A minute of this conference is written already, so it took place."))


def _notify_others(conference: Conference, kind: str, actor: User) -> None:
    told = [each.account for each in invited_to(conference) if each.account_id != actor.pk]
    notify(told, kind, conference, case_id=conference.case_id)


@write
def change_invited(
    case_id: UUID, conference_id: UUID, *, actor: User, invited: Iterable[User], seen: str = ""
) -> Conference:
    """Who takes part besides whoever called it. Each who comes or goes is told.

    Raises Meanwhile when somebody else has invited since the page was shown (`seen`, of Invitations).
    """
    case = locked_to_chair(case_id, actor)
    conference = open_conference(case, conference_id, "invited")
    wanted = _may_come(case, actor, invited, besides=conference.called_by)
    standing = [each for each in invited_to(conference) if each.account_id != conference.called_by_id]
    before = {each.account_id for each in standing}
    come = [account for account in wanted if account.pk not in before]
    gone = [each for each in standing if each.account not in wanted]
    if come or gone:
        require_unchanged(Invitations(conference), seen)
    if any(each.attended for each in gone):
        raise Invalid("invited", _("Somebody who was there stays among the invited."))
    for account in come:
        _invite(conference, account, by=actor)
    for invitation in gone:
        _withdraw(invitation)
    if come or gone:
        tell(actor, "conference.invited", conference)
    notify(
        [account for account in come if account != actor], "conference.called", conference, case_id=case.pk
    )
    told = [each.account for each in gone if each.account_id != actor.pk]
    notify(told, "conference.uninvited", conference, case_id=case.pk)
    return conference


@dataclass(frozen=True)
class Invitations:
    """All those of a conference as one thing that is changed: a page shows them together."""

    conference: Conference

    @property
    def history(self) -> Any:
        return Invitation.history.filter(conference_id=self.conference.pk)


@write
def add_point(
    case_id: UUID, conference_id: UUID, *, actor: User, section: Section, words: str
) -> AgendaPoint:
    """By whoever works on the case or is invited, under a label that this person writes.

    Raises Conference.DoesNotExist for one that this person does not see.
    """
    case = locked(case_id, actor)
    conferences_visible(actor, case).get(pk=conference_id)
    require_open(case)
    conference = open_conference(case, conference_id, "words")
    point = _put_on(conference, actor, section, words)
    tell(actor, "conference.point_added", conference, section, label=section)
    return point


def _put_on(conference: Conference, actor: User, section: Section, words: str) -> AgendaPoint:
    require(section in labels_to_write(grounds(actor, conference.case)))
    point = AgendaPoint(case_id=conference.case_id, conference=conference, section=section, added_by=actor)
    point.words = words
    point.save(force_insert=True)
    return point


@write
def remove_point(case_id: UUID, conference_id: UUID, point_id: UUID, *, actor: User) -> None:
    """Whoever added it, or who chairs, takes a point off that nothing was said to yet. Again, it changes nothing."""
    case = locked(case_id, actor)
    conferences_visible(actor, case).get(pk=conference_id)
    require_open(case)
    conference = open_conference(case, conference_id, "")
    point = conference.points.select_for_update(of=("self",)).get(pk=point_id)
    require(can_remove_point(actor, point, case))
    if point.minute is not None or point.decisions.exists():
        raise Invalid("", _("Something was said or decided under this point, so it stays."))
    if point.removed_at is None:
        point.removed_at = clock.now()
        point.save(update_fields=["removed_at"])
        tell(actor, "conference.point_removed", conference, Section(point.section), label=point.section)


def held_without_minute(case: Case) -> QuerySet[Conference]:
    """Conferences that have begun and whose minute is not closed."""
    return case.conferences.filter(
        starts_at__lte=clock.now(), closed_at__isnull=True, cancelled_at__isnull=True
    )


def minute_open(case: Case) -> bool:
    """A case does not close while what was said about it is not written down."""
    return held_without_minute(case).exists()


def go_on(case: Case) -> None:
    """A part of reopening a case: the minutes that were not closed are due again."""
    for conference in held_without_minute(case):
        conference.case = case
        start_clock(conference)
