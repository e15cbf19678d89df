"""What the two who meet at a handover say and sign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.meanwhile import EditForm
from accounts.forms.proving import ProvingForm
from cases.forms.base import FileForm, WordsField, radio
from cases.forms.care import yes_or_no
from repatriation.models.choices import SeenPaper


class MatchForm(FileForm):
    # Not `matches`: a form’s own function of that name would be hidden from scripts and readers of the screen.
    is_named = yes_or_no(
        _("Yes, it is the one named"),
        _("No, it is somebody else"),
        label=_("Do the papers of whoever stands here name the same person?"),
    )
    paper = radio(
        SeenPaper.choices,
        label=_("Which document have you looked at?"),
        required=False,
        help_text=_("Its kind is kept, its number is not."),
    )


class TickForm(FileForm):
    place = forms.IntegerField(min_value=1, max_value=1000, widget=forms.HiddenInput)
    there = forms.TypedChoiceField(
        choices=[("yes", _("There")), ("no", _("Not there"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.HiddenInput,
    )


class RemarksForm(EditForm):
    words = WordsField(
        label=_("Remarks"),
        rows=3,
        required=False,
        help_text=_("What is not on the list: how the child is, what it said, what is missing and why."),
    )


class SignForm(ProvingForm, FileForm):
    """The password alone; for what is signed stands above it."""
