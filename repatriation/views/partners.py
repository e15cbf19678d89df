"""Who has a part abroad, and the plan for the time afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.views.loading import reader
from referrals.models import Referral
from referrals.models.choices import RUNNING
from repatriation.forms.finding import YES, PartnersForm, PlanForm
from repatriation.models import Return
from repatriation.services.beginning import may_answer
from repatriation.services.partners import answer_plan, name_partners
from repatriation.views.loading import OpenedReturn, decision_page, open_return
from repatriation.views.papers import case_page
from repatriation.views.parts import part_tabs

PARTNER = gettext_lazy("Partner abroad")
RECEIVER = gettext_lazy("Organisation that receives the child")


@require_http_methods(["GET", "HEAD", "POST"])
def return_partners(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = decision_page(request, return_id)
    way = opened.way
    form = PartnersForm(request.POST if request.method == "POST" else None, way=way)
    if request.method == "POST":
        require(opened.writes_decision)
    try:
        if request.method == "POST" and form.accepted(
            lambda entered: name_partners(return_id, actor=reader(request), **entered, seen=form.seen_state)
        ):
            messages.success(request, _("Saved. Whoever is named finds its part in its list of returns."))
            return redirect("return_partners", return_id)
    except Meanwhile:
        fresh = Return.objects.get(pk=return_id)
        form = form.written_meanwhile(lambda data: PartnersForm(data, way=fresh), reader=reader(request))
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_partners"),
        "links": [
            _link(opened, str(label), row)
            for label, row in ((PARTNER, way.partner), (RECEIVER, way.reception))
            if row is not None
        ],
        "form": form if opened.writes_decision else None,
        "referrals_url": case_page(opened, "case_referrals"),
    }
    return render(request, "repatriation/partners.html", context, status=422 if form.errors else 200)


def _link(opened: OpenedReturn, label: str, row: Referral) -> dict[str, Any]:
    return {
        "label": label,
        "row": row,
        "runs": row.state in RUNNING,
        "url": reverse("referral", args=[row.pk]) if opened.works_here else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def return_plan(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """For those abroad who would carry it out: whether they accept it."""
    opened = open_return(request, return_id)
    if not (opened.is_partner or opened.is_receiver):
        raise Http404
    way, user = opened.way, reader(request)
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda entered: answer_plan(return_id, actor=user, accepts=entered["accepts"] == YES)
    ):
        messages.success(request, _("Saved. Both countries see it."))
        return redirect("return_plan", return_id)
    mine = way.partner if opened.is_partner else way.reception
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_plan"),
        "form": form if way.is_open and may_answer(way, user) else None,
        "referral_url": reverse("referral", args=[mine.pk]) if mine else "",
        "may_answer": may_answer(way, user),
    }
    return render(request, "repatriation/plan.html", context, status=422 if form.errors else 200)
