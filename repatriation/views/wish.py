"""What the child wishes: written by who works with it, read by who decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.permissions import require
from cases.views.loading import reader
from repatriation.forms.finding import WishForm
from repatriation.services.wishes import record_wish
from repatriation.views.loading import decision_page
from repatriation.views.parts import part_tabs


@require_http_methods(["GET", "HEAD", "POST"])
def return_wish(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = decision_page(request, return_id)
    way = opened.way
    today = clock.today(way.case.agency.time_zone)
    form = WishForm(request.POST if request.method == "POST" else None, initial={"heard_on": today})
    if request.method == "POST":
        require(opened.writes_decision)
        if form.accepted(lambda _entered: record_wish(return_id, actor=reader(request), heard=form.heard())):
            messages.success(request, _("Recorded. What the child said before stays below."))
            return redirect("return_wish", return_id)
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_wish"),
        "wishes": way.wishes.select_related("written_by"),
        "form": form if opened.writes_decision else None,
    }
    return render(request, "repatriation/wish.html", context, status=422 if form.errors else 200)
