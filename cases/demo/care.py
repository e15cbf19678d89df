"""What the tracks bring along: care by the clinic, rehabilitation, identification, interviews in proceedings."""

from datetime import timedelta

from cases.demo.entries import POLICE, take
from cases.demo.files import File
from cases.edges.medical import Incident
from cases.models.choices import GivenBy
from cases.models.registers import ExaminationKind, HealthRecordKind, NeedDomain
from cases.services.registers import (
    Held,
    arrange_testimony,
    certify_fitness,
    record_examination,
    record_health,
    record_interview,
    record_need,
)

CLINIC = "dr-mila"
WRITTEN = {
    HealthRecordKind.TREATMENT_PLAN: "Talks once a week, sleep diary; antibiotics for ten days; seen again in three.",
    HealthRecordKind.MEDICATION: "Amoxicillin 500 mg three times a day until the box is empty. Nothing else.",
    HealthRecordKind.MENTAL_HEALTH: "Screened with an interpreter: wakes at night, startles, no thoughts of dying.",
}
SUMMARY = "Recovered. Vaccinations completed. Nothing to be taken any more; comes back if the headaches do."
NEEDS = {
    NeedDomain.SCHOOLING: "A class with other beginners of the language; transport, since it does not go alone.",
    NeedDomain.PSYCHOSOCIAL: "A therapist who speaks Belmoran; nothing in groups yet.",
}


def harmed(file: File, days_before: int) -> None:
    """Triage on the day on which it is told that the last harm was so many days before; urgent care begins."""
    day = file.today - timedelta(days=days_before)
    take(file, "begin_triage", incident=Incident.WITHIN_72_HOURS, incident_on=day)
    take(file, "begin_urgent_care", by=CLINIC)


def examine(file: File) -> None:
    """From triage on: an examination with consent, and the assessment."""
    record_examination(
        file.case_id,
        actor=file.people[CLINIC],
        kind=ExaminationKind.GENERAL,
        held_on=file.today,
        consent_by=GivenBy.CHILD,
        child_assents=True,
        findings="Underweight, old bruises on both arms. No fever.",
    )
    take(file, "begin_assessment", by=CLINIC)


def examine_for_court(file: File) -> None:
    record_examination(
        file.case_id,
        actor=file.people[CLINIC],
        kind=ExaminationKind.FORENSIC,
        held_on=file.today,
        consent_by=GivenBy.GUARDIAN,
        child_assents=True,
        purpose="Evidence for the proceedings; explained with the guardian and the interpreter.",
        findings="Report handed to the prosecutor in a sealed envelope.",
    )


def treat(file: File) -> None:
    for kind, words in WRITTEN.items():
        record_health(file.case_id, actor=file.people[CLINIC], kind=kind, words=words)
    take(file, "begin_treatment", by=CLINIC)


def recover(file: File) -> None:
    """From the assessment on: nothing had to be treated any more."""
    record_health(file.case_id, actor=file.people[CLINIC], kind=HealthRecordKind.SUMMARY, words=SUMMARY)
    take(file, "complete_care", by=CLINIC)


def certify(file: File) -> None:
    certify_fitness(
        file.case_id,
        actor=file.people[CLINIC],
        is_fit=True,
        certified_on=file.today,
        supply_days=14,
        conditions="Not alone, and not by night. The inhaler stays in the hand luggage.",
    )


def assess_needs(file: File) -> None:
    for domain, words in NEEDS.items():
        record_need(file.case_id, actor=file.worker, domain=domain, words=words)
    take(file, "assess_needs")


def rehabilitate(file: File) -> None:
    """From the assessed needs on; the child was heard and its representative agrees."""
    take(file, "agree_plan", "begin_rehabilitation")


def identify(file: File) -> None:
    take(file, "request_identification", "find_possible_victim", "find_victim")


def interview(file: File, note: str, *, by: str = "lex") -> None:
    held = Held(
        held_on=file.today,
        authority=POLICE,
        interviewer="Inspector Tamm",
        interviewer_trained=True,
        interpreter="Инга Тарл",
        accompanied_by="Greta Halm, guardian",
        recorded_on_video=True,
        note=note,
    )
    record_interview(file.case_id, actor=file.people[by] if by else file.worker, held=held)


def spare_testimony(file: File) -> None:
    """What was recorded on video is enough for the court."""
    arrange_testimony(file.case_id, actor=file.worker, arranged=True)
