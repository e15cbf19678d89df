"""Forms over what somebody else may be writing too."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.forms.base import PlainForm
from accounts.meanwhile import last_saved


class EditForm(PlainForm):
    """Carries the state that the page showed. After somebody else wrote, sending it once more is a choice."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = last_saved(row) if row else ""

    @property
    def seen_state(self) -> str:
        return str(self.cleaned_data["seen"])

    def written_meanwhile(self, row: Any) -> None:
        """The words that were typed stay; the page shows what is stored in `row` beside them."""
        show_meanwhile(self, last_saved(row))


def show_meanwhile(form: forms.Form, seen: str) -> None:
    """`seen` names the state that the page shows now: whoever sends the form once more has chosen."""
    data = cast(QueryDict, form.data).copy()
    data["seen"] = seen
    form.data = data
    form.add_error(
        None,
        _(
            "Somebody else has saved this meanwhile. What is stored stands on this page too: take over what is "
            "right, then save again."
        ),
    )
