from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Ability, can
from accounts.limits import may_ask, place_of
from accounts.permissions import require
from accounts.views.proving import proven
from cases import calendar
from cases.models import CalendarFeed
from cases.services.calendar import end_feed, find_feed, make_feed, read_feed
from cases.views.loading import reader

# Of one place on the net, whatever it asks for; and of one address, however many telephones ask.
ASKED_A_MINUTE, READ_AN_HOUR = 30, 60
MINUTE, HOUR = 60, 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_settings(request: HttpRequest) -> HttpResponseBase:
    """One's own address: make a new one, end it. A new one is shown in the answer itself and kept nowhere."""
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    if request.method == "POST" and "end" in request.POST:
        end_feed(actor=user)
        messages.success(request, _("The address leads nowhere from now on."))
        return redirect("calendar_settings")
    return _new_address(request) if request.method == "POST" else _settings_page(request)


@proven
def _new_address(request: HttpRequest) -> HttpResponse:
    """Whoever has it reads for as long as it holds, and is asked nothing any more."""
    secret = make_feed(actor=reader(request))
    return _settings_page(request, request.build_absolute_uri(reverse("calendar_feed", args=[secret])))


def _settings_page(request: HttpRequest, address: str = "") -> HttpResponse:
    feed = CalendarFeed.objects.filter(account=reader(request), ended_at__isnull=True).first()
    return render(request, "cases/calendar.html", {"address": address, "feed": feed})


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a calendar program, which signs in by the secret in the address alone."""
    if not may_ask(f"calendar:place:{place_of(request)}", ASKED_A_MINUTE, MINUTE):
        return _later(MINUTE)
    feed = find_feed(secret)
    if feed is None:
        raise Http404
    if not may_ask(f"calendar:feed:{feed.pk}", READ_AN_HOUR, HOUR):
        return _later(HOUR)
    account = feed.account
    entries = read_feed(feed, actor=account)
    with translation.override(account.language):
        start_page = request.build_absolute_uri(reverse("today"))
        content = calendar.as_ics(entries, key=feed.secret_digest, start_page=start_page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _later(seconds: int) -> HttpResponse:
    response = HttpResponse(_("Too many questions. Ask again later."), status=429, content_type="text/plain")
    response["Retry-After"] = str(seconds)
    return response
