"""What somebody types who reports a child."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import NAME, FileForm, NameField, WordsField, radio
from cases.models.choices import (
    Danger,
    Gender,
)
from cases.services.reports import Told


class ReportForm(FileForm):
    words = WordsField(
        label=_("What did you see or hear?"),
        help_text=_(
            "In your own words, or the child’s. Do not attach or describe images of abuse in detail."
        ),
    )
    place = WordsField(
        rows=2,
        label=_("Where is the child now, and how can we reach it?"),
        help_text=_("A place, a person, a telephone number. “Not known” is an answer too."),
    )
    danger = radio(Danger.choices, label=_("Is the child in danger right now?"))
    name = NameField(label=_("Name of the child"), required=False)
    age = forms.IntegerField(label=_("Age, or your guess"), min_value=0, max_value=25, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("Not known")), *Gender.choices], required=False
    )
    languages = forms.CharField(label=_("Languages the child speaks"), max_length=NAME, required=False)
    reporter = forms.CharField(
        label=_("Who can we call back?"),
        max_length=NAME,
        required=False,
        help_text=_("Only if the person who told you agrees."),
    )

    optional = ("name", "age", "gender", "languages", "reporter")

    def told(self) -> Told:
        data = self.cleaned_data
        details = {name: str(data[name]) for name in self.optional if data.get(name) not in (None, "")}
        return Told(words=data["words"], place=data["place"], danger=data["danger"], details=details)
