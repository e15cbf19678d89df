"""What holds for every request of an account."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.models import User

HEALTH = "/healthz"
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
        # A day is the agency's own day, on every page.
        with timezone.override(user.agency.time_zone):
            response = get_response(request)
        # A shared computer's back button must not show a child's file after sign-out.
        response["Cache-Control"] = "no-store"
        return response

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
