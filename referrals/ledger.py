"""Who holds which data of a child, since when, on what ground: a sheet for the child, or for who speaks for it.

Its words are plain and in the language that was chosen. It names fields and never what stands in them, and neither the
child nor its case: a sheet gets lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

import clock
from accounts.access import Section
from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.models import Agency
from cases.models import Case
from referrals.fields import field_of
from referrals.models import Disclosure
from referrals.models.choices import BY_LEAVE, OFFERED, LegalBasis
from referrals.services import clocks
from workflow.models import Deadline

WHY: Mapping[str, StrPromise] = {
    LegalBasis.CONSENT: gettext_lazy("You said yes to it, or who speaks for you did."),
    LegalBasis.VITAL: gettext_lazy("Life or health was in danger, and nobody could be asked in time."),
    LegalBasis.DUTY: gettext_lazy("A law says that it must be told."),
    LegalBasis.ORDER: gettext_lazy("A court or guardianship authority ordered it."),
    BY_LEAVE: gettext_lazy("Nobody had said yes to it. A supervisor decided to ask for help all the same."),
}
TAKEN_BACK = gettext_lazy("The yes was taken back. We are looking for another reason, or an end.")

Fact = tuple[str, str]


@dataclass(frozen=True)
class Holding:
    """What one agency was given at one time, on one ground."""

    agency: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Ledger:
    """A sheet in the words of one language, ready for a page or for paper."""

    title: str
    before: tuple[str, ...]
    # A heading, what is said under it, and who stands there.
    parts: tuple[tuple[str, str, tuple[Holding, ...]], ...]
    object_heading: str
    object_words: tuple[str, ...]
    agency: str
    telephone: str
    moment: str


def disclosures_of(case: Case) -> list[Disclosure]:
    """Everything that was offered or opened, without what stands in it."""
    rows = Disclosure.objects.filter(case=case).defer("value").select_related("recipient", "referral")
    return list(rows.order_by("recipient__name", "recipient", "given_at", "field"))


def sections_of(rows: Iterable[Disclosure]) -> set[Section]:
    return {Section(row.section) for row in rows}


def ledger_in(language: str, case: Case, rows: list[Disclosure]) -> Ledger:
    with translation.override(language):
        now, groundless = clock.now(), _without_ground(case)
        reads = [row for row in rows if row.opened_at and (row.closed_at is None or row.closed_at > now)]
        read = [row for row in rows if row.opened_at and row.closed_at and row.closed_at <= now]
        never = [row for row in rows if row.opened_at is None]
        parts = (
            (_("Who has something now"), _("They can read it here today."), reads),
            (
                _("Who had something before"),
                _("They cannot read it here any more. What they copied before, they may still have."),
                read,
            ),
            (
                _("Who was asked for help"),
                _("They saw what help is needed, and not who you are. They have read nothing of this."),
                never,
            ),
        )
        told = [
            (heading, words, _holdings(found, case.agency, groundless)) for heading, words, found in parts
        ]
        told.append((*_before_us(), _former_owners(case)))
        return Ledger(
            title=_("Who has data about you"),
            before=(
                _("For you, or for who speaks for you."),
                _("This sheet says which data about you we gave to others, since when, and why."),
                _("What stands in the data is not on this sheet."),
            ),
            parts=tuple(part for part in told if part[-1])
            or ((_("Who has something now"), _("Nobody. We gave no data about you to another agency."), ()),),
            object_heading=_("How you can say no"),
            object_words=_how_to_object(),
            agency=case.agency.name,
            telephone=case.agency.duty_phone or case.agency.telephone,
            moment=_("As of %(moment)s") % {"moment": _day(now, case.agency)},
        )


def _before_us() -> tuple[str, str]:
    return (
        _("Who looked after you before us"),
        _("They can still read your file as it was on that day, and nothing that came later."),
    )


def _former_owners(case: Case) -> tuple[Holding, ...]:
    """Nothing was chosen for them: what they read is what they had. Who has the file again is no other agency."""
    rows = case.former_owners.exclude(agency=case.agency_id).select_related("agency").order_by("until")
    return tuple(
        Holding(
            _named(row.agency),
            ((_("Which data"), _("The whole file")), (_("Until"), _day(row.until, case.agency))),
        )
        for row in rows
    )


def _named(agency: Agency) -> str:
    return f"{agency.name} ({country_name(agency.country.code)})"


def _how_to_object() -> tuple[str, ...]:
    return (
        _("You can take a yes back at any time. Tell your social worker or your guardian, or call us."),
        _("Where nobody asked for a yes, you can object. Tell us why. You get an answer in writing."),
        _("You can ask to see what we gave away, and have mistakes corrected."),
        _("You can ask us to see to it that others delete what they have copied."),
        _("You can also turn to the data-protection authority. Ask us for the address."),
        _("You lose no help because you say no."),
        _("Keep this sheet where nobody else reads it, or let us keep it for you."),
    )


def _without_ground(case: Case) -> set[str]:
    """Referrals whose consent was withdrawn and that have no other ground yet."""
    waiting = Deadline.objects.open().filter(case_id=case.pk, kind=clocks.BASIS)
    return {str(params.get("referral")) for params in waiting.values_list("params", flat=True)}


def _day(moment: datetime, agency: Agency) -> str:
    """Where the agency works that gives the sheet away."""
    return date_format(moment.astimezone(ZoneInfo(agency.time_zone)), "j E Y")


def _holdings(rows: list[Disclosure], agency: Agency, groundless: set[str]) -> tuple[Holding, ...]:
    def together(row: Disclosure) -> tuple[str, ...]:
        days = (row.given_at, row.opened_at, row.closed_at)
        return (str(row.referral_id), row.basis, *(_day(day, agency) if day else "" for day in days))

    def place(row: Disclosure) -> tuple[Any, ...]:
        sent_at = row.referral.sent_at or row.given_at
        return row.recipient.name, row.recipient_id, sent_at, row.referral_id, row.given_at

    ordered = sorted(rows, key=place)
    runs = groupby(ordered, key=together)
    return tuple(_holding(list(run), agency, groundless) for _key, run in runs)


def _holding(rows: list[Disclosure], agency: Agency, groundless: set[str]) -> Holding:
    row = rows[0]
    labels = dict.fromkeys(str(field_of(each.field).label) for each in rows)
    facts = [
        (_("Which data"), listed(labels)),
        (_("What for"), str(row.referral.get_service_display())),
        (_("Asked on"), _day(row.given_at, agency) if row.opened_at is None else ""),
        (_("Since"), _day(row.opened_at, agency) if row.opened_at else ""),
        (_("Until"), _until(row, agency)),
        (_("Why"), str(_why(row, groundless))),
    ]
    return Holding(_named(row.recipient), tuple((label, value) for label, value in facts if value))


def _until(row: Disclosure, agency: Agency) -> str:
    if row.closed_at:
        return _day(row.closed_at, agency)
    if row.opened_at:
        return _("the help ends, or we end it")
    return _("it answers") if row.referral.state in OFFERED else ""


def _why(row: Disclosure, groundless: set[str]) -> StrPromise:
    lost = row.basis == LegalBasis.CONSENT and str(row.referral_id) in groundless
    return TAKEN_BACK if lost else WHY[row.basis]
