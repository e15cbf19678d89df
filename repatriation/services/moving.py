"""Every step of a return goes through here: whoever takes it, the clock, and what happens in the case."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import clock
from accounts.acting import write
from accounts.models import User
from accounts.notifications import notify
from cases.models import Case, Document
from cases.models.closing import DurableSolution
from cases.services.clocks import supervisors_of
from repatriation.edges.returns import RETURN, section_of
from repatriation.guards.ready import runs_out_at
from repatriation.models import Return
from repatriation.models.choices import (
    BEFORE_DEPARTURE,
    FINAL,
    ON_THE_WAY,
    OPEN,
    UNDECIDED,
    EndReason,
    ReturnState,
)
from repatriation.services import access, clocks, consulate, panels, plans, visits
from repatriation.services.events import add_event
from repatriation.services.locking import locked, locked_rows
from workflow.machine import Attempt, Edge
from workflow.services import move

Columns = dict[str, Any]


@write
def take_return_step(
    return_id: UUID,
    edge_name: str,
    *,
    actor: User,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Return:
    """One step by one of the sides. Raises Refused with everything that is missing, NotInHand, WrongState."""
    way = locked(return_id, actor)
    entered = dict(values or {})
    document = entered.get("document")
    evidence = (document.pk,) if isinstance(document, Document) else ()
    return take(way, edge_name, Attempt(actor, reason, entered, evidence))


def take(way: Return, edge_name: str, attempt: Attempt) -> Return:
    """A part of a write that holds the locks of the case and of the return."""
    edge, before = RETURN.edge(edge_name), way.state
    RETURN.require_hand(edge, way, attempt.actor)
    columns: Columns = {"state_since": clock.now()} | COLUMNS.get(edge_name, _nothing)(way, attempt)
    if edge_name not in ENDS:
        # What was proposed spoke of how things stood then.
        columns |= {"end_proposed_by": None, "end_reason": ""}
    sections = [section_of(edge_name)]
    move(RETURN, way, edge_name, attempt, case_id=way.case_id, columns=columns, sections=sections)
    EFFECTS.get(edge_name, _no_effect)(way, attempt)
    escort = access.escort_of(way)
    _leave(way, before)
    clocks.follow(way)
    # Whoever may be on the way to the child has to hear that its journey ends, though nothing is open to it any more.
    _tell(way, edge, attempt, escort - access.escort_of(way))
    if edge_name in ("hand_over", "hand_over_to_alternate"):
        take(way, "begin_visits", Attempt(None))
    return way


ENDS = frozenset({"end", "end_with_case"})


def by_itself(way: Return, edge_name: str, reason: str = "") -> None:
    """A step that nobody makes: a deadline passed, a fact lapsed, the case has moved. A part of another write."""
    take(way, edge_name, Attempt(None, reason))


def end_with_case(case: Case, actor: User) -> None:
    """The case leaves the open states: its return ends in the same transaction."""
    for way in locked_rows(case=case, state__in=OPEN):
        take(way, "end_with_case", Attempt(None))


def has_open(case: Case) -> bool:
    return Return.objects.filter(case=case, state__in=OPEN).exists()


def suspend_open(case: Case, country: str, reason: str) -> None:
    """Where contact with this country rests on a clearance no more. Before departure only: a child that is on the way
    arrives somewhere, whatever is found out meanwhile.
    """
    for way in locked_rows(case=case, country=country, state__in=BEFORE_DEPARTURE):
        by_itself(way, "suspend", reason)


def _tell(way: Return, edge: Edge, attempt: Attempt, escort: set[User]) -> None:
    """One event for both sides, and a notice for those in whose hands it lies now."""
    code = attempt.values.get("code")
    coded = {"code": code} if isinstance(code, str) and code else {}
    add_event(way, edge.name, actor=attempt.actor, state=way.state, **coded)
    told = access.people_concerned(way) | escort
    if edge.name in LOUD:
        told |= supervisors_of(way.case)
    notify(told - {attempt.actor}, f"return.{edge.name}", way, case_id=way.case_id)
    if edge.name == "raise_alert":
        notify(access.focal_points_of(way) - told, "return.retrafficking", way, case_id=way.case_id)


# Supervisors hear of these whoever works on the case.
LOUD = frozenset(
    {"suspend", "withdraw", "fail_handover", "raise_alert", "refuse_document", "deny_nationality"}
)


# From here the way leads before the panel: nobody abroad needs what was opened for the journey.
LEAVES_NOTHING_OPEN = (ReturnState.WITHDRAWN, ReturnState.SUSPENDED, ReturnState.PANEL_PENDING)


WITH_THE_ESCORT = (*ON_THE_WAY, ReturnState.HANDOVER_FAILED)


def _leave(way: Return, before: str) -> None:
    """What the state that was left had opened, and nothing needs any more."""
    if way.state in FINAL or way.state in LEAVES_NOTHING_OPEN:
        access.close_for_consulate(way)
        if way.state == ReturnState.ENDED and before in WITH_THE_ESCORT:
            # Whoever has the child in its hands needs to know whom to call, whatever was decided elsewhere.
            access.end_escort_later(way)
        else:
            access.close_for_escort(way)
        visits.close_handover(way)
        visits.cancel(way)
    if way.state == ReturnState.HANDED_OVER:
        # The child is at home; nobody asks the post anything any more.
        access.close_for_consulate(way)
    if way.state in LEAVES_NOTHING_OPEN or way.state == ReturnState.ENDED:
        plans.end_plans(way)
    if before == ReturnState.PANEL_PENDING and way.state != ReturnState.PANEL_PENDING:
        panels.dissolve_unfinished(way)
    if not panels.leads_away(way):
        panels.drop_questions(way)
    panels.outdate_minute(way)
    if before == ReturnState.DECIDED_INTEGRATION:
        _solve(way, "")


def _solve(way: Return, solution: str) -> None:
    """The lasting solution of the case is the return's to set, and to take back."""
    case = way.case
    case.durable_solution, case.durable_solution_by = solution, None
    case.save(update_fields=["durable_solution", "durable_solution_by"])


def _nothing(way: Return, attempt: Attempt) -> Columns:
    return {}


def _no_effect(way: Return, attempt: Attempt) -> None:
    return None


def _decided(way: Return, attempt: Attempt) -> Columns:
    panel = way.facts.panel
    return {"country": panel.country} | _of_this_country(way, panel.country) if panel is not None else {}


def _decided_elsewhere(way: Return, attempt: Attempt) -> Columns:
    panel = way.facts.panel
    if panel is None:
        return {}
    # Whoever was to receive the child in the other country has no part in it any more.
    return {"country": panel.third_country} | _of_this_country(way, panel.third_country)


def _of_this_country(way: Return, country: str) -> Columns:
    named = {"partner": way.partner, "reception": way.reception}
    return {
        name: None
        for name, referral in named.items()
        if referral is not None and referral.recipient.country.code != country
    }


def _found(way: Return, attempt: Attempt) -> Columns:
    return {
        "finding": attempt.values.get("code", ""),
        "finding_words": attempt.values.get("words") or None,
    }


def _suspended(way: Return, attempt: Attempt) -> Columns:
    return {"suspended_from": way.state, "ready_until": None}


def _resumed(way: Return, attempt: Attempt) -> Columns:
    return {} if way.suspended_from in UNDECIDED else _anew(way, attempt)


def _anew(way: Return, attempt: Attempt) -> Columns:
    """Before a panel once more: what was ready is not, and nothing of an earlier journey counts for the next."""
    return {
        "ready_until": None,
        "review_on": None,
        "plan_accepted_on": None,
        "plan_accepted_by": None,
        "departed_at": None,
        "arrived_at": None,
        "handed_over_at": None,
        "identity_checked": False,
    }


def _over(way: Return, attempt: Attempt) -> Columns:
    return {"ended_at": clock.now()}


COLUMNS: Mapping[str, Callable[[Return, Attempt], Columns]] = {
    "trace": lambda way, attempt: {"channel": attempt.values.get("code", "")},
    "record_finding": _found,
    "decide_return": _decided,
    "decide_third_country": _decided_elsewhere,
    "decide_integration": _over,
    "decide_later": lambda way, attempt: {"review_on": attempt.values.get("review_on")},
    "reopen_decision": lambda way, attempt: _anew(way, attempt) | {"ended_at": None},
    "back_to_panel": _anew,
    "decide_anew": _anew,
    "alert_to_panel": _anew,
    "suspend": _suspended,
    "resume": _resumed,
    "raise_alert": lambda way, attempt: {"alert_words": attempt.values.get("words") or None},
    "withdraw": lambda way, attempt: {"ready_until": None},
    "make_ready": lambda way, attempt: {"ready_until": runs_out_at(way)},
    "plan_again": lambda way, attempt: {"ready_until": None},
    "depart": lambda way, attempt: {
        "departed_at": clock.now(),
        "arrived_at": None,
        "handed_over_at": None,
        "identity_checked": bool(attempt.values.get("identity_checked")),
    },
    # Where the clock of a machine was put back meanwhile, nobody arrives before departing.
    "arrive": lambda way, attempt: {"arrived_at": max(clock.now(), way.departed_at or clock.now())},
    "hand_over": lambda way, attempt: {"handed_over_at": clock.now()},
    "hand_over_to_alternate": lambda way, attempt: {"handed_over_at": clock.now()},
    "complete": _over,
    "end": lambda way, attempt: _over(way, attempt) | {"end_confirmed_by": attempt.actor},
    "end_with_case": lambda way, attempt: _over(way, attempt) | {"end_reason": EndReason.CASE},
}


def _handed_over(way: Return, attempt: Attempt) -> None:
    _solve(way, DurableSolution.HANDED_OVER)
    access.end_escort_later(way)
    plans.outdate_papers(way)
    visits.close_handover(way)
    visits.schedule(way)


def _alarmed(way: Return, attempt: Attempt) -> None:
    """While nobody knows whether the child is safe, no lasting solution is carried out."""
    visits.alarm(way, attempt)
    _solve(way, "")


def _undone(way: Return, attempt: Attempt) -> None:
    """The child is not where it was to stay: the case is worked on again."""
    _solve(way, "")
    visits.outdate_protocols(way)


EFFECTS: Mapping[str, Callable[[Return, Attempt], None]] = {
    "decide_integration": lambda way, attempt: _solve(way, DurableSolution.INTEGRATION),
    "request_verification": lambda way, attempt: consulate.send(way),
    "ask_again": lambda way, attempt: consulate.send(way),
    "verify_nationality": consulate.answered,
    "deny_nationality": consulate.answered,
    "find_inconclusive": consulate.answered,
    "issue_document": consulate.issued,
    "hand_over": _handed_over,
    "hand_over_to_alternate": _handed_over,
    "fail_handover": visits.note_failure,
    "raise_alert": _alarmed,
    "go_on_visiting": lambda way, attempt: _solve(way, DurableSolution.HANDED_OVER),
    "alert_to_panel": _undone,
    "decide_anew": _undone,
}
