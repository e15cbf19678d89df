"""The question, its end, and contact with a country."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from cases.forms.base import FileForm, WordsField, radio
from cases.models import Case
from repatriation.models.choices import EndReason


def _other_countries(case: Case) -> list[tuple[str, Any]]:
    known = [each for each in country_choices() if each[0] != case.agency.country.code]
    return [("", _("Choose a country")), *known]


class ConsiderForm(FileForm):
    country = forms.ChoiceField(
        label=_("Where might the child go?"),
        help_text=_("Usually where it comes from. Nobody there learns of it yet."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _other_countries(case)  # type: ignore[attr-defined]


class ClearForm(FileForm):
    country = forms.ChoiceField(label=_("Which country?"))
    reason = WordsField(
        label=_("Why contact is safe"),
        rows=3,
        min_length=20,
        help_text=_("At least 20 characters: what speaks for it, and who was asked."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _other_countries(case)  # type: ignore[attr-defined]


class RevokeForm(FileForm):
    reason = WordsField(label=_("Why contact is not safe any more"), rows=3)


class EndReturnForm(FileForm):
    why = radio(
        [each for each in EndReason.choices if each[0] != EndReason.CASE], label=_("Why the return ends")
    )
