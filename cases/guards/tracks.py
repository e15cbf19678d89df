"""What must hold before a step in a track of care is taken."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import LegalProtection, MedicalCare, Rehabilitation
from cases.models.facts import among
from cases.models.people import REPRESENTS, Conflict, Person
from cases.models.plan import Track
from cases.models.registers import HealthRecordKind
from workflow.machine import Attempt, Guard


def _no_conflict(legal: LegalProtection, attempt: Attempt) -> bool:
    """Judged for the person who is entered; before that, whether there is anybody to enter."""
    person = attempt.values.get("person")
    if isinstance(person, Person):
        return person.may_represent
    fit = legal.case.people.filter(role__in=REPRESENTS, conflict=Conflict.NONE, removed_at__isnull=True)
    return fit.exists()


def _examined(medical: MedicalCare, attempt: Attempt) -> bool:
    return bool(medical.case.facts.marks.examined)


def _has(kind: HealthRecordKind) -> Any:
    def check(medical: MedicalCare, attempt: Attempt) -> bool:
        return among(kind, medical.case.facts.marks.health_records)

    return check


def _needs_recorded(rehabilitation: Rehabilitation, attempt: Attempt) -> bool:
    return bool(rehabilitation.case.facts.marks.needs)


def _heard(rehabilitation: Rehabilitation, attempt: Attempt) -> bool:
    return bool(rehabilitation.case.facts.marks.was_heard)


def _agreed(rehabilitation: Rehabilitation, attempt: Attempt) -> bool:
    return bool(rehabilitation.case.facts.marks.plan_agreed)


def _goals_set(rehabilitation: Rehabilitation, attempt: Attempt) -> bool:
    return among(Track.REHABILITATION, rehabilitation.case.facts.marks.goal_tracks)


def _outcomes_recorded(rehabilitation: Rehabilitation, attempt: Attempt) -> bool:
    """No goal of the track waits for its outcome, and there was one."""
    marks, track = rehabilitation.case.facts.marks, Track.REHABILITATION
    return among(track, marks.goal_tracks_ended) and not among(track, marks.goal_tracks)


NO_CONFLICT = Guard(
    code="no_conflict",
    sentence=_(
        "The representative is recorded as guardian or interim representative, without a conflict of interest."
    ),
    source=("EU2011/36 14(2)", "CETS197 10(4)"),
    check=_no_conflict,
    remedy="people",
    remedy_label=_("People around the child"),
)
EXAMINATION_CONSENTED = Guard(
    code="examination_consented",
    sentence=_("An examination with its informed consent is recorded, a forensic one with its purpose too."),
    source=("MED",),
    check=_examined,
    remedy="examination_new",
    remedy_label=_("Record an examination"),
)
TREATMENT_PLAN = Guard(
    code="treatment_plan",
    sentence=_("The treatment plan is written."),
    source=("MED",),
    check=_has(HealthRecordKind.TREATMENT_PLAN),
    remedy="health_record_new",
    remedy_label=_("Write it down"),
)
MEDICATION_LIST = Guard(
    code="medication_list",
    sentence=_("The medication list is written, also when there is none."),
    source=("MED",),
    check=_has(HealthRecordKind.MEDICATION),
    remedy="health_record_new",
    remedy_label=_("Write it down"),
)
MENTAL_HEALTH_SCREENED = Guard(
    code="mental_health_screened",
    sentence=_("Mental health was screened."),
    source=("MED", "CETS197 12(1)"),
    check=_has(HealthRecordKind.MENTAL_HEALTH),
    remedy="health_record_new",
    remedy_label=_("Write it down"),
)
MEDICAL_SUMMARY = Guard(
    code="medical_summary",
    sentence=_("The medical summary is written."),
    source=("MED",),
    check=_has(HealthRecordKind.SUMMARY),
    remedy="health_record_new",
    remedy_label=_("Write it down"),
)
NEEDS_RECORDED = Guard(
    code="needs_recorded",
    sentence=_("What the child needs is recorded, domain by domain."),
    source=("LANZ14", "IACM"),
    check=_needs_recorded,
    remedy="need_new",
    remedy_label=_("Record a need"),
)
HEARD_ABOUT_PLAN = Guard(
    code="heard_about_plan",
    sentence=_("The child’s views are recorded."),
    source=("LANZ14", "CRC 12"),
    check=_heard,
    remedy="plan",
    remedy_label=_("Record what the child says"),
)
REPRESENTATIVE_AGREES = Guard(
    code="representative_agrees",
    sentence=_("The representative agrees with the plan."),
    source=("EU2011/36 14(2)",),
    check=_agreed,
    remedy="plan",
    remedy_label=_("Record the agreement"),
)
REHABILITATION_GOALS = Guard(
    code="rehabilitation_goals",
    sentence=_("Rehabilitation has at least one goal, with the kind of service."),
    source=("HTCDS", "IACM"),
    check=_goals_set,
    remedy="plan",
    remedy_label=_("Set goals"),
)
OUTCOMES_RECORDED = Guard(
    code="outcomes_recorded",
    sentence=_("Every goal of rehabilitation has its outcome."),
    source=("IACM",),
    check=_outcomes_recorded,
    remedy="plan",
    remedy_label=_("Record the outcomes"),
)
