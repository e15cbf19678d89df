"""Words for the team: duty, cover, caseload."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.emergency import EmergencyVerdict
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "emergency_review": DueWords(
        _("Review an opening in an emergency"),
        _("somebody opened the file without another ground"),
        "case_access",
        _("Open"),
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "cover.began": _("gave the file to whoever covers for the worker, too"),
    "cover.ended": _("ended the cover"),
    "emergency.opened": _("opened the file in an emergency"),
    "emergency.reviewed": _("reviewed an opening in an emergency"),
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
    "emergency.opened": _("A file was opened in an emergency. Review it."),
    "emergency.reviewed": _("A file that you opened in an emergency was reviewed."),
    "emergency.not_justified": _("An opening in an emergency was found to be none."),
    "emergency.guessing": _(
        "Somebody tried many codes to open a file in an emergency. Look at what they read."
    ),
    "overdue.emergency_review": _("The review of an opening in an emergency is overdue."),
    "reading.unusual": _("Somebody opened unusually many files. Look at what they read."),
}
# Where a notice leads that is about no case.
LEADS_TO: Mapping[str, str] = {
    "audit.broken": "audit",
    "audit.gap": "audit",
    "team.given": "case_list",
    "team.taken": "case_list",
    "cover.arranged": "case_list",
    "cover.for_you": "case_list",
    "cover.ended": "case_list",
    "duty.planned": "duty",
    "duty.cancelled": "duty",
    "account.factor_added": "second_factor",
    "account.factor_removed": "second_factor",
    "account.recovery_codes_made": "second_factor",
    "account.factors_reset": "second_factor",
    "account.factors_reset_of": "today",
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "verdict": {verdict.value: verdict.label for verdict in EmergencyVerdict},
}
