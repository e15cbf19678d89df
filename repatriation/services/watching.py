"""What rests on facts of the case is looked at whenever the case was written in: nothing forbidden goes on unnoticed.

One place for it, so that nobody has to remember which entry somewhere in the file a return depends on.
"""

from uuid import UUID

from django.db.models import Q

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.notifications import notify
from cases.models import Case
from cases.models.choices import CaseState, Risk, Safety
from cases.services.clocks import supervisors_of, workers_of
from referrals.models.choices import RUNNING
from repatriation.edges.clearance import CLEARANCE
from repatriation.edges.returns import RETURN
from repatriation.guards import never
from repatriation.guards.ready import NOT_RUN_OUT, READY
from repatriation.models import ContactClearance, Return
from repatriation.models.choices import (
    BEFORE_DEPARTURE,
    CARRYING_OUT,
    DECIDED_TO_LEAVE,
    ON_THE_WAY,
    OPEN,
    VISITED_IN,
    ClearanceState,
    ReturnState,
)
from repatriation.models.facts import is_protected
from repatriation.services import clocks, newfacts, plans
from repatriation.services.events import add_event
from repatriation.services.locking import locked_at_once, locked_row, locked_rows
from repatriation.services.moving import by_itself, suspend_open
from workflow.machine import Attempt, Edge, Guard
from workflow.models import Deadline
from workflow.services import move

# Where a state has several ways on, the one on which a board looks.
FORWARD = frozenset(
    {
        *(
            "trace",
            "assess_family",
            "submit_to_panel",
            "decide_integration",
            "request_verification",
            "ask_again",
        ),
        *("verify_nationality", "request_document", "issue_document", "plan_travel", "make_ready", "depart"),
        *("arrive", "hand_over", "hand_over_to_alternate", "complete", "back_to_panel", "resume"),
        *("go_on_visiting",),
    }
)
OUTSTANDING = Q(done_on__isnull=True, cancelled_at__isnull=True)
# What stops a journey that was decided. Contact may not be cleared yet then; revoked it must not be.
STOPS = (never.POSITIVE, never.NO_REFOULEMENT, never.INPUT_RECEIVED, never.SOMEBODY_CARES)


def look(case_id: UUID) -> None:
    """At the end of every write in a case, in its transaction. No reason says more than the step itself does."""
    for clearance in ContactClearance.objects.filter(case=case_id, state="cleared"):
        if _is_unsafe_now(clearance):
            _revoke(clearance)
    concerned = Q(state__in=OPEN) | Q(panel__minute_signed_at__isnull=False)
    # Most files have no return, which a short question tells before the long one that locks.
    returns = list(Return.objects.filter(concerned, case=case_id).values_list("pk", flat=True))
    for found in locked_rows(pk__in=returns) if returns else ():
        way = _looked_at(found)
        if way.panel is not None and way.panel.minute_signed_at is not None:
            newfacts.tell(way)


def _looked_at(way: Return) -> Return:
    """As it stands afterwards."""
    if not way.is_open:
        return way
    before = way.state
    if way.state in BEFORE_DEPARTURE:
        follow(way)
    if way.state in (*CARRYING_OUT, *ON_THE_WAY, ReturnState.HANDOVER_FAILED):
        plans.follow_medication(way)
    if way.state in VISITED_IN:
        note_reception(way)
    # A step was taken: what was read before it does not count.
    now = way if way.state == before else locked_row(way.pk)
    note_blocks(now)
    return now


def follow(way: Return) -> None:
    """Suspends what may not go on, and takes back a readiness that does not hold any more."""
    if way.case.state == CaseState.SUSPENDED:
        by_itself(way, "suspend", "case_suspended")
    elif way.state in (*DECIDED_TO_LEAVE, *CARRYING_OUT) and _must_stop(way):
        by_itself(way, "suspend", "facts_changed")
    elif way.state == ReturnState.READY and _fails(way, (*never.STILL, *READY, NOT_RUN_OUT)):
        by_itself(way, "plan_again", "facts_changed")


def note_reception(way: Return) -> None:
    """The organisation that receives the child may end its own work early; visits do not end with it, unnoticed."""
    reception = way.reception
    if reception is None or reception.state in RUNNING or not way.visits.filter(OUTSTANDING).exists():
        return
    told = {"kind": "reception_ended", "details__referral": str(reception.pk)}
    if not way.events.filter(**told).exists():
        add_event(way, "reception_ended", actor=None, referral=str(reception.pk))
        people = workers_of(way.case) | supervisors_of(way.case)
        notify(people, "return.reception_ended", way, case_id=way.case_id)


def note_blocks(way: Return) -> None:
    """For boards: what the next step on the way lacks, as it is known now."""
    edge = next_step(way)
    results = RETURN.judge(edge, way, Attempt(None)) if edge else []
    blocked_by = [result.code for result in results if result.blocks]
    if blocked_by != way.blocked_by:
        way.blocked_by = blocked_by
        way.save(update_fields=["blocked_by"])


def next_step(way: Return) -> Edge | None:
    """The step of the table that leads on from here; before the panel, what every decision asks."""
    return next((edge for edge in RETURN.edges_from(way.state) if edge.name in FORWARD), None)


def _must_stop(way: Return) -> bool:
    claimed = is_protected(way.case, way.country)
    return _is_revoked(way) or claimed or _is_told_against_consent(way) or _fails(way, STOPS)


def _is_revoked(way: Return) -> bool:
    """Until somebody is asked, what was revoked before is what the panel decided on: contact is cleared anew first."""
    clearance, panel = way.facts.clearance, way.panel
    if clearance is None or clearance.state != ClearanceState.REVOKED:
        return False
    if way.state in CARRYING_OUT:
        return True
    decided_at = panel.closed_at if panel is not None else None
    return decided_at is None or clearance.state_since > decided_at


def _is_told_against_consent(way: Return) -> bool:
    """A post reads what the child, or who represents it, does not want to be shared with it any more."""
    request = way.facts.request
    return request is not None and request.sent_at is not None and not way.facts.consent_to_post


def _fails(way: Return, guards: tuple[Guard, ...]) -> bool:
    return any(not guard.judge(way, Attempt(None)).passed for guard in guards)


def _is_unsafe_now(clearance: ContactClearance) -> bool:
    """A claim for protection, or a risk that was found after contact was judged safe."""
    case: Case = clearance.case
    risk = case.risk_assessments.order_by("-assessed_at").first()
    newer = risk is not None and risk.assessed_at > clearance.state_since
    worse = risk is not None and (risk.level == Risk.HIGH or risk.safety == Safety.NOT_SAFE)
    return is_protected(case, clearance.country) or (newer and worse)


def _revoke(clearance: ContactClearance) -> None:
    locked = (
        ContactClearance.objects.select_for_update(of=("self",)).select_related("case").get(pk=clearance.pk)
    )
    columns = {"state_since": clock.now(), "decided_by": None, "reasons": None}
    sections = [Section.RETURN_DECISION]
    attempt = Attempt(None, "facts_changed")
    move(CLEARANCE, locked, "revoke", attempt, case_id=locked.case_id, columns=columns, sections=sections)
    suspend_open(locked.case, locked.country, "clearance_revoked")


def ready_has_run_out(deadline: Deadline) -> None:
    """Called inside the sweep, once: a fact of G-READY is too old from now on. Raises Later."""
    found = clocks.return_of(deadline) if deadline.kind == clocks.READY_UNTIL else None
    if found is None:
        return
    way = locked_at_once(found)
    if way.state == ReturnState.READY:
        with acting_as(None):
            by_itself(way, "plan_again", "run_out")
            note_blocks(locked_row(way.pk))
