"""Forms about the second factor: at the door, and where it is made."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import factors
from accounts.errors import Invalid
from accounts.forms.base import CodeInput, NameField, PlainForm, ask_plainly
from accounts.forms.proving import PasskeyField
from accounts.models import User
from vault.errors import VaultError


class DoorForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """The library's own, in our words where something is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ask_plainly(field)


class DoorCodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code after the password. The library counts the tries and goes on from here."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=CodeInput,
        help_text=_("The six digits that your app shows, or one of your recovery codes."),
    )
    ask_plainly(code)

    def clean_code(self) -> str:
        forget_tries = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        found = factors.accepts(self.user, code)
        if found is None:
            self._emit_authentication_failed(Authenticator(user=self.user))
            raise forms.ValidationError(
                _("This code is not right, or was used already. Wait until your app shows the next one.")
            )
        found.user = self.user
        self.authenticator = found
        forget_tries()
        return code


class DoorPasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The same by a passkey. The library's own form breaks where a signature is wrong."""

    credential = PasskeyField()
    passkey = None

    def clean_credential(self) -> Any:
        forget_tries = check_rate_limit(self.user)
        answer = self.cleaned_data["credential"]
        found = factors.passkey_of(self.user, answer)
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        return found


class AppForm(PlainForm):
    """`seed` is what the page showed, sealed for this account: nothing is kept until the app has proved it."""

    seed = forms.CharField(widget=forms.HiddenInput, max_length=500)
    code = forms.CharField(
        label=_("The code that your app shows"),
        max_length=20,
        widget=CodeInput,
        help_text=_("Six digits. They change every 30 seconds."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def secret(self) -> str:
        """Raises Invalid where it is not what this account was shown."""
        try:
            return factors.opened(self._user, factors.SHOWN, str(self["seed"].value()))
        except (VaultError, ValueError):
            raise Invalid("", gettext("This page is out of date. Begin anew.")) from None


class PasskeyForm(PlainForm):
    name = NameField(
        label=_("A name for it"), required=False, help_text=_("By which you will know it: this laptop.")
    )
    passkey = PasskeyField()
