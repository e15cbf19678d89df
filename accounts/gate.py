"""Before any page: a session that is covered answers nothing but the uncovering, one without a second factor nothing
but the making of one.
"""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from accounts.views.proving import locked_page

Page = Callable[[HttpRequest], HttpResponse]
ALWAYS = ("account_logout", "leave", "set_language", "healthz", "draft_keep")
WHEN_COVERED = ("unlock", "lock", "passkey_options")
WITHOUT_FACTOR = ("second_factor", "second_factor_app", "second_factor_passkey", "prove")


@cache
def _addresses(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(reverse(name) for name in (*ALWAYS, *names))


def gate(get_response: Page) -> Page:
    """Stands below `account`, so that its words are in the account's language."""

    def respond(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path in _addresses(()) or not isinstance(user := request.user, User):
            return get_response(request)
        session = request.session
        if path not in _addresses(WHEN_COVERED):
            if sessions.is_locked(session, user):
                return locked_page(request)
            if "X-Live" not in request.headers:
                sessions.keep_active(session)
            if not sessions.has_second_factor(session) and path not in _addresses(WITHOUT_FACTOR):
                return redirect("second_factor")
        return get_response(request)

    return respond
