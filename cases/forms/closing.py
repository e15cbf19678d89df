"""The end of a case, and what leads to it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.forms.proving import FactorForm
from accounts.models import Agency, AgencyKind
from cases.forms.base import LONG_TEXT, FileForm, SeenField, WordsField, day_field, radio, visible_words
from cases.models import Document
from cases.models.case import written_code
from cases.models.choices import GivenBy
from cases.models.erasure import ErasureGround


class ClosureForm(FileForm):
    summary = WordsField(
        label=_("Summary"),
        rows=8,
        help_text=_(
            "What was done, how the child is now, who stays in touch, and where it can ask for help."
        ),
    )
    child_informed_on = day_field(label=_("Child informed on"))
    guardian_informed_on = day_field(label=_("Guardian or parent informed on"), required=False)
    no_guardian_because = WordsField(
        label=_("Or why there is none to inform"),
        required=False,
        rows=2,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        informed, nobody = data.get("guardian_informed_on"), data.get("no_guardian_because")
        if "guardian_informed_on" not in self.errors and bool(informed) == bool(nobody):
            self.add_error(
                "guardian_informed_on",
                _("Enter the day, or say why there is no guardian to inform; not both."),
            )
        return data


class SolutionForm(FileForm):
    reason = WordsField(
        label=_("Why no durable solution is required"),
        help_text=_("What shows that the child lives safely with its family, and will."),
    )


class DocumentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Documents by their sealed titles."""

    def label_from_instance(self, row: Document) -> str:
        return f"{row.title} · {row.get_kind_display()}"


class OutsideForm(FileForm):
    agency = forms.ModelChoiceField(
        Agency.objects.filter(kind=AgencyKind.OUTSIDE, is_active=True).order_by("name"),
        label=_("Agency outside this installation"),
        empty_label=_("Choose an agency"),
    )
    accepted_on = day_field(label=_("Accepted on"))
    contact = SeenField(
        label=_("Who answers there"),
        max_length=LONG_TEXT,
        help_text=_("Name, telephone, and when the person can be reached."),
    )
    document = DocumentChoice(
        Document.objects.none(),
        label=_("Document that shows it"),
        empty_label=_("Choose a document"),
        help_text=_("One of the documents in this file."),
    )

    def __init__(self, *args: Any, documents: "QuerySet[Document]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]


class ComingOfAgeForm(FileForm):
    consent = WordsField(
        label=_("Consent"),
        rows=3,
        help_text=_("Which answers the young person gives again in its own name, and which it takes back."),
    )
    representation = WordsField(
        label=_("Guardian or representative"),
        rows=3,
        help_text=_("When it ends, who has told the authority, and whom the young person trusts instead."),
    )
    transition = WordsField(
        label=_("Transition to adulthood"),
        rows=5,
        help_text=_("Where to live, school or work, income, health, papers, and who goes on helping."),
    )


class WithdrawForm(FileForm):
    given_by = radio(GivenBy.choices, label=_("Who withdraws it?"))
    given_on = day_field(label=_("Day"))
    explained = WordsField(
        label=_("What was said"),
        required=False,
        rows=3,
        help_text=_("Help never depends on this answer. Say so, and write down what the child says."),
    )


class DecideWithdrawalForm(FileForm):
    reason = WordsField(
        label=_("How help goes on without it"),
        rows=3,
        help_text=_("On which legal basis the file is kept and help goes on, or that it ends."),
    )


class DangerForm(FileForm):
    danger_in = forms.ChoiceField(label=_("Country in which the child is believed to be in danger"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["danger_in"].choices = [("", _("Choose a country")), *country_choices()]  # type: ignore[attr-defined]


class ToldForm(FileForm):
    words = WordsField(
        label=_("Who was told, when and how"),
        rows=3,
        help_text=_("Only what is needed to find and protect the child."),
    )


class ErasureForm(FileForm):
    ground = radio(ErasureGround.choices, label=_("Why is the file erased?"))
    reason = WordsField(
        label=_("On what this rests"),
        rows=3,
        help_text=_(
            "Who asked and how you know who it is, or by which rule the time is over. Whoever confirms reads this, "
            "the data-protection officer too: name no child."
        ),
    )


class ConfirmErasureForm(FactorForm, FileForm):
    """The second of two says which file it is, and who sits there; each time, for nothing brings it back."""

    # Not `code`: that is what a second factor shows.
    case_code = forms.CharField(
        label=_("Code of the file that is erased"),
        help_text=_("Type it as it stands above."),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._code = code

    def clean_case_code(self) -> str:
        typed = written_code(visible_words(self.cleaned_data["case_code"]))
        if typed != self._code:
            raise forms.ValidationError(_("This is not the code of this file. Nothing was erased."))
        return typed


class HoldForm(FileForm):
    why = WordsField(
        label=_("Why the file must be kept"),
        rows=3,
        help_text=_(
            "Which court, prosecutor or complaint needs it, and its reference. The data-protection officer reads "
            "this too: name no child."
        ),
    )
    until = day_field(
        label=_("Last day"), required=False, help_text=_("Leave it empty where nobody knows yet.")
    )


class LiftForm(FileForm):
    because = WordsField(
        label=_("Why it is over"), rows=2, help_text=_("Who said so, when, and under which reference.")
    )
