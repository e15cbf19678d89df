"""The case itself, who works on it, how it came in, and how it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.alphabets import listed
from cases.casefile.shape import Look, Part, Told
from cases.casefile.words import account, agency, day, moment, said
from cases.importing.htcds import COLUMNS
from cases.models import (
    Assignment,
    Case,
    CaseLink,
    Closure,
    DuplicateCandidate,
    DuplicateCheck,
    FormerOwner,
    ImportedRecord,
    ImportedValues,
    OutsideAcceptance,
    Report,
)
from cases.models.choices import CaseState, EarlyEnd, Gender, NotEligible, Risk
from cases.models.closing import DurableSolution
from cases.models.report import DANGER_WORDS
from cases.wording import REASONS

# What a report tells belongs to these, each part to one.
REPORT_PARTS = (Section.ACCOUNT, Section.SHELTER, Section.CONTACTS, Section.IDENTITY)
_IMPORTED = {column.name: column.label for column in COLUMNS}
_EARLY = dict(EarlyEnd.choices)
_NOT_ELIGIBLE = dict(NotEligible.choices)
_SOLUTIONS = dict(DurableSolution.choices)


def _case(row: Case, look: Look) -> Told:
    yield _("Stage"), CaseState(row.state).label
    yield _("Since"), moment(row.state_since)
    yield _("Agency"), agency(look, row.agency_id)
    yield _("Reported"), moment(row.reported_at)
    if look.sees(Section.RISK) and row.risk:
        yield _("Risk"), Risk(row.risk).label
    yield _("Taken over from another system"), moment(row.imported_at)
    yield _("Taken over by a worker"), moment(row.taken_over_at)
    if look.for_team:
        yield from _of_the_team(row, look)


def _of_the_team(row: Case, look: Look) -> Told:
    yield _("Stage before it was suspended"), row.suspended_from and CaseState(row.suspended_from).label
    yield _("Missing since"), moment(row.suspended_at)
    yield _("Police reference"), row.police_reference
    yield _("Stage before the merge"), row.merged_from and CaseState(row.merged_from).label
    yield _("Goes on in file"), look.cases.get(row.surviving_case_id) if row.surviving_case_id else ""
    yield _("Not eligible because"), _NOT_ELIGIBLE.get(row.not_eligible)
    yield _("Where the person was sent"), row.signpost
    yield _("Plan written by"), account(look, row.plan_author_id)
    yield _("Plan approved by"), account(look, row.plan_approver_id)
    yield _("Durable solution"), _SOLUTIONS.get(row.durable_solution)
    yield _("Durable solution confirmed by"), account(look, row.durable_solution_by_id)
    yield _("Closure written by"), account(look, row.closure_author_id)
    yield _("Closure approved by"), account(look, row.closure_approver_id)
    yield _("Ended early because"), _EARLY.get(row.early_end)
    yield _("To be kept until"), day(row.retain_until)


def _assignment(row: Assignment, look: Look) -> Told:
    yield _("Name"), account(look, row.worker_id)
    yield _("From"), moment(row.assigned_at)
    yield _("Until"), moment(row.ended_at)
    yield _("Assigned by"), account(look, row.assigned_by_id)


def _former_owner(row: FormerOwner, look: Look) -> Told:
    yield _("Agency"), agency(look, row.agency_id)
    yield _("Until"), moment(row.until)
    yield _("Taken over by"), agency(look, row.successor_id)
    yield _("Name"), account(look, row.taken_by_id)


def _report(row: Report, look: Look) -> Told:
    """Each part of what was told belongs to one section."""
    details = row.details or {}
    yield _("In danger"), DANGER_WORDS[row.danger]
    if look.sees(Section.ACCOUNT):
        yield _("What was told"), row.words
    if look.sees(Section.SHELTER):
        yield _("Where the child was then"), row.place
    if look.sees(Section.IDENTITY):
        yield _("Name"), details.get("name")
        yield _("Age, or a guess"), details.get("age")
        yield _("Gender"), dict(Gender.choices).get(details.get("gender", ""))
        yield _("Languages"), details.get("languages")
    if look.sees(Section.CONTACTS):
        yield _("Call back"), details.get("reporter")
    yield _("Taken from the desk"), moment(row.taken_at)
    yield _("Taken by"), account(look, row.taken_by_id)


def _link(row: CaseLink, look: Look) -> Told:
    # A link stands in both files; the code names the one that is not this.
    names = [look.cases[pk] for pk in (row.case_id, row.other_id) if pk in look.cases]
    yield _("Linked file"), listed(sorted(names))


def _candidate(row: DuplicateCandidate, look: Look) -> Told:
    yield _("Kept by"), agency(look, row.other_agency_id)
    yield _("Found because of"), listed(str(REASONS[why]) for why in row.reasons if why in REASONS)
    yield _("Decision"), row.get_verdict_display()
    yield _("Note"), row.note
    yield _("Decided by"), account(look, row.decided_by_id)
    yield _("Decided"), moment(row.decided_at)


def _closure(row: Closure, look: Look) -> Told:
    yield _("Summary"), row.summary
    yield _("The child was informed on"), day(row.child_informed_on)
    yield _("The guardian was informed on"), day(row.guardian_informed_on)
    yield _("No guardian to inform because"), row.no_guardian_because


def _outside(row: OutsideAcceptance, look: Look) -> Told:
    yield _("Agency"), agency(look, row.agency_id)
    yield _("Accepted on"), day(row.accepted_on)
    yield _("Contact"), row.contact
    document = look.rows.get(row.document_id)
    yield _("Document that shows it"), document.title if document else ""


def _imported_record(row: ImportedRecord, look: Look) -> Told:
    yield _("Format"), row.profile
    yield _("Row"), str(row.row)
    yield _("Stage in the source"), row.source_status
    yield _("Taken over"), moment(row.imported_at)


def _imported_values(row: Any, look: Look) -> Told:
    for name, value in row.values.items():
        yield _IMPORTED.get(name, name), said(value)


CASE = (
    Part(
        chapter="case",
        model=Case,
        title=lambda row, look: _("The case"),
        facts=_case,
        of_case=("id",),
    ),
    Part(
        chapter="case",
        model=Assignment,
        title=lambda row, look: _("Case worker"),
        facts=_assignment,
        order=("-assigned_at",),
    ),
    Part(
        chapter="case",
        model=FormerOwner,
        title=lambda row, look: _("Former agency"),
        facts=_former_owner,
    ),
    Part(
        chapter="case",
        model=CaseLink,
        title=lambda row, look: row.get_kind_display(),
        facts=_link,
        team_only=True,
        stands=lambda row: row.removed_at is None,
        stamp=("made_by", "made_at"),
        order=("made_at",),
        of_case=("case_id", "other_id"),
    ),
)
REPORT = (
    Part(
        chapter="report",
        model=Report,
        title=lambda row, look: _("Report"),
        facts=_report,
        sections=REPORT_PARTS,
        stamp=("made_by", "received_at"),
    ),
)
DUPLICATES = (
    Part(
        chapter="duplicates",
        model=DuplicateCheck,
        title=lambda row, look: _("Duplicate check"),
        facts=lambda row, look: (),
        team_only=True,
        stamp=("run_by", "run_at"),
    ),
    Part(
        chapter="duplicates",
        model=DuplicateCandidate,
        title=lambda row, look: _("Another file that may be this child’s"),
        facts=_candidate,
        team_only=True,
    ),
)
ENDING = (
    Part(
        chapter="closure",
        model=Closure,
        title=lambda row, look: _("Closure"),
        facts=_closure,
        team_only=True,
        stamp=("written_by", "written_at"),
    ),
    Part(
        chapter="closure",
        model=OutsideAcceptance,
        title=lambda row, look: _("Taken on by an agency outside this system"),
        facts=_outside,
        team_only=True,
        stamp=("recorded_by", "recorded_at"),
    ),
)
IMPORTED = (
    Part(
        chapter="imported",
        model=ImportedRecord,
        title=lambda row, look: _("Where it came from"),
        facts=_imported_record,
        team_only=True,
    ),
    Part(
        chapter="imported",
        model=ImportedValues,
        title=lambda row, look: Section(row.section).label,
        facts=_imported_values,
        sections=tuple(Section),
        also=lambda row, look: look.sees(row.section),
        order=("section",),
    ),
)
