"""What people type. A form cleans and checks alone what it can; the locked row judges the rest in the service."""

import unicodedata
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.access import Condition, Relation, Section, rule
from accounts.countries import choices as country_choices
from accounts.models import Agency, User
from accounts.widgets import DayParts, Several
from cases.models import Case
from cases.models.choices import (
    Answer,
    BirthCertainty,
    CaseState,
    Danger,
    EarlyEnd,
    Gender,
    GivenBy,
    IdKind,
    NameKind,
    Presumption,
    Purpose,
    Risk,
    Safety,
    Verdict,
)
from cases.services.errors import Invalid
from cases.services.identity import Identity
from cases.services.reports import Told
from workflow.machine import Edge, Field, Refused

LONG_TEXT = 20_000
NAME = 200
EARLIEST_BIRTH = date(1900, 1, 1)
INVISIBLE = ("Cf", "Cc", "Co", "Cs")
# Letters and signs by their category, and yet nothing is seen.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
# Joiners that some scripts need inside a word.
NEEDED_JOINERS = "\u200c\u200d"


def visible_words(text: str) -> str:
    """Without what nobody can see; line breaks and tabs are spaces, and spaces are single."""
    spaced = "".join(" " if sign.isspace() else sign for sign in text)
    kept = (
        sign
        for sign in spaced
        if sign in NEEDED_JOINERS or not (unicodedata.category(sign) in INVISIBLE or sign in FILLERS)
    )
    words = " ".join("".join(kept).split())
    return words if words.strip(NEEDED_JOINERS + " ") else ""


class NameField(forms.CharField):
    """A name as people write it: invisible and direction-changing characters go, spaces are single."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=NAME, **options)

    def to_python(self, value: Any) -> str:
        return visible_words(super().to_python(value) or "")


class SeenField(forms.CharField):
    """Text kept as it was typed; one that holds only what nobody can see is no answer."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if visible_words(text) else ""


class WordsField(SeenField):
    """Free text about a child; it is sealed, so it may say what happened."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        super().__init__(max_length=LONG_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **options)


class FileForm(forms.Form):
    """A form whose service may still refuse a value; the sentence then stands beside its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _ask_plainly(field)

    def refuse(self, error: Invalid) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.sentence)


def _ask_plainly(field: forms.Field) -> None:
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    field.error_messages["required"] = _("Choose an answer.") if chosen else _("We need an answer here.")


def day_field(**options: Any) -> forms.DateField:
    invalid = _("There is no such day. Enter the day, the month and the year, for example 4 March 2011.")
    return forms.DateField(
        widget=DayParts, input_formats=["%Y-%m-%d"], error_messages={"invalid": invalid}, **options
    )


def radio(choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


class ReportForm(FileForm):
    once = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    words = WordsField(
        label=_("What did you see or hear?"),
        help_text=_(
            "In your own words, or the child’s. Do not attach or describe images of abuse in detail."
        ),
    )
    place = WordsField(
        rows=2,
        label=_("Where is the child now, and how can we reach it?"),
        help_text=_("A place, a person, a telephone number. “Not known” is an answer too."),
    )
    danger = radio(Danger.choices, label=_("Is the child in danger right now?"))
    name = NameField(label=_("Name of the child"), required=False)
    age = forms.IntegerField(label=_("Age, or your guess"), min_value=0, max_value=25, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("Not known")), *Gender.choices], required=False
    )
    languages = forms.CharField(label=_("Languages the child speaks"), max_length=NAME, required=False)
    reporter = forms.CharField(
        label=_("Who can we call back?"),
        max_length=NAME,
        required=False,
        help_text=_("Only if the person who told you agrees."),
    )

    optional = ("name", "age", "gender", "languages", "reporter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"once": uuid4()})
        super().__init__(*args, **kwargs)
        # Nobody types it, so nobody can be asked for an answer.
        self.fields["once"].error_messages["required"] = self.fields["once"].error_messages["invalid"]

    @property
    def once_key(self) -> UUID:
        return UUID(str(self.cleaned_data["once"]))

    def told(self) -> Told:
        data = self.cleaned_data
        details = {name: str(data[name]) for name in self.optional if data.get(name) not in (None, "")}
        return Told(words=data["words"], place=data["place"], danger=data["danger"], details=details)


class IdentityForm(FileForm):
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


class ConsentForm(FileForm):
    purpose = radio(Purpose.choices, label=_("What was asked?"))
    recipient = forms.ModelChoiceField(
        Agency.objects.filter(is_active=True).order_by("name"),
        label=_("Recipient"),
        required=False,
        empty_label=_("No recipient"),
        help_text=_("Only for sharing data: the one agency that the answer is about."),
    )
    answer = radio(Answer.choices, label=_("Answer"))
    given_by = radio(GivenBy.choices, label=_("Who answered?"))
    given_on = day_field(label=_("Day"))
    explained = WordsField(
        label=_("How it was explained"),
        required=False,
        rows=3,
        help_text=_("Language, interpreter, words the child used. The answer can be withdrawn at any time."),
    )


class RiskForm(FileForm):
    level = radio(Risk.choices, label=_("Risk"))
    safety = radio(Safety.choices, label=_("Is the child safe where it is now?"))
    child_seen = forms.BooleanField(label=_("I have seen or spoken with the child"), required=False)
    note = WordsField(label=_("What this rests on, and the measures taken"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("safety") in (Safety.WITH_MEASURES, Safety.NOT_SAFE) and not data.get("note"):
            self.add_error("note", _("Describe the danger and the measures."))
        return data


class CandidateForm(FileForm):
    verdict = radio(
        [(v.value, v.label) for v in (Verdict.DIFFERENT, Verdict.SAME)], label=_("Is it the same child?")
    )
    note = WordsField(label=_("How you know"), required=False, rows=2)


class AssignForm(FileForm):
    worker = forms.ModelChoiceField(
        User.objects.none(), label=_("Case worker"), empty_label=_("Choose a case worker")
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workers = User.objects.filter(agency=agency, role="case_worker", is_active=True).order_by("name")
        self.fields["worker"].queryset = workers  # type: ignore[attr-defined]


class OverrideForm(FileForm):
    reason = WordsField(
        label=_("Why this step may go on without it"),
        min_length=20,
        help_text=_("At least 20 characters. The data-protection officer is told."),
    )


class PoliceForm(FileForm):
    reference = WordsField(
        label=_("Reference of the police"),
        rows=2,
        help_text=_("Their number, or the station and who took the call."),
    )


class ProposeEndForm(FileForm):
    why = radio(EarlyEnd.choices, label=_("Why the case ends early"))


# A document goes with the section that it belongs to; by themselves they cannot be granted.
GRANTED = [
    (section.value, section.label)
    for section in Section
    if rule(Relation.PERSONAL, section).condition is Condition.GRANTED
]


class GrantForm(FileForm):
    account = forms.CharField(label=_("Account name"), max_length=150)
    sections = forms.MultipleChoiceField(
        label=_("Sections"), choices=GRANTED, widget=forms.CheckboxSelectMultiple
    )
    may_write = forms.BooleanField(label=_("May also write in these sections"), required=False)
    until = day_field(label=_("Until the end of"))
    reason = WordsField(label=_("Why"), rows=2)

    def clean_account(self) -> User:
        account = User.objects.filter(username=self.cleaned_data["account"].lower(), is_active=True).first()
        if account is None:
            raise ValidationError(_("There is no such account."))
        return account


class StepForm(FileForm):
    """The inputs that one edge of the lifecycle asks for, read from the edge table."""

    def __init__(self, *args: Any, edge: Edge, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._case, self._user, self._edge = case, user, edge
        for asked in edge.inputs:
            self.fields[asked.name] = _form_field(asked)
            _ask_plainly(self.fields[asked.name])

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


def _form_field(asked: Field) -> forms.Field:
    if asked.kind == "code":
        return radio(asked.choices, label=asked.label, required=asked.required)
    if asked.kind == "case":
        return forms.CharField(label=asked.label, max_length=7, required=asked.required)
    return WordsField(label=asked.label, required=asked.required, rows=3, min_length=asked.min_length or None)


def end_of_day(day: date, zone: str) -> datetime:
    """The last second of a day where an agency works."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))
