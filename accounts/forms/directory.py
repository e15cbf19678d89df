"""What somebody looks for in the directory, and what an agency says of itself there."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.alphabets import by_alphabet
from accounts.countries import country_name
from accounts.directory import Wanted
from accounts.forms.base import NameField, PlainForm, SeenField, TellingField
from accounts.forms.meanwhile import EditForm
from accounts.languages import language_choices, language_name
from accounts.models import Agency, ServiceType, Taken
from accounts.widgets import CLOSING_TIMES, OPENING_TIMES, Several, TelephoneInput, WeekHours

LONG_TEXT = 1000
MOST_PLACES, OLDEST = 9999, 25

_PHONE = RegexValidator(
    r"^\+?[0-9 ()/.-]{3,40}$", _("Write the number in digits, with the country’s code: +43 1 234567.")
)


class DirectoryForm(PlainForm):
    """Offers the countries and languages of those who are in the directory."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    service = forms.ChoiceField(
        label=_("Service"),
        required=False,
        choices=[("", _("Any service")), *ServiceType.choices],
        error_messages={"invalid_choice": _("There is no such service.")},
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    free = forms.BooleanField(label=_("Has free places"), required=False)
    open = forms.BooleanField(label=_("Open now"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = Agency.objects.listed().values_list("country", "languages")
        countries = {country for country, _languages in said}
        languages = {language for _country, spoken in said for language in spoken}
        self._offer("country", _("Any country"), {code: country_name(code) for code in countries})
        self._offer("language", _("Any language"), {code: language_name(code) for code in languages})
        self.fields["country"].error_messages["invalid_choice"] = _("No agency here is in that country.")
        self.fields["language"].error_messages["invalid_choice"] = _("No agency here speaks that language.")

    def _offer(self, name: str, anything: Any, names: dict[str, str]) -> None:
        by_name = sorted(names.items(), key=lambda choice: by_alphabet(choice[1]))
        self.fields[name].choices = [("", anything), *by_name]  # type: ignore[attr-defined]

    def wanted(self, now: datetime) -> Wanted:
        entered = self.cleaned_data
        return Wanted(
            country=entered["country"],
            service=entered["service"],
            language=entered["language"],
            has_free_places=entered["free"],
            open_at=now if entered["open"] else None,
        )


class HoursField(TellingField):
    """Seven days, each closed or from one time to a later one; all closed is not said."""

    widget = WeekHours

    def clean(self, value: Any) -> list[list[str] | None] | None:
        wrong = [
            f"{day}: {sentence}"
            for day, span in zip(WEEKDAYS.values(), value, strict=True)
            if (sentence := _wrong_in(*span))
        ]
        if wrong:
            raise ValidationError(wrong)
        week = [list(span) if all(span) else None for span in value]
        return week if any(week) else None

    def in_words(self, value: Any) -> str:
        days = zip(WEEKDAYS.values(), value or (), strict=False)
        return ", ".join(f"{day} {span[0]} – {span[1]}" for day, span in days if span and any(span))


def _wrong_in(opens: str, closes: str) -> str:
    if not opens and not closes:
        return ""
    if not opens or not closes:
        return gettext("say when you open and when you close, or neither if you are closed.")
    if opens not in OPENING_TIMES or closes not in CLOSING_TIMES:
        return gettext("choose the times from the lists.")
    return "" if opens < closes else gettext("it must close after it opens.")


class _Text(SeenField):
    def __init__(self, **options: Any) -> None:
        box = forms.Textarea(attrs={"rows": 4})
        super().__init__(max_length=LONG_TEXT, widget=box, required=False, **options)


def _number(most: int, sentence: Any, **options: Any) -> forms.IntegerField:
    """A text box with digits: a browser's own box of numbers changes them when somebody scrolls."""
    return forms.IntegerField(
        min_value=0,
        validators=[MaxValueValidator(most, sentence)],
        error_messages={"invalid": sentence, "min_value": sentence},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
        required=False,
        **options,
    )


def _places(**options: Any) -> forms.IntegerField:
    return _number(MOST_PLACES, _("Write a number from 0 to 9999, or nothing if it is unknown."), **options)


def _age(**options: Any) -> forms.IntegerField:
    return _number(OLDEST, _("Write an age from 0 to 25, or nothing if there is no bound."), **options)


class EntryForm(EditForm):
    telephone = forms.CharField(
        label=_("Telephone"), max_length=40, widget=TelephoneInput, validators=[_PHONE]
    )
    duty_phone = forms.CharField(
        label=_("Telephone when the office is closed"),
        max_length=40,
        required=False,
        widget=TelephoneInput,
        validators=[_PHONE],
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("For business. Nothing about a child belongs into an e-mail."),
        error_messages={"invalid": _("This is no e-mail address. Write one such as desk@agency.example.")},
    )
    contact = NameField(
        label=_("Whom to ask for"), required=False, help_text=_("A function, such as intake coordinator.")
    )
    alternate = NameField(label=_("Or else"), required=False)
    how_to_reach = _Text(
        label=_("How to reach you, and what you need to know"),
        help_text=_("Never where a shelter stands: whoever looks for a child could read it here."),
    )
    opening_hours = HoursField(
        label=_("Opening hours"),
        required=False,
        help_text=_("By your own clock. When you are closed, your worker on duty is called."),
    )
    open_on_holidays = forms.BooleanField(label=_("Open on public holidays too"), required=False)
    services = forms.MultipleChoiceField(
        label=_("Services"),
        choices=ServiceType.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("There is no such service.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=Several,
        required=False,
        help_text=_("In which a child can speak with you, with your own interpreters too."),
        error_messages={"invalid_choice": _("Choose languages from the list.")},
    )
    takes = forms.MultipleChoiceField(
        label=_("Whom you take"),
        choices=Taken.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Choose answers from the list.")},
    )
    youngest = _age(label=_("From the age of"))
    oldest = _age(label=_("To the age of"))
    who_is_taken = _Text(
        label=_("What else decides whom you take"), help_text=_("For example that siblings stay together.")
    )
    places = _places(label=_("Places in all"), help_text=_("Leave it empty where nobody stays."))
    places_free = _places(label=_("Places free today"), help_text=_("Leave it empty if it is unknown."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = language_choices()  # type: ignore[attr-defined]


class PlacesForm(EditForm):
    places_free = _places(label=_("Places free today"), help_text=_("Leave it empty if it is unknown."))
