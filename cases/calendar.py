"""What is due as a calendar that other programs read: times and kinds, no child, no case, nothing to search by."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

import clock
from cases.services.calendar import APPOINTMENT, CONFERENCE, DEADLINE, DUTY, TASK, VISIT, Entry

READ_AGAIN_AFTER = timedelta(hours=1)


def as_ics(entries: Iterable[Entry], *, key: str, start_page: str) -> bytes:
    """`key` belongs to this calendar alone: an entry keeps its mark, and two calendars cannot be laid side by side."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Homeward//Homeward//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Homeward")
    calendar.add("refresh-interval", READ_AGAIN_AFTER)
    for entry in entries:
        calendar.add_component(_event(entry, key, start_page))
    return bytes(calendar.to_ical())


def _event(entry: Entry, key: str, start_page: str) -> Event:
    event = Event()
    event.add("uid", _mark(entry.of, key))
    event.add("dtstamp", clock.now())
    event.add("summary", _summaries()[entry.kind])
    event.add("dtstart", entry.starts)
    if not isinstance(entry.starts, datetime) or entry.starts != entry.ends:
        event.add("dtend", entry.ends)
    event.add("url", start_page)
    event.add("class", "PRIVATE")
    if entry.kind != DUTY:
        event.add("transp", "TRANSPARENT")
    return event


def _mark(of: UUID, key: str) -> str:
    """The row's number would lead from a telephone to the file."""
    return hashlib.sha256(f"{key} {of}".encode()).hexdigest()[:32]


def _summaries() -> dict[str, str]:
    return {
        DEADLINE: _("Homeward: something is due"),
        TASK: _("Homeward: task due"),
        VISIT: _("Homeward: visit due"),
        CONFERENCE: _("Homeward: case conference"),
        APPOINTMENT: _("Homeward: appointment"),
        DUTY: _("Homeward: on duty"),
    }
