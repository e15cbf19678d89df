"""How the child is after its return: the reports of visits. A sign of trafficking raises the alert at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.alphabets import listed
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.services.clocks import supervisors_of, workers_of
from repatriation.models import MonitoringVisit, Return
from repatriation.models.choices import AFTER_HANDOVER, VISITED_IN, Occupation, Sign
from repatriation.permissions import can_report_visit
from repatriation.services import access, clocks
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.moving import take
from workflow.machine import Attempt


@dataclass(frozen=True)
class VisitReport:
    done_on: date
    seen_alone: bool
    safe: bool
    occupation: Occupation
    signs: Collection[Sign] = ()
    child_words: str = ""
    words: str = ""
    # The child is called safe and there are signs: somebody was asked, and says that both are meant.
    both_meant: bool = False


@write
def report_visit(return_id: UUID, number: int, *, actor: User, report: VisitReport) -> MonitoringVisit:
    """Once for each visit; what was reported stays. Raises Invalid, MonitoringVisit.DoesNotExist."""
    way = locked(return_id, actor)
    require(can_report_visit(actor, way))
    visit = way.visits.get(number=number, cancelled_at__isnull=True)
    _refuse(way, visit, report, actor)
    visit.done_on, visit.seen_alone, visit.safe = report.done_on, report.seen_alone, report.safe
    visit.occupation, visit.signs = report.occupation, sorted(report.signs)
    visit.child_words, visit.words = report.child_words or None, report.words or None
    visit.reported_by, visit.reported_at = actor, clock.now()
    visit.save()
    clocks.end(way, clocks.VISIT, met=True, number=number)
    record(
        actor,
        "return.visit_reported",
        visit,
        case_id=way.case_id,
        sections=[Section.RETURN_JOURNEY],
        number=number,
        safe=report.safe,
        signs=list(visit.signs),
    )
    add_event(way, "visit_reported", actor=actor, number=number)
    _tell(way, report, actor)
    if report.signs:
        _raise_alert(way, report, actor)
    return visit


def _refuse(way: Return, visit: MonitoringVisit, report: VisitReport, actor: User) -> None:
    if way.state not in VISITED_IN:
        raise Invalid("", _("No visits are made in this return now."))
    if visit.done_on is not None:
        raise Invalid("", _("This visit is reported already. What was reported stays as it is."))
    if report.done_on > clock.today(actor.agency.time_zone):
        raise Invalid(
            "done_on", _("This day is still to come. Enter the day on which the child was visited.")
        )
    if way.handed_over_at is not None and report.done_on < _day(way.handed_over_at, actor):
        raise Invalid("done_on", _("On this day the child had not been handed over yet."))
    _ask_about_contradiction(report)


def _ask_about_contradiction(report: VisitReport) -> None:
    """A slip of the finger raises an alert in two countries, or calls a child safe that is in danger."""
    if report.safe and report.signs and not report.both_meant:
        raise Invalid(
            "both_meant",
            _(
                "You say that the child is safe there, and tick signs of trafficking. Correct one, or confirm both."
            ),
        )


def _day(moment: datetime, actor: User) -> date:
    return moment.astimezone(ZoneInfo(actor.agency.time_zone)).date()


def _tell(way: Return, report: VisitReport, actor: User) -> None:
    """Not safe is told to the supervisors as well, also where no sign of trafficking was seen."""
    if report.signs:
        return
    told, kind = workers_of(way.case), "return.visit_reported"
    if not report.safe:
        told, kind = told | supervisors_of(way.case), "return.visit_not_safe"
    notify(told - {actor}, kind, way, case_id=way.case_id)


def _raise_alert(way: Return, report: VisitReport, actor: User) -> None:
    words = report.words or report.child_words or listed(str(Sign(sign).label) for sign in report.signs)
    if way.state in AFTER_HANDOVER:
        take(way, "raise_alert", Attempt(actor, values={"words": words}))
        return
    # It stands already: whoever deals with it hears that there is more.
    told, focal = access.people_concerned(way) | supervisors_of(way.case), access.focal_points_of(way)
    notify(told - {actor}, "return.raise_alert", way, case_id=way.case_id)
    # They see no return, only its alert, so theirs is a notice of its own.
    notify(focal - told, "return.retrafficking", way, case_id=way.case_id)
