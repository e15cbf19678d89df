"""Consent, and risk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models.choices import (
    Answer,
    GivenBy,
    Purpose,
    Risk,
    Safety,
)


class ConsentForm(FileForm):
    purpose = radio(Purpose.choices, label=_("What was asked?"))
    recipient = forms.ModelChoiceField(
        Agency.objects.filter(is_active=True).order_by("name"),
        label=_("Recipient"),
        required=False,
        empty_label=_("No recipient"),
        help_text=_("Only for sharing data: the one agency that the answer is about."),
    )
    # An answer is withdrawn on a page of its own, which shows what follows from it.
    answer = radio(
        [(answer.value, answer.label) for answer in Answer if answer != Answer.WITHDRAWN], label=_("Answer")
    )
    given_by = radio(GivenBy.choices, label=_("Who answered?"))
    given_on = day_field(label=_("Day"))
    explained = WordsField(
        label=_("How it was explained"),
        required=False,
        rows=3,
        help_text=_("Language, interpreter, words the child used. The answer can be withdrawn at any time."),
    )


class RiskForm(FileForm):
    level = radio(Risk.choices, label=_("Risk"))
    safety = radio(Safety.choices, label=_("Is the child safe where it is now?"))
    child_seen = forms.BooleanField(label=_("I have seen or spoken with the child"), required=False)
    note = WordsField(label=_("What this rests on, and the measures taken"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("safety") in (Safety.WITH_MEASURES, Safety.NOT_SAFE) and not data.get("note"):
            self.add_error("note", _("Describe the danger and the measures."))
        return data
