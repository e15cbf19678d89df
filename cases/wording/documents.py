"""Words for documents."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.documents import DocumentKind
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "tell_police_about_file": DueWords(
        _("Tell the police about a file that shows abuse"),
        _("reported in this case, at once"),
        "documents",
        _("Open"),
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "document.added": _("added a document"),
    "document.removed": _("removed a document"),
    "document.quarantined": _("reported a document as showing abuse"),
    "document.police_told": _("recorded that the police know about a document"),
}
NOTICES: Mapping[str, StrPromise] = {
    "document.quarantined": _(
        "A file was reported as showing abuse. Nobody can open it; the police must be told."
    ),
    "overdue.tell_police_about_file": _("The police have not been told about a file that shows abuse."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {"document_kind": dict(DocumentKind.choices)}
