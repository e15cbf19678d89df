"""What a page sends while somebody is typing (`static/hand.js`), and throwing it away."""

import json
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from accounts import drafts
from accounts.limits import may_ask
from accounts.models import User
from accounts.posting import posted_from, safe_next
from accounts.views.proving import own_account
from vault.errors import KeyMissing

# Every second somebody types in four windows; more is no hand.
MOST, SECONDS = 300, 60


# The ticket in it is signed for one account and one page, which a form of another site cannot know.
@csrf_exempt
@login_not_required
@require_POST
def draft_keep(request: HttpRequest) -> HttpResponse:
    """200 with the time at which it was kept.

    409 sent meanwhile, 410 no ticket of ours, 412 another page has gone on with it, 413 too large, 422 no form, 429 too
    often.
    """
    try:
        said = json.loads(request.body)
        user, page = drafts.holder(str(said["ticket"]))
        typed = drafts.read(said)
    except drafts.BadTicket:
        return HttpResponse(status=410)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (drafts.NotTyped, KeyError, RawPostDataException, RecursionError, TypeError, ValueError):
        return HttpResponse(status=422)
    if not _may_keep(user):
        return HttpResponse(status=429)
    try:
        at = drafts.keep(user, page, typed)
    except drafts.AlreadySent:
        return HttpResponse(status=409)
    except drafts.GoneOnElsewhere:
        return HttpResponse(status=412)
    except KeyMissing:
        return HttpResponse(status=410)
    return JsonResponse({"at": date_format(localtime(at, ZoneInfo(user.agency.time_zone)), "H:i")})


def _may_keep(user: User) -> bool:
    """A broker that is away makes nobody lose a word."""
    try:
        return may_ask(f"drafts:{user.pk}", MOST, SECONDS)
    except RedisError:
        return True


def _where_they_stand(_request: HttpRequest, **_draft: UUID) -> str:
    return reverse("today")


@posted_from(_where_they_stand)
def draft_drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    drafts.throw_away(draft_id, actor=own_account(request))
    return redirect(safe_next(request, request.POST.get("next", ""), "today"))
