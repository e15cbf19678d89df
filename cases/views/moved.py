"""Somebody was faster: what was asked for is done already, or does not start from here any more."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import sending
from cases.forms.base import FileForm
from cases.models import Case


def moved_on(
    request: HttpRequest,
    case: Case | None,
    sentences: Iterable[str],
    *,
    page: str,
    form: FileForm | None = None,
) -> HttpResponse:
    """Leads to `page`, which says where it stands now. What was typed is shown first, so that nothing is lost.

    Without `case` nothing on the page names or leads to one.
    """
    typed = form.typed() if form is not None and form.is_bound else []
    if typed:
        said = [*filter(None, [sending.tell_said_otherwise()]), *sentences]
        context = {"case": case, "sentences": said, "typed": typed, "page": page}
        return render(request, "cases/moved_on.html", context, status=409)
    for sentence in sentences:
        messages.warning(request, sentence)
    return redirect(page)
