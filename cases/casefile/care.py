"""The three tracks, the steps taken in them, and the registers that they keep."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.alphabets import listed
from accounts.countries import country_name
from cases.casefile.shape import Look, Part, Told
from cases.casefile.words import account, day, moment, said, yes_no
from cases.edges.tracks import TRACKS
from cases.models import (
    Examination,
    HealthRecord,
    Interview,
    LegalProtection,
    MedicalCare,
    Need,
    Rehabilitation,
    TrackStep,
    TravelFitness,
)
from workflow.machine import CODE, COUNTRY, DAY, Field


def _states(section: Section, row: Any) -> Told:
    for track in TRACKS.values():
        if track.section == section:
            yield track.label, track.machine.states(track.machine.state_of(row)).label


def _legal(row: LegalProtection, look: Look) -> Told:
    yield from _states(Section.LEGAL, row)
    yield _("A representative is needed since"), moment(row.representation_needed_at)
    yield _("A representative was requested"), moment(row.representation_requested_at)
    yield _("Reflection period from"), day(row.reflection_from)
    yield _("Reflection period until"), day(row.reflection_until)
    yield _("Testimony without being here is arranged"), yes_no(row.testimony_arranged)


def _medical(row: MedicalCare, look: Look) -> Told:
    yield from _states(Section.MEDICAL, row)
    yield _("Last harmed"), moment(row.last_incident_at)


def _rehabilitation(row: Rehabilitation, look: Look) -> Told:
    yield from _states(Section.REHABILITATION, row)
    yield _("Access to education from"), day(row.education_from)


def _step_title(row: TrackStep, look: Look) -> Any:
    track = TRACKS[row.track]
    edge = track.machine.edge(row.edge)
    return f"{track.label}: {edge.label}"


def _step(row: TrackStep, look: Look) -> Told:
    machine = TRACKS[row.track].machine
    if row.before != row.after:
        yield _("Stage before"), machine.states(row.before).label
        yield _("Stage after"), machine.states(row.after).label
    entered = {**row.coded, **(row.words or {}), "happened_on": row.happened_on.isoformat()}
    entered["reason"] = row.reason
    for entry in machine.edge(row.edge).inputs:
        yield entry.label, _entered(entry, entered.get(entry.name), look)
    shown = [look.rows[pk] for pk in row.evidence if pk in look.rows]
    yield _("Documents that show it"), listed(document.title for document in shown)


def _entered(entry: Field, value: Any, look: Look) -> str:
    if value in (None, "") or entry.name == "document":
        return ""
    if entry.name == "person":
        named = next((row for pk, row in look.rows.items() if str(pk) == value), None)
        return named.name if named else ""
    if entry.kind == CODE:
        return str(dict(entry.choices).get(value, value))
    if entry.kind == DAY:
        return day(date.fromisoformat(value))
    return country_name(value) if entry.kind == COUNTRY else said(value)


def _interview(row: Interview, look: Look) -> Told:
    yield _("Held on"), day(row.held_on)
    yield _("Authority"), row.authority
    yield _("Interviewer"), row.interviewer
    yield _("Trained to interview children"), yes_no(row.interviewer_trained)
    yield _("Interpreter"), row.interpreter
    yield _("Accompanied by"), row.accompanied_by
    yield _("Recorded on video"), yes_no(row.recorded_on_video)
    yield _("Note"), row.note


def _examination(row: Examination, look: Look) -> Told:
    yield _("Held on"), day(row.held_on)
    yield _("Purpose"), row.purpose
    yield _("Consent given by"), row.get_consent_by_display()
    yield _("The child agrees"), yes_no(row.child_assents)
    yield _("Findings"), row.findings


def _fitness(row: TravelFitness, look: Look) -> Told:
    yield _("Fit to travel"), yes_no(row.is_fit)
    yield _("Certified on"), day(row.certified_on)
    yield _("Certified by"), account(look, row.certified_by_id)
    yield _("Medication supply, in days"), str(row.supply_days)
    yield _("Conditions"), row.conditions


def _words(row: HealthRecord | Need, look: Look) -> Told:
    yield _("Words"), row.words


def _steps(chapter: str, section: Section) -> Part:
    return Part(
        chapter=chapter,
        model=TrackStep,
        title=_step_title,
        facts=_step,
        sections=[section],
        stands=lambda row: TRACKS[row.track].section == section,
        stamp=("made_by", "made_at"),
    )


LEGAL = (
    Part(
        chapter="legal",
        model=LegalProtection,
        title=lambda row, look: _("Where it stands"),
        facts=_legal,
        sections=[Section.LEGAL],
    ),
    _steps("legal", Section.LEGAL),
    Part(
        chapter="legal",
        model=Interview,
        title=lambda row, look: _("Interview %(number)s") % {"number": row.number},
        facts=_interview,
        sections=[Section.LEGAL],
        stamp=("entered_by", "entered_at"),
    ),
)
MEDICAL = (
    Part(
        chapter="medical",
        model=MedicalCare,
        title=lambda row, look: _("Where it stands"),
        facts=_medical,
        sections=[Section.MEDICAL],
    ),
    _steps("medical", Section.MEDICAL),
    Part(
        chapter="medical",
        model=Examination,
        title=lambda row, look: row.get_kind_display(),
        facts=_examination,
        sections=[Section.MEDICAL],
        stamp=("entered_by", "entered_at"),
    ),
    Part(
        chapter="medical",
        model=HealthRecord,
        title=lambda row, look: row.get_kind_display(),
        facts=_words,
        sections=[Section.MEDICAL],
        stamp=("entered_by", "entered_at"),
    ),
    Part(
        chapter="medical",
        model=TravelFitness,
        title=lambda row, look: _("Fitness to travel"),
        facts=_fitness,
        sections=[Section.MEDICAL],
        stamp=("", "entered_at"),
    ),
)
REHABILITATION = (
    Part(
        chapter="rehabilitation",
        model=Rehabilitation,
        title=lambda row, look: _("Where it stands"),
        facts=_rehabilitation,
        sections=[Section.REHABILITATION],
    ),
    _steps("rehabilitation", Section.REHABILITATION),
    Part(
        chapter="rehabilitation",
        model=Need,
        title=lambda row, look: row.get_domain_display(),
        facts=_words,
        sections=[Section.REHABILITATION],
        stamp=("entered_by", "entered_at"),
    ),
)
