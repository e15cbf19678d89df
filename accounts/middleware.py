"""What holds for every request of an account."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts import drafts, live, sending
from accounts.audit import on_page, refreshing
from accounts.errors import NotRecordedError
from accounts.limits import Counter, may_ask, place_of
from accounts.models import SentForm, User
from accounts.notifications import keep_looked

HEALTH = "/healthz"
# In seconds.
RETRY_AFTER = "60"
# A whole agency behind one address, with everybody at the door at eight in the morning, stays below it.
STRANGERS_A_MINUTE, MINUTE = 1200, 60
# Counted in this process alone, because it is asked most when the broker is down.
_health_asked = Counter(most=STRANGERS_A_MINUTE, seconds=MINUTE)
Page = Callable[[HttpRequest], HttpResponse]


def account(get_response: Page) -> Page:
    """Speaks the account's language, ends a switched-off account's session, keeps pages out of every cache.

    Stands after Django's session, locale and authentication middleware.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info == HEALTH:
            # Asked most when the database is down, and even by somebody with a session.
            return get_response(request)
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            if SESSION_KEY in request.session:
                # A session for which there is no account any more: switched off since the last request.
                request.session.flush()
            return get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        shown = user.notification_count
        # A day is the agency's own day, on every page.
        with timezone.override(user.agency.time_zone):
            response = get_response(request)
        # A page that asks for itself says nothing about who sits before it.
        if "X-Live" not in request.headers and response.status_code < 500:
            keep_looked(user, upto=shown)
        # A shared computer's back button must not show a child's file after sign-out.
        response["Cache-Control"] = "no-store"
        return response

    return respond


def not_too_often(get_response: Page) -> Page:
    """Whatever needs no sign-in is answered so often to one place; some of it less often still, by limits of its own.

    Stands below `account`. A broker that is down stops nobody here: the doors count for themselves.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info == HEALTH:
            allowed = _health_asked.may_ask(place_of(request))
        elif isinstance(request.user, User):
            return get_response(request)
        else:
            allowed = _may_ask(request)
        if allowed:
            return get_response(request)
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(MINUTE)
        return response

    return respond


def _may_ask(request: HttpRequest) -> bool:
    try:
        return may_ask(f"anonymous:{place_of(request)}", STRANGERS_A_MINUTE, MINUTE)
    except RedisError:
        return True


def refreshed(get_response: Page) -> Page:
    """Knows the requests which an open page makes by itself (`static/live.js`)."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or "X-Live" not in request.headers:
            return get_response(request)
        with refreshing():
            return get_response(request)

    return respond


def on_its_page(get_response: Page) -> Page:
    """What is read is recorded with the page on which it stood."""

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            name = resolve(request.path_info).url_name or ""
        except Resolver404:
            name = ""
        with on_page(name):
            return get_response(request)

    return respond


def nothing_too_long(get_response: Page) -> Page:
    """A form with more than the server reads is answered in words.

    Looked at here, where it is no surprise yet: further on Django would write a traceback to the log and say
    only that it did not understand. Stands below `account`, so that the words are in the account's language.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            # Reads the form; the check of its token, which comes next, would read it too.
            _form = request.POST
        except UnreadablePostError:
            # The line broke; Django's check of the token knows what to do.
            return get_response(request)
        except RequestDataTooBig:
            # The body is not there to be read; whatever asks for the form from now on gets an empty one.
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            return render(request, "413.html", {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}, status=413)
        return get_response(request)

    return respond


def no_empty_refusal(get_response: Page) -> Page:
    """A method that an address does not take is answered with words and a way on, not with an empty page.

    Stands below `account`, so that the words are in the account's language.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.path_info == HEALTH:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page

    return respond


def sent_once(get_response: Page) -> Page:
    """Leads whoever sent a form twice to where it led the first time (`accounts.sending`).

    Stands below the account and Django's messages.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        user, number = request.user, sending.number_of(request)
        if number is None or not isinstance(user, User):
            return get_response(request)
        with sending.one_at_a_time(user, number):
            mine = SentForm.objects.filter(account=user, number=number)
            earlier, digest = mine.first(), sending.digest_of(request)
            if earlier and earlier.digest == digest:
                messages.info(request, _("This was sent twice. It is saved once."))
                return redirect(earlier.led_to or request.path)
            form = sending.Sending(number, digest, refusal=_refusal(request, earlier))
            with sending.sending(form):
                response = get_response(request)
            if earlier is None and response.has_header("Location"):
                mine.update(led_to=response["Location"])
            elif form.refusal and not form.told:
                messages.warning(request, form.refusal)
            return response

    return respond


def _refusal(request: HttpRequest, earlier: SentForm | None) -> str:
    if earlier is not None:
        return sending.said_otherwise()
    return drafts.look_first() if drafts.TAKE_UP in request.POST else ""


def taken_up(get_response: Page) -> Page:
    """A draft that somebody goes on with, without script: its page draws the form anew with what was typed.

    The form goes on as if it were sent, and nothing is written from it (`sent_once`, which stands below).
    """

    def respond(request: HttpRequest) -> HttpResponse:
        user = request.user
        asked = drafts.TAKE_UP in request.POST and sending.number_of(request) is None
        if isinstance(user, User) and asked:
            said = drafts.typed_again(request, user)
            if said is None:
                messages.info(request, drafts.is_gone())
                return redirect("today")
            request.POST = said  # type: ignore[assignment]
        return get_response(request)

    return respond


class ListsMiddleware:
    """Lists change without a reload: what their page listens to is asked before the page reads anything."""

    def __init__(self, get_response: Page) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if isinstance(request.user, User) and request.resolver_match:
            live.watch_named(request, request.resolver_match.url_name, request.user)


class NotRecordedMiddleware:
    """A page whose reading could not be written down is not shown, a write not done: 503, and nothing else leaves."""

    def __init__(self, get_response: Page) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotRecordedError):
            return None
        # Without the request: the database that took no record may not tell who is signed in either.
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER})
