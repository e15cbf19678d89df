"""Asking who sits there: before something leaves, before it is sent, and when a page was covered."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts import factors, sessions
from accounts.drafts import keep_posted
from accounts.forms.proving import FactorForm, SittingForm
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from, safe_next

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
# Beside what a form sends of its own.
PREFIX = "proof"
# What the script of a page sends, so that it is answered in a word.
FROM_SCRIPT = "X-Cover"


def own_account(request: HttpRequest) -> User:
    require(isinstance(request.user, User))
    return request.user  # type: ignore[return-value]


def proven(view: View[P]) -> View[P]:
    """Lets through who proved within the last minutes (`session.proof_minutes`) that they are sitting there.

    Others are asked first: an address that is opened waits, and what a form brought is carried along, so that nothing
    is typed twice. Not for forms with files.
    """

    @wraps(view)
    def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = own_account(request)
        if sessions.was_proved_lately(request.session, user):
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect(f"{reverse('prove')}?{urlencode({'next': request.get_full_path()})}")
        form = _form(request, user)
        if form.is_bound and form.is_valid():
            sessions.proved(request.session)
            return view(request, *args, **kwargs)
        context = {"form": form, "carried": _carried(request), "action": request.get_full_path()}
        return render(request, "accounts/prove.html", context, status=422 if form.is_bound else 403)

    return respond


def proven_to_send(*steps: str) -> Callable[[View[P]], View[P]]:
    """The same for an address of many steps, of which these hand something to others."""

    def decorate(view: View[P]) -> View[P]:
        asking = proven(view)

        @wraps(view)
        def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            sends = request.method == "POST" and kwargs["edge_name"] in steps
            return (asking if sends else view)(request, *args, **kwargs)

        return respond

    return decorate


def factor_proven(view: View[P]) -> View[P]:
    """Asks for the second factor each time: an open laptop was proved lately, too. For what is one click."""

    @wraps(view)
    def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        form = _factor_form(request)
        if form.is_bound and form.is_valid():
            return view(request, *args, **kwargs)
        return _factor_page(request, form, _carried(request))

    return respond


def factor_proven_first(view: View[P]) -> View[P]:
    """The same for a page that takes its time: asked before it is shown, good for one change (`sessions.factor_shown`).

    An account that has none is asked as by `proven`. What the page leads to looks once more, under the lock.
    """
    asking = proven(view)

    @wraps(view)
    def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if sessions.was_factor_shown(request.session):
            return view(request, *args, **kwargs)
        if not factors.has_any(own_account(request)):
            return asking(request, *args, **kwargs)
        form = _factor_form(request)
        if form.is_bound and form.is_valid():
            sessions.factor_shown(request.session)
            return redirect(request.get_full_path())
        return _factor_page(request, form, [])

    return respond


def _factor_form(request: HttpRequest) -> FactorForm:
    is_answer = any(name.startswith(f"{PREFIX}-") for name in request.POST)
    return FactorForm(request.POST if is_answer else None, user=own_account(request), prefix=PREFIX)


def _factor_page(request: HttpRequest, form: FactorForm, carried: list[tuple[str, str]]) -> HttpResponse:
    context = {
        "form": form,
        "carried": carried,
        "action": request.get_full_path(),
        "is_for_factor": True,
    }
    asked = 403 if request.method == "POST" else 200
    return render(request, "accounts/prove.html", context, status=422 if form.is_bound else asked)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith(f"{PREFIX}-") and name != "csrfmiddlewaretoken"
        for value in values
    ]


def _form(request: HttpRequest, user: User) -> SittingForm:
    is_answer = f"{PREFIX}-password" in request.POST
    return SittingForm(request.POST if is_answer else None, user=user, prefix=PREFIX)


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """`next` is the address that waits."""
    user, wanted = (
        own_account(request),
        _next(request, request.POST.get("next") or request.GET.get("next", "")),
    )
    form = _form(request, user)
    if form.is_bound and form.is_valid():
        sessions.proved(request.session)
        # A page of its own, for what waits may be a file: the browser takes that, and stays where it is.
        response = render(request, "accounts/proved.html", {"waits": wanted})
        response["Refresh"] = f"0; url={wanted}"
        return response
    context = {"form": form, "carried": [("next", wanted)], "action": reverse("prove"), "leads_on": True}
    return render(request, "accounts/prove.html", context, status=422 if form.is_bound else 200)


@posted_from(lambda _request: reverse("today"))
def unlock(request: HttpRequest) -> HttpResponse:
    user = own_account(request)
    form = SittingForm(request.POST, user=user)
    if form.is_valid():
        sessions.unlock(request.session, user)
        if FROM_SCRIPT in request.headers:
            return HttpResponse(status=204)
        return redirect(_next(request, request.POST.get("next", "")))
    if FROM_SCRIPT in request.headers:
        said = " ".join(str(each) for errors in form.errors.values() for each in errors)
        return HttpResponse(said, content_type="text/plain; charset=utf-8", status=422)
    return locked_page(request, form)


@posted_from(lambda _request: reverse("today"))
def lock(request: HttpRequest) -> HttpResponse:
    """By hand, or because a page saw nobody move for so long."""
    own_account(request)
    sessions.lock(request.session)
    return HttpResponse(status=204) if FROM_SCRIPT in request.headers else redirect("today")


@posted_from(lambda _request: reverse("today"))
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing: the request itself has kept the session from being locked."""
    return HttpResponse(status=204)


def locked_page(request: HttpRequest, form: SittingForm | None = None) -> HttpResponse:
    """What a form brought is kept: the session was covered while its page was still open."""
    user = own_account(request)
    wanted = request.POST.get("next", "") if form else request.get_full_path()
    if request.method not in ("GET", "HEAD") and not form:
        wanted = keep_posted(request, user)
    context = {"form": form or SittingForm(user=user), "next": _next(request, wanted), "is_covered": True}
    response = render(request, "accounts/locked.html", context, status=423)
    response["Cache-Control"] = "no-store"
    return response


def _next(request: HttpRequest, wanted: str) -> str:
    return safe_next(request, wanted, "today")
