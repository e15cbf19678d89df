"""A report comes in; the desk takes it and a case begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

import clock
from accounts.access import Ability, Role, Section, can
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Child, PersonName, Report
from cases.models.child import MAJORITY
from cases.models.choices import BirthCertainty, Gender, NameKind, Presumption
from cases.permissions import can_take_report
from cases.scripts import script_of
from cases.services import clocks, grounds
from cases.services.assignment import assign
from cases.services.indexing import index
from cases.services.tracks import begin_tracks, open_tracks
from vault import keys


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a report says. Three things are asked of everybody; the rest only if it is known."""

    words: str
    place: str
    danger: str
    details: Mapping[str, str] = field(default_factory=dict)


@write
def make_report(told: Told, *, actor: User, report_id: UUID | None = None) -> Report:
    """Sends a report to the desk of the reporter's agency. `report_id` is for whoever has to know it beforehand."""
    require(can(actor, Ability.REPORT_CHILD))
    desk = desk_of(actor.agency)
    report = keep_report(told, desk, by=actor, report_id=report_id)
    notify(clocks.desk_workers(desk), "report.waiting", report)
    return report


def keep_report(told: Told, desk: Agency, *, by: User, report_id: UUID | None = None) -> Report:
    """A part of other writes: the row, with the data key that its case will have."""
    report = Report(pk=report_id or uuid4(), desk=desk, made_by=by, danger=told.danger)
    keys.create(report.case_key)
    report.words, report.place = told.words, told.place
    report.details = _known(told)
    report.save(force_insert=True)
    clocks.start_assign(report.case_key, desk, report.received_at)
    sections = [Section.ACCOUNT]
    record(by, "report.made", report, case_id=report.case_key, sections=sections, danger=told.danger)
    return report


def _known(told: Told) -> dict[str, str]:
    return {name: value for name, value in told.details.items() if value}


def desk_of(agency: Agency) -> Agency:
    desk = agency.receiving_desk
    if desk.kind != AgencyKind.SOCIAL_SERVICE or not desk.is_active:
        raise Invalid("desk", _("Your agency has no desk that receives its reports. Tell the administrator."))
    return desk


@write
def take_report(report_id: UUID, *, actor: User) -> Case:
    """Opens a case from a waiting report. A case worker who takes it works on it; a supervisor assigns it later.

    Raises Report.DoesNotExist for whoever does not work at that desk, or when somebody was faster.
    """
    report = (
        Report.objects.waiting_at_desk_of(actor)
        .select_for_update(of=("self",))
        .select_related("desk", "made_by")
        .get(pk=report_id)
    )
    require(can_take_report(actor, report))
    case = take(report, by=actor)
    if actor.role == Role.CASE_WORKER:
        assign(case, actor, by=actor)
    return case


def take(report: Report, *, by: User) -> Case:
    """A part of other writes: a case of the desk's agency, on which nobody works yet."""
    case = open_case(report.case_key, report.desk, reported_at=report.received_at, by=by)
    _child_from(report, case)
    report.case, report.taken_at, report.taken_by = case, clock.now(), by
    report.save(update_fields=["case", "taken_at", "taken_by"])
    clocks.start_clocks(case, report.received_at)
    begin_tracks(case)
    record(by, "report.taken", report, case_id=case.pk)
    return case


def open_case(case_id: UUID, agency: Agency, *, reported_at: datetime, by: User) -> Case:
    """A part of other writes: the row, and the grounds of the agency that owns it."""
    case = Case(pk=case_id, agency=agency, reported_at=reported_at)
    case.save(force_insert=True)
    open_tracks(case)
    grounds.open_owner(case, agency, by=by)
    return case


def _child_from(report: Report, case: Case) -> Child:
    """What the reporter could say; an age is taken as said, and as a reason to believe a child when it is one's."""
    details = report.details or {}
    child = Child(case=case, gender=details.get("gender") or Gender.UNKNOWN)
    child.known_as = details.get("name")
    child.languages = details.get("languages")
    age = details.get("age")
    if age:
        child.birth_date = date(clock.today(case.agency.time_zone).year - int(age), 1, 1)
        child.birth_certainty = BirthCertainty.ESTIMATED
        child.presumed_because = Presumption.REPORTED if int(age) < MAJORITY else ""
    child.save(force_insert=True)
    if child.known_as:
        name = PersonName(child=child, case=case, kind=NameKind.USED, script=script_of(child.known_as))
        name.given = child.known_as
        name.save(force_insert=True)
    index(child)
    return child
