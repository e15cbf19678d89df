"""Case conferences: the list, one of them, and the forms around its agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from accounts.presenting import in_both_zones
from cases.forms.base import FileForm
from cases.forms.meetings import (
    CancelForm,
    ConferenceForm,
    InvitedForm,
    MoveConferenceForm,
    PointForm,
    moment_of,
)
from cases.models import AgendaPoint, Conference, ConferenceDecision, Invitation, MinuteAddendum, Task
from cases.models.choices import OPEN_STATES
from cases.permissions import conferences_visible, invited_to, labels_to_write, may_be_given_tasks
from cases.presenting import when_words
from cases.services.clocks import end_of_day
from cases.services.conferences import (
    Invitations,
    add_point,
    call_conference,
    cancel_conference,
    change_invited,
    move_conference,
    remove_point,
)
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.moved import moved_on
from cases.views.tabs import case_tabs
from vault import keys

ROWS = 60


@dataclass(frozen=True)
class Standing:
    """How far a conference is: words, and the colour that goes with them."""

    kind: str
    words: str


def standing(conference: Conference) -> Standing:
    if conference.cancelled_at:
        return Standing("plain", _("Cancelled"))
    if conference.closed_at:
        return Standing("done", _("Minute closed"))
    return (
        Standing("due", _("Minute to be written"))
        if conference.has_begun
        else Standing("plain", _("Planned"))
    )


@require_safe
def conferences(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whoever sees anything of the file has this page; which conferences stand on it depends on invitations."""
    opened = read_case(request, case_id, shown=[Section.PLAN])
    keys.prefetch([case_id])
    visible = conferences_visible(reader(request), opened.case, opened.grounds).select_related("called_by")
    rows = [(each, standing(each), when(each, opened)) for each in visible[:ROWS]]
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "conferences"),
        "coming": [row for row in reversed(rows) if row[0].is_open and not row[0].has_begun],
        "held": [row for row in rows if not row[0].is_open or row[0].has_begun],
        "may_call": opened.works_on_it and opened.case.state in OPEN_STATES,
        "works_on_it": opened.works_on_it,
    }
    return render(request, "cases/conferences.html", context)


def when(conference: Conference, opened: OpenedCase) -> str:
    return in_both_zones(conference.starts_at, opened.case.agency)


def seen_conference(
    request: HttpRequest, case_id: UUID, conference_id: UUID
) -> tuple[OpenedCase, Conference]:
    """For whoever works on the case or is invited; for everybody else it does not exist."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    visible = conferences_visible(reader(request), opened.case, opened.grounds)
    found: Conference = get_object_or_404(visible.select_related("called_by", "closed_by"), pk=conference_id)
    found.case = opened.case
    return opened, found


def chaired_conference(
    request: HttpRequest, case_id: UUID, conference_id: UUID
) -> tuple[OpenedCase, Conference]:
    """For pages on which it is led: the invited see that it is there, and may not."""
    opened, found = seen_conference(request, case_id, conference_id)
    require(opened.works_on_it)
    return opened, found


@dataclass(frozen=True)
class Decided:
    decision: ConferenceDecision
    kind: str
    state: str


@dataclass(frozen=True)
class Talked:
    """One point of the agenda, with all that came of it."""

    point: AgendaPoint
    decisions: list[Decided]
    addenda: list[MinuteAddendum]
    may_remove: bool


@require_safe
def conference(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = seen_conference(request, case_id, conference_id)
    user, is_open = reader(request), opened.case.state in OPEN_STATES
    goes_on = is_open and found.is_open
    chairs = opened.works_on_it
    points = _points(found, opened, user, goes_on)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "conferences"),
        "conference": found,
        "standing": standing(found),
        "facts": about(found, opened),
        "points": points,
        "invited": _named_to(user, opened, invited_to(found)),
        "may_add": goes_on and bool(labels_to_write(opened.grounds)),
        "may_lead": goes_on and chairs,
        "may_move": goes_on and chairs and found.minuted_at is None,
        "may_add_later": is_open and chairs and found.closed_at is not None,
        "opened_team": chairs,
        "ready_to_close": bool(points) and all(each.point.minute for each in points),
    }
    return render(request, "cases/conference.html", context)


def about(conference: Conference, opened: OpenedCase) -> list[tuple[str, str]]:
    minutes = _("%(count)s min") % {"count": conference.minutes}
    facts = [
        (_("When"), f"{when(conference, opened)} · {minutes}"),
        (_("Where people meet"), conference.place),
        (_("Called by"), conference.called_by.name),
    ]
    if conference.closed_by:
        facts.append((_("Minute closed by"), conference.closed_by.name))
    return facts


def points_for(conference: Conference, opened: OpenedCase) -> list[AgendaPoint]:
    """Those that this reader may read; whose label is closed to them is not even counted."""
    rows = conference.points.filter(
        removed_at__isnull=True, section__in=[each.value for each in opened.sections]
    )
    return list(rows.select_related("added_by"))


def _points(conference: Conference, opened: OpenedCase, user: User, goes_on: bool) -> list[Talked]:
    points = points_for(conference, opened)
    chosen = {"conference": conference, "point__in": points}
    decided = list(ConferenceDecision.objects.filter(**chosen).select_related("task__assignee"))
    addenda = list(MinuteAddendum.objects.filter(**chosen).select_related("written_by"))
    found = []
    for point in points:
        own = [_decided(each, opened) for each in decided if each.point_id == point.pk]
        mine = opened.works_on_it or point.added_by_id == user.pk
        found.append(
            Talked(
                point=point,
                decisions=own,
                addenda=[each for each in addenda if each.point_id == point.pk],
                may_remove=goes_on and mine and point.minute is None and not own,
            )
        )
    return found


def _decided(decision: ConferenceDecision, opened: OpenedCase) -> Decided:
    task: Task = decision.task
    if task.done_at:
        return Decided(decision, "done", _("Done"))
    if task.dropped_at:
        return Decided(decision, "plain", _("Dropped"))
    due_at = end_of_day(task.due_on, opened.case.agency)
    return Decided(decision, "late" if due_at <= clock.now() else "due", when_words(due_at))


def _named_to(user: User, opened: OpenedCase, invited: Iterable[Invitation]) -> list[Invitation]:
    """Partners are not told of each other: each reads the names of its own agency and of who works on the case."""
    if opened.works_on_it:
        return list(invited)
    known = {user.agency_id, opened.case.agency_id}
    return [each for each in invited if each.account.agency_id in known]


def back_to(case_id: UUID, conference_id: UUID) -> str:
    return reverse("conference", args=[case_id, conference_id])


@require_http_methods(["GET", "HEAD", "POST"])
def conference_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, shown=[Section.PLAN])
    require(opened.works_on_it)
    user = reader(request)
    form = ConferenceForm(
        sent(request),
        agency=opened.case.agency,
        people=may_be_given_tasks(user, opened.case).exclude(pk=user.pk),
        labels=labels_to_write(opened.grounds),
    )
    sheet = Sheet(
        title=_("Call a case conference"),
        text=_("People who help this child sit together, each with the parts of the file that are theirs."),
        action=_("Call the conference"),
        done=_("The conference is called. The invited are told that there is one, and nothing else."),
        back=reverse("conferences", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        call_conference(
            case_id,
            actor=user,
            meeting=form.meeting(),
            invited=data["invited"],
            section=Section(data["section"]),
            words=data["words"],
        )

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def conference_invited(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    form = _invited_form(sent(request), request, found)
    if not found.is_open:
        return over(request, opened, found, form)
    sheet = Sheet(
        title=_("Who is invited"),
        text=_(
            "Each who comes or goes is told. Whoever loses access to the case loses the invitation with it."
        ),
        action=_("Save"),
        done=_("Saved."),
        back=back_to(case_id, conference_id),
        about=about(found, opened),
    )

    def save(data: dict[str, Any]) -> None:
        change_invited(
            case_id, conference_id, actor=reader(request), invited=data["invited"], seen=form.seen_state
        )

    return fill(request, opened, form, sheet, save, lambda data: _invited_form(data, request, found))


def _invited_form(data: QueryDict | None, request: HttpRequest, conference: Conference) -> InvitedForm:
    people = may_be_given_tasks(reader(request), conference.case).exclude(pk=conference.called_by_id)
    now = [each.account_id for each in invited_to(conference)]
    return InvitedForm(data, people=people, row=Invitations(conference), initial={"invited": now})


@require_http_methods(["GET", "HEAD", "POST"])
def conference_move(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    form = _move_form(sent(request), found)
    if not found.is_open:
        return over(request, opened, found, form)
    sheet = Sheet(
        title=_("Move a case conference"),
        text=_("The invited are told. History keeps when it was to be."),
        action=_("Move the conference"),
        done=_("The conference is moved."),
        back=back_to(case_id, conference_id),
    )

    def save(data: dict[str, Any]) -> None:
        move_conference(
            case_id, conference_id, actor=reader(request), meeting=form.meeting(), seen=form.seen_state
        )

    def anew(data: QueryDict | None) -> MoveConferenceForm:
        found.refresh_from_db(fields=["starts_at", "minutes", "place"])
        return _move_form(data, found)

    return fill(request, opened, form, sheet, save, anew)


def _move_form(data: QueryDict | None, conference: Conference) -> MoveConferenceForm:
    agency = conference.case.agency
    initial = {
        **moment_of(conference.starts_at, agency),
        "minutes": conference.minutes,
        "place": conference.place,
    }
    return MoveConferenceForm(data, agency=agency, row=conference, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def conference_cancel(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    opened, found = chaired_conference(request, case_id, conference_id)
    form = CancelForm(sent(request))
    if not found.is_open:
        return over(request, opened, found, form)
    sheet = Sheet(
        title=_("Cancel a case conference"),
        text=_("History keeps that it was called, and your reason."),
        action=_("Cancel the conference"),
        done=_("The conference is cancelled. The invited are told."),
        back=back_to(case_id, conference_id),
        about=about(found, opened),
        danger=True,
    )

    def save(data: dict[str, Any]) -> None:
        cancel_conference(case_id, conference_id, actor=reader(request), reason=data["reason"])

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def point_new(request: HttpRequest, case_id: UUID, conference_id: UUID) -> HttpResponse:
    """Whoever works on the case, and the invited in the parts that they write."""
    opened, found = seen_conference(request, case_id, conference_id)
    labels = labels_to_write(opened.grounds)
    require(bool(labels))
    form = PointForm(sent(request), labels=labels)
    if not found.is_open:
        return over(request, opened, found, form)
    sheet = Sheet(
        title=_("Add a point to the agenda"),
        action=_("Add the point"),
        done=_("The point is on the agenda."),
        back=back_to(case_id, conference_id),
        about=about(found, opened),
    )

    def save(data: dict[str, Any]) -> None:
        section = Section(data["section"])
        add_point(case_id, conference_id, actor=reader(request), section=section, words=data["words"])

    return fill(request, opened, form, sheet, save)


def _its_page(request: HttpRequest, case_id: UUID, conference_id: UUID, point_id: UUID) -> str:
    opened = opened_case(request, case_id)
    visible = conferences_visible(reader(request), opened.case, opened.grounds)
    return back_to(case_id, get_object_or_404(visible, pk=conference_id).pk)


@posted_from(_its_page)
def point_remove(request: HttpRequest, case_id: UUID, conference_id: UUID, point_id: UUID) -> HttpResponse:
    opened, found = seen_conference(request, case_id, conference_id)
    point = get_object_or_404(found.points, pk=point_id, section__in=list(opened.sections))
    try:
        remove_point(case_id, conference_id, point.pk, actor=reader(request))
    except Invalid as error:
        messages.warning(request, error.sentence)
    else:
        messages.success(request, _("The point is off the agenda. History keeps it."))
    return redirect(back_to(case_id, conference_id))


def over(
    request: HttpRequest, opened: OpenedCase, conference: Conference, form: FileForm, sentence: str = ""
) -> HttpResponse:
    """What was typed is shown once more: nothing is written about a conference that is closed or cancelled."""
    said = sentence or _("This conference is closed or cancelled already.")
    return moved_on(request, opened.case, [said], page=back_to(conference.case_id, conference.pk), form=form)
