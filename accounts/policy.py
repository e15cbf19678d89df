"""Defaults that an administrator can change per country or agency (marked † where they are described)."""

import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Ability, can
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.models import Agency, PolicyValue, User
from accounts.permissions import require

Value = int | float | str | bool

# A page asks for many values, so all are read at once; a change is heeded everywhere within this time.
KEPT_SECONDS = 10.0


@dataclass(frozen=True)
class Policy:
    key: str
    default: Value
    unit: str | Promise
    sentence: str | Promise


_registry: dict[str, Policy] = {}
# When the values were read, and the values by (key, agency's id or country's code).
_kept: tuple[float, dict[tuple[str, str], Value]] | None = None


class UnknownPolicyError(KeyError):
    """No room has registered this key."""


def register(key: str, default: Value, unit: str | Promise, sentence: str | Promise) -> None:
    """Called once per key, by who uses it. `sentence` says what it decides, `unit` in what it is counted."""
    policy = Policy(key, default, unit, sentence)
    if _registry.setdefault(key, policy) != policy:
        raise ValueError(f"The policy {key} is registered twice.")


def registered() -> list[Policy]:
    return sorted(_registry.values(), key=lambda policy: policy.key)


def get(key: str, *, agency: Agency | None = None) -> Any:
    """The agency's value, else its country's, else the default; always of the default's type."""
    policy = _policy(key)
    if agency is None:
        return policy.default
    values = _values()
    of_country = values.get((key, agency.country.code), policy.default)
    return values.get((key, str(agency.pk)), of_country)


@write
def set_value(
    key: str, value: Value, *, actor: User | None, agency: Agency | None = None, country: str | None = None
) -> PolicyValue:
    """Sets it for one agency or one country. Raises ValueError with a sentence when it does not fit."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    policy = _policy(key)
    if type(value) is not type(policy.default):
        raise ValueError(f"{key} takes a value such as {policy.default!r}, not {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise ValueError(f"{key} cannot be negative.")
    if (agency is None) == (country is None):
        raise ValueError("Name an agency or a country.")
    if country is not None and not is_country(country):
        raise ValueError(f"{country} is not the code of a country.")
    row, _created = PolicyValue.objects.update_or_create(
        key=key, agency=agency, country=country, defaults={"value": value}
    )
    whose = f"agency:{agency.code}" if agency else f"country:{country}"
    record(actor, "policy.changed", row, key=key, value=value, whose=whose)
    forget_kept()
    # Again when it holds: another thread may have read the old values meanwhile.
    transaction.on_commit(forget_kept)
    return row


def forget_kept() -> None:
    """The next question reads the values anew."""
    global _kept
    _kept = None


def _policy(key: str) -> Policy:
    try:
        return _registry[key]
    except KeyError:
        raise UnknownPolicyError(key) from None


def _values() -> dict[tuple[str, str], Value]:
    global _kept
    kept = _kept
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        rows = PolicyValue.objects.values_list("key", "agency_id", "country", "value")
        kept = _kept = (
            time.monotonic(),
            {(key, str(agency or country)): value for key, agency, country, value in rows},
        )
    return kept[1]


register(
    "office.opens",
    8,
    _("hour of the day"),
    _("When the office of an agency opens that says no hours of its own in the directory."),
)
register(
    "office.closes",
    17,
    _("hour of the day"),
    _("When such an office closes; after that the duty worker is called."),
)
register("emergency.minutes", 60, _("minutes"), _("How long an emergency opening of a file lasts."))
register("emergency.review_hours", 24, _("hours"), _("When an emergency opening must have been reviewed."))
register(
    "escort.hours_after_handover",
    48,
    _("hours"),
    _("How long the escort keeps the journey pack after handover."),
)
register(
    "directory.old_after_days",
    30,
    _("days"),
    _("After how long what an agency says of itself in the directory is marked as old."),
)
register(
    "mail.minutes_between",
    60,
    _("minutes"),
    _("How long after an e-mail that something is new the next one may follow."),
)
register(
    "session.hours",
    12,
    _("hours"),
    _("How long a session lasts at most, whatever is done in it; then one signs in anew."),
)
register(
    "session.lock_minutes",
    15,
    _("minutes"),
    _("After how long without a movement a page is covered, until its reader proves who sits there."),
)
register(
    "session.proof_minutes",
    10,
    _("minutes"),
    _("How long after a proof of who sits there something can be taken away or sent without another one."),
)
