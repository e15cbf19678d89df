"""Taking a step in a track of care."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.errors import Invalid
from accounts.models import User
from cases.edges.tracks import TRACKS, TrackMachine
from cases.models import Case, Document, LegalProtection, MedicalCare, Person, Rehabilitation, TrackStep
from cases.permissions import can_read
from cases.services import track_effects
from cases.services.evidence import settle
from cases.services.incidents import check_incident
from cases.services.locking import locked
from cases.services.standing import require_open
from cases.services.track_effects import COLUMNS, EFFECTS
from cases.services.writing import check_happened
from workflow.machine import WORDS, Attempt, Edge
from workflow.services import move

# What a child is owed runs from here: 24 hours to a representative, the days of reflection. No earlier day ends it.
NOT_BEFORE_THE_REPORT = frozenset({"request_representative", "find_possible_victim"})


def open_tracks(case: Case) -> None:
    """A part of opening a case: care can start in any open state, so its rows are there from the beginning."""
    for model in (LegalProtection, MedicalCare, Rehabilitation):
        model(case=case).save(force_insert=True)


def begin_tracks(case: Case) -> None:
    """A part of opening a case, of taking one over and of reopening it: what waits in the tracks has its time anew."""
    track_effects.start_clocks(case, _locked_row(TRACKS["representation"], case))


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
    require_open(case)
    entered = dict(values or {})
    _check(entered, case, actor)
    if edge_name in NOT_BEFORE_THE_REPORT and isinstance(happened := entered.get("happened_on"), date):
        check_happened(case, "happened_on", happened)
    document = entered.get("document")
    attempt = Attempt(
        actor=actor,
        reason=reason,
        values=entered,
        evidence=(document.pk,) if isinstance(document, Document) else (),
    )
    before = track.machine.state_of(row)
    columns = COLUMNS[edge_name](row, attempt) if edge_name in COLUMNS else {}
    sections = [track.section]
    move(track.machine, row, edge_name, attempt, case_id=case.pk, columns=columns, sections=sections)
    step = _written(track, edge, before, row, attempt)
    if edge_name in EFFECTS:
        EFFECTS[edge_name](case, row, attempt)
    settle(case, actor)
    return step


def _locked_row(track: TrackMachine, case: Case) -> Any:
    rows: Any = track.model._base_manager.select_for_update(of=("self",))
    row = rows.get(case=case)
    row.case = case
    return row


def _check(values: Mapping[str, Any], case: Case, actor: User) -> None:
    """What only the file can judge about entries; whether they are there, the step itself asks."""
    _check_days(values, clock.today(case.agency.time_zone))
    check_incident(values, case)
    person = values.get("person")
    if isinstance(person, Person) and (person.case_id != case.pk or person.removed_at is not None):
        raise Invalid("person", _("Choose one of the people in this file."))
    document = values.get("document")
    if isinstance(document, Document) and not _is_here(document, case, actor):
        raise Invalid("document", _("Choose one of the documents in this file."))


def _check_days(values: Mapping[str, Any], today: date) -> None:
    """A day on which something happened is not in the future; a day to look again is."""
    happened, ends, review = (values.get(name) for name in ("happened_on", "valid_until", "review_on"))
    if isinstance(happened, date) and happened > today:
        raise Invalid("happened_on", _("The day cannot be in the future."))
    if isinstance(happened, date) and isinstance(ends, date) and ends < happened:
        raise Invalid("valid_until", _("It cannot end before the day above."))
    if isinstance(review, date) and review <= today:
        raise Invalid("review_on", _("The day must be in the future."))


def _is_here(document: Document, case: Case, actor: User) -> bool:
    """In this file, and open to whoever names it: the label of a document decides who knows of it."""
    here = document.case_id == case.pk and document.is_readable
    return here and can_read(actor, case, Section(document.section))


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
