"""The short report of a visit after the return, made to be filled in on a telephone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.forms.care import yes_or_no
from repatriation.models.choices import Occupation, Sign
from repatriation.services.reporting import VisitReport


class VisitForm(FileForm):
    done_on = day_field(label=_("Day of the visit"))
    seen_alone = yes_or_no(_("Yes"), _("No"), label=_("Did you speak with the child alone?"))
    safe = yes_or_no(_("Yes"), _("No"), label=_("Is the child safe there?"))
    occupation = radio(Occupation.choices, label=_("Where is the child by day?"))
    signs = forms.MultipleChoiceField(
        label=_("Signs of trafficking"),
        choices=Sign.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick what you saw or heard. Each sign raises the alert at once, in both countries."),
    )
    child_words = WordsField(label=_("What the child says, in its own words"), rows=3, required=False)
    words = WordsField(label=_("What else the case worker should know"), rows=3, required=False)
    both_meant = forms.BooleanField(
        label=_("Both are meant: the child is safe there, and there are these signs"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._contradicts():
            del self.fields["both_meant"]

    def _contradicts(self) -> bool:
        """Asked only of whoever said both."""
        safe, signs = (self[name].data for name in ("safe", "signs"))
        return self.is_bound and safe == "yes" and bool(signs)

    @property
    def report(self) -> VisitReport:
        said: dict[str, Any] = dict(self.cleaned_data)
        return VisitReport(
            done_on=said["done_on"],
            seen_alone=said["seen_alone"],
            safe=said["safe"],
            occupation=Occupation(said["occupation"]),
            signs=[Sign(code) for code in said["signs"]],
            child_words=said["child_words"],
            words=said["words"],
            both_meant=said.get("both_meant", False),
        )
