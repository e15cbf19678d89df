"""Placement, what happened, and best interests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.forms.meanwhile import EditForm
from accounts.models import Agency
from accounts.widgets import Several, TelephoneInput
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.models import BestInterestsAssessment
from cases.models.situation import (
    FACTORS,
    Control,
    Exploitation,
    PlacementKind,
    Recruitment,
    Relationship,
    Solution,
)
from cases.services.account import PARTS, Account
from cases.services.best_interests import Argued
from cases.services.placement import Place

LONGEST_TELEPHONE = 60
SAFE = "yes"


class PlacementForm(FileForm):
    kind = radio(PlacementKind.choices, label=_("Where is the child?"))
    is_safe = radio(
        [(SAFE, _("Yes")), ("no", _("No, or it is not certain"))],
        label=_("Is the child safe there?"),
        help_text=_(
            "Detention is never a safe placement, whatever is chosen here (CRC 37(b)). When the answer is no, a "
            "safe place is due within 24 hours."
        ),
    )
    address = WordsField(
        label=_("Address"), rows=2, help_text=_("Only those who see the section on shelter can read it.")
    )
    telephone = forms.CharField(
        label=_("Telephone"), max_length=LONGEST_TELEPHONE, required=False, widget=TelephoneInput
    )
    provider = forms.ModelChoiceField(
        Agency.objects.filter(is_active=True).order_by("name"),
        label=_("Who cares for the child there"),
        required=False,
        empty_label=_("No agency"),
    )
    since = day_field(label=_("Since"))
    note = WordsField(label=_("Note"), required=False, rows=2)

    def place(self) -> Place:
        return Place(**(self.cleaned_data | {"is_safe": self.cleaned_data["is_safe"] == SAFE}))


def _boxes(choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **options
    )


class AccountForm(EditForm):
    exploitation = _boxes(Exploitation.choices, label=_("Kinds of exploitation"))
    recruitment = _boxes(Recruitment.choices, label=_("How the child was recruited"))
    control = _boxes(Control.choices, label=_("How the child was controlled"))
    relationship = forms.ChoiceField(
        label=_("Who the exploiter was to the child"),
        choices=[("", _("Not known")), *Relationship.choices],
        required=False,
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries where it happened"), required=False, widget=Several
    )
    words = WordsField(
        label=_("In the child’s words"),
        required=False,
        rows=8,
        help_text=_(
            "Only what the child says by itself; nobody is asked to tell it twice. Never describe images of abuse "
            "in detail."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].choices = country_choices()  # type: ignore[attr-defined]

    def account(self) -> Account:
        return Account(**{name: self.cleaned_data[name] for name in PARTS})


class BestInterestsForm(EditForm):
    """The draft. To finish it every answer is needed; to keep it none is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    recommendation = radio(Solution.choices, label=_("Recommendation"), required=False)
    conclusion = WordsField(
        label=_("Conclusion"),
        required=False,
        rows=5,
        help_text=_("How the factors were weighed against each other, and why this is best for this child."),
    )

    def __init__(
        self, *args: Any, draft: BestInterestsAssessment, finishing: bool = False, **kwargs: Any
    ) -> None:
        stored = {
            **(draft.factors or {}),
            "version": draft.version,
            "recommendation": draft.recommendation,
            "conclusion": draft.conclusion,
        }
        super().__init__(*args, row=draft, initial=stored, **kwargs)
        self.draft, self.finishing = draft, finishing
        for name, label in FACTORS:
            self.fields[name] = WordsField(label=label, required=False, rows=4)
        self.order_fields(["version", *(name for name, _label in FACTORS)])
        if not finishing:
            return
        for name in (*(name for name, _label in FACTORS), "recommendation", "conclusion"):
            self.fields[name].required = True
        for name, _label in FACTORS:
            self.fields[name].error_messages["required"] = _(
                "Argue this factor, or say why it cannot be argued yet."
            )

    def argued(self) -> Argued:
        data = self.cleaned_data
        return Argued(
            version=data["version"],
            seen=self.seen_state,
            factors={name: data[name] for name, _label in FACTORS},
            recommendation=data["recommendation"],
            conclusion=data["conclusion"],
        )
