"""Opening a file in an emergency, and saying afterwards whether it was one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import visible_words
from accounts.forms.proving import SittingForm
from cases.forms.base import FileForm, WordsField, radio
from cases.models.case import written_code
from cases.models.emergency import EmergencyVerdict


class EmergencyForm(SittingForm, FileForm):
    """Whoever leaves a screen open must not leave every file of the country open with it."""

    # Not `code`: that is what a second factor shows, and what is sent twice is told apart without it.
    case_code = forms.CharField(
        label=_("Code of the file"),
        help_text=_("All of it, as it was told to you, for example K74-2QX."),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    reason = WordsField(
        label=_("Why it cannot wait"),
        help_text=_("At least 20 characters. Whoever reviews it reads this. Do not name the child."),
        rows=3,
    )
    field_order = ("case_code", "reason", "password", "passkey")

    def clean_case_code(self) -> str:
        return written_code(visible_words(self.cleaned_data["case_code"]))


class EmergencyReviewForm(FileForm):
    verdict = radio(EmergencyVerdict.choices, label=_("Was it an emergency?"))
    note = WordsField(
        label=_("What you found"),
        help_text=_("At least 20 characters. Whoever opened it sees your verdict, and not these words."),
        rows=4,
    )
