"""A secret address under which a calendar program asks what is due for one person. It names no child."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

import clock
from accounts.access import Ability, can
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.permissions import require
from cases.models import CalendarFeed, CaseAccess, DutyShift, Task, Visit
from cases.models.choices import OPEN_STATES, Basis
from cases.models.duty import new_feed_secret
from cases.services.clocks import TURNS_18
from workflow.models import Deadline

DAYS_AHEAD = 60
MOST_ENTRIES = 500
# Kinds of deadlines that are the clocks of rows which stand in the calendar themselves.
CLOCKS_OF_ROWS = ("task", "visit")
# Kinds whose time says something about the child: coming of age falls in the month of its birthday.
PERSONAL_DAYS = (TURNS_18,)

DEADLINE, TASK, VISIT, DUTY = "deadline", "task", "visit", "duty"


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
    entries = [*_deadlines(actor), *_tasks(actor), *_visits(actor), *_duty(actor)][:MOST_ENTRIES]
    record(actor, "calendar.read", feed, entries=len(entries))
    return entries


def _deadlines(user: User) -> list[Entry]:
    """Of the files that this person works on; a supervisor has the desk for those of the whole team."""
    now = clock.now()
    rows = CaseAccess.objects.live_for(user).filter(basis__in=[Basis.ASSIGNMENT, Basis.COVER])
    coming = Deadline.objects.open().filter(
        case_id__in=rows.values("case_id"), due_at__gt=now, due_at__lte=now + timedelta(days=DAYS_AHEAD)
    )
    found = (
        coming.exclude(kind__in=(*CLOCKS_OF_ROWS, *PERSONAL_DAYS))
        .order_by("due_at")
        .values_list("pk", "due_at")
    )
    return [Entry(DEADLINE, pk, due_at, due_at) for pk, due_at in found[:MOST_ENTRIES]]


def _tasks(user: User) -> list[Entry]:
    open_ones = Task.objects.filter(assignee=user, done_at__isnull=True, dropped_at__isnull=True)
    days = open_ones.filter(_still(user), due_on__range=_days(user)).order_by("due_on")
    return [_on_day(TASK, pk, day) for pk, day in days.values_list("pk", "due_on")[:MOST_ENTRIES]]


def _visits(user: User) -> list[Entry]:
    open_ones = Visit.objects.filter(visitor=user, done_on__isnull=True, cancelled_at__isnull=True)
    days = open_ones.filter(_still(user), planned_on__range=_days(user)).order_by("planned_on")
    return [_on_day(VISIT, pk, day) for pk, day in days.values_list("pk", "planned_on")[:MOST_ENTRIES]]


def _duty(user: User) -> list[Entry]:
    now = clock.now()
    shifts = DutyShift.objects.filter(
        worker=user,
        agency=user.agency_id,
        cancelled_at__isnull=True,
        ends_at__gt=now,
        starts_at__lte=now + timedelta(days=DAYS_AHEAD),
    )
    found = shifts.values_list("pk", "starts_at", "ends_at")
    return [Entry(DUTY, pk, starts_at, ends_at) for pk, starts_at, ends_at in found[:MOST_ENTRIES]]


def _still(user: User) -> Q:
    """Of open files that this person may still see."""
    seen = CaseAccess.objects.live_for(user).filter(case__state__in=OPEN_STATES)
    return Q(case_id__in=seen.values("case_id"))


def _days(user: User) -> tuple[date, date]:
    """From the agency's own today on."""
    first = clock.today(user.agency.time_zone)
    return first, first + timedelta(days=DAYS_AHEAD)


def _on_day(kind: str, pk: UUID, day: date) -> Entry:
    return Entry(kind, pk, day, day + timedelta(days=1))
