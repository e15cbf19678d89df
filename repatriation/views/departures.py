"""Departures month by month: those that are planned, what blocks each, and those that were."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localdate
from django.views.decorators.http import require_safe

import clock
from accounts.access import Ability, can
from accounts.audit import record_listed
from accounts.countries import country_name
from accounts.lists import Asked
from accounts.models import User
from accounts.permissions import require
from cases.forms.base import EARLIEST, LATEST
from cases.models import CaseAccess
from cases.views.loading import reader
from repatriation.lists import DEPARTURES
from repatriation.models import Journey, Return
from repatriation.models.choices import BEFORE_DEPARTURE
from repatriation.permissions import IN_THE_WHOLE, visible_to
from repatriation.stages import chip_of
from repatriation.views.board import MOST, sentence_of


@dataclass(frozen=True)
class Row:
    """One departure. Whoever has only a part in it finds no code of a case, and not what blocks it."""

    way: Return
    day: date
    arrives_on: date | None
    code: str
    country: str
    blocks: list[str]
    is_done: bool
    basis: list[str]

    @property
    def chip(self) -> str:
        return chip_of(self.way)

    @property
    def missing(self) -> int:
        return len(self.blocks)

    @property
    def is_late(self) -> bool:
        return not self.is_done and self.day < localdate(clock.now())


WANTED: dict[str, Callable[[Row], bool]] = {
    "": lambda row: True,
    "blocked": lambda row: bool(row.blocks),
    "late": lambda row: row.is_late,
}


@require_safe
def departures(request: HttpRequest) -> HttpResponse:
    """`?month=2026-06`; whatever else stands there is the present month."""
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    first = _first_of(request.GET.get("month", ""))
    following = (first + timedelta(days=32)).replace(day=1)
    rows = rows_of(user, first, following - timedelta(days=1))
    tools = DEPARTURES.asked(request, carried={"month": f"{first:%Y-%m}"} if request.GET.get("month") else {})
    rows = tools.arranged(filter(WANTED[tools.chosen("only")], rows), tie=lambda row: row.way.pk)
    record_listed(user, [(row.way.case, row.basis, ()) for row in rows])
    context = {
        "title": date_format(first, "F Y"),
        "planned": [row for row in rows if not row.is_done],
        "done": [row for row in rows if row.is_done],
        "tools": tools,
        "previous": _in_month(tools, first - timedelta(days=1)),
        "following": _in_month(tools, following),
    }
    return render(request, "repatriation/departures.html", context)


def _in_month(tools: Asked, day: date) -> str:
    """In the same order, and as few of them."""
    return f"?{urlencode({'month': f'{day:%Y-%m}', **tools.state})}"


def _first_of(text: str) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = EARLIEST
    known = EARLIEST < first < LATEST.replace(day=1)
    return first if known else localdate(clock.now()).replace(day=1)


def rows_of(user: User, first: date, last: date) -> list[Row]:
    """Of the months' returns in sight, each with the plan that stands, or stood when the child left."""
    begin, end = (
        datetime.combine(day, time(), get_current_timezone()) for day in (first, last + timedelta(1))
    )
    planned = Journey.objects.filter(ended_at__isnull=True, departs_on__range=(first, last))
    seen = visible_to(user).filter(
        Q(pk__in=planned.values("way"), departed_at__isnull=True)
        | Q(pk__in=planned.values("way"), state__in=BEFORE_DEPARTURE)
        | Q(departed_at__gte=begin, departed_at__lt=end)
    )
    ways = list(seen.select_related("case__agency").order_by("pk")[:MOST])
    standing = {
        row.way_id: row
        for row in Journey.objects.filter(way__in=[way.pk for way in ways], ended_at__isnull=True)
    }
    held = _held(user, ways)
    rows = [_row(way, standing.get(way.pk), held.get(way.case_id, []), (first, last)) for way in ways]
    return sorted((row for row in rows if row is not None), key=lambda row: row.day)


def _held(user: User, ways: Iterable[Return]) -> dict[UUID, list[str]]:
    held = dict[UUID, list[str]]()
    for ground in CaseAccess.objects.live_for(user).filter(case__in={way.case_id for way in ways}):
        held.setdefault(ground.case_id, []).append(ground.basis)
    return held


def _row(way: Return, journey: Journey | None, basis: list[str], month: tuple[date, date]) -> Row | None:
    """A return that came back before a panel and is planned anew counts by its new plan."""
    whole = not frozenset(IN_THE_WHOLE).isdisjoint(basis)
    waits = (
        way.state in BEFORE_DEPARTURE and journey is not None and month[0] <= journey.departs_on <= month[1]
    )
    if not waits and way.departed_at is None:
        return None
    left = localdate(way.departed_at) if way.departed_at else None
    day = journey.departs_on if waits and journey else left
    if day is None:
        return None
    return Row(
        way=way,
        day=day,
        arrives_on=journey.arrives_on if journey else None,
        code=way.case.code if whole else "",
        country=country_name(way.country),
        blocks=[sentence_of(code, way) for code in way.blocked_by] if whole and waits else [],
        is_done=not waits,
        basis=basis,
    )
