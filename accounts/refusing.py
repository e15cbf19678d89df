"""Why nobody was signed in, as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def unavailable(request: HttpRequest) -> HttpResponse:
    return refusal(
        request,
        _("Your agency’s sign-in did not answer as it should. Try once more, or use your password."),
        503,
    )


def refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "accounts/identity_refused.html", {"sentence": sentence}, status=status)
