"""Words for the team: duty, cover, caseload."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {}
EVENTS: Mapping[str, StrPromise] = {
    "cover.began": _("gave the file to whoever covers for the worker, too"),
    "cover.ended": _("ended the cover"),
}
NOTICES: Mapping[str, StrPromise] = {
    "due.soon": _("Something is due soon."),
    "team.given": _("You were given files of the team."),
    "team.taken": _("Files of yours went to a colleague."),
    "cover.arranged": _("You cover for a colleague who is away. Their files are open to you."),
    "cover.for_you": _("A colleague covers for you."),
    "cover.ended": _("A cover for leave has ended."),
    "duty.planned": _("You are planned for duty."),
    "duty.cancelled": _("A duty of yours was cancelled."),
}
# Where a notice leads that is about no case.
LEADS_TO: Mapping[str, str] = {
    "audit.broken": "audit",
    "team.given": "case_list",
    "team.taken": "case_list",
    "cover.arranged": "case_list",
    "cover.for_you": "case_list",
    "cover.ended": "case_list",
    "duty.planned": "duty",
    "duty.cancelled": "duty",
    "account.factors_reset": "second_factor",
    "account.factors_reset_of": "today",
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {}
