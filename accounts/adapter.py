"""How allauth behaves here: no self-service, and every coming and going is written down."""

from datetime import timedelta
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

import clock
from accounts import factors
from accounts.audit import record
from accounts.live import look_again
from accounts.models import AuditEvent, User
from accounts.provider import PROVIDER, VOUCHED
from accounts.refusing import refusal, unavailable
from accounts.sessions import begin
from vault.errors import VaultError

# Anyone may type any name into the sign-in form; one row in so much time tells as much as a thousand would.
FAILURES_RECORDED_EVERY = timedelta(minutes=15)
SIGN_IN_FAILED = "account.sign_in_failed"

# The next page says it already.
UNSAID = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account with this name and password. Only who knows the password learns that it is off."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and not user.may_sign_in:
            _record_failure(user)
            raise ValidationError(
                _("This account is switched off. Ask your administrator."), code="switched_off"
            )
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A name that nobody has leaves no trace, so that strangers cannot fill the audit."""
        user = User.objects.filter(username=str(credentials.get("username", "")).lower()).first()
        if user is not None:
            _record_failure(user)

    def get_login_stages(self) -> list[str]:
        """One: the second factor. The library's others are about e-mail, telephone and remembered browsers."""
        return ["accounts.stages.SecondFactorStage"]

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        """After every stage: the password or the agency's own provider, and the second factor where there is one."""
        super().login(request, user)
        factor = _second_factor(request, user)
        begin(request.session, user, second_factor=bool(factor))
        record(user, "account.signed_in", user, factor=factor)

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record(request.user, "account.signed_out", request.user)
            look_again(request.user)
        super().logout(request)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        record(user, "account.password_changed", user)
        look_again(user)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)


def _second_factor(request: HttpRequest, user: User) -> str:
    """By what it was passed on the way here; empty for an account that has none yet."""
    proofs = get_authentication_records(request, user)
    own = next((proof["type"] for proof in proofs if proof["method"] == "mfa"), "")
    return own or (PROVIDER if getattr(request, VOUCHED, False) else "")


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in at an agency's own provider: only for accounts that an administrator has bound to it."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """From the settings alone: a row in the database makes no provider."""
        apps = super().list_apps(request, provider, client_id)
        return [app for app in apps if app.pk is None]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        user = sociallogin.user if sociallogin.is_existing else None
        if user is None:
            refused = _(
                "This identity belongs to no account here. Ask your administrator to bind it to yours."
            )
        elif not user.may_sign_in:
            _record_failure(user)
            refused = _("This account is switched off. Ask your administrator.")
        elif user.agency.code != sociallogin.provider.app.settings["agency"]:
            _record_failure(user)
            refused = _("This provider speaks for another agency than the one to which your account belongs.")
        else:
            return
        raise ImmediateHttpResponse(refusal(request, refused, 403))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_why: Any) -> None:
        """What the provider said is not passed on, to the page or to a log: it may name a person."""
        raise ImmediateHttpResponse(unavailable(request))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The library's rows hold what `accounts.factors` has sealed; it never seals anything by itself."""

    def encrypt(self, text: str) -> NoReturn:
        """Without an account nothing is sealed: a seed could be moved to another one."""
        raise VaultError("A seed is sealed for its account: use accounts.factors.")

    def decrypt(self, encrypted_text: str) -> str:
        return factors.opened_text(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Homeward"

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return "Homeward"


def _record_failure(user: User) -> None:
    since = clock.now() - FAILURES_RECORDED_EVERY
    if not AuditEvent.objects.filter(target_id=user.pk, at__gt=since, verb=SIGN_IN_FAILED).exists():
        record(None, SIGN_IN_FAILED, user)
