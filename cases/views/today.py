from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import clock
from accounts.access import Ability, Role, can
from accounts.models import AuditEvent, Notification, User
from accounts.notifications import mark_read
from cases.models import CaseAccess, Report
from cases.permissions import cases_of_officer
from cases.presenting import case_codes, due_rows, given_tasks, with_plan
from cases.views.case import LONGEST_NUMBER, WORKING
from cases.views.loading import reader
from cases.wording import NOTICES
from workflow.models import Deadline

ROWS = 50
MOST_NOTICES = 200


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What this person has to do now, what hurts most first."""
    user = reader(request)
    context: dict[str, Any] = {"now": clock.now(), **_notices(user)}
    if can(user, Ability.SEE_CASES):
        context |= _work(user, request.GET.get("show", ""))
    if can(user, Ability.WORK_DESK):
        context["waiting"] = Report.objects.waiting_at_desk_of(user).count()
    if user.role == Role.INTAKE:
        context["receipts"] = (
            Report.objects.made_by(user).select_related("desk").order_by("-received_at")[:ROWS]
        )
    if can(user, Ability.SEE_CASE_LOG):
        context["readings"] = _recent_readings(user)
    return render(request, "cases/today.html", context)


def _work(user: User, show: str) -> dict[str, Any]:
    # Deadlines are the business of those who work on a case, not of whoever may read a part of it.
    grounds = CaseAccess.objects.live_for(user).filter(basis__in=WORKING)
    elsewhere = CaseAccess.objects.live_for(user).exclude(basis__in=WORKING)
    own_tasks = given_tasks(user, elsewhere.values("case_id"))
    mine = Deadline.objects.open().filter(Q(case_id__in=grounds.values("case_id")) | own_tasks)
    now = clock.now()
    filters = {"": mine, "late": mine.filter(due_at__lte=now), "soon": mine.filter(due_at__gt=now)}
    chosen = filters.get(show, mine)
    rows = due_rows(user, list(with_plan(chosen).order_by("due_at")[:ROWS]))
    counts = mine.aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lte=now)))
    late, total = counts["late"], counts["total"]
    choices = [("", _("All"), total), ("late", _("Late"), late), ("soon", _("Coming"), total - late)]
    return {
        "rows": rows,
        "filters": [(f"?show={code}", label, code == show, count) for code, label, count in choices],
    }


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
            "words": NOTICES.get(kind, kind),
            "count": len(group),
            "at": group[0].created_at,
            "url": _leads_to(user, group[0]) if len(group) == 1 else reverse("today") + "?show=late",
        }
        for kind, group in groups.items()
    ]
    return {"notices": lines, "upto": unread[0].number if unread else 0}


def _leads_to(user: User, notice: Notification) -> str:
    """The page behind a notice; whether it opens is decided there."""
    if notice.case_id is None:
        return reverse("desk") if can(user, Ability.WORK_DESK) else ""
    return reverse("case_access" if can(user, Ability.SEE_CASE_LOG) else "case", args=[notice.case_id])


def _recent_readings(user: User) -> list[dict[str, Any]]:
    """For a data-protection officer: the latest case of each reading in its agency, by code."""
    events = (
        AuditEvent.objects.filter(case_id__in=cases_of_officer(user).values("pk"), verb="case.read")
        .select_related("actor")
        .order_by("-id")[:ROWS]
    )
    codes = case_codes([event.case_id for event in events if event.case_id])
    return [{"event": event, "code": codes.get(event.case_id)} for event in events if event.case_id]


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    upto = request.POST.get("upto", "")
    if upto.isdecimal() and len(upto) < LONGEST_NUMBER:
        mark_read(reader(request), upto=int(upto))
    return redirect("today")
