"""Somebody says that what they opened shows the abuse of a child."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases.forms.documents import AbuseForm
from referrals.models import Referral


def abuse_page(
    request: HttpRequest, referral: Referral, name: str, report: Callable[[], object]
) -> HttpResponse:
    """Asked once more before it happens, because nothing brings the file back."""
    if request.method == "POST":
        report()
        messages.success(
            request, _("Nobody can open it any more. The supervisor and the data-protection officer know.")
        )
        return redirect("referral", referral.pk)
    context = {"referral": referral, "name": name, "form": AbuseForm()}
    return render(request, "referrals/file_report.html", context)
