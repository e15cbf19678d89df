"""The agency to which a child comes opens a file of its own, from what its referral has given it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, CaseAccess
from cases.models.choices import Basis, BirthCertainty, Danger, Gender, Presumption
from cases.services.clocks import supervisors_of, workers_of
from cases.services.identity import Identity, begin_identity
from cases.services.notes import keep_note
from cases.services.reports import Told, keep_report, take
from referrals.fields import DOCUMENT, IDENTITY, field_of
from referrals.models import Disclosure, Referral
from repatriation.models import OwnFile, Return
from repatriation.permissions import Hand, can_open_own_file
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from vault import keys

# These have a place of their own in a file; everything else that was given comes as a note under its section.
_WHO_THE_CHILD_IS = frozenset(field.code for field in IDENTITY)
_CERTAIN = (BirthCertainty.EXACT, BirthCertainty.YEAR)


@write
def open_own_file(return_id: UUID, *, actor: User) -> OwnFile:
    """Once for each agency: whoever comes second is led to the one that stands. A supervisor names its worker."""
    way = locked(return_id, actor)
    require(can_open_own_file(actor, way))
    standing = own_file_of(way, actor)
    if standing is not None:
        return standing
    if not way.is_open:
        raise Invalid("", _("This return has ended."))
    return _open(way, referrals_held(way, actor), actor)


def own_file_of(way: Return, user: User) -> OwnFile | None:
    """Also the one of an earlier return: it is the same child."""
    return OwnFile.objects.filter(way__case=way.case_id, agency=user.agency_id).first()


def referrals_held(way: Return, user: User) -> list[Referral]:
    """By which this agency has its part now; that of the reception first."""
    live = CaseAccess.objects.live_for(user).filter(case=way.case_id, basis=Basis.REFERRAL)
    open_now = set(live.values_list("basis_id", flat=True))
    named = dict.fromkeys(row for row in (way.reception, way.partner) if row is not None)
    return [row for row in named if row.pk in open_now]


def given(referrals: Iterable[Referral]) -> list[Disclosure]:
    """What the recipient reads of these now: of each field what was given last. Papers stay where they are."""
    rows = Disclosure.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=clock.now()),
        referral__in=list(referrals),
        opened_at__isnull=False,
    )
    rows = rows.exclude(field__startswith=DOCUMENT).order_by("given_at", "field")
    return list({row.field: row for row in rows}.values())


def _open(way: Return, referrals: list[Referral], actor: User) -> OwnFile:
    referral = referrals[0]
    keys.prefetch([way.case_id])
    rows = given(referrals)
    case = take(keep_report(_told(referral), actor.agency, by=actor), by=actor)
    who = {row.field: row.value for row in rows if row.field in _WHO_THE_CHILD_IS}
    begin_identity(case, _identity(case, who), who.get("identity.names", ()), _numbers(who), by=actor)
    _keep_notes(case, [row for row in rows if row.field not in _WHO_THE_CHILD_IS], actor)
    own = OwnFile.objects.create(case=case, way=way, referral=referral, agency=actor.agency, opened_by=actor)
    # The log of the sender says that there is a file, and nothing by which it could be found.
    record(actor, "return.own_file_opened", way, case_id=way.case_id, sections=[Section.RETURN_JOURNEY])
    record(actor, "return.own_file_opened", own, case_id=case.pk)
    add_event(way, "own_file_opened", actor=actor)
    notify(workers_of(way.case) - {actor}, "return.own_file_opened", way, case_id=way.case_id)
    notify(supervisors_of(case) - {actor}, "return.own_file", case, case_id=case.pk)
    return own


def _told(referral: Referral) -> Told:
    """Stored, so in the language of whoever opens the file."""
    words = _("A child comes home. Opened from a referral by %(agency)s.") % {"agency": referral.sender.name}
    return Told(words=words, place=country_name(referral.sender.country.code), danger=Danger.UNKNOWN)


def _identity(case: Case, who: Mapping[str, Any]) -> Identity:
    birth = who.get("identity.birth") or {}
    certainty = birth.get("certainty", BirthCertainty.UNKNOWN)
    names = who.get("identity.names") or [""]
    return Identity(
        known_as=names[0],
        gender=who.get("identity.gender") or Gender.UNKNOWN,
        birth_date=date.fromisoformat(birth["day"]) if birth else None,
        birth_certainty=certainty,
        presumed_because="" if certainty in _CERTAIN else Presumption.TAKEN_OVER,
        citizenships=who.get("identity.citizenships") or (),
        languages=who.get("identity.languages") or "",
    )


def _numbers(who: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return who.get("identity.numbers") or []


def _keep_notes(case: Case, rows: list[Disclosure], actor: User) -> None:
    """One under each section: whoever may not read that section here does not read what was given of it."""
    for section in Section:
        lines = [_line(row) for row in rows if row.section == section]
        if lines:
            keep_note(case, section, "\n\n".join(lines), by=actor)


def _line(row: Disclosure) -> str:
    field = field_of(row.field)
    day = date_format(row.given_at, "j E Y")
    return f"{field.label} ({row.giver.name}, {day}):\n{field.words(row.value)}"


@dataclass(frozen=True)
class Standing:
    """Where a return stands for the agency that opened a file of its own, by what its referral opens.

    Once the referral is over: the last state that it could see, and nothing else.
    """

    own: OwnFile
    state: str
    # What this agency has to do with it now; nothing once its referrals are over.
    hands: frozenset[str]
    # Until the child is there; afterwards the next visit.
    arrives_on: date | None = None
    visit_on: date | None = None


def standing_of(own: OwnFile) -> Standing:
    """Whoever has taken the file over since holds no referral: it sees what was seen until then."""
    grounds = CaseAccess.objects.filter(case=own.way.case_id, basis=Basis.REFERRAL, agency=own.agency_id)
    kept = own.case.agency_id == own.agency_id
    live = set(grounds.live().values_list("basis_id", flat=True)) if kept else set()
    way = _way_of(own, live)
    if way is None:
        return Standing(own, _last_state(own, grounds), frozenset())
    parts = {Hand.PARTNER_ABROAD: way.partner_id, Hand.RECEIVER: way.reception_id}
    held = frozenset[str](hand for hand, referral_id in parts.items() if referral_id in live)
    # Who only looks at a home there does not read when the child comes.
    if Hand.RECEIVER not in held:
        return Standing(own, way.state, held)
    journey = way.facts.journey if way.arrived_at is None else None
    visit = way.visits.filter(done_on__isnull=True, cancelled_at__isnull=True).first()
    return Standing(
        own, way.state, held, journey.arrives_on if journey else None, visit.due_on if visit else None
    )


def _way_of(own: OwnFile, live: set[UUID]) -> Return | None:
    """The latest return on which one of these referrals has a part."""
    named = Q(partner__in=live) | Q(reception__in=live)
    found = Return.objects.filter(named, case=own.way.case_id) if live else Return.objects.none()
    return found.select_related("case__agency", "panel").order_by("-opened_at").first()


def _last_state(own: OwnFile, grounds: Any) -> str:
    ends = [min(filter(None, (row.ended_at, row.until)), default=clock.now()) for row in grounds]
    seen_until = max(ends, default=own.opened_at)
    events = own.way.events.filter(at__lte=seen_until, details__has_key="state").order_by("-number")
    details = events.values_list("details", flat=True).first() or {}
    return str(details.get("state", ""))


def known_apart(case: Case) -> set[UUID]:
    """The same child, in two agencies: neither file is a duplicate of the other."""
    from_here = OwnFile.objects.filter(way__case=case).values_list("case_id", flat=True)
    from_there = OwnFile.objects.filter(case=case).values_list("way__case_id", flat=True)
    return {*from_here, *from_there}
