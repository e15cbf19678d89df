"""How allauth behaves here: no self-service, and every coming and going is written down."""

from datetime import timedelta
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

import clock
from accounts import factors
from accounts.audit import record
from accounts.live import look_again
from accounts.models import AuditEvent, User
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
    return next((proof["type"] for proof in proofs if proof["method"] == "mfa"), "")


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
