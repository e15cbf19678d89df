"""What a step asks for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.forms.meanwhile import EditForm
from accounts.models import User
from cases.forms.base import LONG_TEXT, FileForm, WordsField, ask_plainly, day_field, radio
from cases.guards.lifecycle import ends_open_to
from cases.models import Case, Document, Person
from cases.models.choices import CaseState
from cases.models.people import REPRESENTS
from cases.permissions import may_be_named, sections
from workflow.machine import CODE, COUNTRY, DAY, YES, Edge, Field, Refused


class StepForm(FileForm):
    """The entries that one edge asks for, read from its table: of the lifecycle, or of a track of care."""

    def __init__(self, *args: Any, edge: Edge, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._case, self._user, self._edge = case, user, edge
        for asked in edge.inputs:
            self.fields[asked.name] = self._field(asked)
            ask_plainly(self.fields[asked.name])

    def _field(self, asked: Field) -> forms.Field:
        options: dict[str, Any] = {
            "label": asked.label,
            "required": asked.required,
            "help_text": asked.hint,
        }
        if asked.kind == CODE:
            return radio(asked.choices, **options)
        if asked.kind == YES:
            return forms.BooleanField(**options)
        if asked.kind == DAY:
            return day_field(**options)
        if asked.kind == COUNTRY:
            return forms.ChoiceField(choices=[("", _("Choose a country")), *country_choices()], **options)
        if asked.kind == "case":
            return forms.CharField(max_length=7, **options)
        if asked.kind == "worker":
            return forms.ModelChoiceField(
                may_be_named(self._user), empty_label=_("Choose a case worker"), **options
            )
        if asked.kind in ("person", "document"):
            return _RowField(self._rows(asked.kind), **options)
        longest = asked.max_length or LONG_TEXT
        return WordsField(rows=3, min_length=asked.min_length or None, max_length=longest, **options)

    def _rows(self, kind: str) -> "QuerySet[Person] | QuerySet[Document]":
        """Of this file, and only what this person may read."""
        held = sections(self._user, self._case)
        if kind == "person":
            # Who represents the child is a part of legal protection, whose step asks; nobody else is named here.
            return self._case.people.filter(removed_at__isnull=True, role__in=REPRESENTS)
        readable = [section.value for section in held]
        return self._case.documents.filter(
            section__in=readable, removed_at__isnull=True, quarantined_at__isnull=True
        )

    def clean_surviving_case(self) -> Case:
        """Named by its code, among the files that this person can see."""
        code = self.cleaned_data["surviving_case"].strip().upper()
        others = Case.objects.visible_to(self._user).exclude(pk=self._case.pk)
        found = others.exclude(state=CaseState.DUPLICATE).filter(code=code).first()
        if found is None:
            raise ValidationError(_("No other file that you can see has this code."))
        return found

    def refuse_entries(self, refused: Refused) -> None:
        """What the step itself finds missing among the entries stands beside its field."""
        for failure in refused.failures:
            name = failure.code.removeprefix("entered_")
            if name != failure.code:
                self.add_error(name if name in self.fields else None, failure.sentence)

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason") or "")

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class _RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no such thing at runtime
    """A row of the file by its sealed name."""

    def label_from_instance(self, row: Any) -> str:
        if isinstance(row, Person):
            return f"{row.name} · {row.get_role_display()}"
        return f"{row.title} · {row.get_kind_display()}"


class OverrideForm(FileForm):
    reason = WordsField(
        label=_("Why this step may go on without it"),
        min_length=20,
        help_text=_("At least 20 characters. The data-protection officer is told."),
    )


class PoliceForm(EditForm):
    reference = WordsField(
        label=_("Police reference"),
        rows=2,
        help_text=_("Their number, or the station and who took the call."),
    )


class ProposeEndForm(FileForm):
    why = radio((), label=_("Why the case ends"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [(why.value, why.label) for why in ends_open_to(case)]  # type: ignore[attr-defined]
