"""A secret address under which a calendar program asks what is due for one person. It names no child."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

import clock
from accounts.access import Ability, Role, can
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.permissions import require
from cases.models import Appointment, CalendarFeed, CaseAccess, Conference, DutyShift, Task, Visit
from cases.models.choices import OPEN_STATES, Basis
from cases.models.duty import new_feed_secret
from cases.permissions import sections_by_case, standing_invitations
from cases.services.clocks import EMERGENCY_REVIEW, TURNS_18
from workflow.models import Deadline, DeadlineQuerySet

DAYS_AHEAD = 60
MOST_ENTRIES = 500
# Kinds of deadlines that are the clocks of rows which stand in the calendar themselves.
CLOCKS_OF_ROWS = ("task", "visit", "appointment")
# Kinds whose time says something about the child: coming of age falls in the month of its birthday.
PERSONAL_DAYS = (TURNS_18,)

DEADLINE, TASK, VISIT, DUTY = "deadline", "task", "visit", "duty"
CONFERENCE, APPOINTMENT = "conference", "appointment"


@dataclass(frozen=True)
class Entry:
    """Something that happens at a moment, or on one of the agency's own days. `of` is the row behind it."""

    kind: str
    of: UUID
    starts: datetime | date
    ends: datetime | date


@write
def make_feed(*, actor: User) -> str:
    """A new secret, told this once: only its digest is kept. The address before it leads nowhere from now on."""
    require(can(actor, Ability.SEE_CASES))
    secret = new_feed_secret()
    feed, _created = CalendarFeed.objects.update_or_create(
        account=actor,
        defaults={"secret_digest": digest(secret), "made_at": clock.now(), "ended_at": None},
    )
    record(actor, "calendar.made", feed)
    return secret


@write
def end_feed(*, actor: User) -> None:
    """The address leads nowhere from now on. Again, it changes nothing."""
    require(can(actor, Ability.SEE_CASES))
    feed = CalendarFeed.objects.select_for_update().filter(account=actor, ended_at__isnull=True).first()
    if feed is None:
        return
    feed.ended_at = clock.now()
    feed.save(update_fields=["ended_at"])
    record(actor, "calendar.ended", feed)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_feed(secret: str) -> CalendarFeed | None:
    """The feed at this address, if it has not ended and its account may sign in and see cases."""
    feeds = CalendarFeed.objects.select_related("account__agency").filter(ended_at__isnull=True)
    feed = feeds.filter(secret_digest=digest(secret)).first()
    if feed is None or not feed.account.may_sign_in:
        return None
    return feed if can(feed.account, Ability.SEE_CASES) else None


@write
def read_feed(feed: CalendarFeed, *, actor: User) -> list[Entry]:
    """What is due for the account in the time to come. The reading is recorded: how many entries, of no case."""
    sources = (_deadlines, _tasks, _visits, _conferences, _appointments, _duty)
    entries = [entry for source in sources for entry in source(actor)][:MOST_ENTRIES]
    record(actor, "calendar.read", feed, entries=len(entries))
    return entries


def _deadlines(user: User) -> list[Entry]:
    """Of the files that this person works on; a supervisor has the desk for those of the whole team."""
    now = clock.now()
    coming = own_deadlines(user).filter(due_at__gt=now, due_at__lte=now + timedelta(days=DAYS_AHEAD))
    found = coming.exclude(kind__in=PERSONAL_DAYS).order_by("due_at").values_list("pk", "due_at")
    return [Entry(DEADLINE, pk, due_at, due_at) for pk, due_at in found[:MOST_ENTRIES]]


def _tasks(user: User) -> list[Entry]:
    open_ones = own_tasks(user).filter(done_at__isnull=True)
    days = open_ones.filter(due_on__range=_days(user)).order_by("due_on")
    return [_on_day(TASK, pk, day) for pk, day in days.values_list("pk", "due_on")[:MOST_ENTRIES]]


def _visits(user: User) -> list[Entry]:
    open_ones = own_visits(user).filter(done_on__isnull=True)
    days = open_ones.filter(planned_on__range=_days(user)).order_by("planned_on")
    return [_on_day(VISIT, pk, day) for pk, day in days.values_list("pk", "planned_on")[:MOST_ENTRIES]]


def _conferences(user: User) -> list[Entry]:
    coming = own_conferences(user).filter(starts_at__range=_moments(), closed_at__isnull=True)
    found = coming.order_by("starts_at")[:MOST_ENTRIES]
    return [Entry(CONFERENCE, each.pk, each.starts_at, each.ends_at) for each in found]


def _appointments(user: User) -> list[Entry]:
    coming = own_appointments(user).filter(starts_at__range=_moments(), done_at__isnull=True)
    found = list(coming.order_by("starts_at")[:MOST_ENTRIES])
    held = sections_by_case(user, {each.case_id for each in found})
    return [
        Entry(APPOINTMENT, each.pk, each.starts_at, each.starts_at)
        for each in found
        if each.section in held.get(each.case_id, {})
    ]


def _duty(user: User) -> list[Entry]:
    now = clock.now()
    shifts = own_shifts(user).filter(ends_at__gt=now, starts_at__lte=now + timedelta(days=DAYS_AHEAD))
    found = shifts.values_list("pk", "starts_at", "ends_at")
    return [Entry(DUTY, pk, starts_at, ends_at) for pk, starts_at, ends_at in found[:MOST_ENTRIES]]


def own_deadlines(user: User) -> DeadlineQuerySet:
    """Of the files that somebody works on, without the clocks of what stands in the calendar itself."""
    others = () if user.role == Role.SUPERVISOR else (EMERGENCY_REVIEW,)
    return Deadline.objects.open().filter(_works_on(user)).exclude(kind__in=[*CLOCKS_OF_ROWS, *others])


def own_tasks(user: User) -> QuerySet[Task]:
    return Task.objects.filter(_still(user), assignee=user, dropped_at__isnull=True)


def own_visits(user: User) -> QuerySet[Visit]:
    return Visit.objects.filter(_still(user), visitor=user, cancelled_at__isnull=True)


def own_conferences(user: User) -> QuerySet[Conference]:
    """Those to which somebody is invited, and all of the files that it works on."""
    invited = Q(pk__in=standing_invitations(user).values("conference"))
    return Conference.objects.filter(invited | _works_on(user), cancelled_at__isnull=True)


def own_appointments(user: User) -> QuerySet[Appointment]:
    """Of the files that somebody works on, those it goes along to, those it made. Ask for the section of each, too."""
    mine = Q(companion=user) | Q(made_by=user)
    return Appointment.objects.filter(_works_on(user) | (mine & _still(user)), cancelled_at__isnull=True)


def own_shifts(user: User) -> QuerySet[DutyShift]:
    return DutyShift.objects.filter(worker=user, agency=user.agency_id, cancelled_at__isnull=True)


def _works_on(user: User) -> Q:
    """A supervisor has the desk for the files of the whole team."""
    rows = CaseAccess.objects.live_for(user).filter(basis__in=[Basis.ASSIGNMENT, Basis.COVER])
    return Q(case_id__in=rows.values("case_id"))


def _still(user: User) -> Q:
    """Of open files that this person may still see."""
    seen = CaseAccess.objects.live_for(user).filter(case__state__in=OPEN_STATES)
    return Q(case_id__in=seen.values("case_id"))


def _moments() -> tuple[datetime, datetime]:
    now = clock.now()
    return now, now + timedelta(days=DAYS_AHEAD)


def _days(user: User) -> tuple[date, date]:
    """From the agency's own today on."""
    first = clock.today(user.agency.time_zone)
    return first, first + timedelta(days=DAYS_AHEAD)


def _on_day(kind: str, pk: UUID, day: date) -> Entry:
    return Entry(kind, pk, day, day + timedelta(days=1))
