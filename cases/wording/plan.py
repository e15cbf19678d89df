"""Words for goals, tasks and visits."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.models import ServiceType
from cases.models.choices import GivenBy
from cases.models.plan import Means, Outcome, Track, VisitKind
from cases.wording.base import DueWords

# A task's and a visit's own words stand in their place for those who may read the plan.
DUE: Mapping[str, DueWords] = {
    "task": DueWords(_("A task"), _("given to somebody on this case"), "case", _("Open")),
    "visit": DueWords(_("A visit"), _("planned by somebody on this case"), "case", _("Open")),
}
EVENTS: Mapping[str, StrPromise] = {
    "plan.goal_set": _("set a goal"),
    "plan.goal_ended": _("recorded the outcome of a goal"),
    "plan.task_given": _("gave a task"),
    "plan.task_done": _("finished a task"),
    "plan.task_dropped": _("dropped a task"),
    "plan.task_handed_over": _("handed a task over to the new worker"),
    "plan.visit_planned": _("planned a visit"),
    "plan.visit_done": _("recorded a visit"),
    "plan.visit_cancelled": _("called off a visit"),
    "plan.visit_handed_over": _("handed a visit over to the new worker"),
    "plan.child_heard": _("recorded what the child says"),
    "plan.agreement_recorded": _("recorded an answer about the plan"),
    "plan.reviewed": _("reviewed the plan"),
}
NOTICES: Mapping[str, StrPromise] = {
    "task.given": _("A task was given to you."),
    "task.done": _("A task that you gave is done."),
    "task.dropped": _("A task that was given to you was dropped."),
    "visit.planned": _("A visit was planned for you."),
    "visit.cancelled": _("A visit that was planned for you was called off."),
    "overdue.task": _("A task is overdue."),
    "overdue.visit": _("A visit to a child is overdue."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "goal_track": dict(Track.choices),
    "service": dict(ServiceType.choices),
    "outcome": dict(Outcome.choices),
    "visit": dict(VisitKind.choices),
    "heard_by": {**dict(Means.choices), "impossible": _("It was not possible to hear the child")},
    "spoken_by": dict(GivenBy.choices),
    "agreement": {"agrees": _("Agrees with the plan"), "disagrees": _("Does not agree")},
}
