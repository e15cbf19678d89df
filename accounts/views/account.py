"""Pages of the account itself."""

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.posting import posted_from
from accounts.services import choose_keys, choose_language
from accounts.views.proving import own_account


def _start(request: HttpRequest) -> str:
    """The form stands on every page; which one it was, a bare address does not tell."""
    return "/"


@posted_from(_start)
@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the page. The choice is the account's, or the browser's when nobody is signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("This language is not installed."))
    response = HttpResponseRedirect(_safe_next(request))
    if isinstance(request.user, User):
        choose_language(actor=request.user, language=language)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _safe_next(request: HttpRequest) -> str:
    """The page that the person was on, never another site."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def change_password(request: HttpRequest) -> HttpResponseBase:
    """allauth's own. An account without a password, which signs in at its agency's provider, has nothing to change."""
    if isinstance(request.user, User) and not request.user.has_usable_password():
        return redirect("second_factor")
    response: HttpResponseBase = allauth_views.password_change(request)
    return response


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """allauth's own. On a computer that others use nothing stays behind of what the browser kept of our pages.

    Cookies are not named: those of the browser's language and of other sites of the same domain would go along.
    """
    response: HttpResponseBase = allauth_views.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@posted_from(_start)
@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    """The quick way out: the session ends, and the browser goes to a page that has nothing to do with this one."""
    get_adapter().logout(request)
    # A redirect after a form may not lead to another site (the content policy); a page that goes on may.
    response = render(request, "accounts/left.html", {"away": settings.QUICK_EXIT_URL})
    response["Refresh"] = f"0; url={settings.QUICK_EXIT_URL}"
    response["Cache-Control"] = "no-store"
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@posted_from(lambda _request: reverse("account_change_password"))
def set_keys(request: HttpRequest) -> HttpResponse:
    choose_keys(actor=own_account(request), single="single" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("account_change_password")


@login_not_required
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """allauth wants the address to exist; accounts are made by an administrator."""
    raise Http404
