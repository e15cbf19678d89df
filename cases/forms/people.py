"""People around the child, and links between files."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.countries import choices as country_choices
from accounts.forms.meanwhile import EditForm
from accounts.models import Agency
from accounts.widgets import TelephoneInput
from cases.forms.base import NAME, FileForm, NameField, WordsField, radio
from cases.models import Person
from cases.models.people import Conflict, Contact, LinkKind, PersonRole, section_of
from cases.services.people import Particulars

LONGEST_TELEPHONE = 60


class PersonForm(EditForm):
    """`sections` are those that the writer may fill: with nobody who is suspected, or with nobody else."""

    role = forms.ChoiceField(label=_("Who is this to the child?"))
    name = NameField(
        label=_("Name"), help_text=_("If it is not known: the name by which the child speaks of this person.")
    )
    contact = radio(Contact.choices, label=_("May this person be spoken to about the child?"))
    conflict = forms.ChoiceField(
        label=_("Conflict of interest"),
        choices=Conflict.choices,
        initial=Conflict.NONE,
        help_text=_("Whoever has a conflict of interest neither speaks nor translates for the child."),
    )
    telephone = forms.CharField(
        label=_("Telephone"), max_length=LONGEST_TELEPHONE, required=False, widget=TelephoneInput
    )
    languages = forms.CharField(label=_("Languages"), max_length=NAME, required=False)
    country = forms.ChoiceField(label=_("Country where the person lives"), required=False)
    address = WordsField(label=_("Address"), required=False, rows=2)
    agency = forms.ModelChoiceField(
        Agency.objects.filter(is_active=True).order_by("name"),
        label=_("Works for"),
        required=False,
        empty_label=_("No agency"),
    )
    note = WordsField(label=_("Note"), required=False, rows=3)

    def __init__(
        self, *args: Any, sections: Iterable[Section], row: Person | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, row=row, **kwargs)
        held = frozenset(sections)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose an answer")),
            *((role.value, role.label) for role in PersonRole if section_of(role) in held),
        ]
        self.fields["country"].choices = [("", _("Not known")), *country_choices()]  # type: ignore[attr-defined]

    def told(self) -> Particulars:
        return Particulars(**self.cleaned_data)


class LinkForm(FileForm):
    code = forms.CharField(
        label=_("Code of the other file"),
        max_length=7,
        help_text=_("One that you can see. A link does not open it to anybody."),
    )
    kind = radio(LinkKind.choices, label=_("What the two have to do with each other"))

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()
