"""Deadlines are rows, and one sweep by our own clock fires each of them once.

Start, meet and cancel deadlines before notifying anybody in the same transaction: the sweep holds a
deadline's row while its callbacks notify, and two transactions must not wait for each other in a ring. Every step
holds its case before its deadlines, so a callback that has to hold the case too takes it `before_telling`, unless it
is in use: then it raises `Later`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from accounts import policy
from accounts.models import Agency
from workflow.models import Deadline, DeadlineQuerySet

ESCALATION_AFTER = "escalation.after"
policy.register(
    ESCALATION_AFTER, 0, _("hours"), _("How long something may be overdue before the supervisor is told.")
)

REMIND_BEFORE = "reminder.before_hours"
policy.register(
    REMIND_BEFORE,
    4,
    _("hours"),
    _("How long before something is due its worker is reminded, if there was more than a day for it."),
)
# Of what is due within a day from its beginning, nobody has to be reminded.
LONG = timedelta(days=1)

Params = Mapping[str, str | int]
_changed: list[Callable[[UUID], object]] = []
_remind: list[Callable[[Deadline], object]] = []
_overdue: list[Callable[[Deadline], object]] = []
_escalate: list[Callable[[Deadline], object]] = []


class Later(Exception):
    """Somebody is at work on what this deadline is about: the next sweep asks again."""


def on_change(callback: Callable[[UUID], object]) -> None:
    """Called with the case's id whenever its open deadlines change, in the same transaction."""
    _changed.append(callback)


def on_remind(callback: Callable[[Deadline], object]) -> None:
    """Called once for each long deadline that comes near, the agency's `reminder.before_hours` before it is due."""
    _remind.append(callback)


def on_overdue(callback: Callable[[Deadline], object], *, before_telling: bool = False) -> None:
    """Called once for each deadline that passes, in the transaction that marks it.

    `before_telling` is for what locks other rows: before those that notify, and without waiting (`Later`).
    """
    _overdue.insert(0 if before_telling else len(_overdue), callback)


def on_escalate(callback: Callable[[Deadline], object]) -> None:
    """Called once for each deadline that stays overdue for the agency's `escalation.after` hours."""
    _escalate.append(callback)


@transaction.atomic
def start(
    case_id: UUID,
    kind: str,
    due_at: datetime,
    *,
    agency: Agency,
    params: Params | None = None,
    starts_at: datetime | None = None,
) -> Deadline:
    """A clock begins; one of the same kind and params that still runs is moved instead."""
    same = Deadline.objects.open().filter(case_id=case_id, kind=kind, params=dict(params or {}))
    running = same.select_for_update().first()
    if running:
        return move(running, due_at)
    deadline = Deadline.objects.create(
        case_id=case_id,
        kind=kind,
        due_at=due_at,
        agency=agency,
        params=dict(params or {}),
        starts_at=starts_at or clock.now(),
    )
    _tell_changed(case_id)
    return deadline


@transaction.atomic
def move(deadline: Deadline, due_at: datetime) -> Deadline:
    """Another due time. One that was announced already and gets new time ends; its successor fires anew."""
    current = Deadline.objects.select_for_update().get(pk=deadline.pk)
    if not current.is_open or current.due_at == due_at:
        return current
    if _announced(current, due_at) and due_at > clock.now():
        current.cancelled_at = clock.now()
        current.save(update_fields=["cancelled_at"])
        current = Deadline.objects.create(
            case_id=current.case_id,
            kind=current.kind,
            due_at=due_at,
            agency_id=current.agency_id,
            params=current.params,
            starts_at=current.starts_at,
        )
    else:
        current.due_at = due_at
        current.save(update_fields=["due_at"])
    _tell_changed(current.case_id)
    return current


def _announced(deadline: Deadline, due_at: datetime) -> bool:
    """Whether somebody was told of a time that holds no more."""
    return bool(deadline.overdue_at or (deadline.reminded_at and due_at > deadline.due_at))


def meet(case_id: UUID, kind: str, params: Params | None = None) -> int:
    """What was due has happened: all open ones of the kind, or those with exactly these params."""
    return _end(case_id, _running(case_id, kind, params), "met_at")


def cancel(case_id: UUID, kind: str, params: Params | None = None) -> int:
    """It will not happen and is not due any more; the same choice as `meet`."""
    return _end(case_id, _running(case_id, kind, params), "cancelled_at")


def _running(case_id: UUID, kind: str, params: Params | None) -> QuerySet[Deadline]:
    rows = Deadline.objects.open().filter(case_id=case_id, kind=kind)
    return rows if params is None else rows.filter(params=dict(params))


def cancel_all(case_id: UUID) -> int:
    """Nothing is due for this case any more."""
    return _end(case_id, Deadline.objects.open().filter(case_id=case_id), "cancelled_at")


@transaction.atomic
def revive(case_id: UUID, since: datetime, kinds: Collection[str] | None = None) -> None:
    """What was cancelled since then, of these kinds or of all, runs on as if nothing had happened."""
    ended_since = Deadline.objects.filter(case_id=case_id, cancelled_at__gte=since, met_at=None)
    for ended in ended_since if kinds is None else ended_since.filter(kind__in=kinds):
        start(
            case_id,
            ended.kind,
            ended.due_at,
            agency=ended.agency,
            params=ended.params,
            starts_at=ended.starts_at,
        )


@transaction.atomic
def change_agency(case_id: UUID, before: Agency, agency: Agency) -> None:
    """What runs for one agency runs for another from now on. What third agencies have to do stays theirs."""
    if Deadline.objects.open().filter(case_id=case_id, agency=before).update(agency=agency):
        _tell_changed(case_id)


def open_for(case_ids: Iterable[UUID]) -> DeadlineQuerySet:
    """What runs for these cases, soonest first."""
    return Deadline.objects.open().filter(case_id__in=case_ids).order_by("due_at", "pk")


def sweep() -> int:
    """Announces what comes near, what is overdue and what must be escalated; answers how many became overdue.

    Each deadline has a transaction of its own, so one whose callback fails does not hold the others up; it is
    tried again by the next sweep. Two sweeps at once share the work. Raises what failed, after all the rest.
    """
    now, failures = clock.now(), list[Exception]()
    passed = Deadline.objects.open().filter(due_at__lte=now, overdue_at=None)
    fired = _fire_each(passed, "overdue_at", now, _overdue, failures)
    coming = Deadline.objects.open().filter(
        overdue_at=None, reminded_at=None, due_at__gt=now, starts_at__lt=F("due_at") - LONG
    )
    for hours, agencies in _agencies_by(REMIND_BEFORE):
        near = coming.filter(agency__in=agencies, due_at__lte=now + timedelta(hours=hours))
        _fire_each(near, "reminded_at", now, _remind, failures)
    waiting = Deadline.objects.open().filter(overdue_at__isnull=False, escalated_at=None)
    for hours, agencies in _agencies_by(ESCALATION_AFTER):
        stale = waiting.filter(agency__in=agencies, overdue_at__lte=now - timedelta(hours=hours))
        _fire_each(stale, "escalated_at", now, _escalate, failures)
    if failures:
        raise ExceptionGroup("deadlines whose callbacks failed", failures)
    return fired


def _agencies_by(key: str) -> Iterable[tuple[int, list[Agency]]]:
    """The agencies in groups of one value of a policy, which is nearly always one group."""
    groups: dict[int, list[Agency]] = {}
    for agency in Agency.objects.order_by("code"):
        groups.setdefault(policy.get(key, agency=agency), []).append(agency)
    return groups.items()


def _fire_each(
    due: QuerySet[Deadline],
    mark: str,
    now: datetime,
    callbacks: list[Callable[[Deadline], object]],
    failures: list[Exception],
) -> int:
    fired, left = 0, list[UUID]()
    while True:
        with transaction.atomic(durable=True):
            rows = due.exclude(pk__in=left).select_related("agency").order_by("due_at", "pk")
            deadline = rows.select_for_update(skip_locked=True, of=("self",)).first()
            if deadline is None:
                return fired
            try:
                with transaction.atomic():
                    _fire(deadline, mark, now, callbacks)
                    fired += 1
            except Later:
                left.append(deadline.pk)
            except Exception as error:
                left.append(deadline.pk)
                failures.append(error)


def _fire(
    deadline: Deadline, mark: str, now: datetime, callbacks: list[Callable[[Deadline], object]]
) -> None:
    setattr(deadline, mark, now)
    deadline.save(update_fields=[mark])
    for callback in callbacks:
        callback(deadline)


@transaction.atomic
def _end(case_id: UUID, rows: QuerySet[Deadline], mark: str) -> int:
    ended = rows.update(**{mark: clock.now()})
    if ended:
        _tell_changed(case_id)
    return ended


def _tell_changed(case_id: UUID) -> None:
    for callback in _changed:
        callback(case_id)
