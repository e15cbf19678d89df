"""Accounts: one person, one role, one agency."""

from hashlib import sha256
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.access import Role
from accounts.models.agencies import Agency

# Letters that look alike in two scripts would let one account pass for another.
USERNAME = r"\A[a-z0-9][a-z0-9._-]{1,39}\Z"


class Digest(models.Func):
    template = "sha256(convert_to(%(expressions)s, 'UTF8'))"
    output_field = models.BinaryField()


class UserManager(BaseUserManager["User"]):
    def spelled(self, *typed: str) -> "models.QuerySet[User]":
        """Accounts of these names, asked for by their digests.

        What somebody takes for the name of an account may be a child's, and PostgreSQL may log its statements.
        """
        digests = [sha256(name.lower().encode(errors="surrogatepass")).digest() for name in typed]
        return self.alias(digest=Digest("username")).filter(digest__in=digests)

    def create_account(
        self,
        username: str,
        password: str | None,
        *,
        name: str,
        role: str,
        agency: Agency,
        language: str = "en",
        email: str = "",
    ) -> "User":
        """A new account; without a password it cannot sign in until it gets one.

        Raises ValidationError when a value is not one of those that the field admits.
        """
        account = self.model(
            username=username.lower(), name=name, role=role, agency=agency, language=language, email=email
        )
        account.set_password(password)
        account.full_clean()
        account.save(using=self._db)
        return account


def installed_languages() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class User(AbstractBaseUser):
    """An account. Never deleted, only switched off: history and audit point here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(USERNAME, _("Use 2 to 40 small Latin letters, digits, dots and hyphens."))
        ],
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=30, choices=Role.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="accounts")
    # A callable, so that a new language needs no migration.
    language = models.CharField(max_length=10, default="en", choices=installed_languages)
    is_active = models.BooleanField(default=True)
    email = models.EmailField(blank=True)
    # The address that its server refused for good; nothing is sent to it again, until there is another one.
    refused_email = models.EmailField(blank=True, editable=False)
    # The number of the last notification; taken under this row's lock.
    notification_count = models.PositiveIntegerField(default=0, editable=False)
    # The number of the last one that was there when a page was asked for.
    looked_upto = models.PositiveIntegerField(default=0, editable=False)
    # Whether a letter alone does something where nobody is typing (WCAG 2.1.4).
    single_keys = models.BooleanField(default=True)
    # Whether the tour of the first day was taken or put aside.
    toured = models.BooleanField(default=False, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["name"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(username__regex=USERNAME), name="user_username_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session holds as long as the password, and as long as its account is who it was: by role and agency."""
        said = f"{self.password}|{self.role}|{self.agency_id}"
        return salted_hmac("accounts.session", said, secret=secret, algorithm="sha256").hexdigest()

    @property
    def may_sign_in(self) -> bool:
        return self.is_active and self.agency.is_active
