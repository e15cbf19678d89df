"""Words for best interests, risk, placement and what happened."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.situation import PlacementKind, Solution
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "safe_placement": DueWords(
        _("Find a safe place for the child"), _("not safe where it is now"), "placement", _("Record")
    ),
    "leave_detention": DueWords(
        _("Get the child out of detention"), _("no child is detained"), "placement", _("Record")
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "placement.recorded": _("recorded where the child is"),
    "account.recorded": _("recorded what happened"),
    "best_interests.saved": _("worked on the best-interests assessment"),
    "best_interests.finished": _("finished the best-interests assessment"),
}
NOTICES: Mapping[str, StrPromise] = {
    "placement.detention": _("A child is in detention."),
    "overdue.safe_placement": _("A child still has no safe place."),
    "overdue.leave_detention": _("A child is still in detention."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "placement_kind": {kind.value: kind.label for kind in PlacementKind},
    "recommendation": {solution.value: solution.label for solution in Solution},
}
