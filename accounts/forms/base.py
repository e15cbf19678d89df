"""What forms are made of. A form cleans and checks alone what it can; the locked row judges the rest in the service."""

import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.alphabets import listed
from accounts.errors import Invalid
from accounts.widgets import TelephoneInput

NAME = 200
INVISIBLE = ("Cf", "Cc", "Co", "Cs")
# Letters and signs by their category, and yet nothing is seen.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
# Joiners that some scripts need inside a word.
NEEDED_JOINERS = "\u200c\u200d"

# Embeddings, overrides and isolates: with them a text reads differently from what it says.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


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


class CodeInput(forms.TextInput):
    """Drawn empty each time: what it held is used up, or wrong."""

    def __init__(self) -> None:
        super().__init__({"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class NameField(forms.CharField):
    """A name as people write it: invisible and direction-changing characters go, spaces are single."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": NAME, **options})

    def to_python(self, value: Any) -> str:
        return visible_words(super().to_python(value) or "")


class SeenField(forms.CharField):
    """Text kept as it was typed, without what turns the order of its signs: a reader must see what was written.

    One that holds only what nobody can see is no answer.
    """

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").translate(_TURNS)
        return text if visible_words(text) else ""


class TellingField(forms.Field):
    """Knows by itself how its answer is said."""

    def in_words(self, value: Any) -> str:
        raise NotImplementedError


# A button of this name sends a form to be looked at: with CHECK what was answered is shown in words before anything
# is written, and with any other value, the name of a field, the form comes back to be changed.
LOOK, CHECK = "look", "check"
# The kinds of what nobody types.
CHOSEN = frozenset({"hidden", "radio", "checkbox", "select", "file"})
NOT_CARRIED = ("csrfmiddlewaretoken", "once", LOOK)


class PlainForm(forms.Form):
    """A form whose service may still refuse a value; the sentence then stands beside its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ask_plainly(field)

    def __getitem__(self, name: str) -> forms.BoundField:
        """As a field is drawn, wherever the form got it from."""
        widget = self.fields[name].widget if name in self.fields else None
        if widget is not None and getattr(widget, "input_type", "text") not in CHOSEN:
            # A browser would keep what is typed on its disk, to offer it to whoever sits there next.
            widget.attrs.setdefault("autocomplete", "off")
        return super().__getitem__(name)

    def accepted(self, save: Callable[[dict[str, Any]], object]) -> bool:
        """What was entered is right, and `save`, which gets it, took it; else what is wrong stands beside its field."""
        if not self.is_meant():
            return False
        try:
            save(self.cleaned_data)
        except Invalid as error:
            self.refuse(error)
            return False
        return True

    def is_meant(self) -> bool:
        """Right, and sent to be saved, not to be looked at."""
        return self.is_valid() and LOOK not in self.data

    @property
    def is_to_check(self) -> bool:
        """Shows the answers, with a way to change each, in place of the fields."""
        return self.data.get(LOOK) == CHECK and self.is_valid()

    @property
    def is_changed_again(self) -> bool:
        return LOOK in self.data and not self.is_to_check

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """Name, label and words of each answer that was given or could have been."""
        told = [(bound, self.cleaned_data.get(bound.name)) for bound in self.visible_fields()]
        return [
            (bound.name, str(bound.label), words_of(bound.field, value) if value else "")
            for bound, value in told
        ]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as it came: nothing of it is lost on the way, nor the state that the page showed."""
        lists = self.data.lists() if isinstance(self.data, QueryDict) else ()
        return [(name, value) for name, values in lists if name not in NOT_CARRIED for value in values]

    def refuse(self, error: Invalid) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.sentence)

    def typed(self) -> list[tuple[str, str]]:
        """What was entered, label and words, for a page that cannot take it any more; never a password or code."""
        self.is_valid()
        shown = (
            bound
            for bound in self.visible_fields()
            if not isinstance(bound.field.widget, forms.PasswordInput | CodeInput)
        )
        entered = ((bound, self.cleaned_data.get(bound.name, bound.data)) for bound in shown)
        told = [(str(bound.label), words_of(bound.field, value)) for bound, value in entered if value]
        return [(label, words) for label, words in told if words]


def words_of(field: forms.Field, value: Any) -> str:
    """An answer as people say it; of one that is no answer, what was typed."""
    if isinstance(field, TellingField):
        return field.in_words(value)
    if isinstance(value, list | QuerySet):
        return listed(filter(None, (words_of(field, each) for each in value)))
    if isinstance(value, date):
        return date_format(value, "j E Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if value is True:
        return gettext("Yes")
    if isinstance(field, forms.ModelChoiceField):
        # A row that cannot be chosen any more has no name here.
        return str(field.label_from_instance(value)) if isinstance(value, Model) else ""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(value)


# What is said in place of Django's own sentences, which name the fault and not the way on.
_INVALID = (
    (forms.DateField, _("Write a day that exists, with the year in four digits.")),
    (forms.IntegerField, _("Write a whole number in digits.")),
    (forms.EmailField, _("Write an e-mail address such as desk@agency.example.")),
)
_NONE_OF_THESE = _("Choose one of the answers that stand here; “%(value)s” is none of them.")
# The value is the number of a row, which says nothing to anybody.
_ONE_OF_THESE = _("Choose one of the answers that stand here.")
_BOUNDS = {
    "max_length": _("Write at most %(limit_value)d characters; now there are %(show_value)d."),
    "min_length": _("Write at least %(limit_value)d characters; now there are %(show_value)d."),
    "max_value": _("Write %(limit_value)s or less."),
    "min_value": _("Write %(limit_value)s or more."),
}


def ask_plainly(field: forms.Field) -> None:
    """Sentences that say what we need. What a field says in words of its own stays."""
    of_rows = isinstance(field, forms.ModelChoiceField)
    chosen = of_rows or isinstance(field, forms.ChoiceField)
    field.error_messages["required"] = _("Choose an answer.") if chosen else _("We need an answer here.")
    if side := _side_of(field.widget):
        field.widget.attrs.setdefault("dir", side)
    if chosen and _is_djangos(field, "invalid_choice"):
        field.error_messages["invalid_choice"] = _ONE_OF_THESE if of_rows else _NONE_OF_THESE
    for kind, sentence in _INVALID:
        if isinstance(field, kind) and _is_djangos(field, "invalid"):
            field.error_messages["invalid"] = sentence
    in_words = {
        getattr(each, "code", "") for each in field.validators if "message" in getattr(each, "__dict__", ())
    }
    for code in _BOUNDS.keys() - in_words:
        field.error_messages.setdefault(code, _BOUNDS[code])


def _side_of(widget: Any) -> str:
    """From where to where what is typed runs: words as their first letter does, also in a page of the other side.

    A number of a telephone and a code run from the left in every script; without it `+43 1` would read `1 43+`.
    """
    if isinstance(widget, CodeInput | forms.EmailInput | forms.PasswordInput | TelephoneInput):
        return "ltr"
    return "auto" if type(widget) in (forms.TextInput, forms.Textarea) else ""


def _is_djangos(field: forms.Field, code: str) -> bool:
    said = field.error_messages.get(code)
    classes = (kind for kind in type(field).__mro__ if issubclass(kind, forms.Field))
    return any(
        kind.__module__.startswith("django.") and kind.default_error_messages.get(code) is said
        for kind in classes
    )


def radio(choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
