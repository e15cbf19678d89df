"""Moving a case along its lifecycle. Whatever an edge does besides changing the state stands here, edge by edge."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.edges.lifecycle import LIFECYCLE, edges_up_to
from cases.models import Case
from cases.models.choices import FINAL_STATES, RUNNING_STATES, CaseState, EarlyEnd
from cases.permissions import can_override_guard, can_propose_end
from cases.registry import coming_back, leaving_open
from cases.services import clocks
from cases.services.errors import Invalid
from cases.services.locking import locked
from workflow import deadlines
from workflow.machine import Attempt, WrongState
from workflow.services import move
from workflow.services import override_guard as override


@write
def take_step(
    case_id: UUID, edge_name: str, *, actor: User, reason: str = "", values: Mapping[str, Any] | None = None
) -> Case:
    """One edge of the lifecycle. Raises Refused with every guard that fails, NotInHand for the wrong hand."""
    case = locked(case_id, actor)
    LIFECYCLE.require_hand(LIFECYCLE.edge(edge_name), case, actor)
    values = dict(values or {})
    if edge_name == "mark_duplicate":
        values["surviving_case"] = _survivor(case, values.get("surviving_case"), actor)
    if edge_name == "take_over" and not case.waits_for_takeover:
        # Only what was imported, and once: the state stays, so it cannot tell.
        raise WrongState(LIFECYCLE.edge(edge_name))
    attempt, since = Attempt(actor=actor, reason=reason, values=values), case.state_since
    columns = COLUMNS.get(edge_name, _moved)(case, attempt)
    move(LIFECYCLE, case, edge_name, attempt, case_id=case.pk, columns=columns)
    EFFECTS.get(edge_name, _nothing)(case, attempt)
    if edge_name == "undo_duplicate":
        deadlines.revive(case.pk, since)
        coming_back(case, since)
    if case.state in FINAL_STATES:
        deadlines.cancel_all(case.pk)
        leaving_open(case, actor)
    return case


def _survivor(case: Case, named: Any, actor: User) -> Case:
    """The file that stays, locked too: of two merges at one moment the second must not point back."""
    others = Case.objects.visible_to(actor).exclude(pk=case.pk).exclude(state=CaseState.DUPLICATE)
    wanted = others.filter(pk=named.pk) if isinstance(named, Case) else others.none()
    found = wanted.select_for_update(of=("self",)).first()
    if found is None:
        raise Invalid("surviving_case", _("No other file that you can see has this code."))
    return found


@write
def override_guard(case_id: UUID, edge_name: str, guard_code: str, *, actor: User, reason: str) -> None:
    """A supervisor answers for one ⚠ guard of one step; somebody else takes the step."""
    case = locked(case_id, actor)
    require(can_override_guard(actor, case))
    override(LIFECYCLE, case, edge_name, guard_code, actor=actor, reason=reason, case_id=case.pk)


@write
def propose_end(case_id: UUID, *, actor: User, why: EarlyEnd) -> Case:
    """The first of the two supervisors whom ending an open case early needs."""
    case = locked(case_id, actor)
    require(can_propose_end(actor, case))
    if case.state not in RUNNING_STATES:
        raise Invalid("why", _("Only a running case can be ended early."))
    _check_early_end(case, why)
    case.early_end, case.closure_author = why, actor
    case.save(update_fields=["early_end", "closure_author"])
    record(actor, "case.end_proposed", case, case_id=case.pk, why=why)
    others = clocks.supervisors_of(case) - {actor}
    notify(others, "case.end_proposed", case, case_id=case.pk)
    return case


def _check_early_end(case: Case, why: EarlyEnd) -> None:
    """The reason must agree with what the file says."""
    child = case.facts.child
    if why == EarlyEnd.CAME_OF_AGE and child and child.is_certainly_child(clock.today(case.agency.time_zone)):
        raise Invalid("why", _("By the birth date in the file the child is under 18."))
    days = policy.get("case.contact_lost_days", agency=case.agency)
    seen = case.risk_assessments.filter(child_seen=True).order_by("-assessed_at").first()
    last = seen.assessed_at if seen else case.reported_at
    if why == EarlyEnd.CONTACT_LOST and last > clock.now() - timedelta(days=days):
        raise Invalid("why", _("There was contact within the last %(days)s days.") % {"days": days})


Columns = dict[str, Any]


def _moved(case: Case, attempt: Attempt) -> Columns:
    return {"state_since": clock.now()}


def _nothing(case: Case, attempt: Attempt) -> None:
    return None


# Columns that change in the same UPDATE as the state: triggers and constraints read them together.
COLUMNS: dict[str, Callable[[Case, Attempt], Columns]] = {
    "take_over": lambda case, attempt: {"taken_over_at": clock.now()},
    "find_not_eligible": lambda case, attempt: (
        _moved(case, attempt)
        | {
            "not_eligible": attempt.values.get("code", ""),
            "signpost": attempt.values.get("signpost") or None,
        }
    ),
    # Whoever completes the plan is its author, and an earlier approval was of an earlier plan.
    "plan": lambda case, attempt: (
        _moved(case, attempt) | {"plan_author": attempt.actor, "plan_approver": None}
    ),
    "activate": lambda case, attempt: _moved(case, attempt) | {"plan_approver": attempt.actor},
    "close": lambda case, attempt: _moved(case, attempt) | {"closure_approver": attempt.actor},
    "end_early": lambda case, attempt: _moved(case, attempt) | {"closure_approver": attempt.actor},
    "suspend": lambda case, attempt: (
        _moved(case, attempt) | {"suspended_from": case.state, "suspended_at": clock.now()}
    ),
    "mark_duplicate": lambda case, attempt: (
        _moved(case, attempt)
        | {
            "merged_from": case.state,
            "surviving_case": attempt.values.get("surviving_case"),
        }
    ),
    "undo_duplicate": lambda case, attempt: _moved(case, attempt) | {"surviving_case": None},
    "reopen": lambda case, attempt: (
        _moved(case, attempt) | {"closure_author": None, "closure_approver": None, "early_end": ""}
    ),
}


def _list_missing_evidence(case: Case, attempt: Attempt) -> None:
    """An imported case never passed the guards of the states it skipped: each that does not hold becomes a task."""
    clocks.start_clocks(case, clock.now())
    deadlines.meet(case.pk, clocks.ASSIGN)
    if case.facts.risk and case.facts.risk.child_seen:
        deadlines.meet(case.pk, clocks.FIRST_RESPONSE)
    for guard_code in missing_evidence(case, attempt):
        clocks.start_task(case, "evidence", clocks.evidence_due(case), guard=guard_code)


def missing_evidence(case: Case, attempt: Attempt) -> list[str]:
    """Codes of the guards on the way from the first report to the present state that do not hold."""
    return [
        result.code
        for edge in edges_up_to(case.state)
        for result in LIFECYCLE.judge(edge, case, attempt)
        if not result.passed
    ]


def _ask_other_agencies(case: Case, attempt: Attempt) -> None:
    for candidate in case.facts.undecided_elsewhere:
        clocks.start_task(case, "ask_other_agency", clocks.evidence_due(case), candidate=str(candidate.pk))


def _alarm(case: Case, attempt: Attempt) -> None:
    clocks.start_task(case, "tell_police")
    notify(clocks.supervisors_of(case), "case.missing", case, case_id=case.pk)


def _found(case: Case, attempt: Attempt) -> None:
    deadlines.meet(case.pk, "tell_police")


def _reassess(case: Case, attempt: Attempt) -> None:
    days = policy.get("case.reopened_assessment_days", agency=case.agency)
    clocks.start_task(case, "best_interests_again", clock.now() + timedelta(days=days))


def _assessed(case: Case, attempt: Attempt) -> None:
    deadlines.meet(case.pk, clocks.ASSESSMENT)


def _review_plan(case: Case, attempt: Attempt) -> None:
    clocks.start_again(case, clocks.PLAN_REVIEW)


EFFECTS: dict[str, Callable[[Case, Attempt], None]] = {
    "assess": _assessed,
    "activate": _review_plan,
    "take_over": _list_missing_evidence,
    "register": _ask_other_agencies,
    "suspend": _alarm,
    "resume": _found,
    "reopen": _reassess,
}
