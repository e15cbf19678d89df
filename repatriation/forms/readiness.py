"""What the child says to the journey, and the wish not to wait."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models.plan import Means
from repatriation.models.choices import AssentKind
from repatriation.services.readiness import Waiver


class AssentForm(FileForm):
    kind = radio(AssentKind.choices, label=_("What the child says to this journey"))
    given_on = day_field(label=_("Day"))
    means = forms.ChoiceField(label=_("How it was asked"), choices=Means.choices)
    words = WordsField(
        label=_("In its own words"),
        rows=3,
        help_text=_("For a child too young: what was observed, and by whom."),
    )


class WaiverForm(FileForm):
    child_wishes = forms.BooleanField(
        label=_("The child itself wishes to go before the reflection period ends."), required=False
    )
    representative_agrees = forms.BooleanField(
        label=_("The child’s representative agrees, and has spoken with it."), required=False
    )
    said_on = day_field(label=_("Day"))
    words = WordsField(label=_("How both said so"), rows=3)

    @property
    def waiver(self) -> Waiver:
        return Waiver(**self.cleaned_data)
