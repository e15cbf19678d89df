"""Forms that are signed: the last question is who is sitting there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import Invalid
from accounts.forms.base import PlainForm
from accounts.models import User
from accounts.proving import prove_again


class ProvingForm(PlainForm):
    """Asks for the password after everything else, and looks at it only when everything else is right.

    The password is drawn on no page again. To be mixed with other forms: `class SignForm(ProvingForm, FileForm)`.
    """

    password = forms.CharField(
        label=_("Your password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("You sign with it. It says that you are the one sitting here."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["password"] = self.fields.pop("password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                prove_again(self._user, cleaned["password"])
            except Invalid as wrong:
                self.refuse(wrong)
        return cleaned
