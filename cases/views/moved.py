"""Somebody was faster: the step that was asked for does not leave from here any more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.forms.base import FileForm
from cases.models import Case
from workflow.machine import WrongState


def moved_on(
    request: HttpRequest, case: Case, refused: WrongState, *, page: str, form: FileForm | None = None
) -> HttpResponse:
    """Leads to `page`, which says where it stands now. What was typed is shown first, so that nothing is lost."""
    sentences = [result.sentence for result in refused.failures]
    typed = form.typed() if form is not None and form.is_bound else []
    if typed:
        context = {"case": case, "sentences": sentences, "typed": typed, "page": page}
        return render(request, "cases/moved_on.html", context, status=409)
    for sentence in sentences:
        messages.warning(request, sentence)
    return redirect(page)
