"""Moving a case along its lifecycle. Whatever an edge does besides changing the state stands here, edge by edge."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.edges.lifecycle import LIFECYCLE, lacking
from cases.guards.lifecycle import contradiction
from cases.models import Case
from cases.models.choices import FINAL_STATES, OPEN_STATES, CaseState, EarlyEnd
from cases.models.closing import DurableSolution
from cases.permissions import can_override_guard, can_propose_end
from cases.registry import coming_back, leaving_open
from cases.services import abroad, clocks, conferences, figures, leaving
from cases.services.locking import lock_in_order, locked
from cases.services.retention import kept_until
from cases.services.tracks import begin_tracks
from workflow import deadlines
from workflow.machine import Attempt, WrongState
from workflow.services import move
from workflow.services import override_guard as override


@write
def take_step(
    case_id: UUID, edge_name: str, *, actor: User, reason: str = "", values: Mapping[str, Any] | None = None
) -> Case:
    """One edge of the lifecycle. Raises Refused with every guard that fails, NotInHand for the wrong hand."""
    values = dict(values or {})
    if edge_name == "mark_duplicate":
        named = values.get("surviving_case")
        lock_in_order(case_id, *([named.pk] if isinstance(named, Case) else []))
    case = locked(case_id, actor)
    LIFECYCLE.require_hand(LIFECYCLE.edge(edge_name), case, actor)
    if edge_name == "mark_duplicate":
        values["surviving_case"] = _survivor(case, values.get("surviving_case"), actor)
    if edge_name == "take_over" and not case.waits_for_takeover:
        # Only what was imported, and once: the state stays, so it cannot tell.
        raise WrongState(LIFECYCLE.edge(edge_name))
    abroad.check(case, values.get("danger_in"))
    attempt, since = Attempt(actor=actor, reason=reason, values=values), case.state_since
    columns = COLUMNS.get(edge_name, _moved)(case, attempt)
    move(LIFECYCLE, case, edge_name, attempt, case_id=case.pk, columns=columns)
    EFFECTS.get(edge_name, _nothing)(case, attempt)
    if edge_name == "undo_duplicate":
        deadlines.revive(case.pk, since)
        leaving.come_back(case, since, by=actor)
        coming_back(case, actor)
    if edge_name == "reopen":
        deadlines.revive(case.pk, since, STILL_OWED)
    if case.state in FINAL_STATES:
        leaving.leave(case, by=actor)
        leaving_open(case, actor)
    _count(case)
    return case


def _count(case: Case) -> None:
    """A merged file is counted with the one that goes on."""
    if case.state in FINAL_STATES and case.state != CaseState.DUPLICATE:
        figures.keep(case)
    else:
        figures.forget(case)


def _survivor(case: Case, named: Any, actor: User) -> Case:
    """The file that stays, locked too: of two merges at one moment the second must not point back."""
    others = Case.objects.visible_to(actor).exclude(pk=case.pk).exclude(state=CaseState.DUPLICATE)
    wanted = others.filter(pk=named.pk) if isinstance(named, Case) else others.none()
    found = wanted.select_for_update(of=("self",)).first()
    if found is None:
        raise Invalid("surviving_case", _("No other file that you can see has this code."))
    return found


def back_to_active(case: Case, reason: str) -> None:
    """An upper room's alarm, a part of its write: the child is not where it was to stay."""
    if case.state != CaseState.MONITORING:
        return
    attempt = Attempt(None, reason)
    columns = _begun_again(case, attempt)
    move(LIFECYCLE, case, "return_to_active", attempt, case_id=case.pk, columns=columns)
    _review_plan(case, attempt)


@write
def override_guard(case_id: UUID, edge_name: str, guard_code: str, *, actor: User, reason: str) -> None:
    """A supervisor answers for one ⚠ guard of one step; somebody else takes the step."""
    case = locked(case_id, actor)
    require(can_override_guard(actor, case))
    override(LIFECYCLE, case, edge_name, guard_code, actor=actor, reason=reason, case_id=case.pk)


@write
def propose_end(case_id: UUID, *, actor: User, why: EarlyEnd) -> Case:
    """The first of the two supervisors whom ending a running case needs; of a missing child's, the reason."""
    case = locked(case_id, actor)
    require(can_propose_end(actor, case))
    if case.state not in OPEN_STATES:
        raise Invalid("why", _("Only an open case can be ended."))
    against = contradiction(case, why)
    if against:
        raise Invalid("why", _against_words(against, case))
    # A closure that somebody wrote is somebody else's proposal: it would have to be written again.
    case.early_end, case.closure_author, case.retain_until = why, actor, None
    case.save(update_fields=["early_end", "closure_author", "retain_until"])
    record(actor, "case.end_proposed", case, case_id=case.pk, sections=[Section.NOTES], why=why)
    others = clocks.supervisors_of(case) - {actor}
    notify(others, "case.end_proposed", case, case_id=case.pk)
    return case


def _against_words(against: str, case: Case) -> str:
    lost_for = policy.get("case.contact_lost_days", agency=case.agency)
    missing_for = policy.get("case.long_missing_days", agency=case.agency)
    return {
        "missing": _("The child is missing. Say that it died, or has been missing for long."),
        "not_missing": _("The child is not reported missing."),
        "no_age": _("The file names no age. Record first how it is known that the child is 18."),
        "under_age": _("By the age in the file the child is under 18."),
        "in_contact": _("There was contact within the last %(days)s days.") % {"days": lost_for},
        "not_long": _("The child has not been missing for %(days)s days.") % {"days": missing_for},
        "no_reference": _("Record the reference of the police first."),
    }[against]


Columns = dict[str, Any]


def _moved(case: Case, attempt: Attempt) -> Columns:
    return {"state_since": clock.now()}


def _nothing(case: Case, attempt: Attempt) -> None:
    return None


def _unproposed(case: Case, attempt: Attempt) -> Columns:
    """Whoever proposed an end, or wrote a closure, spoke of another time: it counts no more.

    A proposal must not survive into a state where fewer people have to agree with it.
    """
    undone: Columns = {
        "early_end": "",
        "closure_author": None,
        "closure_approver": None,
        "retain_until": None,
    }
    return _moved(case, attempt) | undone


def _begun_again(case: Case, attempt: Attempt) -> Columns:
    """What a supervisor confirmed about the family has to be confirmed anew; the return's results stay its own."""
    columns = _unproposed(case, attempt)
    if case.durable_solution == DurableSolution.NOT_REQUIRED:
        columns |= {"durable_solution": "", "durable_solution_by": None}
    return columns


def _ended(case: Case, attempt: Attempt) -> Columns:
    return _moved(case, attempt) | {"retain_until": kept_until(case)}


def _taken_over(case: Case, attempt: Attempt) -> Columns:
    """A plan that came along waits for its approval: whoever takes the case over answers for it as its author."""
    columns: Columns = {"taken_over_at": clock.now()}
    if case.state == CaseState.PLANNED and case.plan_author_id is None:
        columns["plan_author"] = attempt.actor
    return columns


# Columns that change in the same UPDATE as the state: triggers and constraints read them together.
COLUMNS: dict[str, Callable[[Case, Attempt], Columns]] = {
    "take_over": _taken_over,
    "plan": lambda case, attempt: (
        _moved(case, attempt) | {"plan_author": attempt.actor, "plan_approver": None}
    ),
    "find_not_eligible": lambda case, attempt: (
        _ended(case, attempt)
        | {
            "not_eligible": attempt.values.get("code", ""),
            "signpost": attempt.values.get("signpost") or None,
        }
    ),
    "activate": lambda case, attempt: _moved(case, attempt) | {"plan_approver": attempt.actor},
    "close": lambda case, attempt: _ended(case, attempt) | {"closure_approver": attempt.actor},
    "end_early": lambda case, attempt: _ended(case, attempt) | {"closure_approver": attempt.actor},
    "close_suspended": _ended,
    "refer_out": _ended,
    "return_to_active": _begun_again,
    "suspend": lambda case, attempt: (
        _unproposed(case, attempt)
        | {"suspended_from": case.state, "suspended_at": clock.now(), "police_reference": None}
    ),
    "resume": _unproposed,
    "mark_duplicate": lambda case, attempt: (
        _moved(case, attempt)
        | {
            "merged_from": case.state,
            "surviving_case": attempt.values.get("surviving_case"),
        }
    ),
    "undo_duplicate": lambda case, attempt: _moved(case, attempt) | {"surviving_case": None},
    "reopen": _begun_again,
}


def _list_missing_evidence(case: Case, attempt: Attempt) -> None:
    """An imported case never passed the guards of the states it skipped: each that does not hold becomes a task."""
    clocks.start_clocks(case, clock.now())
    begin_tracks(case)
    deadlines.meet(case.pk, clocks.ASSIGN)
    if case.facts.risk and case.facts.risk.child_seen:
        deadlines.meet(case.pk, clocks.FIRST_RESPONSE)
        clocks.start_again(case, clocks.CONTACT)
    if case.state in (CaseState.ACTIVE, CaseState.MONITORING):
        clocks.start_again(case, clocks.PLAN_REVIEW)
    clocks.follow_birthday(case)
    for _edge, result in lacking(case, attempt):
        clocks.start_task(case, "evidence", clocks.evidence_due(case), guard=result.code)


def _ask_other_agencies(case: Case, attempt: Attempt) -> None:
    for candidate in case.facts.undecided_elsewhere:
        clocks.start_task(case, "ask_other_agency", clocks.evidence_due(case), candidate=str(candidate.pk))


def _alarm(case: Case, attempt: Attempt) -> None:
    """Nobody can speak with a missing child, so that clock stops."""
    deadlines.cancel(case.pk, clocks.CONTACT)
    clocks.start_task(case, clocks.TELL_POLICE)
    danger_in = attempt.values.get("danger_in")
    if danger_in:
        clocks.start_task(case, abroad.TELL, country=str(danger_in))
    notify(clocks.supervisors_of(case), "case.missing", case, case_id=case.pk)
    if danger_in:
        notify(clocks.supervisors_of(case), "case.danger_abroad", case, case_id=case.pk)


def _found(case: Case, attempt: Attempt) -> None:
    """Somebody saw or spoke with the child, so the clock of contacts begins anew."""
    deadlines.meet(case.pk, clocks.TELL_POLICE)
    # Whoever was told while the child was missing is told by the worker that it is found; nothing is due for it.
    deadlines.cancel(case.pk, abroad.TELL)
    if not case.waits_for_takeover:
        clocks.start_again(case, clocks.CONTACT)


# What is owed as long as the facts stand, closed in between or not; all else begins anew when a case is reopened.
STILL_OWED = (
    "safe_placement",
    "leave_detention",
    "identification",
    "permit_expires",
    "prophylaxis",
    "contraception",
    "care_review",
    "rehabilitation_hold",
    "rehabilitation_declined",
    "representative_conflict",
    "consent_withdrawn",
    "answer_child",
)


def _reassess(case: Case, attempt: Attempt) -> None:
    """The clocks of an active case run again, and best interests are looked at anew."""
    if case.waits_for_takeover:
        return
    days = policy.get("case.reopened_assessment_days", agency=case.agency)
    clocks.start_task(case, "best_interests_again", clock.now() + timedelta(days=days))
    clocks.start_again(case, clocks.CONTACT)
    clocks.start_again(case, clocks.PLAN_REVIEW)
    clocks.follow_birthday(case)
    begin_tracks(case)
    conferences.go_on(case)
    if case.facts.assignment is None:
        clocks.start_assign(case.pk, case.agency, clock.now(), case.risk)


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
    "return_to_active": _review_plan,
}
