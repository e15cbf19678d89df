"""One step of a return: what it needs, what it asks, and the button. Every step has the same page."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.errors import Invalid
from accounts.permissions import require
from cases.forms.steps import StepForm
from cases.views.loading import reader
from cases.views.moved import moved_on
from repatriation.edges.returns import RETURN
from repatriation.permissions import visible_to
from repatriation.services.moving import take_return_step
from repatriation.views.loading import open_return
from repatriation.views.ready_lines import as_told
from repatriation.views.returns import blocker
from workflow.machine import Attempt, Edge, Refused, WrongState
from workflow.services import judge


@require_http_methods(["GET", "HEAD", "POST"])
def return_step(request: HttpRequest, return_id: UUID, edge_name: str) -> HttpResponse:
    opened = open_return(request, return_id)
    edge = _edge_or_404(edge_name)
    require(bool(edge.who & opened.hands))
    way, user, page = opened.way, reader(request), reverse("return", args=[return_id])
    data = request.POST if request.method == "POST" else None
    today = {"happened_on": clock.today(user.agency.time_zone)}
    form = StepForm(data, edge=edge, case=way.case, user=user, initial=today)
    if way.state not in edge.sources:
        return moved_on(request, None, WrongState(edge).sentences, page=page, form=form)
    refused = False
    if request.method == "POST" and form.is_meant():
        try:
            take_return_step(return_id, edge_name, actor=user, values=form.values, reason=form.reason)
        except WrongState as wrong:
            return moved_on(request, None, wrong.sentences, page=page, form=form)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.refuse_entries(refusal)
            refused = True
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": edge.label})
            # With the step, the return may have left this person's sight.
            there = visible_to(user).filter(pk=return_id).exists()
            return redirect(page if there else reverse("returns"))
    attempt = Attempt(actor=user, values=getattr(form, "cleaned_data", {}))
    results = as_told(opened, judge(RETURN, edge, way, attempt))
    context = {
        "edge": edge,
        "form": form,
        "page_url": page,
        "proposed": way.get_end_reason_display() if edge.name == "end" else "",
        "refused": refused,
        "check": form if set(edge.targets) & set(RETURN.final) else None,
        "failing": [blocker(opened, result) for result in results if result.blocks],
        "holding": [result for result in results if not result.blocks],
    }
    status = 422 if refused or form.errors else 200
    return render(request, "repatriation/step.html", context, status=status)


def _edge_or_404(name: str) -> Edge:
    edge = next((edge for edge in RETURN.edges if edge.name == name and edge.who), None)
    if edge is None:
        raise Http404
    return edge
