"""Writes to accounts, and to what an agency says of itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

import clock
from accounts import certificates
from accounts.access import Ability, can
from accounts.acting import write
from accounts.audit import record
from accounts.certificates import Issued
from accounts.errors import Invalid
from accounts.languages import is_language
from accounts.meanwhile import require_unchanged
from accounts.models import Agency, AgencyCertificate, User
from accounts.permissions import can_keep_entry, require
from vault import keys

# What an agency says of itself; everything else on its row is the operator's.
ENTRY = (
    "services",
    "languages",
    "opening_hours",
    "open_on_holidays",
    "places",
    "places_free",
    "youngest",
    "oldest",
    "takes",
    "who_is_taken",
    "telephone",
    "duty_phone",
    "email",
    "contact",
    "alternate",
    "how_to_reach",
)


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
def choose_keys(*, actor: User, single: bool) -> None:
    """Whether a letter alone does something on this account's pages."""
    User.objects.filter(pk=actor.pk).update(single_keys=single)


@write
def end_tour(*, actor: User) -> None:
    """The tour of the first day was taken or put aside: nobody offers it any more."""
    User.objects.filter(pk=actor.pk).update(toured=True)


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
    email: str = "",
) -> User:
    """Raises ValidationError when a value is not admitted. `actor` is nobody on the command line."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.create_account(
        username, password, name=name, role=role, agency=agency, language=language, email=email
    )
    record(actor, "account.made", account, role=role, agency=agency.code)
    return account


@write
def set_email(username: str, email: str, *, actor: User | None) -> User:
    """Whereto an e-mail goes; empty for nowhere. Raises User.DoesNotExist, ValidationError."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    account = User.objects.select_for_update(no_key=True).get(username=username)
    # Said anew, it is tried anew.
    account.email, account.refused_email = email, ""
    account.clean_fields(exclude={field.name for field in User._meta.fields} - {"email"})
    account.save(update_fields=["email", "refused_email"])
    record(actor, "account.email_set", account, given=bool(email))
    return account


@write
def keep_entry(agency_id: UUID, *, actor: User, told: Mapping[str, Any], seen: str = "") -> Agency:
    """The agency says anew who it is. `told` has a value for each name in `ENTRY`.

    What is unchanged is confirmed: from today on it is said anew. Raises Agency.DoesNotExist for one that is not in
    the directory, Invalid with a sentence, Meanwhile.
    """
    agency = _locked_entry(agency_id, actor)
    require_unchanged(agency, seen)
    changed = [name for name in ENTRY if getattr(agency, name) != told[name]]
    for name in changed:
        setattr(agency, name, told[name])
    _check_entry(agency)
    agency.said_on = clock.today(agency.time_zone)
    agency.places_said_on = None if agency.places_free is None else agency.said_on
    agency.save(update_fields=[*changed, "said_on", "places_said_on"])
    record(actor, "agency.entry_kept", agency, changed=changed)
    return agency


@write
def say_free_places(agency_id: UUID, *, actor: User, places_free: int | None, seen: str = "") -> Agency:
    """How many places are free today; None is unknown. Nothing else is confirmed by it. Raises as `keep_entry`."""
    agency = _locked_entry(agency_id, actor)
    require_unchanged(agency, seen)
    agency.places_free = places_free
    agency.places_said_on = None if places_free is None else clock.today(agency.time_zone)
    _check_entry(agency)
    agency.save(update_fields=["places_free", "places_said_on"])
    record(actor, "agency.places_said", agency, free=places_free)
    return agency


def _locked_entry(agency_id: UUID, actor: User) -> Agency:
    # Not against rows that only name the agency: cases go on while somebody writes here.
    agency = Agency.objects.listed().select_for_update(no_key=True).get(pk=agency_id)
    require(can_keep_entry(actor, agency))
    return agency


def _check_entry(agency: Agency) -> None:
    if not all(map(is_language, agency.languages)):
        raise Invalid("languages", _("Choose languages from the list."))
    if agency.youngest is not None and agency.oldest is not None and agency.youngest > agency.oldest:
        raise Invalid("oldest", _("The oldest cannot be younger than the youngest."))
    if agency.places_free is None:
        return
    if agency.places is None:
        raise Invalid("places", _("Say how many places there are in all."))
    if agency.places_free > agency.places:
        raise Invalid("places_free", _("There cannot be more free places than places."))


@write
def set_certificate(agency_code: str, issued: Issued, *, actor: User | None) -> AgencyCertificate:
    """From now on the agency signs with this one. The one before ends, and what was signed with it stays genuine.

    Raises Agency.DoesNotExist, and Invalid with a sentence.
    """
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    agency = Agency.objects.select_for_update(no_key=True).get(code=agency_code)
    now = clock.now()
    certificates.check(issued, now)
    if AgencyCertificate.objects.filter(fingerprint=issued.fingerprint).exists():
        raise Invalid("certificate", _("This certificate was given to an agency before."))
    earlier = _ended_certificate(agency, now)
    own = issued.certificate
    row = AgencyCertificate(
        agency=agency,
        certificate=certificates.as_pem([own]),
        chain=certificates.as_pem(issued.chain),
        serial=f"{own.serial_number:x}",
        fingerprint=issued.fingerprint,
        subject=own.subject.rfc4514_string(),
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
        given_at=now,
    )
    keys.create(row.pk)
    row.key = issued.key_pem
    row.save()
    if earlier:
        earlier.replaced_by = row
        earlier.save(update_fields=["replaced_by"])
    record(actor, "agency.certificate_set", row, agency=agency.code, fingerprint=row.fingerprint)
    return row


@write
def end_certificate(agency_code: str, *, actor: User | None) -> AgencyCertificate | None:
    """The agency signs no more; nothing where it does not anyway. Raises Agency.DoesNotExist."""
    require(actor is None or can(actor, Ability.MANAGE_ACCOUNTS))
    agency = Agency.objects.select_for_update(no_key=True).get(code=agency_code)
    ended = _ended_certificate(agency, clock.now())
    if ended:
        record(actor, "agency.certificate_ended", ended, agency=agency.code, fingerprint=ended.fingerprint)
    return ended


def _ended_certificate(agency: Agency, at: datetime) -> AgencyCertificate | None:
    row = AgencyCertificate.objects.select_for_update().filter(agency=agency, ended_at__isnull=True).first()
    if row:
        row.ended_at, row.key = at, None
        row.save(update_fields=["ended_at", "key"])
    return row
