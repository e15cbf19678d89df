"""What follows on a handover: its end, the visits, and the alert; parts of steps."""

from zoneinfo import ZoneInfo

import clock
from accounts import policy
from accounts.models import Agency
from cases.services import papers
from cases.services.clocks import end_of_day
from cases.services.steps import back_to_active
from repatriation.models import Handover, MonitoringVisit, Return
from repatriation.services import clocks
from workflow.machine import Attempt
from workflow.timeframes import DAYS, MONTHS, later


def close_handover(way: Return) -> None:
    handover = way.facts.handover
    if handover is not None:
        handover.ended_at = clock.now()
        handover.save(update_fields=["ended_at"])


def outdate_protocols(way: Return) -> None:
    """Another handover begins: what an earlier one said is not how it stands any more."""
    for handover in way.handovers.filter(ended_at__isnull=False):
        papers.outdate(handover.pk)


def note_failure(way: Return, attempt: Attempt) -> None:
    """What was begun with one receiver is not gone on with for another. It may fail before anybody has begun."""
    handover, journey = way.facts.handover, way.facts.journey
    if handover is None and journey is not None and journey.receiver is not None:
        outdate_protocols(way)
        handover = Handover(way=way, case=way.case, receiver=journey.receiver)
    if handover is not None:
        handover.refused = str(attempt.values.get("code") or "")
        handover.whereabouts = str(attempt.values.get("words") or "") or None
        handover.ended_at = clock.now()
        handover.save()


def schedule(way: Return) -> None:
    """The first visit after days, the others after months, by the agency's own values."""
    now, agency, visitor = clock.now(), way.case.agency, visiting(way)
    moments = [later(now, policy.get(clocks.FIRST_VISIT_DAYS, agency=agency), DAYS, agency)]
    moments += [later(now, policy.get(key, agency=agency), MONTHS, agency) for key in clocks.VISIT_MONTHS]
    cancel(way)
    number = way.visits.count()
    for moment in moments:
        number += 1
        day = moment.astimezone(ZoneInfo(visitor.time_zone)).date()
        MonitoringVisit.objects.create(way=way, case=way.case, number=number, due_on=day)
        clocks.start(way, clocks.VISIT, end_of_day(day, visitor), agency=visitor, number=number)


def cancel(way: Return) -> None:
    """Those that were not made will not be: the child is somewhere else, or the return is over."""
    for visit in way.visits.filter(done_on__isnull=True, cancelled_at__isnull=True):
        visit.cancelled_at = clock.now()
        visit.save(update_fields=["cancelled_at"])


def alarm(way: Return, attempt: Attempt) -> None:
    """The case is worked on again at once (CETS197 33(1))."""
    back_to_active(way.case, str(attempt.values.get("words") or ""))


def visiting(way: Return) -> Agency:
    """The receiving partner; the child's own agency where there is none."""
    return way.reception.recipient if way.reception else way.case.agency
