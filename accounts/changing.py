"""What changes who an account is. Whatever was open under it ends at once, pages and sockets alike."""

from typing import Any

from accounts.access import Ability, Role, can
from accounts.acting import write
from accounts.audit import record
from accounts.live import look_again
from accounts.models import Agency, Session, User
from accounts.permissions import require
from accounts.sessions import end_all


@write
def switch_account(username: str, *, on: bool, actor: User | None) -> User:
    """Raises User.DoesNotExist. Switched on again it signs in anew; no session comes back."""
    account = _locked(username, actor)
    return _changed(account, actor, is_active=on)


@write
def change_role(username: str, role: Role, *, actor: User | None) -> User:
    """Raises User.DoesNotExist. Grounds that the new role cannot hold give nothing from now on."""
    account = _locked(username, actor)
    return _changed(account, actor, role=role)


@write
def move_account(username: str, agency: Agency, *, actor: User | None) -> User:
    """Raises User.DoesNotExist. What the agency sees is seen no more; personal grounds stay."""
    account = _locked(username, actor)
    return _changed(account, actor, agency=agency)


@write
def switch_agency(code: str, *, on: bool, actor: User | None) -> Agency:
    """Raises Agency.DoesNotExist. All its accounts go with it."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    agency = Agency.objects.select_for_update(no_key=True).get(code=code)
    if agency.is_active == on:
        return agency
    agency.is_active = on
    agency.save(update_fields=["is_active"])
    accounts = User.objects.filter(agency=agency)
    Session.objects.filter(account__in=accounts).delete()
    for account in accounts:
        look_again(account)
    record(actor, "agency.switched", agency, on=on)
    return agency


def _locked(username: str, actor: User | None) -> User:
    account = User.objects.select_for_update(no_key=True).get(username=username)
    # Nobody changes themselves.
    require(actor is None or (can(actor, Ability.MANAGE_ACCOUNTS) and actor.pk != account.pk))
    return account


def _changed(account: User, actor: User | None, **values: Any) -> User:
    changed = [name for name, value in values.items() if getattr(account, name) != value]
    if not changed:
        return account
    for name in changed:
        setattr(account, name, values[name])
    account.save(update_fields=changed)
    end_all(account)
    details: dict[str, Any] = {
        "is_active": account.is_active,
        "role": account.role,
        "agency": account.agency.code,
    }
    record(actor, "account.changed", account, **{name: details[name] for name in changed})
    return account
