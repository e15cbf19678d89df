"""Notes, and what the child itself says."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models.notes import VoiceKind


class NoteForm(FileForm):
    section = forms.ChoiceField(
        label=_("What it speaks of"),
        help_text=_("Who may read this part of the file, and notes, reads the note."),
    )
    words = WordsField(
        label=_("Note"), rows=8, help_text=_("A note cannot be changed. It can be corrected by another one.")
    )

    def __init__(self, *args: Any, labels: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(section.value, section.label) for section in labels]
        if len(choices) > 1:
            choices = [("", _("Choose a part of the file")), *choices]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        if not self.is_bound:
            # Who came to write writes: at once, where the part of the file is known.
            first = "words" if self.initial.get("section") else "section"
            self.fields[first].widget.attrs["autofocus"] = True


class VoiceForm(FileForm):
    kind = radio(VoiceKind.choices, label=_("What is it?"))
    words = WordsField(label=_("What the child says"), help_text=_("In its own words."))
    said_on = day_field(label=_("Day"))


class AnswerForm(FileForm):
    answer = WordsField(
        label=_("What the child was answered"), help_text=_("As it was said to the child, in words it knows.")
    )
    answered_on = day_field(label=_("Day"))
