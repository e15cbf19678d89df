"""What one account read, week by week: for whoever watches over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

import clock
from accounts.access import Section
from accounts.alphabets import by_alphabet, listed
from accounts.audit import LISTED, record
from accounts.lists import Asked
from accounts.models import AuditEvent, User
from accounts.permissions import require
from cases.lists import READERS
from cases.models.choices import Basis
from cases.permissions import can_review_emergencies, codes_known_to, people_watched_by
from cases.services.watching import UNUSUAL, opened
from cases.views.loading import reader
from cases.wording import GROUNDS, page_words

PEOPLE = 50
WEEK = timedelta(days=7)
BAR = 1000


@dataclass
class Seen:
    """One file on one day. `code` is empty where this reader may not know it."""

    code: str
    case_id: UUID
    times: int = 0
    pages: set[str] = field(default_factory=set)
    sections: set[str] = field(default_factory=set)
    basis: set[str] = field(default_factory=set)

    @property
    def was_emergency(self) -> bool:
        return Basis.EMERGENCY in self.basis

    @property
    def pages_words(self) -> str:
        return listed(sorted(self.pages, key=by_alphabet))

    @property
    def sections_words(self) -> str:
        return listed(str(section.label) for section in Section if section in self.sections)

    @property
    def why(self) -> str:
        return listed(str(words) for ground, words in GROUNDS.items() if ground in self.basis)


@dataclass
class Day:
    """`parts` is the bar of the day as (class, from, width)."""

    day: date
    files: list[Seen]
    listed: int
    parts: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of its bar."""
        return f"{date_format(self.day, 'D j E')}: {self.times}"

    @property
    def times(self) -> int:
        return sum(seen.times for seen in self.files)

    @property
    def in_emergency(self) -> int:
        return sum(seen.times for seen in self.files if seen.was_emergency)


@require_safe
def people_access(request: HttpRequest) -> HttpResponse:
    """Everybody whose reading this account may ask for, and who was out of the usual within the last week."""
    user = reader(request)
    require(can_review_emergencies(user))
    since, tools = clock.now() - WEEK, READERS.asked(request)
    page = Paginator(_people(user, tools, since), PEOPLE).get_page(request.GET.get("page"))
    ids = [account.pk for account in page]
    events = AuditEvent.objects.filter(at__gt=since).order_by()
    files = dict(
        events.filter(actor__in=ids, verb__in=opened(), case_id__isnull=False)
        .values("actor")
        .annotate(files=Count("case_id", distinct=True))
        .values_list("actor", "files")
    )
    unusual = set(events.filter(target_id__in=ids, verb=UNUSUAL).values_list("target_id", flat=True))
    rows = [
        {"account": account, "files": files.get(account.pk, 0), "unusual": account.pk in unusual}
        for account in page
    ]
    return render(request, "cases/people_access.html", {"rows": rows, "page": page, "tools": tools})


def _people(user: User, tools: Asked, since: datetime) -> QuerySet[User]:
    """Everybody's files are counted only when somebody sorts by them."""
    events = AuditEvent.objects.filter(at__gt=since).order_by()
    mine = events.filter(actor=OuterRef("pk"), verb__in=opened(), case_id__isnull=False).values("actor")
    files = mine.annotate(files=Count("case_id", distinct=True)).values("files")
    people = people_watched_by(user).select_related("agency").alias(files=Coalesce(Subquery(files), 0))
    if tools.chosen("role"):
        people = people.filter(role=tools.chosen("role"))
    if tools.chosen("unusual"):
        people = people.filter(Exists(events.filter(target_id=OuterRef("pk"), verb=UNUSUAL)))
    return tools.ordered(people, "name", "pk")


@require_safe
def person_access(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One week of one account, by day and file. Asking is recorded too."""
    user = reader(request)
    account = people_watched_by(user).select_related("agency").filter(pk=account_id).first()
    if account is None:
        raise Http404
    zone = ZoneInfo(account.agency.time_zone)
    monday = _monday(request.GET.get("week", ""), clock.today(account.agency.time_zone))
    with transaction.atomic():
        record(user, "person.read", account, week=monday.isoformat())
    days = _days(user, account, monday, zone)
    this_week = monday + WEEK > clock.today(account.agency.time_zone)
    context = {
        "account": account,
        "days": _drawn(days),
        "monday": monday,
        "sunday": monday + WEEK - timedelta(days=1),
        "previous": f"?week={(monday - WEEK).isoformat()}",
        "next": "" if this_week else f"?week={(monday + WEEK).isoformat()}",
        "files": len({seen.case_id for day in days for seen in day.files}),
        "times": sum(day.times for day in days),
        "unusual": _told_of(account, monday, zone),
    }
    return render(request, "cases/person_access.html", context)


def _monday(wanted: str, today: date) -> date:
    """Of the week that was asked for; of this one where the address says nothing that can be read, or the future."""
    try:
        day = min(date.fromisoformat(wanted), today)
    except ValueError:
        day = today
    # Before the first years of our own era there is no Monday to go back to.
    return day - timedelta(days=day.weekday()) if day.year > 1 else today - timedelta(days=today.weekday())


def _bounds(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return tuple(datetime.combine(day, time(), zone) for day in (monday, monday + WEEK))  # type: ignore[return-value]


def _events(account: User, monday: date, zone: ZoneInfo) -> Any:
    begin, end = _bounds(monday, zone)
    rows: Any = AuditEvent.objects.filter(actor=account, at__gte=begin, at__lt=end, case_id__isnull=False)
    return rows.order_by().annotate(day=TruncDate("at", tzinfo=zone))


def _days(user: User, account: User, monday: date, zone: ZoneInfo) -> list[Day]:
    rows = list(
        _events(account, monday, zone)
        .filter(verb__in=opened())
        .values("day", "case_id", "verb", "sections", "details__basis", "details__page")
        .annotate(times=Count("pk"))
    )
    codes = codes_known_to(user, {row["case_id"] for row in rows})
    files: dict[tuple[date, UUID], Seen] = {}
    for row in rows:
        case_id = row["case_id"]
        seen = files.setdefault((row["day"], case_id), Seen(codes.get(case_id, ""), case_id))
        seen.times += row["times"]
        seen.pages.add(page_words(row["verb"], row["details__page"] or ""))
        seen.sections |= set(row["sections"])
        seen.basis |= set(row["details__basis"] or ())
    listed = _listed(account, monday, zone)
    return [
        Day(day, _most_first(seen for (on, _case), seen in files.items() if on == day), listed.get(day, 0))
        for day in (monday + timedelta(days=number) for number in range(7))
    ]


def _listed(account: User, monday: date, zone: ZoneInfo) -> Mapping[date, int]:
    """How many files stood in the lists of each day."""
    rows = _events(account, monday, zone).filter(verb=LISTED).values("day")
    return dict(rows.annotate(files=Count("case_id", distinct=True)).values_list("day", "files"))


def _most_first(files: Iterable[Seen]) -> list[Seen]:
    return sorted(files, key=lambda seen: (not seen.was_emergency, -seen.times, seen.code))


def _drawn(days: list[Day]) -> list[Day]:
    """All of one scale, so that days can be compared; what was read in an emergency stands first."""
    longest = max((day.times for day in days), default=0)
    for day in days if longest else ():
        urgent = day.in_emergency * BAR // longest
        usual = (day.times - day.in_emergency) * BAR // longest
        parts = [("high", 0, urgent), ("low", urgent, usual)]
        day.parts = [part for part in parts if part[2]]
    return days


def _told_of(account: User, monday: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """When somebody was told of this account in that week, and of how many files."""
    begin, end = _bounds(monday, zone)
    told = AuditEvent.objects.filter(Q(target_id=account.pk), verb=UNUSUAL, at__gte=begin, at__lt=end)
    return [{"at": event.at, **event.details} for event in told.order_by("at")]
