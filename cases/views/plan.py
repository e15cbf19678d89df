"""The plan of a case: what is next in it, goals, what the child says, who agrees; and the forms of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.models import ServiceType, User
from cases.forms.plan import AGREES, IMPOSSIBLE, AgreementForm, GoalEndForm, GoalForm, ReviewForm, ViewForm
from cases.models import Case, Goal, Task, Visit
from cases.models.choices import OPEN_STATES, GivenBy
from cases.models.plan import Means, Outcome, Track
from cases.models.tracks import MedicalState, RehabilitationState
from cases.presenting import when_words
from cases.services.clocks import end_of_day
from cases.services.plan import (
    REVIEWED_IN,
    end_goal,
    record_agreement,
    record_view,
    review_plan,
    set_goal,
)
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, read_case, reader, write_case
from cases.views.moved import moved_on
from cases.views.tabs import case_tabs
from vault import keys

ROWS = 60
VOICES = 10


@dataclass(frozen=True)
class Planned:
    """A task or a visit as the plan shows it."""

    row: Task | Visit
    when: str
    kind: str
    may_end: bool


@dataclass(frozen=True)
class TrackGoals:
    track: Track
    goals: list[Goal]
    applies: bool


@require_safe
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.PLAN)
    keys.prefetch([case_id])
    case = opened.case
    may_write = opened.writes(Section.PLAN) and case.state in OPEN_STATES
    tasks = _planned(_tasks(case), opened, reader(request))
    visits = _planned(_visits(case), opened, reader(request))
    context = {
        "case": case,
        "tabs": case_tabs(opened, "plan"),
        "may_write": may_write,
        "may_review": may_write and case.state in REVIEWED_IN,
        "facts": _signatures(case),
        "tracks": _goals_by_track(case),
        "tasks": [each for each in tasks if each.when],
        "tasks_ended": [each for each in tasks if not each.when],
        "visits": [each for each in visits if each.when],
        "visits_ended": [each for each in visits if not each.when],
        "views": list(case.child_views.select_related("recorded_by")[:VOICES]),
        "agreements": list(case.plan_agreements.select_related("recorded_by")[:VOICES]),
    }
    context["next"] = _next(case, context) if may_write else None
    return render(request, "cases/plan.html", context)


def _tasks(case: Case) -> Iterable[Task]:
    """Open ones by their day, then the latest that ended."""
    rows = case.tasks.select_related("assignee", "done_by").annotate(ended=Coalesce("done_at", "dropped_at"))
    return rows.order_by(F("ended").desc(nulls_first=True), "due_on")[:ROWS]


def _visits(case: Case) -> Iterable[Visit]:
    done = Cast("done_on", DateTimeField())
    rows = case.visits.select_related("visitor").annotate(ended=Coalesce(done, "cancelled_at"))
    return rows.order_by(F("ended").desc(nulls_first=True), "planned_on")[:ROWS]


def _planned(rows: Iterable[Task | Visit], opened: OpenedCase, user: User) -> list[Planned]:
    """What has ended has no `when` any more."""
    now, is_open = clock.now(), opened.case.state in OPEN_STATES
    found = []
    for row in rows:
        due_at = end_of_day(row.due_on if isinstance(row, Task) else row.planned_on, opened.case.agency)
        own = isinstance(row, Task) and row.assignee_id == user.pk
        found.append(
            Planned(
                row=row,
                when=when_words(due_at) if row.is_open else "",
                kind="late" if due_at <= now else "due",
                may_end=is_open and row.is_open and (own or opened.writes(Section.PLAN)),
            )
        )
    return found


def _signatures(case: Case) -> list[tuple[str, str]]:
    """Who wrote the plan and who approved it; one query for both names."""
    signed = [("author", case.plan_author_id), ("approver", case.plan_approver_id)]
    wanted = [pk for _role, pk in signed if pk]
    people = dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    names = {role: people[pk] for role, pk in signed if pk}
    if not names:
        return []
    return [
        (_("Written by"), names.get("author", "")),
        (_("Approved by"), names.get("approver") or _("nobody yet")),
    ]


def _goals_by_track(case: Case) -> list[TrackGoals]:
    goals = list(case.goals.order_by("ended_at", "set_at"))
    waits = {
        Track.LEGAL: True,
        Track.MEDICAL: case.medical.state != MedicalState.NOT_APPLICABLE,
        Track.REHABILITATION: case.rehabilitation.state != RehabilitationState.NOT_APPLICABLE,
    }
    return [
        TrackGoals(track, [goal for goal in goals if goal.track == track], waits[track]) for track in Track
    ]


def _next(case: Case, page: dict[str, Any]) -> dict[str, str]:
    """The one thing that moves this plan on now."""
    without_goal = [
        each.track
        for each in page["tracks"]
        if each.applies and not any(goal.ended_at is None for goal in each.goals)
    ]
    agreed = page["agreements"] and page["agreements"][0].agrees
    late = [each for each in (*page["tasks"], *page["visits"]) if each.kind == "late"]
    if late:
        return _end_of(case, late[0])
    if not page["views"]:
        return {
            "title": _("Hear the child"),
            "text": _("A plan begins with what the child says, heard in a way that fits its age."),
            "url": reverse("view_new", args=[case.pk]),
            "action": _("Record what the child says"),
        }
    if without_goal:
        return {
            "title": _("Set a goal: %(track)s") % {"track": without_goal[0].label},
            "text": _("Each track that applies needs at least one goal."),
            "url": f"{reverse('goal_new', args=[case.pk])}?track={without_goal[0].value}",
            "action": _("Set a goal"),
        }
    if not agreed:
        return {
            "title": _("Ask the guardian, a parent or the interim representative"),
            "text": _("Whoever speaks for the child has to agree with the plan."),
            "url": reverse("agreement_new", args=[case.pk]),
            "action": _("Record the answer"),
        }
    if page["tasks"] or page["visits"]:
        return _end_of(case, [*page["tasks"], *page["visits"]][0])
    return {
        "title": _("Nothing is planned"),
        "text": _("Give somebody the next task, with a day, or plan a visit."),
        "url": reverse("task_new", args=[case.pk]),
        "action": _("Give a task"),
    }


def _end_of(case: Case, planned: Planned) -> dict[str, str]:
    row = planned.row
    is_task = isinstance(row, Task)
    return {
        "title": row.words if isinstance(row, Task) else row.get_kind_display(),
        "text": f"{row.assignee.name if isinstance(row, Task) else row.visitor.name} · {planned.when}",
        "url": reverse("task_done" if is_task else "visit_done", args=[case.pk, row.pk]),
        "action": _("Record that it is done") if is_task else _("Record the visit"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    form = GoalForm(sent(request), initial={"track": request.GET.get("track", "")})
    sheet = Sheet(
        title=_("Set a goal"),
        text=_("By track, with the kind of service, so that goals can be counted."),
        action=_("Set the goal"),
        done=_("The goal is set."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        set_goal(
            case_id,
            actor=reader(request),
            track=Track(data["track"]),
            service_type=ServiceType(data["service_type"]),
            words=data["words"],
        )

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_end(request: HttpRequest, case_id: UUID, goal_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    goal = get_object_or_404(opened.case.goals, pk=goal_id)
    form = GoalEndForm(sent(request))
    if goal.ended_at is not None:
        page, sentence = reverse("plan", args=[case_id]), _("This goal has its outcome already.")
        return moved_on(request, opened.case, [sentence], page=page, form=form)
    sheet = Sheet(
        title=_("Outcome of a goal"),
        action=_("Record the outcome"),
        done=_("The outcome is recorded."),
        back=reverse("plan", args=[case_id]),
        about=[
            (goal.get_track_display(), goal.words),
            (_("Kind of service"), goal.get_service_type_display()),
        ],
    )

    def save(data: dict[str, Any]) -> None:
        end_goal(
            case_id,
            goal_id,
            actor=reader(request),
            outcome=Outcome(data["outcome"]),
            words=data["words"],
        )

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def view_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    form = ViewForm(sent(request), initial={"heard_on": clock.today(opened.case.agency.time_zone)})
    sheet = Sheet(
        title=_("What the child says"),
        text=_("Heard in a way that fits its age and what it has been through."),
        action=_("Save"),
        done=_("What the child says is recorded."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        heard = data["means"] != IMPOSSIBLE
        record_view(
            case_id,
            actor=reader(request),
            heard_on=data["heard_on"],
            means=Means(data["means"]) if heard else None,
            words=data["words"],
            impossible_because=data["impossible_because"],
            observed=data["observed"],
        )

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_review(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    sheet = Sheet(
        title=_("Review the plan"),
        text=_("Go through the goals with the child and with whoever speaks for it."),
        action=_("Record the review"),
        done=_("The review is recorded. The clock of reviews runs anew."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        review_plan(case_id, actor=reader(request), words=data["words"])

    return fill(request, opened, ReviewForm(sent(request)), sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    form = AgreementForm(sent(request), initial={"given_on": clock.today(opened.case.agency.time_zone)})
    sheet = Sheet(
        title=_("Agreement with the plan"),
        text=_("Explain the plan in a language that they know. The latest answer counts."),
        action=_("Record the answer"),
        done=_("The answer is recorded."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        record_agreement(
            case_id,
            actor=reader(request),
            given_by=GivenBy(data["given_by"]),
            agrees=data["agrees"] == AGREES,
            given_on=data["given_on"],
            words=data["words"],
        )

    return fill(request, opened, form, sheet, save)
