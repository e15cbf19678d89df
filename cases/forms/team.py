"""Who works on a case, and who else may see it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.models import Agency, User
from cases.forms.base import FileForm, WordsField, day_field


class AssignForm(FileForm):
    worker = forms.ModelChoiceField(
        User.objects.none(), label=_("Case worker"), empty_label=_("Choose a case worker")
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workers = User.objects.filter(agency=agency, role="case_worker", is_active=True).order_by("name")
        self.fields["worker"].queryset = workers  # type: ignore[attr-defined]


class GrantForm(FileForm):
    account = forms.CharField(label=_("Account name"), max_length=150)
    sections = forms.MultipleChoiceField(
        label=_("Sections"), choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    may_write = forms.BooleanField(label=_("May also write in these sections"), required=False)
    until = day_field(label=_("Until the end of"))
    reason = WordsField(label=_("Why"), rows=2)

    def clean_account(self) -> User:
        account = User.objects.filter(username=self.cleaned_data["account"].lower(), is_active=True).first()
        if account is None:
            raise ValidationError(_("There is no such account."))
        return account
