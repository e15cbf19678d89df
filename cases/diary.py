"""What is on which day: of one person, or of one case as far as its reader may see it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts.access import Section
from accounts.audit import record_listed
from accounts.models import User
from accounts.presenting import hour_elsewhere
from cases.models import Appointment, Case, CaseAccess, Conference, DutyShift, Task, Visit
from cases.permissions import WORKING_HANDS, conferences_visible, hands_on, sections_on
from cases.services import calendar
from cases.services.clocks import end_of_day
from cases.wording import DUE
from vault import keys
from workflow.models import Deadline

# Of a task's words; the whole stands on its page.
WORDS_SHOWN = 80
MOST = 500
OPEN_DAY = time(23, 59)
# Facts of an item that several kinds share.
Settled = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """From the first to the last day, where the reader's agency works."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        zone = get_current_timezone()
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )

    def within(self, name: str) -> Q:
        begin, end = self.moments
        return Q(**{f"{name}__gte": begin, f"{name}__lt": end})

    def on(self, name: str) -> Q:
        return Q(**{f"{name}__range": (self.first, self.last)})


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing on one day. `kind` is late, done or plain, `state` the word that goes with it."""

    day: date
    at: datetime | None = None
    words: str
    url: str = ""
    code: str = ""
    kind: str = "plain"
    state: str = ""
    # A clock that runs, and nothing at which anybody is expected: it stands behind what is.
    is_clock: bool = False
    # The hour where the agency of the case works, if it is another one there.
    elsewhere: str = ""

    @property
    def is_late(self) -> bool:
        return self.kind == "late"


@dataclass(frozen=True)
class Sight:
    """One case as a reader sees it."""

    case: Case
    basis: tuple[str, ...]
    sections: Collection[Section]
    works_on_it: bool
    with_code: bool


def own_items(user: User, span: Span) -> list[Item]:
    """Of all files of one person, and its shifts. Each case that shows is recorded as listed."""
    now, begin = clock.now(), span.moments[0]
    still = Q(due_at__lt=now) if begin <= now else Q(pk__in=[])
    rows: list[Any] = [
        *calendar.own_deadlines(user).filter(span.within("due_at") | still).order_by("due_at")[:MOST],
        *calendar.own_tasks(user).filter(span.on("due_on") | _undone("due_on", "done_at", span))[:MOST],
        *calendar.own_visits(user).filter(span.on("planned_on") | _undone("planned_on", "done_on", span))[
            :MOST
        ],
        *calendar.own_conferences(user).filter(span.within("starts_at"))[:MOST],
        *calendar.own_appointments(user).filter(span.within("starts_at") | _unrecorded(span))[:MOST],
    ]
    sights = _sights(user, {row.case_id for row in rows})
    keys.prefetch(list(sights))
    items = [item for row in rows if row.case_id in sights for item in _items(row, sights[row.case_id], user)]
    listed = _shown(rows, sights)
    record_listed(user, [(sights[pk].case, sights[pk].basis, sections) for pk, sections in listed.items()])
    shifts = calendar.own_shifts(user).filter(span.within("starts_at"))[:MOST]
    return _in_order(_one_of_a_kind(items) + [_shift(shift) for shift in shifts])


def case_items(user: User, rows: list[CaseAccess], span: Span) -> list[Item]:
    """Of one case, cut to the reader's sections; `rows` are its live grounds."""
    case = rows[0].case
    sight = _sight(rows, with_code=False)
    found: list[Any] = [
        *_deadlines(case, sight, span),
        *_tasks(case, sight, user, span),
        *_visits(case, sight, span),
        *conferences_visible(user, case, rows).filter(span.within("starts_at"), cancelled_at__isnull=True)[
            :MOST
        ],
        *case.appointments.filter(
            span.within("starts_at") | _unrecorded(span),
            section__in=[section.value for section in sight.sections],
            cancelled_at__isnull=True,
        )[:MOST],
    ]
    return _in_order(_one_of_a_kind([item for row in found for item in _items(row, sight, user)]))


def _deadlines(case: Case, sight: Sight, span: Span) -> Iterable[Deadline]:
    """The business of those who work on the case, as on its first page."""
    if not sight.works_on_it:
        return ()
    now = clock.now()
    still = Q(due_at__lt=now) if span.moments[0] <= now else Q(pk__in=[])
    running = Deadline.objects.open().filter(span.within("due_at") | still, case_id=case.pk)
    return running.exclude(kind__in=calendar.CLOCKS_OF_ROWS).order_by("due_at")[:MOST]


def _tasks(case: Case, sight: Sight, user: User, span: Span) -> Iterable[Task]:
    """Whoever does not see the plan sees what it is to do itself."""
    tasks = case.tasks.filter(span.on("due_on") | _undone("due_on", "done_at", span), dropped_at__isnull=True)
    return (tasks if Section.PLAN in sight.sections else tasks.filter(assignee=user))[:MOST]


def _visits(case: Case, sight: Sight, span: Span) -> Iterable[Visit]:
    if Section.PLAN not in sight.sections:
        return ()
    return case.visits.filter(
        span.on("planned_on") | _undone("planned_on", "done_on", span), cancelled_at__isnull=True
    )[:MOST]


def _undone(day: str, ended: str, span: Span) -> Q:
    """What should have been done before this span, as long as that lies not in the future."""
    today = localtime(clock.now()).date()
    if span.first > today:
        return Q(pk__in=[])
    return Q(**{f"{day}__lt": today, f"{ended}__isnull": True})


def _unrecorded(span: Span) -> Q:
    now = clock.now()
    return Q(starts_at__lt=now, done_at__isnull=True) if span.moments[0] <= now else Q(pk__in=[])


def _sights(user: User, case_ids: Collection[UUID]) -> dict[UUID, Sight]:
    grounds: dict[UUID, list[CaseAccess]] = {}
    held = CaseAccess.objects.live_for(user).filter(case_id__in=case_ids)
    for row in held.select_related("case__agency"):
        grounds.setdefault(row.case_id, []).append(row)
    return {case_id: _sight(rows, with_code=True) for case_id, rows in grounds.items()}


def _sight(rows: list[CaseAccess], *, with_code: bool) -> Sight:
    return Sight(
        case=rows[0].case,
        basis=tuple(row.basis for row in rows),
        sections=frozenset(sections_on(rows)),
        works_on_it=bool(hands_on(rows) & WORKING_HANDS),
        with_code=with_code,
    )


def _shown(rows: Iterable[Any], sights: Mapping[UUID, Sight]) -> dict[UUID, set[Section]]:
    """Of which sections something stands in the calendar, by case."""
    shown: dict[UUID, set[Section]] = {}
    for row in rows:
        if row.case_id in sights:
            of_it = {Section(row.section)} if isinstance(row, Appointment) else {Section.PLAN}
            shown.setdefault(row.case_id, set()).update(of_it & set(sights[row.case_id].sections))
    return shown


def _items(row: Any, sight: Sight, user: User) -> Iterator[Item]:
    """Nothing where the reader may not know what it is."""
    settled: Settled = {"code": sight.case.code if sight.with_code else ""}
    if isinstance(row, Deadline):
        yield _deadline(row, sight, settled)
    elif isinstance(row, Task):
        if Section.PLAN in sight.sections or row.assignee_id == user.pk:
            yield _task(row, sight, settled)
    elif isinstance(row, Visit):
        yield _visit(row, sight, settled)
    elif isinstance(row, Conference):
        yield _conference(row, sight, settled)
    elif row.section in sight.sections:
        yield _appointment(row, sight, settled)


def _deadline(row: Deadline, sight: Sight, settled: Settled) -> Item:
    # What is due within one minute is due together.
    words, local = DUE[row.kind], localtime(row.due_at).replace(second=0, microsecond=0)
    late = row.due_at <= clock.now()
    return Item(
        day=local.date(),
        # The end of a day is no hour at which anything happens.
        at=None if row.due_at.astimezone(ZoneInfo(sight.case.agency.time_zone)).time() >= OPEN_DAY else local,
        words=str(words.title),
        url=reverse(words.page, args=[row.case_id]),
        is_clock=True,
        **_due(late),
        **settled,
    )


def _due(late: bool, done: bool = False) -> Settled:
    if done:
        return {"kind": "done", "state": _("Done")}
    return {"kind": "late", "state": _("Overdue")} if late else {}


def _task(row: Task, sight: Sight, settled: Settled) -> Item:
    row.case = sight.case
    late = row.done_at is None and end_of_day(row.due_on, sight.case.agency) <= clock.now()
    return Item(
        day=row.due_on,
        words=Truncator(" ".join(row.words.split())).chars(WORDS_SHOWN),
        url=reverse("task_done", args=[row.case_id, row.pk]) if row.done_at is None else "",
        **_due(late, done=row.done_at is not None),
        **settled,
    )


def _visit(row: Visit, sight: Sight, settled: Settled) -> Item:
    late = row.done_on is None and end_of_day(row.planned_on, sight.case.agency) <= clock.now()
    return Item(
        day=row.done_on or row.planned_on,
        words=_("Visit the child · %(place)s") % {"place": row.get_kind_display()},
        url=reverse("visit_done", args=[row.case_id, row.pk]) if row.done_on is None else "",
        **_due(late, done=row.done_on is not None),
        **settled,
    )


def _conference(row: Conference, sight: Sight, settled: Settled) -> Item:
    local = localtime(row.starts_at)
    held = _due(late=False, done=True) if row.closed_at else {}
    return Item(
        day=local.date(),
        at=local,
        words=_("Case conference"),
        url=reverse("conference", args=[row.case_id, row.pk]),
        elsewhere=hour_elsewhere(row.starts_at, sight.case.agency),
        **held,
        **settled,
    )


def _appointment(row: Appointment, sight: Sight, settled: Settled) -> Item:
    """Overdue once its day is over and nobody said what came of it."""
    local, agency = localtime(row.starts_at), sight.case.agency
    day = row.starts_at.astimezone(ZoneInfo(agency.time_zone)).date()
    late = row.is_open and end_of_day(day, agency) <= clock.now()
    return Item(
        day=local.date(),
        at=local,
        words=row.get_kind_display(),
        url=reverse("case_calendar", args=[row.case_id]) + "#appointments",
        elsewhere=hour_elsewhere(row.starts_at, agency),
        **_due(late, done=row.done_at is not None),
        **settled,
    )


def _shift(row: DutyShift) -> Item:
    begins, ends = localtime(row.starts_at), localtime(row.ends_at)
    until = _("until %(time)s") % {"time": date_format(ends, "l, H:i")}
    return Item(day=begins.date(), at=begins, words=f"{_('On duty')} · {until}", url=reverse("duty"))


def _one_of_a_kind(items: list[Item]) -> list[Item]:
    """Ten pieces of evidence missing in one file until one moment are one thing to do."""
    counted: dict[Item, int] = {}
    for item in items:
        counted[item] = counted.get(item, 0) + 1
    return [item if count == 1 else _counted(item, count) for item, count in counted.items()]


def _counted(item: Item, count: int) -> Item:
    points = ngettext("%(count)s point", "%(count)s points", count) % {"count": count}
    return Item(**{**vars(item), "words": f"{item.words} · {points}"})


def _in_order(items: Iterable[Item]) -> list[Item]:
    """By day; running clocks last, what has no hour first."""

    def place(item: Item) -> tuple[date, bool, bool, time]:
        return item.day, item.is_clock, item.at is not None, item.at.time() if item.at else time()

    return sorted(items, key=place)
