"""Writes to accounts."""

from django.conf import settings

from accounts.access import Ability, can
from accounts.acting import write
from accounts.audit import record
from accounts.models import Agency, User
from accounts.permissions import require


@write
def choose_language(*, actor: User, language: str) -> None:
    """Raises ValueError for a language that is not installed."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError("This language is not installed.")
    account = User.objects.select_for_update().get(pk=actor.pk)
    account.language = language
    account.save(update_fields=["language"])
    record(actor, "account.language_chosen", account, language=language)


@write
def make_account(
    username: str,
    password: str | None,
    *,
    actor: User | None,
    name: str,
    role: str,
    agency: Agency,
    language: str = "en",
) -> User:
    """Raises ValidationError when a value is not admitted. `actor` is nobody on the command line."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.create_account(
        username, password, name=name, role=role, agency=agency, language=language
    )
    record(actor, "account.made", account, role=role, agency=agency.code)
    return account
