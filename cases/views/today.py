from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import clock
from accounts import drafts
from accounts.access import Ability, Role, can
from accounts.alphabets import by_alphabet
from accounts.lists import Asked
from accounts.models import AuditEvent, Notification, User
from accounts.notifications import mark_read, put_back
from accounts.posting import posted_from
from cases.lists import TODAY, of_risk
from cases.models import Case, Report
from cases.permissions import cases_of_officer, emergencies_watched_by, people_watched_by, which_may_listen
from cases.presenting import case_codes, due_rows
from cases.views.case import row_number
from cases.views.loading import reader
from cases.wording import DUE, NOTICES
from cases.wording.team import LEADS_TO
from cases.worklist import coming, counts, deadlines_of, late, of_known_risk, together, worst_first
from workflow.models import DeadlineQuerySet

ROWS = 50
# Where several notices of one kind are found together; the others lead to the latest case.
NOTICE_LISTS = {
    "case.assigned": "",
    "access.granted": "",
    "case.missing": "?state=suspended",
    "case.end_proposed": "?proposed=1",
}
# Of these the officer has a page too.
ERASURES = ("erasure.asked", "erasure.confirmed", "hold.lifted")
# A page of the case which says more about a notice than its first.
NOTICE_PAGES = {
    **dict.fromkeys(ERASURES, "erasure"),
    "duplicates.same": "case_duplicates",
    "duplicates.decided_elsewhere": "case_duplicates",
    "conference.called": "conferences",
    "conference.moved": "conferences",
    "conference.cancelled": "conferences",
    "conference.closed": "conferences",
    "overdue.minute": "conferences",
    "appointment.made": "case_calendar",
    "appointment.moved": "case_calendar",
    "appointment.cancelled": "case_calendar",
    "overdue.appointment": "case_calendar",
}
MOST_NOTICES = 200
# So many readings are put into lines, and so many codes stand in each.
MOST_READINGS, MOST_CODES = 500, 5


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What this person has to do now, what hurts most first."""
    user = reader(request)
    context: dict[str, Any] = {"now": clock.now(), "unsent": _unsent(user), **_notices(user)}
    if can(user, Ability.SEE_CASES):
        context |= _work(request, user)
    if can(user, Ability.WORK_DESK):
        context["waiting"] = Report.objects.waiting_at_desk_of(user).count()
    if user.role == Role.INTAKE:
        context["receipts"] = (
            Report.objects.made_by(user).select_related("desk").order_by("-received_at")[:ROWS]
        )
    if can(user, Ability.SEE_CASE_LOG):
        context["readings"] = _recent_readings(user)
        # Supervisors find each among what is due.
        context["emergencies"] = emergencies_watched_by(user).waiting().count()
    return render(request, "cases/today.html", context)


def _unsent(user: User) -> list[drafts.Unsent]:
    """What belongs to a file that does not open for this person any more leads nowhere."""
    found = drafts.unsent(user)
    of_cases = (
        set(Case.objects.filter(pk__in=[each.scope for each in found]).values_list("pk", flat=True))
        if found
        else set()
    )
    opening = {case_id for _user, case_id in which_may_listen({(user, each) for each in of_cases})}
    return [each for each in found if each.scope not in of_cases or each.scope in opening]


def _work(request: HttpRequest, user: User) -> dict[str, Any]:
    now, mine = clock.now(), deadlines_of(user)
    tools = TODAY.asked(request, offered={"kind": _kinds_among(mine)})
    show, every = tools.chosen("show"), together(_wanted(mine, tools, user))
    lists = {"": every, "late": late(every, now), "soon": coming(every, now)}
    chosen = worst_first(lists[show], now).values_list("case_id", "kind", "own")
    total, of_late = counts(every, now)
    choices = [("", _("All"), total), ("late", _("Late"), of_late), ("soon", _("Coming"), total - of_late)]
    paginator = Paginator(chosen, ROWS)
    # Counted already.
    paginator.count = {code: count for code, _label, count in choices}[show]
    page = paginator.get_page(request.GET.get("page"))
    return {
        "rows": due_rows(user, list(page.object_list)),
        "page": page,
        "tools": tools,
        "filters": [(tools.address(show=code), label, code == show, count) for code, label, count in choices],
    }


def _kinds_among(mine: DeadlineQuerySet) -> list[tuple[str, str]]:
    """Only what is due for this person; in the reader's alphabet."""
    kinds = mine.order_by().values_list("kind", flat=True).distinct()
    return sorted(((kind, str(DUE[kind].title)) for kind in kinds), key=lambda kind: by_alphabet(kind[1]))


def _wanted(mine: DeadlineQuerySet, tools: Asked, user: User) -> DeadlineQuerySet:
    if tools.chosen("kind"):
        mine = mine.filter(kind=tools.chosen("kind"))
    if tools.chosen("risk"):
        mine = of_known_risk(mine, user, of_risk(tools.chosen("risk")))
    return mine


def _notices(user: User) -> dict[str, Any]:
    """What happened since the last look; the same kind several times is one line with its number."""
    unread = Notification.objects.filter(receiver=user, read_at__isnull=True).order_by("-number")[
        :MOST_NOTICES
    ]
    groups: dict[str, list[Notification]] = {}
    for notice in unread:
        groups.setdefault(notice.kind, []).append(notice)
    lines = [
        {
            "kind": kind,
            "words": NOTICES.get(kind, kind),
            "count": len(group),
            "at": group[0].created_at,
            "url": _leads_to(user, group),
        }
        for kind, group in groups.items()
    ]
    return {
        "notices": lines,
        "upto": unread[0].number if unread else 0,
    }


# Pages of what upper rooms tell: for the kind of a notice, or the model that it is about, where one is and where all
# are. Without the first, all are shown.
TARGETS: dict[str, tuple[str, str]] = {
    "emergency.reviewed": ("", "emergency"),
    "emergency.guessing": ("person_access", "people_access"),
    "reading.unusual": ("person_access", "people_access"),
    "cases.emergencyopening": ("emergency_review", "emergency_reviews"),
}


def _leads_to(user: User, group: list[Notification]) -> str:
    """The page behind a notice, or where those of one kind stand together; whether it opens is decided there."""
    latest = group[0]
    target = TARGETS.get(latest.kind) or TARGETS.get(latest.target_label)
    if target:
        one, all_of_them = target
        return reverse(one, args=[latest.target_id]) if one and len(group) == 1 else reverse(all_of_them)
    if latest.kind in LEADS_TO and latest.case_id is None:
        return reverse(LEADS_TO[latest.kind])
    if latest.case_id is None:
        return reverse("desk") if can(user, Ability.WORK_DESK) else ""
    if latest.kind == "overdue.emergency_review":
        return reverse("emergency_reviews")
    if can(user, Ability.SEE_CASE_LOG) and latest.kind not in ERASURES:
        return reverse("case_access", args=[latest.case_id])
    if len(group) > 1 and latest.kind.startswith("overdue."):
        return reverse("today") + "?show=late"
    if len(group) > 1 and latest.kind in NOTICE_LISTS:
        return reverse("case_list") + NOTICE_LISTS[latest.kind]
    return reverse(NOTICE_PAGES.get(latest.kind, "case"), args=[latest.case_id])


@dataclass
class Readings:
    """What one person opened on one day. `files` are the codes, by the id of the case, the latest first."""

    who: str
    at: datetime
    # Where more of it stands, for whoever may ask what this person read.
    url: str
    times: int = 0
    files: dict[UUID, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[UUID, str]]:
        return list(self.files.items())[:MOST_CODES]

    @property
    def more(self) -> int:
        return len(self.files) - len(self.shown)


def _recent_readings(user: User) -> list[Readings]:
    """For a data-protection officer: the latest readings of its agency's files, one line for each person and day."""
    events = list(
        AuditEvent.objects.filter(case_id__in=cases_of_officer(user).values("pk"), verb="case.read")
        .select_related("actor")
        .order_by("-id")[:MOST_READINGS]
    )
    codes = case_codes([event.case_id for event in events if event.case_id])
    watched = set(people_watched_by(user).values_list("pk", flat=True))
    groups: dict[object, Readings] = {}
    for event in events:
        day, case_id = localdate(event.at), event.case_id
        if event.actor is None or case_id is None:
            continue
        url = f"{reverse('person_access', args=[event.actor_id])}?week={day.isoformat()}"
        first = Readings(event.actor.name, event.at, url if event.actor_id in watched else "")
        group = groups.setdefault((event.actor_id, day), first)
        group.times += 1
        group.files.setdefault(case_id, codes.get(case_id, ""))
    return list(groups.values())[:ROWS]


def _its_page(request: HttpRequest) -> str:
    return reverse("today")


@posted_from(_its_page)
def notices_read(request: HttpRequest) -> HttpResponse:
    """All that the page showed, or the kinds of it that were ticked. One button takes it back."""
    upto, now = row_number(request.POST.get("upto", "")), clock.now()
    kinds = (
        NOTICES.keys() & set(request.POST.getlist("kinds")) if request.POST.get("which") == "ticked" else None
    )
    count = mark_read(reader(request), upto=upto, kinds=kinds, at=now) if upto is not None else 0
    if count:
        words = ngettext(
            "%(count)s notice is marked as seen.", "%(count)s notices are marked as seen.", count
        )
        back = f"{reverse('notices_put_back')}?{urlencode({'at': now.isoformat()})}"
        messages.success(request, words % {"count": count}, extra_tags=back)
    return redirect("today")


@posted_from(_its_page)
def notices_put_back(request: HttpRequest) -> HttpResponse:
    with suppress(ValueError, TypeError):
        put_back(reader(request), datetime.fromisoformat(request.GET.get("at", "")))
    return redirect("today")
