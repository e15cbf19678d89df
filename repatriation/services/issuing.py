"""Papers of a return leave: who may take which is judged before it is written, and under the lock once more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record_read
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import IssuedPaper
from cases.models.papers import PaperKind
from cases.models.registers import HealthRecordKind
from cases.permissions import grounds, sections_on
from cases.services import papers
from repatriation.models import Handover, Journey, MonitoringVisit, Panel, Return, VerificationRequest
from repatriation.models.choices import SignedAs
from repatriation.permissions import WORKS_HERE, Hand, hands_by
from repatriation.services.locking import held_still
from repatriation.services.panels import decided, sitting

Told = Panel | VerificationRequest | Journey | Handover | MonitoringVisit


@dataclass(frozen=True)
class Held:
    """What an account has on a return: it decides which papers it may take, and what stands on them."""

    sections: frozenset[Section]
    hands: frozenset[str]


@dataclass(frozen=True)
class Offer:
    """A paper that somebody may take: the row that it tells of, and the sections of the file that stand on it."""

    row: Told
    shows: frozenset[Section]
    is_current: bool = True


def offered(kind: PaperKind, way: Return, held: Held, number: int = 0) -> Offer | None:
    """None for whom there is no such paper now. `number` is that of a visit."""
    return RULES[kind](way, held, number)


@write
def keep_return_paper(
    return_id: UUID, made: papers.Made, *, actor: User, offer: Offer, seen: str, number: int = 0
) -> IssuedPaper:
    """`seen` is the `state_of` what it was written from: it is history already if that has changed.

    Raises Return.DoesNotExist for whom there is no such paper any more: much may end while it is written.
    """
    way = held_still(return_id, actor)
    rows = grounds(actor, way.case)
    held = Held(frozenset(sections_on(rows)), hands_by(actor, way, rows))
    now = offered(made.kind, way, held, number)
    if now is None or now.row.pk != offer.row.pk or not offer.shows <= now.shows:
        raise Return.DoesNotExist
    record_read(
        actor,
        way,
        case_id=way.case_id,
        sections=offer.shows,
        basis=[row.basis for row in rows],
        verb="return.paper_taken",
    )
    current = now.is_current and state_of(way, now.row) == seen
    return papers.keep(replace(made, current=current), about=now.row.pk, case=way.case, by=actor)


def state_of(way: Return, row: Told) -> str:
    """Names what a paper about this row is written from: the row, and what a journey has beside it."""
    if not isinstance(row, Journey):
        return last_saved(row)
    document = way.travel_documents.filter(ended_at__isnull=True).values_list("pk", flat=True).first()
    medication = way.case.health_records.filter(kind=HealthRecordKind.MEDICATION)
    latest = medication.values_list("pk", flat=True).first()
    return f"{last_saved(row)} {document} {latest}"


def _minute(way: Return, held: Held, number: int) -> Offer | None:
    panel = sitting(way) or decided(way)
    if panel is None or panel.minute_signed_at is None or Section.RETURN_DECISION not in held.sections:
        return None
    return Offer(panel, _of(held, Section.RETURN_DECISION, Section.IDENTITY))


def _request(way: Return, held: Held, number: int) -> Offer | None:
    """Of the post that is asked, and of whoever reads all of whom it speaks; a draft leaves in no way."""
    request = way.facts.request
    whole = frozenset({Section.IDENTITY, Section.CONTACTS, Section.RETURN_JOURNEY})
    if request is None or request.sent_at is None:
        return None
    return Offer(request, whole) if Hand.CONSULAR in held.hands or whole <= held.sections else None


def _mandate(way: Return, held: Held, number: int) -> Offer | None:
    found = _pack(way, held, number)
    if found is None or way.facts.journey is None or way.facts.journey.escort is None:
        return None
    return replace(found, shows=frozenset({Section.IDENTITY, Section.RETURN_JOURNEY}))


def _pack(way: Return, held: Held, number: int) -> Offer | None:
    """As the page of the escort is: the escort's own, and read by those who plan it."""
    journey = way.facts.journey
    if journey is None or not held.hands & (WORKS_HERE | {Hand.ESCORT}):
        return None
    shows = frozenset({Section.IDENTITY, Section.MEDICAL, Section.RETURN_JOURNEY})
    return Offer(journey, shows, is_current=way.handed_over_at is None)


def _handover(way: Return, held: Held, number: int) -> Offer | None:
    """Of the latest handover that came to an end: signed by both, or refused.

    Who takes part now has the protocol of this journey; an earlier one was made with other people.
    """
    reads = Section.RETURN_JOURNEY in held.sections
    takes_part = way.departed_at is not None and bool(held.hands & {Hand.ESCORT, Hand.RECEIVER})
    if not (takes_part or reads):
        return None
    made = way.handovers if reads else way.handovers.filter(begun_at__gte=way.departed_at)
    ended = made.filter(ended_at__isnull=False).select_related("receiver__person", "receiver__agency")
    row = next((each for each in ended if _has_ended(each)), None)
    if row is None:
        return None
    shows = {Section.RETURN_JOURNEY, *_of(held, Section.IDENTITY)}
    if Hand.ESCORT in held.hands:
        # By its first name, which its pack has.
        shows.add(Section.IDENTITY)
    if Hand.RECEIVER in held.hands or Section.RETURN_DECISION in held.sections:
        shows.add(Section.RETURN_DECISION)
    is_latest = not way.handovers.filter(begun_at__gt=row.begun_at).exists()
    return Offer(row, frozenset(shows), is_current=is_latest)


def _has_ended(handover: Handover) -> bool:
    """What was begun anew has an end and is no protocol."""
    return bool(handover.refused) or handover.signatures.count() == len(SignedAs)


def _visit(way: Return, held: Held, number: int) -> Offer | None:
    """A report is its author's organisation's, and of whoever reads the journey."""
    visit = way.visits.filter(number=number, cancelled_at__isnull=True, done_on__isnull=False)
    row = visit.select_related("reported_by__agency").first()
    if row is None or way.handed_over_at is None:
        return None
    reads = Section.RETURN_JOURNEY in held.sections or is_own_report(way, held.hands, row)
    return Offer(row, _of(held, Section.IDENTITY) | {Section.RETURN_JOURNEY}) if reads else None


def is_own_report(way: Return, hands: frozenset[str], visit: MonitoringVisit) -> bool:
    """Of the receiving organisation; what the case worker wrote is none of its part."""
    reception, by = way.reception, visit.reported_by
    return (
        Hand.RECEIVER in hands
        and reception is not None
        and by is not None
        and by.agency_id == reception.recipient_id
    )


def _of(held: Held, *sections: Section) -> frozenset[Section]:
    return frozenset(sections) & held.sections


RULES: Mapping[PaperKind, Callable[[Return, Held, int], Offer | None]] = {
    PaperKind.MINUTE: _minute,
    PaperKind.REQUEST: _request,
    PaperKind.MANDATE: _mandate,
    PaperKind.PACK: _pack,
    PaperKind.HANDOVER: _handover,
    PaperKind.VISIT: _visit,
}
