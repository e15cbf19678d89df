"""Words for people around the child and links between files."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.people import Conflict, PersonRole
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "representative_conflict": DueWords(
        _("Report the representative’s conflict of interest"),
        _("a child needs somebody who speaks for it alone"),
        "legal",
        _("Report it"),
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "person.added": _("recorded a person"),
    "person.changed": _("changed what is known of a person"),
    "person.removed": _("took a person off the file"),
    "link.added": _("linked this file with another one"),
    "link.removed": _("ended a link with another file"),
}
NOTICES: Mapping[str, StrPromise] = {
    "overdue.representative_conflict": _("A representative’s conflict of interest waits to be reported."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail. The kind of a link is
# not among them: it is for those who may open the page of links.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "person_role": {role.value: role.label for role in PersonRole},
    "conflict": {conflict.value: conflict.label for conflict in Conflict if conflict != Conflict.NONE},
}
