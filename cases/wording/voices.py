"""Words for notes, and what the child itself says."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Section
from cases.models.notes import VoiceKind
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "answer_child": DueWords(
        _("Answer the child"), _("it asked or complained"), "voices", _("Answer the child")
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "note.written": _("wrote a note"),
    "note.corrected": _("corrected a note"),
    "voice.recorded": _("recorded what the child asks for"),
    "voice.answered": _("answered the child"),
}
NOTICES: Mapping[str, StrPromise] = {
    "voice.complaint": _("A child has complained."),
    "overdue.answer_child": _("An answer to a child is overdue."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "label": dict(Section.choices),
    "voice": dict(VoiceKind.choices),
}
