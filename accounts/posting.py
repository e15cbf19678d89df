"""Addresses to which forms are sent, and which are no pages themselves."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

P = ParamSpec("P")
View = Callable[P, HttpResponse]


def posted_from(page_of: Callable[..., str]) -> Callable[[View[P]], View[P]]:
    """Only POST reaches the view. Who opens the address itself is led to the page where its form stands.

    People get there: they change the language on a refused form's answer, or sign in again after they sent one.
    `page_of` takes what the view takes and answers that page's address; it raises Http404 for whom the page
    does not exist.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def respond(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            method = cast(HttpRequest, args[0]).method
            if method == "POST":
                return view(*args, **kwargs)
            if method in ("GET", "HEAD"):
                return redirect(page_of(*args, **kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return respond

    return decorate
