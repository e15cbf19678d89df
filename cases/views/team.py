from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Ability, can
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.team import CoverForm
from cases.lists import LOADS
from cases.models import Cover, DutyShift
from cases.services.clocks import end_of_day
from cases.services.cover import arrange_cover, end_cover
from cases.views.caseload import caseload, overdue_by_kind, waiting
from cases.views.loading import reader

TODAY = timedelta(hours=24)


def supervisor(request: HttpRequest) -> User:
    """The signed-in account, or 403: these pages are a supervisor's."""
    user = reader(request)
    require(can(user, Ability.ASSIGN_WORKER))
    return user


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """The supervisor's desk: what waits for a second person, who has how much, what nobody has, what is late."""
    user = supervisor(request)
    now, tools, load = clock.now(), LOADS.asked(request), caseload(user)
    context = {
        "waiting": waiting(user),
        "caseload": load,
        "loads": tools.arranged(load.workers, tie=lambda each: (each.folded_name, each.worker_id)),
        "tools": tools,
        "overdue": overdue_by_kind(user),
        "covers": Cover.objects.running()
        .filter(covered_by__agency=user.agency_id)
        .select_related("worker", "covered_by"),
        "shifts": DutyShift.objects.filter(
            agency=user.agency_id, cancelled_at__isnull=True, ends_at__gt=now, starts_at__lt=now + TODAY
        ).select_related("worker"),
        "now": now,
    }
    return render(request, "cases/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cover_new(request: HttpRequest) -> HttpResponse:
    user = supervisor(request)
    form = CoverForm(request.POST or None, agency=user.agency)
    if request.method == "POST" and form.accepted(
        lambda entered: arrange_cover(
            actor=user,
            worker=entered["worker"],
            covered_by=entered["covered_by"],
            until=end_of_day(entered["until"], user.agency),
        )
    ):
        messages.success(request, _("Arranged. Both are told."))
        return redirect("team")
    return render(request, "cases/cover_new.html", {"form": form}, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, **_row: UUID) -> str:
    supervisor(request)
    return reverse("team")


@posted_from(_its_page)
def cover_end(request: HttpRequest, cover_id: UUID) -> HttpResponse:
    user = supervisor(request)
    try:
        end_cover(cover_id, actor=user)
    except Cover.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The cover has ended."))
    return redirect("team")
