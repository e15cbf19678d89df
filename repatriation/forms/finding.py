"""What is found out: the child's wish, the family, who has a part abroad, who would care, and what was agreed."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.countries import choices as country_choices
from accounts.errors import Invalid
from accounts.forms.meanwhile import EditForm
from accounts.models import Agency
from cases.forms.base import FileForm, WordsField, day_field, radio
from cases.forms.documents import ADMITTED, taken_in
from cases.models import Case, Document, Person
from cases.models.plan import Means
from cases.services.incoming import SentFile
from referrals.models import Referral
from repatriation.models import Return
from repatriation.models.choices import Desire, Evidence
from repatriation.models.finding import is_implicated
from repatriation.services.care import TAKE_IN, Care
from repatriation.services.families import Shown, people_around
from repatriation.services.partners import in_question, possible_partners
from repatriation.services.wishes import Heard

YES, NO = "yes", "no"
PERSON, AGENCY = "person", "agency"


def other_countries(case: Case) -> list[tuple[str, str]]:
    return [each for each in country_choices() if each[0] != case.agency.country.code]


class WishForm(FileForm):
    heard_on = day_field(label=_("When was the child asked?"))
    means = radio(Means.choices, label=_("How?"))
    contact = radio(Desire.choices, label=_("Contact with its family"))
    going = radio(Desire.choices, label=_("Going there to live"))
    words = WordsField(
        label=_("In its own words"),
        help_text=_("What it said, or what was drawn, played or seen. What it fears belongs here too."),
    )

    def heard(self) -> Heard:
        return Heard(**self.cleaned_data)


class _RowChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no such thing at runtime
    """A row by the words in which people know it."""

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, Person):
            return named(obj)
        if isinstance(obj, Referral):
            return f"{obj.recipient.name} ({obj.recipient.country.name}): {obj.title}"
        return str(obj.title)


def named(person: Person) -> str:
    return f"{person.name} ({person.get_role_display()})"


class RelationshipForm(FileForm):
    """Whoever had a part in what happened is not offered; who names such a person all the same is told why not."""

    person = _RowChoice(Person.objects.none(), label=_("Who?"), empty_label=_("Choose somebody"))
    evidence = radio(Evidence.choices, label=_("What shows that they are related?"))
    document = _RowChoice(
        Document.objects.none(),
        label=_("Document that shows it"),
        required=False,
        empty_label=_("None in the file"),
    )
    words = WordsField(
        label=_("In words"),
        required=False,
        rows=3,
        help_text=_("What exactly it shows, and who looked at it."),
    )
    verified_on = day_field(label=_("On which day?"))

    def __init__(self, *args: Any, case: Case, documents: "QuerySet[Document]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        around, who = people_around(case), cast(_RowChoice, self.fields["person"])
        who.queryset = around
        cast(_RowChoice, self.fields["document"]).queryset = documents
        free = [(person.pk, named(person)) for person in around if not is_implicated(person)]
        who.widget.choices = [("", _("Choose somebody")), *free]

    def shown(self) -> Shown:
        return Shown(**{name: value for name, value in self.cleaned_data.items() if name != "person"})


class PartnersForm(EditForm):
    partner = _RowChoice(
        Referral.objects.none(),
        label=_("Partner abroad"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Visits the family, and says what is known there about safety."),
    )
    reception = _RowChoice(
        Referral.objects.none(),
        label=_("Organisation that receives the child"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Takes the child over from the escort, and visits it afterwards. Often the same."),
    )

    def __init__(self, *args: Any, way: Return, **kwargs: Any) -> None:
        stored = {"partner": way.partner_id, "reception": way.reception_id}
        super().__init__(*args, row=way, initial=stored, **kwargs)
        possible = possible_partners(way).values("pk")
        for name, stands in (("partner", way.partner_id), ("reception", way.reception_id)):
            # What stands already may stay, also where that referral has ended since.
            rows = Referral.objects.filter(Q(pk__in=possible) | Q(pk__in=[stands] if stands else []))
            named_rows = rows.select_related("recipient").order_by("recipient__name", "service")
            cast(_RowChoice, self.fields[name]).queryset = named_rows


class PlanForm(FileForm):
    accepts = radio(
        [(YES, _("We accept it")), (NO, _("We do not accept it, or not any more"))],
        label=_("The plan for the time afterwards"),
    )


class CareForm(FileForm):
    """One choice of a person of the file, or of an agency there: what kind of care it is follows from that."""

    who = forms.ChoiceField(label=_("Who takes responsibility?"))
    country = forms.ChoiceField(label=_("In which country?"))
    alternate = radio(
        [(NO, _("This is who would care")), (YES, _("As the alternate, should that one fail"))],
        label=_("First, or alternate?"),
    )
    address = WordsField(label=_("Address there"), rows=2)
    terms = WordsField(
        label=_("What is agreed"),
        required=False,
        rows=3,
        help_text=_("For how long, with which help, and who decides for the child."),
    )
    field_order = ("who", "country")

    def __init__(self, *args: Any, way: Return, **kwargs: Any) -> None:
        initial = {"country": way.country, "alternate": NO} | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        people, agencies = list(people_around(way.case)), list(agencies_in(in_question(way)))
        houses = [(f"{AGENCY}:{each.pk}", f"{each.name} ({each.country.name})") for each in agencies]
        everybody = [(f"{PERSON}:{each.pk}", named(each)) for each in people]
        free = [(f"{PERSON}:{each.pk}", named(each)) for each in people if not is_implicated(each)]
        self._agencies = {f"{AGENCY}:{each.pk}": each for each in agencies}
        who = cast(forms.ChoiceField, self.fields["who"])
        who.choices = [*everybody, *houses]
        # Whoever is implicated is not offered, and yet known: the service says why not.
        who.widget.choices = [("", _("Choose somebody")), *free, *houses]
        cast(forms.ChoiceField, self.fields["country"]).choices = other_countries(way.case)

    def care(self) -> Care:
        data = self.cleaned_data
        kind, _colon, key = data["who"].partition(":")
        return Care(
            country=data["country"],
            person_id=UUID(key) if kind == PERSON else None,
            agency=self._agencies[data["who"]] if kind == AGENCY else None,
            address=data["address"],
            terms=data["terms"],
            alternate=data["alternate"] == YES,
        )


def agencies_in(countries: Iterable[str]) -> "QuerySet[Agency]":
    return Agency.objects.filter(is_active=True, kind__in=TAKE_IN, country__in=list(countries)).order_by(
        "name"
    )


class AgreementForm(EditForm):
    agreed_on = day_field(label=_("Signed on"))
    terms = WordsField(
        label=_("What is agreed"),
        required=False,
        rows=4,
        help_text=_("For how long, with which help, and who decides for the child."),
    )
    file = forms.FileField(
        label=_("The signed agreement"),
        help_text=_(
            "PDF, JPEG, PNG, WebP, TIFF, plain text, ODT or DOCX, up to 20 MB. "
            "Place, time and device are taken out of pictures."
        ),
        widget=forms.FileInput(attrs={"accept": ADMITTED}),
        error_messages={
            "empty": _("This file is empty."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("Choose a file.")

    def clean_file(self) -> SentFile:
        try:
            return taken_in(self.cleaned_data["file"])
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None
