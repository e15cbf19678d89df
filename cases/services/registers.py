"""What the tracks keep in lists: interviews, examinations, health records, fitness to travel, needs; and testimony."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, Examination, HealthRecord, Interview, LegalProtection, Need, TravelFitness
from cases.models.choices import GivenBy
from cases.models.registers import WITH_PURPOSE, ExaminationKind, HealthRecordKind, NeedDomain
from cases.models.tracks import Proceedings
from cases.permissions import can_certify_fitness
from cases.services.evidence import settle
from cases.services.writing import locked_to_write

# Proceedings in which the child may still have to speak.
LIVE = (Proceedings.OPEN, Proceedings.PAUSED)


@dataclass(frozen=True)
class Held:
    """How one interview was held: each of these makes it fit for a child (EU2011/36 15(3))."""

    held_on: date
    authority: str
    interviewer: str
    interviewer_trained: bool
    interpreter: str
    accompanied_by: str
    recorded_on_video: bool = False
    note: str = ""


def _not_in_future(case: Case, name: str, day: date) -> None:
    if day > clock.today(case.agency.time_zone):
        raise Invalid(name, _("The day cannot be in the future."))


@write
def record_interview(case_id: UUID, *, actor: User, held: Held) -> Interview:
    """Numbered from 1 for each case, under its lock: everybody sees how often the child had to tell it."""
    case = locked_to_write(case_id, actor, Section.LEGAL)
    _not_in_future(case, "held_on", held.held_on)
    highest = case.interviews.aggregate(highest=Max("number"))["highest"] or 0
    interview = Interview(case=case, number=highest + 1, entered_by=actor, entered_at=clock.now())
    for name, value in asdict(held).items():
        setattr(interview, name, None if value == "" else value)
    interview.save(force_insert=True)
    record(
        actor,
        "interview.recorded",
        interview,
        case_id=case.pk,
        sections=[Section.LEGAL],
        number=interview.number,
        trained=held.interviewer_trained,
    )
    return interview


@write
def arrange_testimony(case_id: UUID, *, actor: User, arranged: bool, seen: str = "") -> LegalProtection:
    """Whether the child can testify, or has, without being here: what open proceedings ask before a return.

    Raises Meanwhile when somebody else has answered since the page was shown (`seen`).
    """
    case = locked_to_write(case_id, actor, Section.LEGAL)
    legal = LegalProtection.objects.select_for_update(of=("self",)).get(case=case)
    if legal.proceedings not in LIVE:
        raise Invalid("arranged", _("No proceedings are open in which the child could testify."))
    if legal.testimony_arranged != arranged:
        require_unchanged(legal, seen, "testimony_arranged")
        legal.testimony_arranged = arranged
        legal.save(update_fields=["testimony_arranged"])
        answer = "arranged" if arranged else "not_arranged"
        record(
            actor,
            "testimony.recorded",
            legal,
            case_id=case.pk,
            sections=[Section.LEGAL],
            testimony=answer,
        )
        settle(case, actor)
    return legal


@write
def record_examination(
    case_id: UUID,
    *,
    actor: User,
    kind: ExaminationKind,
    held_on: date,
    consent_by: GivenBy,
    child_assents: bool,
    purpose: str = "",
    findings: str = "",
) -> Examination:
    """One examination with the informed consent to this one (MED).

    What is done to prove something names its purpose, and is not done against the child's will.
    """
    case = locked_to_write(case_id, actor, Section.MEDICAL)
    _not_in_future(case, "held_on", held_on)
    proves = kind in WITH_PURPOSE
    if proves and not purpose:
        raise Invalid("purpose", _("Name the purpose that was explained when consent was asked."))
    if not child_assents and (proves or consent_by == GivenBy.CHILD):
        raise Invalid(
            "child_assents", _("Without the child’s own agreement this examination does not take place.")
        )
    examination = Examination(
        case=case,
        kind=kind,
        held_on=held_on,
        consent_by=consent_by,
        child_assents=child_assents,
        entered_by=actor,
        entered_at=clock.now(),
    )
    examination.purpose, examination.findings = purpose or None, findings or None
    examination.save(force_insert=True)
    record(
        actor,
        "examination.recorded",
        examination,
        case_id=case.pk,
        sections=[Section.MEDICAL],
        examination=kind,
        given_by=consent_by,
        assent=child_assents,
    )
    return examination


@write
def record_health(case_id: UUID, *, actor: User, kind: HealthRecordKind, words: str) -> HealthRecord:
    """The latest of each kind counts; earlier ones stay readable."""
    case = locked_to_write(case_id, actor, Section.MEDICAL)
    written = HealthRecord(case=case, kind=kind, entered_by=actor, entered_at=clock.now())
    written.words = words
    written.save(force_insert=True)
    record(
        actor,
        "health.recorded",
        written,
        case_id=case.pk,
        sections=[Section.MEDICAL],
        health_record=kind,
    )
    return written


@write
def certify_fitness(
    case_id: UUID,
    *,
    actor: User,
    is_fit: bool,
    certified_on: date,
    supply_days: int,
    conditions: str = "",
) -> TravelFitness:
    """A certificate of the clinic, in any state of medical care: only who treats can answer for the journey."""
    case = locked_to_write(case_id, actor, Section.MEDICAL)
    require(can_certify_fitness(actor, case))
    _not_in_future(case, "certified_on", certified_on)
    certificate = TravelFitness(
        case=case,
        is_fit=is_fit,
        certified_on=certified_on,
        supply_days=supply_days,
        certified_by=actor,
        entered_at=clock.now(),
    )
    certificate.conditions = conditions or None
    certificate.save(force_insert=True)
    record(
        actor,
        "fitness.certified",
        certificate,
        case_id=case.pk,
        sections=[Section.MEDICAL],
        fitness="fit" if is_fit else "not_fit",
    )
    return certificate


def fitness_ends(certificate: TravelFitness, case: Case) -> date:
    """The last day of a departure that the certificate covers."""
    return certificate.certified_on + timedelta(days=policy.get("medical.fitness_days", agency=case.agency))


@write
def record_need(case_id: UUID, *, actor: User, domain: NeedDomain, words: str) -> Need:
    """The latest word on each domain counts; earlier ones stay readable."""
    case = locked_to_write(case_id, actor, Section.REHABILITATION)
    need = Need(case=case, domain=domain, entered_by=actor, entered_at=clock.now())
    need.words = words
    need.save(force_insert=True)
    record(actor, "need.recorded", need, case_id=case.pk, sections=[Section.REHABILITATION], domain=domain)
    return need
