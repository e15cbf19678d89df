"""A page that is one form and ends in one service: shown, checked, saved, or shown again with what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.forms.base import FileForm
from cases.views.loading import OpenedCase


@dataclass(frozen=True)
class Sheet:
    """What stands around the form. `back` is where it leads when it is saved, and when it is left."""

    title: str
    action: str
    done: str
    back: str
    text: str = ""
    # What the form is about: label and value, label and value.
    about: Sequence[tuple[str, Any]] = ()
    # Another way on: address and words.
    other: tuple[str, str] | None = None
    danger: bool = False


def fill(
    request: HttpRequest,
    opened: OpenedCase,
    form: FileForm,
    sheet: Sheet,
    save: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if request.method == "POST" and form.accepted(save):
        messages.success(request, sheet.done)
        return redirect(sheet.back)
    context = {"case": opened.case, "form": form, "sheet": sheet}
    return render(request, "cases/sheet.html", context, status=422 if form.errors else 200)


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: an empty POST is an answer too, with everything missing."""
    return request.POST if request.method == "POST" else None
