"""The calendar of one's own, and of one case: by month or by week, each with an address that can be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts.access import Ability, Section, can
from accounts.permissions import require
from accounts.presenting import in_both_zones
from cases.diary import Item, Span, case_items, own_items
from cases.forms.base import EARLIEST, LATEST
from cases.models import Appointment
from cases.models.choices import OPEN_STATES
from cases.permissions import labels_to_write
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys

WEEK = timedelta(days=7)
ENDED = 20
# Of one day, and of what is overdue; the others are folded.
SHOWN, LATE_SHOWN = 5, 8


@dataclass(frozen=True)
class Day:
    """`beyond` is of another month and only fills a week up."""

    date: date
    items: list[Item]
    is_today: bool
    beyond: bool

    @property
    def first(self) -> list[Item]:
        return self.items[:SHOWN]

    @property
    def more(self) -> list[Item]:
        """Folded: a day on which thirty clocks run out must not hide the week."""
        return self.items[SHOWN:]


@dataclass(frozen=True)
class Sheet:
    """A month or a week, and the ways to others."""

    title: str
    span: Span
    # Whole weeks, so that a grid of seven columns holds them.
    shown: Span
    previous: str
    following: str
    filters: list[tuple[str, str, bool, None]]

    @property
    def is_present(self) -> bool:
        return self.span.first <= localdate(clock.now()) <= self.span.last


def sheet_of(request: HttpRequest) -> Sheet:
    """`?month=2026-06` or `?week=2026-W25`; whatever else stands there is the present month."""
    monday = _monday(request.GET.get("week", ""))
    if monday:
        return _week(monday)
    return _month(_first_of(request.GET.get("month", "")) or localdate(clock.now()).replace(day=1))


def _first_of(text: str) -> date | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if EARLIEST < first < LATEST.replace(day=1) else None


def _monday(text: str) -> date | None:
    try:
        monday = date.fromisoformat(f"{text}-1") if "W" in text else None
    except ValueError:
        return None
    return monday if monday and EARLIEST + WEEK < monday < LATEST - 2 * WEEK else None


def _month(first: date) -> Sheet:
    following = (first + timedelta(days=32)).replace(day=1)
    last = following - timedelta(days=1)
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    return Sheet(
        title=capfirst(date_format(first, "F Y")),
        span=Span(first, last),
        shown=Span(begin, end),
        previous=f"?month={first - timedelta(days=1):%Y-%m}",
        following=f"?month={following:%Y-%m}",
        filters=_filters(first, is_month=True),
    )


def _week(monday: date) -> Sheet:
    sunday = monday + timedelta(days=6)
    span = Span(monday, sunday)
    return Sheet(
        title=f"{date_format(monday, 'j E')} – {date_format(sunday, 'j E Y')}",
        span=span,
        shown=span,
        previous=f"?week={_name(monday - WEEK)}",
        following=f"?week={_name(monday + WEEK)}",
        filters=_filters(monday, is_month=False),
    )


def _filters(first: date, *, is_month: bool) -> list[tuple[str, str, bool, None]]:
    """From the present month to the present week, and from another one to where it begins."""
    today = localdate(clock.now())
    here = today if first <= today < first + timedelta(days=31 if is_month else 7) else first
    return [
        (f"?month={here:%Y-%m}", _("Month"), is_month, None),
        (f"?week={_name(here)}", _("Week"), not is_month, None),
        ("?", _("Today"), False, None),
    ]


def _name(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def page_of(sheet: Sheet, items: Iterable[Item]) -> dict[str, Any]:
    """Overdue first, on the sheet of the present only; then day by day."""
    items, today = list(items), localdate(clock.now())
    of_day: dict[date, list[Item]] = {}
    for item in items:
        of_day.setdefault(item.day, []).append(item)
    length = (sheet.shown.last - sheet.shown.first).days + 1
    days = [sheet.shown.first + timedelta(days=number) for number in range(length)]
    late = [item for item in items if item.is_late] if sheet.is_present else []
    return {
        "sheet": sheet,
        "late": late[:LATE_SHOWN],
        "late_more": late[LATE_SHOWN:],
        "days": [_day(day, of_day, sheet, today) for day in days],
        "is_empty": not any(sheet.span.first <= item.day <= sheet.span.last for item in items),
    }


def _day(day: date, of_day: dict[date, list[Item]], sheet: Sheet, today: date) -> Day:
    beyond = not sheet.span.first <= day <= sheet.span.last
    return Day(day, [] if beyond else of_day.get(day, []), day == today, beyond)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own: deadlines, tasks, visits, conferences, appointments and duties of all files."""
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    sheet = sheet_of(request)
    return render(request, "cases/diary.html", page_of(sheet, own_items(user, sheet.span)))


@require_safe
def case_calendar(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Of one case; for each reader what lies in its sections, and the conferences to which it is invited."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    sheet = sheet_of(request)
    appointments = _appointments(opened)
    labels = labels_to_write(opened.grounds)
    is_open = opened.case.state in OPEN_STATES
    context = page_of(sheet, case_items(reader(request), opened.grounds, sheet.span)) | {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_calendar"),
        "appointments": [
            _told(row, opened) | {"may_write": is_open and row.section in labels}
            for row in appointments
            if row.is_open
        ],
        "ended": [_told(row, opened) for row in appointments if not row.is_open][:ENDED],
        "may_make": is_open and bool(labels),
        "may_call": is_open and opened.works_on_it,
    }
    return render(request, "cases/case_calendar.html", context)


def _appointments(opened: OpenedCase) -> list[Appointment]:
    readable = [section.value for section in opened.sections]
    rows = opened.case.appointments.filter(section__in=readable).select_related("companion")
    return list(rows)


def _told(row: Appointment, opened: OpenedCase) -> dict[str, Any]:
    return {
        "row": row,
        "when": in_both_zones(row.starts_at, opened.case.agency),
        "has_begun": row.starts_at <= clock.now(),
    }
