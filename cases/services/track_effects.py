"""What steps in the tracks do besides changing a state, step by step: columns beside it, and clocks."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import clock
from accounts import policy
from accounts.holidays import add_working_days
from cases.models import Case, LegalProtection, MedicalCare
from cases.models.facts import LEGAL_CLOCKS
from cases.models.tracks import RehabilitationState, Representation, reflection_ends
from cases.services import clocks
from cases.services.incidents import CONTRACEPTION, PROPHYLAXIS, beginning, incident_at, start_urgent_care
from workflow import deadlines
from workflow.machine import Attempt

REPRESENTATION, IDENTIFICATION = LEGAL_CLOCKS
# However short a policy says, the recovery and reflection period is at least this long (CETS197 13).
SHORTEST_REFLECTION = 30

Columns = dict[str, Any]
Effect = Callable[[Case, Any, Attempt], None]


def _day(attempt: Attempt) -> date | None:
    day = attempt.values.get("happened_on")
    return day if isinstance(day, date) else None


def happened_at(case: Case, attempt: Attempt) -> datetime:
    """Now, or the end of the earlier day that was entered: steps are often written down later."""
    day = _day(attempt)
    return min(clock.now(), clocks.end_of_day(day, case.agency)) if day else clock.now()


def began_at(case: Case, attempt: Attempt) -> datetime:
    """Now, or the beginning of the earlier day that was entered."""
    day = _day(attempt)
    return beginning(day, case) if day and day < clock.today(case.agency.time_zone) else clock.now()


# Columns that change in the same UPDATE as the state.


def _needed(legal: LegalProtection, attempt: Attempt) -> Columns:
    since = began_at(legal.case, attempt)
    return {"representation_needed_at": since, "representation_requested_at": None}


def _requested(legal: LegalProtection, attempt: Attempt) -> Columns:
    return {"representation_requested_at": happened_at(legal.case, attempt)}


def _conflict(legal: LegalProtection, attempt: Attempt) -> Columns:
    """A new one is needed from the moment at which it is requested."""
    asked = happened_at(legal.case, attempt)
    return {"representation_needed_at": asked, "representation_requested_at": asked}


def _reflection(legal: LegalProtection, attempt: Attempt) -> Columns:
    """From the day on which there were reasons to believe. A period that was promised before is not cut short."""
    first = _day(attempt) or clock.today(legal.case.agency.time_zone)
    days = max(policy.get("legal.reflection_days", agency=legal.case.agency), SHORTEST_REFLECTION)
    last = reflection_ends(first, days)
    return {
        "reflection_from": first,
        "reflection_until": max(last, legal.reflection_until or last),
    }


def _incident(medical: MedicalCare, attempt: Attempt) -> Columns:
    return {"last_incident_at": incident_at(medical.case, attempt)}


def _testimony_anew(legal: LegalProtection, attempt: Attempt) -> Columns:
    """What was arranged for earlier proceedings says nothing about these."""
    return {"testimony_arranged": False}


COLUMNS: Mapping[str, Callable[[Any, Attempt], Columns]] = {
    "need_representative": _needed,
    "request_representative": _requested,
    "report_conflict": _conflict,
    "find_possible_victim": _reflection,
    "open_proceedings": _testimony_anew,
    "reopen_proceedings": _testimony_anew,
    "begin_triage": _incident,
    "name_incident": _incident,
    "start_care_again": _incident,
    "accept_care": _incident,
    "agree_plan": lambda _row, attempt: {"education_from": attempt.values.get("education_from")},
}


# Clocks.


def await_representative(case: Case, since: datetime) -> None:
    """A representative has to be asked for soon after one is needed."""
    hours = policy.get("legal.representation_hours", agency=case.agency)
    clocks.start_task(case, REPRESENTATION, since + timedelta(hours=hours))


def start_clocks(case: Case, legal: LegalProtection) -> None:
    """The clocks of a file that was just opened, taken over or reopened: from now, whatever it brings along."""
    if legal.representation == Representation.NEEDED:
        legal.representation_needed_at = clock.now()
        legal.save(update_fields=["representation_needed_at"])
        await_representative(case, legal.representation_needed_at)
    if case.rehabilitation.state == RehabilitationState.IN_PROGRESS:
        clocks.start_rehabilitation_review(case, clock.now())


def legal_answer_awaited(case: Case) -> bool:
    """Whether an authority still owes an answer: a case with an open legal deadline does not close."""
    return bool(case.facts.marks.legal_answer_awaited)


def _need_representative(case: Case, legal: LegalProtection, attempt: Attempt) -> None:
    await_representative(case, legal.representation_needed_at)


def _await_identification(case: Case, legal: LegalProtection, attempt: Attempt) -> None:
    days = policy.get("legal.identification_days", agency=case.agency)
    clocks.start_task(case, IDENTIFICATION, add_working_days(case.agency, happened_at(case, attempt), days))


def _urgent_care(case: Case, medical: MedicalCare, attempt: Attempt) -> None:
    start_urgent_care(case, attempt)


def _next_review(case: Case, row: Any, attempt: Attempt) -> None:
    clocks.start_rehabilitation_review(case, happened_at(case, attempt))


def _met(*kinds: str) -> Effect:
    def effect(case: Case, row: Any, attempt: Attempt) -> None:
        for kind in kinds:
            deadlines.meet(case.pk, kind)

    return effect


def _on_day(kind: str, entry: str) -> Effect:
    """Due at the end of the day that was entered; where none was, nothing of the kind is due any more."""

    def effect(case: Case, row: Any, attempt: Attempt) -> None:
        day = attempt.values.get(entry)
        if isinstance(day, date):
            clocks.start_task(case, kind, clocks.end_of_day(day, case.agency))
        else:
            deadlines.meet(case.pk, kind)

    return effect


def _all(*effects: Effect) -> Effect:
    def effect(case: Case, row: Any, attempt: Attempt) -> None:
        for each in effects:
            each(case, row, attempt)

    return effect


REVIEW, HOLD, REFUSED = clocks.REHABILITATION_REVIEW, "rehabilitation_hold", "rehabilitation_declined"

EFFECTS: Mapping[str, Effect] = {
    "judge_parents_safe": _met(REPRESENTATION),
    "request_representative": _met(REPRESENTATION),
    "need_representative": _need_representative,
    "report_conflict": _met("representative_conflict"),
    "end_representation": _met("representative_conflict"),
    "request_identification": _await_identification,
    "appeal_identification": _await_identification,
    "find_possible_victim": _met(IDENTIFICATION),
    "find_no_victim": _met(IDENTIFICATION),
    "permit_residence": _on_day("permit_expires", "valid_until"),
    "renew_permit": _on_day("permit_expires", "valid_until"),
    "end_residence": _met("permit_expires"),
    "begin_triage": _urgent_care,
    "name_incident": _urgent_care,
    "start_care_again": _urgent_care,
    "answer_prophylaxis": _met(PROPHYLAXIS),
    "answer_contraception": _met(CONTRACEPTION),
    "decline_care": _all(_met(PROPHYLAXIS, CONTRACEPTION), _on_day("care_review", "review_on")),
    "confirm_refusal_of_care": _on_day("care_review", "review_on"),
    "accept_care": _all(_met("care_review"), _urgent_care),
    "begin_rehabilitation": _next_review,
    "hold": _all(_met(REVIEW), _on_day(HOLD, "review_on")),
    "prolong_hold": _on_day(HOLD, "review_on"),
    "go_on": _all(_met(HOLD), _next_review),
    "begin_review": _met(REVIEW),
    "continue_after_review": _next_review,
    "decline_rehabilitation": _all(_met(REVIEW, HOLD), _on_day(REFUSED, "review_on")),
    "confirm_refusal_of_rehabilitation": _on_day(REFUSED, "review_on"),
    "assess_needs_again": _all(_met(REFUSED), _on_day(REVIEW, "review_on")),
}
