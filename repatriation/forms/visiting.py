"""What the partner abroad writes: the home study, question by question, and safety there, factor by factor."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.forms.base import FileForm, WordsField, ask_plainly, day_field, radio
from repatriation.models.choices import Likelihood, RiskFactor, Suitability
from repatriation.services.inputs import NOT_KNOWN, Known
from repatriation.services.studies import Visited
from repatriation.study import PARTS, SUPPORT, Question, Seen, questions

Group = tuple[StrPromise | str, list[forms.BoundField]]


def _asked(question: Question) -> forms.Field:
    if question.in_words:
        return WordsField(label=question.label, required=question.required, rows=2)
    return radio(Seen.choices, label=question.label, required=question.required)


class StudyForm(FileForm):
    """Made of `repatriation.study`, part by part."""

    visited_on = day_field(label=_("When were you there?"))
    conclusion = radio(Suitability.choices, label=_("Is this place suitable for the child?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in questions():
            self.fields[each.code] = _asked(each)
            ask_plainly(self.fields[each.code])
        self.order_fields(["visited_on", *(each.code for each in questions())])

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("conclusion") == Suitability.WITH_SUPPORT and not data.get(SUPPORT):
            self.add_error(SUPPORT, _("Say what help is needed: only with it is this place suitable."))
        return data

    def groups(self) -> Iterator[Group]:
        for part in PARTS:
            yield part.label, [self[each.code] for each in part.questions]

    def visited(self) -> Visited:
        data = self.cleaned_data
        return Visited(
            visited_on=data["visited_on"],
            answers={each.code: data[each.code] for each in questions()},
            conclusion=data["conclusion"],
        )


class InputForm(FileForm):
    """Two answers to each factor; whoever knows nothing says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in RiskFactor.values:
            likely = radio([*Likelihood.choices, (NOT_KNOWN, _("Not known to us"))], label=_("How likely?"))
            sources = WordsField(label=_("What is known, and from whom"), required=False, rows=2)
            likely.error_messages["required"] = _("Choose an answer.")
            self.fields[f"{code}_likelihood"], self.fields[f"{code}_sources"] = likely, sources

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        for code in RiskFactor.values:
            likely = data.get(f"{code}_likelihood")
            if likely not in (None, "", NOT_KNOWN) and not data.get(f"{code}_sources"):
                self.add_error(f"{code}_sources", _("Say what is known, and from whom."))
        return data

    def groups(self) -> Iterator[Group]:
        for factor in RiskFactor:
            yield factor.label, [self[f"{factor.value}_likelihood"], self[f"{factor.value}_sources"]]

    def known(self) -> dict[str, Known]:
        data = self.cleaned_data
        return {
            code: Known(data[f"{code}_likelihood"], data[f"{code}_sources"]) for code in RiskFactor.values
        }
