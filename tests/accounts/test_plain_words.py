"""What a form answers says what we need; what a field says in words of its own stays."""

import pytest
from django import forms

from accounts.forms.base import PlainForm


class Asked(PlainForm):
    name = forms.CharField(max_length=3)
    number = forms.IntegerField(min_value=1, max_value=9)
    day = forms.DateField()
    mail = forms.EmailField()
    answer = forms.ChoiceField(choices=[("y", "Yes")])
    several = forms.MultipleChoiceField(choices=[("y", "Yes")])
    own = forms.IntegerField(error_messages={"invalid": "How many children?"})


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "We need an answer here."),
        ("answer", "", "Choose an answer."),
        ("name", "Lirana", "Write at most 3 characters; now there are 6."),
        ("number", "many", "Write a whole number in digits."),
        ("number", "0", "Write 1 or more."),
        ("number", "10", "Write 9 or less."),
        ("day", "31.2.2012", "Write a day that exists, with the year in four digits."),
        ("mail", "desk", "Write an e-mail address such as desk@agency.example."),
        ("answer", "n", "Choose one of the answers that stand here; “n” is none of them."),
        ("several", ["n"], "Choose one of the answers that stand here; “n” is none of them."),
        ("own", "many", "How many children?"),
    ],
)
def test_a_mistake_says_what_is_needed(field: str, typed: str | list[str], said: str) -> None:
    assert Asked({field: typed}).errors[field] == [said]
