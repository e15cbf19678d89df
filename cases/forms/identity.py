"""Who the child is."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.forms.meanwhile import EditForm
from accounts.widgets import Several
from cases.forms.base import EARLIEST_BIRTH, NAME, FileForm, NameField, WordsField, day_field, radio
from cases.models.choices import (
    BirthCertainty,
    Gender,
    IdKind,
    NameKind,
    Presumption,
    Verdict,
)
from cases.services.identity import Identity


class IdentityForm(EditForm):
    TOGETHER = (
        (_("Birth date"), ("birth_certainty", "birth_date")),
        (_("Reasons to believe that this is a child"), ("presumed_because", "presumption_note")),
    )

    known_as = NameField(label=_("Name the child wants to be called"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=Gender.choices)
    birth_certainty = radio(BirthCertainty.choices, label=_("How sure is the birth date?"))
    birth_date = day_field(
        label=_("Birth date"),
        required=False,
        help_text=_("When only the year is known, enter 1 January of that year."),
    )
    presumed_because = forms.ChoiceField(
        label=_("Reasons to believe that this is a child"),
        choices=[("", _("None recorded")), *Presumption.choices],
        required=False,
        help_text=_("When the age is uncertain and there are reasons, the person is treated as a child."),
    )
    presumption_note = WordsField(label=_("What the reasons are"), required=False, rows=2)
    citizenships = forms.MultipleChoiceField(label=_("Citizenships"), required=False, widget=Several)
    languages = forms.CharField(label=_("Languages"), max_length=NAME, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["citizenships"].choices = country_choices()  # type: ignore[attr-defined]

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > self._today:
            raise ValidationError(_("The birth date cannot be in the future."))
        if born and born < EARLIEST_BIRTH:
            raise ValidationError(_("The birth date cannot be before 1900."))
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        certainty, born = data.get("birth_certainty"), data.get("birth_date")
        if certainty == BirthCertainty.YEAR and born:
            data["birth_date"] = born.replace(month=1, day=1)
        if certainty == BirthCertainty.UNKNOWN and born:
            self.add_error("birth_date", _("Leave the date empty, or say how sure it is."))
        if certainty and certainty != BirthCertainty.UNKNOWN and not born and "birth_date" not in self.errors:
            self.add_error("birth_date", _("Enter the birth date, or choose “Unknown” above."))
        return data

    def identity(self) -> Identity:
        return Identity(**self.cleaned_data)


class PersonNameForm(FileForm):
    kind = forms.ChoiceField(label=_("Kind of name"), choices=NameKind.choices)
    given = NameField(label=_("Given names"), required=False)
    family = NameField(label=_("Family name"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Stands on one page with the form for document numbers, which has a kind too.
        super().__init__(*args, **{"auto_id": "id_name_%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("given") and not data.get("family"):
            raise ValidationError(_("Enter a given name, a family name, or both."))
        return data


class IdNumberForm(FileForm):
    kind = forms.ChoiceField(label=_("Document"), choices=IdKind.choices)
    country = forms.ChoiceField(label=_("Issued by"), required=False)
    number = NameField(label=_("Number"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not known")), *country_choices()]  # type: ignore[attr-defined]


class CandidateForm(FileForm):
    verdict = radio(
        [(v.value, v.label) for v in (Verdict.DIFFERENT, Verdict.SAME)], label=_("Is it the same child?")
    )
    note = WordsField(label=_("How you know"), required=False, rows=2)
