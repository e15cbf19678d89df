"""What forms of a file are made of, beside what every form is made of (`accounts.forms.base`)."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import NAME, NameField, PlainForm, SeenField, ask_plainly, radio, visible_words
from accounts.widgets import DayParts

__all__ = [
    "EARLIEST_BIRTH",
    "LONG_TEXT",
    "NAME",
    "FileForm",
    "NameField",
    "SeenField",
    "WordsField",
    "ask_plainly",
    "day_field",
    "hour_field",
    "hours",
    "radio",
    "visible_words",
]

LONG_TEXT = 20_000
EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST, LATEST = EARLIEST_BIRTH, date(2199, 12, 31)
_FAR = _("Check the year: it lies between 1900 and 2199.")

FileForm = PlainForm


class WordsField(SeenField):
    """Free text about a child; it is sealed, so it may say what happened."""

    def __init__(self, *, rows: int = 4, max_length: int = LONG_TEXT, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day_field(**options: Any) -> forms.DateField:
    """A day between the least and the greatest that can be meant: others are a slip of the pen."""
    invalid = _("There is no such day. Enter the day, the month and the year, for example 4 March 2011.")
    return forms.DateField(
        widget=DayParts,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": invalid},
        validators=[MinValueValidator(EARLIEST, _FAR), MaxValueValidator(LATEST, _FAR)],
        **options,
    )


def hours(step: int = 30) -> list[str]:
    """Times of a day, so many minutes apart, as a form sends them."""
    return [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, step)]


def hour_field(*, step: int = 30, **options: Any) -> forms.ChoiceField:
    """A list, not the browser's own box: nobody can take 8 in the evening for 8 in the morning."""
    return forms.ChoiceField(choices=[(each, each) for each in hours(step)], **options)
