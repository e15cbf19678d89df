"""Forms that are signed: the last question is who is sitting there."""

import json
from typing import Any

from allauth.account.forms import ChangePasswordForm as LibraryForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import factors
from accounts.errors import Invalid
from accounts.forms.base import CodeInput, PlainForm, ask_plainly
from accounts.models import User
from accounts.proving import Proof, prove_again, prove_for_signature, prove_with_factor


class PasskeyField(forms.CharField):
    """What a browser's passkey answered, as JSON. `static/keys/passkey.js` fills it in."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput({"data-passkey": ""}), max_length=20_000)

    def to_python(self, value: Any) -> Any:
        try:
            read = json.loads(super().to_python(value) or "null")
        except ValueError:
            return None
        return read if isinstance(read, dict) else None

    def prepare_value(self, value: Any) -> None:
        """Never drawn again: its challenge is used up."""


def password_field(**options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(strip=False, widget=widget, **options)


class ProvingForm(PlainForm):
    """Asks for password and code after everything else, and looks at them only when everything else is right.

    Neither is drawn on a page again. To be mixed with other forms: `class SignForm(ProvingForm, FileForm)`.
    """

    password = password_field(
        label=_("Your password, once more"),
        help_text=_("You sign with it. It says that you are the one sitting here."),
    )
    code = forms.CharField(
        label=_("The code that your app shows"),
        help_text=_("Or one of your recovery codes."),
        required=False,
        max_length=20,
        widget=CodeInput,
    )
    passkey = PasskeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        asked = ["password", "code", "passkey"] if user.has_usable_password() else ["code", "passkey"]
        proof = {name: self.fields.pop(name) for name in ("password", "code", "passkey")}
        self.fields.update({name: proof[name] for name in asked})

    @property
    def passkey_user(self) -> User | None:
        """Whose passkey the page may offer."""
        return self._user if factors.has_passkey(self._user) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["code"] or cleaned["passkey"]):
            self.add_error("code", _("We need an answer here."))
        if not self.errors:
            try:
                self.prove(_proof(cleaned))
            except Invalid as wrong:
                self.refuse(wrong)
        return cleaned

    def prove(self, proof: Proof) -> None:
        prove_for_signature(self._user, proof)

    def refuse(self, error: Invalid) -> None:
        """What a hidden field has to say stands above the form."""
        hidden = error.field in self.fields and self.fields[error.field].widget.is_hidden
        super().refuse(Invalid("", error.sentence) if hidden else error)


class FactorForm(ProvingForm):
    """The same before the second factor is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            # Nothing is signed here.
            self.fields["password"].help_text = ""

    def prove(self, proof: Proof) -> None:
        prove_with_factor(self._user, proof)


class SittingForm(PlainForm):
    """Who is sitting there: the password, or a passkey; where there is no password, a code."""

    password = password_field(label=_("Your password"), required=False)
    passkey = PasskeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not user.has_usable_password():
            self.fields["password"] = forms.CharField(
                label=_("The code that your app shows"), required=False, max_length=20, widget=CodeInput
            )
            ask_plainly(self.fields["password"])

    @property
    def passkey_user(self) -> User | None:
        return self._user if factors.has_passkey(self._user) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["password"] or cleaned["passkey"]):
            self.add_error("password", _("We need an answer here."))
        if not self.errors:
            try:
                prove_again(self._user, _proof(cleaned))
            except Invalid as wrong:
                self.add_error("password", wrong.sentence)
        return cleaned


class ChangePasswordForm(LibraryForm):  # type: ignore[misc]  # allauth has no types
    """The library's own, but the old password is a proof like any other: counted with them, and written down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ask_plainly(field)

    def clean_oldpassword(self) -> str:
        """Looked at last: whoever mistypes the new one has used no try up."""
        return str(self.cleaned_data["oldpassword"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned["password1"] == cleaned["oldpassword"]:
            self.add_error("password1", _("This is the password from before. Choose another one."))
        if not self.errors:
            try:
                prove_again(self.user, Proof(cleaned["oldpassword"]))
            except Invalid as wrong:
                self.add_error("oldpassword", wrong.sentence)
        return cleaned


def _proof(cleaned: dict[str, Any]) -> Proof:
    return Proof(cleaned.get("password", ""), cleaned.get("code", ""), cleaned.get("passkey"))
