"""The risk and security assessment. To finish it every answer is needed; to keep the draft none is."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.meanwhile import EditForm
from cases.forms.base import WordsField, radio
from repatriation.forms.finding import other_countries
from repatriation.models import SecurityAssessment
from repatriation.models.choices import Conclusion, Likelihood, RiskFactor
from repatriation.services.assessing import TO_BE_MET, Assessed, Weighed

ASKED = ("likelihood", "sources", "mitigation")


class AssessmentForm(EditForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    country = forms.ChoiceField(label=_("For which country?"))
    conclusion = radio(Conclusion.choices, label=_("Conclusion"), required=False)
    refoulement = forms.BooleanField(
        label=_("There is a serious danger that no measure takes away"),
        required=False,
        help_text=_("Then nobody may return the child there, whatever anybody decides (GC6 ¶84)."),
    )
    reasons = WordsField(label=_("How the conclusion follows"), required=False, rows=5)
    not_sought = WordsField(
        label=_("If the other country was not asked: why"),
        required=False,
        rows=2,
        help_text=_("Without its input nobody can decide on a return."),
    )

    def __init__(self, *args: Any, draft: SecurityAssessment, finishing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, row=draft, initial=_stored(draft), **kwargs)
        self.draft, self.finishing = draft, finishing
        for code in RiskFactor.values:
            self.fields |= _fields(code)
        names = [f"{code}_{name}" for code in RiskFactor.values for name in ASKED]
        self.order_fields(["version", "country", *names])
        cast(forms.ChoiceField, self.fields["country"]).choices = other_countries(draft.case)
        if finishing:
            self._ask_for_all()

    def _ask_for_all(self) -> None:
        required = {
            "conclusion": _("Choose what you conclude."),
            "reasons": _("Say how the conclusion follows."),
        }
        for code in RiskFactor.values:
            required[f"{code}_likelihood"] = _("Choose how likely it is.")
            required[f"{code}_sources"] = _("Say what shows it, and who says so.")
        for name, sentence in required.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if not self.finishing:
            return data
        for code in RiskFactor.values:
            if data.get(f"{code}_likelihood") in TO_BE_MET and not data.get(f"{code}_mitigation"):
                self.add_error(
                    f"{code}_mitigation", _("Say what is done against it, or that nothing can be done.")
                )
        return data

    def groups(self) -> Iterator[tuple[str, Any, list[forms.BoundField]]]:
        for factor in RiskFactor:
            yield factor.value, factor.label, [self[f"{factor.value}_{name}"] for name in ASKED]

    def assessed(self) -> Assessed:
        data = self.cleaned_data
        return Assessed(
            version=data["version"],
            seen=self.seen_state,
            country=data["country"],
            factors={
                code: Weighed(*(data[f"{code}_{name}"] for name in ASKED)) for code in RiskFactor.values
            },
            conclusion=data["conclusion"],
            refoulement=data["refoulement"],
            reasons=data["reasons"],
            not_sought=data["not_sought"],
        )


def _fields(code: str) -> dict[str, forms.Field]:
    return {
        f"{code}_likelihood": radio(Likelihood.choices, label=_("How likely?"), required=False),
        f"{code}_sources": WordsField(label=_("What shows it, and who says so"), required=False, rows=2),
        f"{code}_mitigation": WordsField(label=_("What is done against it"), required=False, rows=2),
    }


def _stored(draft: SecurityAssessment) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "version": draft.version,
        "country": draft.country,
        "conclusion": draft.conclusion,
        "refoulement": draft.refoulement,
        "reasons": draft.reasons,
        "not_sought": draft.not_sought,
    }
    for row in draft.factors or []:
        stored |= {f"{row['factor']}_{name}": row.get(name, "") for name in ASKED}
    return stored
