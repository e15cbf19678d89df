"""A running referral lost the consent it rested on: a supervisor says on what other ground it goes on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require
from cases.views.loading import reader
from referrals.forms import BasisForm
from referrals.permissions import Hand
from referrals.services import clocks, consenting
from referrals.views.loading import open_referral


@require_http_methods(["GET", "HEAD", "POST"])
def referral_basis(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    opened = open_referral(request, referral_id)
    require(Hand.SUPERVISOR in opened.hands)
    if not clocks.lacks_basis(opened.referral):
        return redirect("referral", referral_id)
    form = BasisForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.accepted(
        lambda entered: consenting.state_basis(referral_id, actor=reader(request), **entered)
    ):
        messages.success(request, _("Recorded. The recipient is told that another ground holds now."))
        return redirect("referral", referral_id)
    context = {"referral": opened.referral, "form": form}
    return render(request, "referrals/basis.html", context, status=422 if form.errors else 200)
