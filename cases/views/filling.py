"""A page that is one form and ends in one service: shown, checked, saved, or shown again with what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.forms.meanwhile import EditForm
from accounts.meanwhile import Meanwhile
from cases.forms.base import FileForm
from cases.views.loading import OpenedCase, reader


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
    # It cannot be undone: the answers are shown once more first.
    check: bool = False


def fill(
    request: HttpRequest,
    opened: OpenedCase,
    form: FileForm,
    sheet: Sheet,
    save: Callable[[dict[str, Any]], object],
    anew: Callable[[QueryDict | None], EditForm] | None = None,
) -> HttpResponse:
    """`anew` makes the form over what is stored now; needed where `save` may raise Meanwhile."""
    try:
        if request.method == "POST" and form.accepted(save):
            messages.success(request, sheet.done)
            return redirect(sheet.back)
    except Meanwhile:
        if anew is None or not isinstance(form, EditForm):
            raise
        form = form.written_meanwhile(anew, reader=reader(request))
    context = {"case": opened.case, "form": form, "sheet": sheet, "check": form if sheet.check else None}
    return render(request, "cases/sheet.html", context, status=422 if form.errors else 200)


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: an empty POST is an answer too, with everything missing."""
    return request.POST if request.method == "POST" else None
