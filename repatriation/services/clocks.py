"""By when each side of a return has to act, and which clocks every state runs."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import clock
from accounts import policy
from accounts.models import Agency, User
from cases.models import Case
from repatriation.guards.deciding import ASSESSMENT_DAYS
from repatriation.models import Return
from repatriation.models.choices import UNDECIDED, ReturnState
from workflow import deadlines
from workflow.models import Deadline
from workflow.timeframes import DAYS, later

# Kinds of deadlines; each names its return in the params.
REMIND_CONSULATE = "return_verification"
REVIEW = "return_review"
STALE = "return_assessment_stale"
READY_UNTIL = "return_ready_until"
UNCONFIRMED = "return_unconfirmed"
VISIT = "return_visit"
TELL = "return_tell"
ALL = (REMIND_CONSULATE, REVIEW, STALE, READY_UNTIL, UNCONFIRMED, VISIT, TELL)

TELL_DAYS = "return.tell_days"

UNCONFIRMED_HOURS = "return.unconfirmed_hours"
REMINDER_DAYS = ("return.reminder_days.first", "return.reminder_days.second", "return.reminder_days.third")
VISIT_MONTHS = (
    "return.visit_months.2",
    "return.visit_months.3",
    "return.visit_months.4",
    "return.visit_months.5",
)
FIRST_VISIT_DAYS = "return.visit_days.1"


def start(way: Return, kind: str, due_at: datetime, *, agency: Agency | None = None, **more: int) -> None:
    """`more` tells deadlines of one kind apart, for example the number of a visit."""
    params: dict[str, str | int] = {"return": str(way.pk), **more}
    deadlines.start(way.case_id, kind, due_at, agency=agency or way.case.agency, params=params)


def end(way: Return, kind: str, *, met: bool, **more: int) -> None:
    finish = deadlines.meet if met else deadlines.cancel
    finish(way.case_id, kind, {"return": str(way.pk), **more})


def stop(way: Return, *kinds: str, met: bool = False) -> None:
    """All of these kinds, whatever number they bear."""
    running = Deadline.objects.open().filter(case_id=way.case_id, kind__in=kinds or ALL)
    for deadline in running.filter(params__contains={"return": str(way.pk)}):
        finish = deadlines.meet if met else deadlines.cancel
        finish(way.case_id, deadline.kind, deadline.params)


def stop_over(case: Case, actor: User) -> None:
    """A merge was undone, and deadlines run again: a return that ended with it stays ended."""
    for way in Return.objects.filter(case=case, state__in=OVER):
        stop(way)


def return_of(deadline: Deadline) -> Return | None:
    named = deadline.params.get("return")
    found = Return.objects.select_related("case__agency", "case__legal", "panel")
    return found.filter(pk=named).first() if named else None


def hours(way: Return, key: str) -> timedelta:
    return timedelta(hours=policy.get(key, agency=way.case.agency))


def days(way: Return, key: str) -> timedelta:
    return timedelta(days=policy.get(key, agency=way.case.agency))


def follow(way: Return) -> None:
    """The clocks of the state that was just entered; those of the state that was left have ended."""
    stop(way, *(kind for kind in ALL if kind not in _kept(way)))
    begin = BEGINS.get(way.state)
    if begin is not None:
        begin(way)


def _kept(way: Return) -> tuple[str, ...]:
    """A child waits for being told whatever comes next, unless the decision falls or the return is over."""
    told = () if way.state in (*UNDECIDED, *OVER, ReturnState.WITHDRAWN) else (TELL,)
    return KEPT.get(way.state, ()) + told


def _tell(way: Return) -> None:
    panel = way.panel
    if panel is not None and not (panel.child_told_on and panel.guardian_told_on):
        start(way, TELL, clock.now() + days(way, TELL_DAYS))


def _deferred(way: Return) -> None:
    _review(way)
    _tell(way)


def _verification(way: Return) -> None:
    agency = way.case.agency
    for number, key in enumerate(REMINDER_DAYS, start=1):
        due_at = later(clock.now(), policy.get(key, agency=agency), DAYS, agency)
        start(way, REMIND_CONSULATE, due_at, number=number)


def _panel(way: Return) -> None:
    """A panel that waits longer than the assessment holds has to have it renewed."""
    latest = way.assessments.filter(finished_at__isnull=False).first()
    if latest is not None and latest.finished_at is not None:
        start(way, STALE, latest.finished_at + days(way, ASSESSMENT_DAYS))


def _review(way: Return) -> None:
    if way.review_on is not None:
        zone = ZoneInfo(way.case.agency.time_zone)
        start(way, REVIEW, datetime.combine(way.review_on, time(8), zone).astimezone(UTC))


def _ready(way: Return) -> None:
    if way.ready_until is not None:
        start(way, READY_UNTIL, way.ready_until)


def _departed(way: Return) -> None:
    if way.departed_at is not None:
        start(way, UNCONFIRMED, way.departed_at + hours(way, UNCONFIRMED_HOURS))


BEGINS = {
    ReturnState.VERIFICATION_REQUESTED: _verification,
    ReturnState.PANEL_PENDING: _panel,
    ReturnState.DEFERRED: _deferred,
    ReturnState.DECIDED_RETURN: _tell,
    ReturnState.DECIDED_THIRD_COUNTRY: _tell,
    ReturnState.DECIDED_INTEGRATION: _tell,
    ReturnState.READY: _ready,
    ReturnState.DEPARTED: _departed,
}
OVER = (ReturnState.ENDED, ReturnState.COMPLETED)
# Clocks that go on in a state into which they were begun before.
KEPT: Mapping[str, tuple[str, ...]] = {
    ReturnState.ARRIVED: (UNCONFIRMED,),
    # The child waits somewhere: nobody has confirmed anything.
    ReturnState.HANDOVER_FAILED: (UNCONFIRMED,),
    # Begun with the handover itself.
    ReturnState.HANDED_OVER: (VISIT,),
    ReturnState.MONITORING: (VISIT,),
    ReturnState.RETRAFFICKING_ALERT: (VISIT,),
}
