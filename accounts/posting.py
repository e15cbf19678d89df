"""Addresses to which forms are sent, and which are no pages themselves."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

P = ParamSpec("P")
View = Callable[P, HttpResponseBase]


def posted_from(page_of: Callable[..., str]) -> Callable[[View[P]], View[P]]:
    """Only POST reaches the view. Who opens the address itself is led to the page where its form stands.

    People get there: they change the language on a refused form's answer, or sign in again after they sent one.
    `page_of` takes what the view takes and answers that page's address; it raises Http404 for whom the page
    does not exist.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def respond(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            method = cast(HttpRequest, args[0]).method
            if method == "POST":
                return view(*args, **kwargs)
            if method in ("GET", "HEAD"):
                return redirect(page_of(*args, **kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return respond

    return decorate


def safe_next(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """The page that was wanted, of ours and never of another site; else the one of this name."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else reverse(otherwise)
