"""The one call that writes down who did what and who read what."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, models

import clock
from accounts.access import Section
from accounts.acting import current_act
from accounts.errors import NotRecordedError
from accounts.models import AuditEvent, User

LONGEST_CODE = 100
# Codes, ids, dates; a space would be the beginning of a sentence, and sentences speak of children.
_CODE = re.compile(r"[!-~]*", re.ASCII)
# For so long a page that asks for itself again is the same look of the same reader.
SAME_LOOK = timedelta(seconds=60)
READ, LISTED = "case.read", "case.listed"

Look = tuple[UUID | None, tuple[str, ...], tuple[str, ...], str]
_refreshing: ContextVar[bool] = ContextVar("refreshing", default=False)
_page: ContextVar[str] = ContextVar("page", default="")


Heed = Callable[[AuditEvent], None]
_heeding: list[Heed] = []


def on_record(callback: Heed) -> None:
    """Called with each event that `record` adds, in its transaction. Readings are none of these."""
    _heeding.append(callback)


def record(
    actor: User | None,
    verb: str,
    target: models.Model,
    *,
    case_id: UUID | None = None,
    reason: str = "",
    sections: Iterable[Section] = (),
    **details: Any,
) -> AuditEvent:
    """Adds one event, in the caller's transaction: no event, no act. Raises NotRecordedError.

    `reason` is what a person wrote; it is sealed with the case's key, so it needs a case. `details` are codes
    and numbers. Raises ValueError when either rule is broken.
    """
    if reason and case_id is None:
        raise ValueError("A reason is sealed with a case's key; this event names no case.")
    check_code(verb)
    for value in details.values():
        check_code(value)
    with _or_nothing():
        # The seal is bound to the row's number, so the number is drawn before the row is written.
        sealed: dict[str, Any] = {"id": _next_id(), "reason": reason} if reason else {}
        event = AuditEvent.objects.create(
            actor=actor,
            actor_role=actor.role if actor else "",
            agency_id=actor.agency_id if actor else None,
            verb=verb,
            target_label=target._meta.label_lower,
            target_id=target.pk if isinstance(target.pk, UUID) else None,
            case_id=case_id,
            sections=sorted(Section(section).value for section in sections),
            details=details,
            act=current_act(),
            **sealed,
        )
    for callback in _heeding:
        callback(event)
    return event


@contextmanager
def refreshing() -> Iterator[None]:
    """Around a request that an open page makes by itself, because something may have changed.

    A look at the same page and sections of the same case on the same grounds is then recorded once a minute.
    Documents and whatever leaves as a file are recorded each time.
    """
    token = _refreshing.set(True)
    try:
        yield
    finally:
        _refreshing.reset(token)


@contextmanager
def on_page(name: str) -> Iterator[None]:
    """Around a request: what is read meanwhile was read on the page of this name, which its event says."""
    token = _page.set(name)
    try:
        yield
    finally:
        _page.reset(token)


def record_read(
    actor: User,
    target: models.Model,
    *,
    case_id: UUID,
    sections: Iterable[Section],
    basis: Iterable[str] = (),
    verb: str = READ,
) -> None:
    """Called before the page leaves: if this fails, nobody has read anything. `basis` says why they may.

    Raises NotRecordedError, which is answered with 503 (`accounts.middleware`).
    """
    event = _reading(actor, verb, target, case_id, sections, basis)
    with _or_nothing():
        if verb != READ or _look(event) not in _looks_of_late(actor, verb, [case_id]):
            check_code(event.details)
            event.save()


def record_listed(
    actor: User, shown: Iterable[tuple[models.Model, Iterable[str], Iterable[Section]]]
) -> None:
    """A list showed these cases: one event for each, in one statement. Each with its grounds and sections."""
    events = [
        _reading(actor, LISTED, target, target.pk, sections, basis) for target, basis, sections in shown
    ]
    with _or_nothing():
        known = _looks_of_late(actor, LISTED, [event.case_id for event in events])
        AuditEvent.objects.bulk_create(event for event in events if _look(event) not in known)


@contextmanager
def _or_nothing() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise NotRecordedError from error


def _reading(
    actor: User,
    verb: str,
    target: models.Model,
    case_id: UUID,
    sections: Iterable[Section],
    basis: Iterable[str],
) -> AuditEvent:
    page = _page.get()
    return AuditEvent(
        actor=actor,
        actor_role=actor.role,
        agency_id=actor.agency_id,
        verb=verb,
        target_label=target._meta.label_lower,
        target_id=target.pk if isinstance(target.pk, UUID) else None,
        case_id=case_id,
        sections=sorted(Section(section).value for section in sections),
        details={"basis": sorted(set(basis)), **({"page": page} if page else {})},
        act=current_act(),
    )


def _looks_of_late(actor: User, verb: str, cases: Iterable[UUID | None]) -> set[Look]:
    """What this reader, in the same role, was shown within the last minute; nothing unless the page refreshes."""
    if not _refreshing.get():
        return set()
    rows = AuditEvent.objects.filter(
        case_id__in=list(cases),
        at__gt=clock.now() - SAME_LOOK,
        actor=actor,
        actor_role=actor.role,
        agency_id=actor.agency_id,
        verb=verb,
    )
    return {_look(row) for row in rows.only("target_id", "sections", "details")}


def _look(event: AuditEvent) -> Look:
    told = event.details
    return event.target_id, tuple(event.sections), tuple(told.get("basis", ())), told.get("page", "")


def check_code(value: Any) -> None:
    """Raises ValueError unless the value is a code, a number, yes or no, nothing, or made of such."""
    if isinstance(value, str):
        if len(value) > LONGEST_CODE or not _CODE.fullmatch(value):
            raise ValueError("Audit details hold codes: at most 100 plain characters without spaces.")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            check_code(key)
            check_code(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            check_code(inner)
    elif not (value is None or isinstance(value, bool | int | float)):
        raise ValueError(f"Audit details hold codes and numbers, not {type(value).__name__}.")


def _next_id() -> int:
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        row = cursor.fetchone()
    return int(row[0])
