"""Giving a task, finishing it, dropping it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Section
from accounts.permissions import require
from cases.forms.base import FileForm
from cases.forms.plan import TaskDoneForm, TaskDropForm, TaskForm
from cases.models import Task
from cases.permissions import may_be_given_tasks
from cases.services.tasks import drop_task, finish_task, give_task
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, read_case, reader, write_case
from cases.views.moved import moved_on
from vault import keys


@require_http_methods(["GET", "HEAD", "POST"])
def task_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    keys.prefetch([case_id])
    form = TaskForm(
        sent(request),
        people=may_be_given_tasks(reader(request), opened.case),
        goals=opened.case.goals.filter(ended_at__isnull=True),
        initial={"assignee": reader(request).pk},
    )
    sheet = Sheet(
        title=_("Give a task"),
        text=_("One thing, one person, one day."),
        action=_("Give the task"),
        done=_("The task is given. It stands on Today until it is done."),
        back=reverse("plan", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        give_task(case_id, actor=reader(request), **data)

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def task_done(request: HttpRequest, case_id: UUID, task_id: UUID) -> HttpResponse:
    """For whoever writes the plan, and for the one to whom it was given: it sees this task and no other."""
    opened = read_case(request, case_id, shown=[Section.PLAN])
    task = _task_or_404(opened, task_id)
    own = task.assignee_id == reader(request).pk
    if not own and not opened.sees(Section.PLAN):
        raise Http404
    may_plan = opened.writes(Section.PLAN)
    require(own or may_plan)
    form = TaskDoneForm(sent(request))
    if not task.is_open:
        return _ended(request, opened, form)
    drop = (reverse("task_drop", args=[case_id, task_id]), _("It will not be done"))
    sheet = Sheet(
        title=_("Finish a task"),
        action=_("Record that it is done"),
        done=_("The task is done."),
        back=_back(opened),
        about=_about(task),
        other=drop if may_plan else None,
    )

    def save(data: dict[str, Any]) -> None:
        finish_task(case_id, task_id, actor=reader(request), result=data["result"])

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def task_drop(request: HttpRequest, case_id: UUID, task_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    task = _task_or_404(opened, task_id)
    form = TaskDropForm(sent(request))
    if not task.is_open:
        return _ended(request, opened, form)
    sheet = Sheet(
        title=_("Drop a task"),
        text=_("History keeps the task and your reason."),
        action=_("Drop the task"),
        done=_("The task is dropped."),
        back=_back(opened),
        about=_about(task),
        danger=True,
    )

    def save(data: dict[str, Any]) -> None:
        drop_task(case_id, task_id, actor=reader(request), reason=data["reason"])

    return fill(request, opened, form, sheet, save)


def _task_or_404(opened: OpenedCase, task_id: UUID) -> Task:
    found: Task = get_object_or_404(opened.case.tasks.select_related("assignee"), pk=task_id)
    return found


def _about(task: Task) -> list[tuple[str, str]]:
    return [
        (_("Task"), task.words),
        (_("Given to"), task.assignee.name),
        (_("Until the end of"), date_format(task.due_on, "l j E Y")),
    ]


def _back(opened: OpenedCase) -> str:
    """Somebody without the plan goes back to what it sees."""
    return reverse("plan" if opened.sees(Section.PLAN) else "case", args=[opened.case.pk])


def _ended(request: HttpRequest, opened: OpenedCase, form: FileForm) -> HttpResponse:
    sentence = _("This task has ended already.")
    return moved_on(request, opened.case, [sentence], page=_back(opened), form=form)
