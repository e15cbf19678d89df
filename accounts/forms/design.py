"""One field of every kind, for the page that shows them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import NameField, PlainForm, radio
from accounts.widgets import DayParts, Several, WeekHours

_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class EveryField(PlainForm):
    name = NameField(label=_("Name"), help_text=_("What stands under a label says what we need, and why."))
    words = forms.CharField(label=_("Words"), widget=forms.Textarea)
    number = forms.IntegerField(label=_("Number"), min_value=0, required=False)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    language = forms.ChoiceField(label=_("Language"), choices=[("", "–"), *settings.LANGUAGES])
    answer = radio(_YES_NO, label=_("Answer"))
    several = forms.MultipleChoiceField(
        label=_("Several answers"), choices=_YES_NO, widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label=_("Asked, and understood"))
    day = forms.DateField(label=_("Day"), widget=DayParts)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=Several, required=False
    )
    file = forms.FileField(label=_("File"))
    hours = forms.Field(label=_("Opening hours"), widget=WeekHours, required=False)

    def __init__(self, *args: Any, closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.disabled = closed
