"""How an account gets its second factor, changes it, and loses it."""

from typing import Any, TypedDict, Unpack

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import factors
from accounts.access import Ability, Role, can
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, User
from accounts.notifications import notify
from accounts.permissions import require
from accounts.sessions import end_all

LONGEST_NAME = 60


class Seen(TypedDict):
    """What is known of the browser in which a factor is made: whether it showed the one before, and its session."""

    factor_shown: bool
    here: str


@write
def enrol_app(secret: str, code: str, *, actor: User, **seen: Unpack[Seen]) -> list[str]:
    """`secret` is what the page showed, `code` what the app made of it. Raises Invalid for `code`.

    Answers recovery codes where there were none yet; they are shown now and never again. The account has its data
    key already (`factors.make_key`). With the first one every other session ends: whoever knew the password before
    may sit in one.
    """
    account = _locked(actor)
    _begin(account, **seen)
    step = factors.step_of(secret, code)
    if step is None:
        raise Invalid("code", _("The app shows another code. Is the time on your telephone right?"))
    # One app: whoever changes the telephone takes the old one out with the same step.
    Authenticator.objects.filter(user=account, type=factors.APP).delete()
    row = factors.add_app(account, secret)
    row.data["last_step"] = step
    row.save(update_fields=["data"])
    _tell_of_new(account, factors.APP)
    return _first_codes(account)


@write
def enrol_passkey(credential: Any, name: str, *, actor: User, **seen: Unpack[Seen]) -> list[str]:
    """`credential` was verified by the caller, with the challenge of its session. Else as `enrol_app`."""
    account = _locked(actor)
    _begin(account, **seen)
    factors.add_passkey(account, name[:LONGEST_NAME], credential)
    _tell_of_new(account, factors.PASSKEY)
    return _first_codes(account)


def _begin(account: User, *, factor_shown: bool, here: str) -> None:
    """Raises Invalid where there is one that was not shown: somebody made it since this page was opened."""
    if not factors.has_any(account):
        end_all(account, but=here)
    elif not factor_shown:
        raise Invalid("", _("There is a second factor by now. Open this page anew: it is asked first."))


def _tell_of_new(account: User, kind: Authenticator.Type) -> None:
    """To the account itself: whoever did not do this sees that somebody else can sign in now."""
    record(account, "account.factor_added", account, kind=kind.value)
    notify([account], "account.factor_added", account)


def _first_codes(account: User) -> list[str]:
    if Authenticator.objects.filter(user=account, type=factors.CODES).exists():
        return []
    record(account, "account.recovery_codes_made", account)
    return factors.add_recovery_codes(account)


@write
def make_recovery_codes(*, actor: User) -> list[str]:
    """Ten codes, each good once. Those from before are good no more. They are shown now and never again."""
    account = _locked(actor)
    codes = factors.add_recovery_codes(account)
    record(actor, "account.recovery_codes_made", account)
    notify([account], "account.recovery_codes_made", account)
    return codes


@write
def remove_factor(factor_id: int, *, actor: User) -> None:
    """Raises Authenticator.DoesNotExist, and Invalid where it is the last one."""
    account = _locked(actor)
    row = Authenticator.objects.exclude(type=factors.CODES).get(pk=factor_id, user=account)
    others = Authenticator.objects.filter(user=account).exclude(type=factors.CODES).exclude(pk=row.pk)
    if not others.exists():
        raise Invalid("", _("This is your last one. Add another one first."))
    record(actor, "account.factor_removed", account, kind=row.type)
    notify([account], "account.factor_removed", account)
    row.delete()


@write
def reset_factors(username: str, *, actor: User | None) -> User:
    """For who has lost both telephone and codes: all is gone, every session ends, the next sign-in begins anew.

    Whoever runs it has made sure who asks. The person and the data-protection officers are told.
    Raises User.DoesNotExist.
    """
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.select_for_update(no_key=True).get(username=username)
    Authenticator.objects.filter(user=account).delete()
    end_all(account)
    record(actor, "account.factors_reset", account)
    notify([account], "account.factors_reset", account)
    notify(officers_of(account.agency), "account.factors_reset_of", account)
    return account


@write
def bind_identity(username: str, provider_id: str, subject: str, *, actor: User | None) -> User:
    """From now on whoever the agency's provider calls `subject` is this account; what another one opened ends.

    Raises User.DoesNotExist, Invalid.
    """
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.select_for_update(no_key=True).select_related("agency").get(username=username)
    agencies = {app["provider_id"]: app["settings"]["agency"] for app in identity_providers()}
    if agencies.get(provider_id) != account.agency.code:
        raise Invalid("provider", _("There is no such provider of the agency to which the account belongs."))
    taken = SocialAccount.objects.filter(provider=provider_id, uid=subject).exclude(user=account)
    if not subject or taken.exists():
        raise Invalid("subject", _("This identity is bound to another account, or empty."))
    before = SocialAccount.objects.filter(provider=provider_id, user=account)
    if before.exclude(uid=subject).exists():
        # Whether a session came through the provider nobody knows afterwards.
        end_all(account)
    before.delete()
    SocialAccount.objects.create(provider=provider_id, user=account, uid=subject)
    record(actor, "account.identity_bound", account, provider=provider_id)
    return account


@write
def release_identity(username: str, *, actor: User | None) -> User:
    """The account is bound to no provider any more; what is open ends. Raises User.DoesNotExist."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.select_for_update(no_key=True).get(username=username)
    SocialAccount.objects.filter(user=account).delete()
    end_all(account)
    record(actor, "account.identity_released", account)
    return account


def identity_providers() -> list[dict[str, Any]]:
    apps: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["agency"]["APPS"]
    return apps


def officers_of(agency: Agency) -> list[User]:
    """The data-protection officers of the agency, and of its country's own office."""
    officers = User.objects.filter(role=Role.DATA_PROTECTION_OFFICER, is_active=True)
    office = officers.filter(agency__kind=AgencyKind.DATA_PROTECTION, agency__country=agency.country)
    return list(officers.filter(agency=agency).union(office))


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
