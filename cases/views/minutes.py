"""The minute of a case conference: written, decided in, closed, added to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from cases.forms.base import FileForm
from cases.forms.meetings import AddendumForm, DecisionForm, MinuteForm
from cases.models import Conference
from cases.permissions import invited_to, may_be_given_tasks
from cases.services.minutes import add_to_minute, close_minute, decide, save_minute
from cases.views.conferences import about, back_to, chaired_conference, over, points_for
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, reader
from cases.views.tabs import case_tabs


def _elsewhere(
    request: HttpRequest, opened: OpenedCase, conference: Conference, form: FileForm
) -> HttpResponse | None:
    """Back to the conference, where nothing is written: before it begins, and after its minute was closed."""
    if not conference.is_open:
        return over(request, opened, conference, form)
    if not conference.has_begun:
        return over(request, opened, conference, form, _("The conference has not begun yet."))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def minute(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    form = _minute_form(sent(request), found, opened)
    elsewhere = _elsewhere(request, opened, found, form)
    if elsewhere:
        return elsewhere
    if request.method == "POST" and form.is_valid():
        try:
            save_minute(case_id, conference_id, actor=reader(request), **form.entered())
        except Invalid as error:
            form.refuse(error)
        except Meanwhile:
            found = get_object_or_404(opened.case.conferences, pk=conference_id)
            form = form.written_meanwhile(
                lambda data: _minute_form(data, found, opened), reader=reader(request)
            )
        else:
            messages.success(request, _("Saved. It is a draft until you close the minute."))
            return redirect(back_to(case_id, conference_id))
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "conferences"),
        "form": form,
        "facts": about(found, opened),
        "back": back_to(case_id, conference_id),
    }
    return render(request, "cases/minute.html", context, status=422 if form.errors else 200)


def _minute_form(data: QueryDict | None, conference: Conference, opened: OpenedCase) -> MinuteForm:
    return MinuteForm(
        data,
        conference=conference,
        points=points_for(conference, opened),
        invited=invited_to(conference),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def minute_close(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    form = FileForm(sent(request))
    elsewhere = _elsewhere(request, opened, found, form)
    if elsewhere:
        return elsewhere
    sheet = Sheet(
        title=_("Close the minute"),
        text=_("What is written stays as it is from then on. Whatever comes later is added beside it."),
        action=_("Close the minute"),
        done=_("The minute is final. The invited are told."),
        back=back_to(case_id, conference_id),
        about=about(found, opened),
    )

    def save(data: dict[str, Any]) -> None:
        close_minute(case_id, conference_id, actor=reader(request))

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    points = found.points.filter(removed_at__isnull=True)
    form = DecisionForm(
        sent(request),
        points=points,
        people=may_be_given_tasks(reader(request), opened.case),
        goals=opened.case.goals.filter(ended_at__isnull=True),
        initial={"point": points[0].pk if len(points) == 1 else None},
    )
    elsewhere = _elsewhere(request, opened, found, form)
    if elsewhere:
        return elsewhere
    sheet = Sheet(
        title=_("Record a decision"),
        text=_("It becomes a task at once. Its state stands beside the decision."),
        action=_("Record the decision"),
        done=_("The decision is recorded, and the task is given."),
        back=back_to(case_id, conference_id),
        about=about(found, opened),
    )

    def save(data: dict[str, Any]) -> None:
        decide(case_id, conference_id, actor=reader(request), **data)

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_new(request: HttpRequest, case_id: UUID, conference_id: UUID, point_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    point = get_object_or_404(found.points.filter(removed_at__isnull=True), pk=point_id)
    form = AddendumForm(sent(request))
    if found.closed_at is None:
        sentence = _("This minute is not closed yet. Change the minute itself.")
        return over(request, opened, found, form, sentence)
    sheet = Sheet(
        title=_("Add to a minute"),
        text=_("The minute stays as it is. What you add stands below it, with your name."),
        action=_("Add it"),
        done=_("Added to the minute."),
        back=back_to(case_id, conference_id),
        about=[(str(Section(point.section).label), point.words), (_("Minute"), point.minute or "")],
    )

    def save(data: dict[str, Any]) -> None:
        add_to_minute(case_id, conference_id, point_id, actor=reader(request), words=data["words"])

    return fill(request, opened, form, sheet, save)
