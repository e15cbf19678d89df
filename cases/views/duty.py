from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Ability, can
from accounts.holidays import in_office_hours
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.team import DutyForm
from cases.lists import DUTIES
from cases.models import DutyShift
from cases.services.clocks import on_duty_now
from cases.services.duty import cancel_duty, plan_duty
from cases.views.loading import reader
from cases.views.team import supervisor

SHIFTS = 60


@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Who is called when the office is closed: for everybody in the agency who may be called, or may call."""
    user = reader(request)
    require(can(user, Ability.WORK_DESK))
    now = clock.now()
    planned = DutyShift.objects.filter(agency=user.agency_id, cancelled_at__isnull=True, ends_at__gt=now)
    people = planned.order_by("worker__name", "worker").values_list("worker", "worker__name").distinct()
    tools = DUTIES.asked(request, offered={"worker": [(str(pk), name) for pk, name in people]})
    shifts = planned.filter(worker=UUID(tools.chosen("worker"))) if tools.chosen("worker") else planned
    context = {
        "shifts": tools.ordered(shifts.select_related("worker"), "starts_at", "pk")[:SHIFTS],
        "tools": tools,
        "called": on_duty_now(user.agency),
        "office_is_open": in_office_hours(user.agency, now),
        "may_plan": can(user, Ability.ASSIGN_WORKER),
        "now": now,
    }
    return render(request, "cases/duty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty_new(request: HttpRequest) -> HttpResponse:
    user = supervisor(request)
    form = DutyForm(request.POST or None, agency=user.agency)
    if request.method == "POST" and form.accepted(
        lambda entered: plan_duty(
            actor=user, worker=entered["worker"], starts_at=form.starts, ends_at=form.ends
        )
    ):
        messages.success(request, _("Planned. The worker is told."))
        return redirect("duty")
    return render(request, "cases/duty_new.html", {"form": form}, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, **_row: UUID) -> str:
    supervisor(request)
    return reverse("duty")


@posted_from(_its_page)
def duty_cancel(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    user = supervisor(request)
    try:
        cancel_duty(shift_id, actor=user)
    except DutyShift.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The shift is cancelled."))
    return redirect("duty")
