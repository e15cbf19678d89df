"""What the registers of the tracks ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.meanwhile import EditForm
from cases.forms.base import FileForm, NameField, WordsField, day_field, radio
from cases.models.choices import GivenBy
from cases.models.registers import WITH_PURPOSE, ExaminationKind, HealthRecordKind, NeedDomain
from cases.services.registers import Held

LONGEST_SUPPLY = 366


def yes_or_no(yes: Any, no: Any, **options: Any) -> forms.TypedChoiceField:
    """A question whose “no” is an answer too, so that nothing is chosen beforehand."""
    return forms.TypedChoiceField(
        choices=[("yes", yes), ("no", no)],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        **options,
    )


class InterviewForm(FileForm):
    held_on = day_field(label=_("Day"))
    authority = NameField(label=_("Authority that asked"))
    interviewer = NameField(label=_("Interviewer"))
    interviewer_trained = yes_or_no(
        _("Yes"), _("No"), label=_("Is the interviewer trained to interview children?")
    )
    interpreter = NameField(label=_("Interpreter"), help_text=_("“None needed” is an answer too."))
    accompanied_by = NameField(
        label=_("Adult at the child’s side"),
        help_text=_("The representative, or a person the child chose. If nobody was there, say why."),
    )
    recorded_on_video = forms.BooleanField(
        label=_("Recorded on video, so that the child need not tell it again"), required=False
    )
    note = WordsField(label=_("What else matters about it"), required=False, rows=3)

    def entered(self) -> dict[str, Any]:
        return {"held": Held(**self.cleaned_data)}


class TestimonyForm(EditForm):
    arranged = yes_or_no(
        _("Arranged: by video, in writing, or it was taken already"),
        _("Not arranged"),
        label=_("Can the child testify without being here?"),
    )


class ExaminationForm(FileForm):
    kind = radio(ExaminationKind.choices, label=_("Kind of examination"))
    held_on = day_field(label=_("Day"))
    consent_by = radio(
        GivenBy.choices,
        label=_("Who gave informed consent to this examination?"),
        help_text=_("Asked for each examination anew."),
    )
    child_assents = forms.BooleanField(
        label=_("The child itself agrees"),
        required=False,
        help_text=_("Leave it empty only for a child too young or too ill to be asked."),
    )
    purpose = WordsField(
        label=_("Purpose that was explained"),
        required=False,
        rows=2,
        help_text=_("Always for a forensic examination and for an age assessment."),
    )
    findings = WordsField(label=_("Findings"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") in WITH_PURPOSE and not data.get("purpose") and "purpose" not in self.errors:
            self.add_error("purpose", _("Name the purpose that was explained when consent was asked."))
        return data

    def entered(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {"kind": ExaminationKind(data["kind"]), "consent_by": GivenBy(data["consent_by"])}


class HealthRecordForm(FileForm):
    kind = radio(HealthRecordKind.choices, label=_("What is written down?"))
    words = WordsField(
        label=_("In words"), rows=6, help_text=_("“None” is an answer too, for example for medication.")
    )

    def entered(self) -> dict[str, Any]:
        return {"kind": HealthRecordKind(self.cleaned_data["kind"]), "words": self.cleaned_data["words"]}


class FitnessForm(FileForm):
    is_fit = yes_or_no(_("Fit to travel"), _("Not fit to travel"), label=_("Is the child fit to travel?"))
    certified_on = day_field(label=_("Day of the certificate"))
    supply_days = forms.IntegerField(
        label=_("Medication for how many days goes along"),
        min_value=0,
        max_value=LONGEST_SUPPLY,
        help_text=_("0 when the child takes none."),
    )
    conditions = WordsField(
        label=_("Conditions of the journey"),
        required=False,
        rows=3,
        help_text=_("For example pauses, a wheelchair, somebody who knows what to do."),
    )

    def entered(self) -> dict[str, Any]:
        return self.cleaned_data


class NeedForm(FileForm):
    domain = radio(NeedDomain.choices, label=_("Part of life"))
    words = WordsField(label=_("What the child needs there"), rows=5)

    def entered(self) -> dict[str, Any]:
        return {"domain": NeedDomain(self.cleaned_data["domain"]), "words": self.cleaned_data["words"]}
