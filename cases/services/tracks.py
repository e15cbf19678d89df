"""Taking a step in a track of care. What a step does besides changing the state stands here, step by step."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.acting import write
from accounts.holidays import add_working_days
from accounts.models import User
from cases.edges.medical import Incident
from cases.edges.tracks import TRACKS, TrackMachine
from cases.models import Case, Document, LegalProtection, MedicalCare, Person, Rehabilitation, TrackStep
from cases.models.choices import OPEN_STATES
from cases.models.tracks import reflection_ends
from cases.permissions import can_read
from cases.services import clocks
from cases.services.errors import Invalid
from cases.services.evidence import settle
from cases.services.locking import locked
from workflow import deadlines
from workflow.machine import WORDS, Attempt, Edge
from workflow.services import move

# Where the medicine has to begin, counted from the last time the child was harmed (MED).
PROPHYLAXIS_HOURS, CONTRACEPTION_HOURS = 72, 120


def open_tracks(case: Case) -> None:
    """A part of opening a case: care can start in any open state, so its rows are there from the beginning."""
    for model in (LegalProtection, MedicalCare, Rehabilitation):
        model(case=case).save(force_insert=True)


@write
def take_track_step(
    case_id: UUID,
    track_name: str,
    edge_name: str,
    *,
    actor: User,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
) -> TrackStep:
    """One step of a strand of legal protection, of medical care or of rehabilitation.

    `values` are the entries that the edge asks for, by name. Raises Refused with everything that is missing,
    NotInHand, WrongState; Invalid when the case is not open any more or an entry cannot be.
    """
    case = locked(case_id, actor)
    track = TRACKS[track_name]
    if not can_read(actor, case, track.section):
        raise Case.DoesNotExist
    row = _locked_row(track, case)
    edge = track.machine.edge(edge_name)
    track.machine.require_hand(edge, row, actor)
    if case.state not in OPEN_STATES:
        raise Invalid("happened_on", _("The case is not open. Reopen it first."))
    entered = _checked(edge, dict(values or {}), case)
    document = entered.get("document")
    attempt = Attempt(
        actor=actor,
        reason=reason,
        values=entered,
        evidence=(document.pk,) if isinstance(document, Document) else (),
    )
    before = track.machine.state_of(row)
    columns = COLUMNS.get(edge_name, _none)(row, attempt)
    move(
        track.machine,
        row,
        edge_name,
        attempt,
        case_id=case.pk,
        columns=columns,
        sections=[track.section],
    )
    step = _written(track, edge, before, row, attempt)
    EFFECTS.get(edge_name, _nothing)(case, attempt)
    settle(case, actor)
    return step


def _locked_row(track: TrackMachine, case: Case) -> Any:
    rows: Any = track.model._base_manager.select_for_update(of=("self",))
    row = rows.get(case=case)
    row.case = case
    return row


def _checked(edge: Edge, values: dict[str, Any], case: Case) -> dict[str, Any]:
    """A day on which something happened is not in the future; a day to look again is."""
    today = clock.today(case.agency.time_zone)
    happened = values.get("happened_on")
    if isinstance(happened, date) and happened > today:
        raise Invalid("happened_on", _("The day cannot be in the future."))
    incident = values.get("incident_on")
    if isinstance(incident, date) and incident > today:
        raise Invalid("incident_on", _("The day cannot be in the future."))
    review = values.get("review_on")
    if isinstance(review, date) and review <= today:
        raise Invalid("review_on", _("The day must be in the future."))
    person = values.get("person")
    if isinstance(person, Person) and (person.case_id != case.pk or person.removed_at is not None):
        raise Invalid("person", _("Choose one of the people in this file."))
    document = values.get("document")
    if isinstance(document, Document) and (document.case_id != case.pk or not document.is_readable):
        raise Invalid("document", _("Choose one of the documents in this file."))
    return values


def _written(track: TrackMachine, edge: Edge, before: str, row: Any, attempt: Attempt) -> TrackStep:
    values = attempt.values
    step = TrackStep(
        case=row.case,
        track=track.machine.name,
        edge=edge.name,
        before=before,
        after=track.machine.state_of(row),
        happened_on=values.get("happened_on") or clock.today(row.case.agency.time_zone),
        coded={
            entry.name: _coded(values[entry.name])
            for entry in edge.inputs
            if entry.kind != WORDS
            and entry.name != "happened_on"
            and values.get(entry.name) not in (None, "")
        },
        evidence=list(attempt.evidence),
        made_by=attempt.actor,
    )
    words = {
        entry.name: values[entry.name]
        for entry in edge.inputs
        if entry.kind == WORDS and entry.name != "reason" and values.get(entry.name)
    }
    step.words = words or None
    step.reason = attempt.reason or None
    step.save(force_insert=True)
    return step


def _coded(value: Any) -> str | bool:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    return bool(value) if isinstance(value, bool) else str(value)


Columns = dict[str, Any]


def _none(row: Any, attempt: Attempt) -> Columns:
    return {}


def _nothing(case: Case, attempt: Attempt) -> None:
    return None


def _reflection(legal: LegalProtection, attempt: Attempt) -> Columns:
    """From the day on which there were reasons to believe: at least 30 days (CETS197 13)."""
    first = attempt.values.get("happened_on")
    if not isinstance(first, date):
        return {}
    days = policy.get("legal.reflection_days", agency=legal.case.agency)
    return {"reflection_from": first, "reflection_until": reflection_ends(first, days)}


def _incident(medical: MedicalCare, attempt: Attempt) -> Columns:
    return {"last_incident_at": _incident_at(medical.case, attempt)}


def _incident_at(case: Case, attempt: Attempt) -> datetime | None:
    """The beginning of the day that was named, so that a clock never promises more time than there is."""
    named = attempt.values.get("incident_on")
    if isinstance(named, date):
        return datetime.combine(named, time(), ZoneInfo(case.agency.time_zone))
    return clock.now() if attempt.values.get("incident") in CLOCKS_OF else None


# Columns that change in the same UPDATE as the state.
COLUMNS: dict[str, Callable[[Any, Attempt], Columns]] = {
    "need_representative": lambda row, attempt: {
        "representation_needed_at": clock.now(),
        "representation_requested_at": None,
    },
    "request_representative": lambda row, attempt: {"representation_requested_at": clock.now()},
    "report_conflict": lambda row, attempt: {
        "representation_needed_at": clock.now(),
        "representation_requested_at": clock.now(),
    },
    "find_possible_victim": _reflection,
    "begin_triage": _incident,
    "agree_plan": lambda row, attempt: {"education_from": attempt.values.get("education_from")},
}

CLOCKS_OF: Mapping[str, tuple[tuple[str, int], ...]] = {
    Incident.WITHIN_72_HOURS: (
        ("prophylaxis", PROPHYLAXIS_HOURS),
        ("contraception", CONTRACEPTION_HOURS),
    ),
    Incident.WITHIN_120_HOURS: (("contraception", CONTRACEPTION_HOURS),),
}


def _clinical_clocks(case: Case, attempt: Attempt) -> None:
    since = _incident_at(case, attempt)
    for kind, hours in CLOCKS_OF.get(str(attempt.values.get("incident")), ()):
        if since is not None:
            clocks.start_task(case, kind, since + timedelta(hours=hours))


def _await_identification(case: Case, attempt: Attempt) -> None:
    days = policy.get("legal.identification_days", agency=case.agency)
    clocks.start_task(case, "identification", add_working_days(case.agency, clock.now(), days))


def _await_representative(case: Case, attempt: Attempt) -> None:
    deadlines.meet(case.pk, "representation")


def _need_representative(case: Case, attempt: Attempt) -> None:
    hours = policy.get("legal.representation_hours", agency=case.agency)
    clocks.start_task(case, "representation", clock.now() + timedelta(hours=hours))


def _met(*kinds: str) -> Callable[[Case, Attempt], None]:
    def effect(case: Case, attempt: Attempt) -> None:
        for kind in kinds:
            deadlines.meet(case.pk, kind)

    return effect


def _on_day(kind: str, entry: str) -> Callable[[Case, Attempt], None]:
    """Due at the end of the day that was entered, if one was."""

    def effect(case: Case, attempt: Attempt) -> None:
        day = attempt.values.get(entry)
        if isinstance(day, date):
            clocks.start_task(case, kind, end_of_day(day, case))

    return effect


def end_of_day(day: date, case: Case) -> datetime:
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(case.agency.time_zone))


def _all(*effects: Callable[[Case, Attempt], None]) -> Callable[[Case, Attempt], None]:
    def effect(case: Case, attempt: Attempt) -> None:
        for each in effects:
            each(case, attempt)

    return effect


def _next_review(case: Case, attempt: Attempt) -> None:
    clocks.start_rehabilitation_review(case)


EFFECTS: Mapping[str, Callable[[Case, Attempt], None]] = {
    "judge_parents_safe": _met("representation"),
    "request_representative": _await_representative,
    "need_representative": _need_representative,
    "report_conflict": _met("representative_conflict"),
    "end_representation": _met("representative_conflict"),
    "request_identification": _await_identification,
    "appeal_identification": _await_identification,
    "find_possible_victim": _met("identification"),
    "find_no_victim": _met("identification"),
    "permit_residence": _on_day("permit_expires", "valid_until"),
    "request_permit": _met("permit_expires"),
    "end_residence": _met("permit_expires"),
    "begin_triage": _clinical_clocks,
    "decline_care": _all(_met("prophylaxis", "contraception"), _on_day("care_review", "review_on")),
    "accept_care": _met("care_review"),
    "begin_rehabilitation": _next_review,
    "hold": _all(_met("rehabilitation_review"), _on_day("rehabilitation_hold", "review_on")),
    "go_on": _all(_met("rehabilitation_hold"), _next_review),
    "begin_review": _met("rehabilitation_review"),
    "continue_after_review": _next_review,
    "decline_rehabilitation": _all(
        _met("rehabilitation_review", "rehabilitation_hold"),
        _on_day("rehabilitation_declined", "review_on"),
    ),
    "assess_needs_again": _all(_met("rehabilitation_declined"), _on_day("rehabilitation_hold", "review_on")),
}
