"""The three tracks of care: where each stands, what can be done next, what was done; and the page of one step."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.countries import country_name
from accounts.models import User
from accounts.permissions import require
from cases.edges.tracks import TRACKS, TrackMachine
from cases.forms.steps import StepForm
from cases.models import TrackStep
from cases.models.choices import OPEN_STATES
from cases.services.errors import Invalid
from cases.services.tracks import take_track_step
from cases.settled import MEDICAL, REHABILITATION, unsettled_strands
from cases.views.case import blockers
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.plan import goals_of
from cases.views.tabs import case_tabs
from vault import keys
from workflow.machine import CODE, COUNTRY, DAY, YES, Attempt, Edge, Field, Refused, WrongState
from workflow.services import judge

STEPS_SHOWN = 50


@dataclass(frozen=True)
class Strand:
    """One machine as its page shows it."""

    label: str
    state: str
    is_settled: bool
    steps: list[tuple[str, str]]
    taken: list["Taken"]


@dataclass(frozen=True)
class Taken:
    """A step that was taken: its day, who took it, and what was entered."""

    step: TrackStep
    text: str
    facts: list[tuple[str, str]]


@require_safe
def legal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.LEGAL)
    keys.prefetch([case_id])
    row = opened.case.legal
    facts = [
        (_("Reflection period"), _period(row.reflection_from, row.reflection_until)),
        (_("Testimony without being here"), _("arranged") if row.testimony_arranged else _("not arranged")),
    ]
    context = {
        "facts": facts,
        "interviews": opened.case.interviews.select_related("entered_by"),
        "testimony_arranged": row.testimony_arranged,
    }
    return _page(request, opened, "legal", Section.LEGAL, context)


@require_safe
def medical(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.MEDICAL)
    keys.prefetch([case_id])
    records = {record.kind: record for record in reversed(opened.case.health_records.all())}
    context = {
        "last_incident_at": opened.case.medical.last_incident_at,
        "examinations": opened.case.examinations.select_related("entered_by"),
        "records": list(records.values()),
        "fitness": opened.case.travel_fitness.select_related("certified_by"),
    }
    return _page(request, opened, "medical", Section.MEDICAL, context)


@require_safe
def rehabilitation(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.REHABILITATION)
    keys.prefetch([case_id])
    row = opened.case.rehabilitation
    education = date_format(row.education_from, "j E Y") if row.education_from else ""
    context = {
        "facts": [(_("Access to education from"), education)],
        "needs": opened.case.needs.select_related("entered_by"),
    }
    return _page(request, opened, "rehabilitation", Section.REHABILITATION, context)


def _page(
    request: HttpRequest, opened: OpenedCase, page: str, section: Section, context: dict[str, Any]
) -> HttpResponse:
    context |= {
        "case": opened.case,
        "tabs": case_tabs(opened, page),
        "strands": strands(opened, section, reader(request)),
        "goals": goals_of(opened.case, section),
        "may_write": opened.writes(section) and opened.case.state in OPEN_STATES,
    }
    return render(request, f"cases/{page}.html", context)


def _period(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return _("not begun")
    return f"{date_format(first, 'j E Y')} – {date_format(last, 'j E Y')}"


def strands(opened: OpenedCase, section: Section, user: User) -> list[Strand]:
    """Each machine of the section: its state, the steps in this reader's hands, and what was done, newest first."""
    machines = [track for track in TRACKS.values() if track.section == section]
    names = [track.machine.name for track in machines]
    steps = opened.case.track_steps.filter(track__in=names).select_related("made_by")[:STEPS_SHOWN]
    taken: dict[str, list[Taken]] = {name: [] for name in names}
    for step in steps:
        taken[step.track].append(_taken(TRACKS[step.track], step))
    return [_strand(opened, track, taken[track.machine.name], user) for track in machines]


def _strand(opened: OpenedCase, track: TrackMachine, taken: list[Taken], user: User) -> Strand:
    case, row = opened.case, track.row_of(opened.case)
    state = track.machine.state_of(row)
    return Strand(
        label=str(track.label),
        state=str(track.machine.states(state).label),
        is_settled=is_settled(track, opened),
        steps=[
            (reverse("track_step", args=[case.pk, track.machine.name, edge.name]), str(edge.label))
            for edge in track.machine.edges_from(state)
            if case.state in OPEN_STATES and edge.who & opened.hands_in(track.section)
        ],
        taken=taken,
    )


def is_settled(track: TrackMachine, opened: OpenedCase) -> bool:
    case = opened.case
    if track.section == Section.LEGAL:
        return track.machine.name not in unsettled_strands(case.legal)
    settled = MEDICAL if track.section == Section.MEDICAL else REHABILITATION
    return track.machine.state_of(track.row_of(case)) in settled


def _taken(track: TrackMachine, step: TrackStep) -> Taken:
    edge = track.machine.edge(step.edge)
    values = {**step.coded, **(step.words or {}), "reason": step.reason}
    facts = [
        (str(entry.label), _words_of(entry, values[entry.name]))
        for entry in edge.inputs
        if entry.name not in ("happened_on", "document", "person") and values.get(entry.name)
    ]
    return Taken(step=step, text=str(edge.happened or edge.label), facts=facts)


def _words_of(entry: Field, value: Any) -> str:
    if entry.kind == CODE:
        return str(dict(entry.choices).get(value, value))
    if entry.kind == YES:
        return _("Yes")
    if entry.kind == DAY:
        return date_format(date.fromisoformat(value), "j E Y")
    return country_name(value) if entry.kind == COUNTRY else str(value)


@require_http_methods(["GET", "HEAD", "POST"])
def track_step(request: HttpRequest, case_id: UUID, track: str, edge_name: str) -> HttpResponse:
    """One step of a track: what it needs, what it asks, and the button."""
    found = TRACKS.get(track)
    if found is None:
        raise Http404
    opened = read_case(request, case_id, found.section)
    edge = _edge_or_404(found, edge_name)
    require(bool(edge.who & opened.hands_in(found.section)))
    row = found.row_of(opened.case)
    if found.machine.state_of(row) not in edge.sources or opened.case.state not in OPEN_STATES:
        return _moved_on(request, found, case_id, WrongState(edge))
    data = request.POST if request.method == "POST" else None
    today = clock.today(opened.case.agency.time_zone)
    form = StepForm(data, edge=edge, case=opened.case, user=reader(request), initial={"happened_on": today})
    refused = False
    if request.method == "POST" and form.is_valid():
        try:
            take_track_step(
                case_id, track, edge_name, actor=reader(request), values=form.values, reason=form.reason
            )
        except WrongState as moved_on:
            return _moved_on(request, found, case_id, moved_on)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.refuse_entries(refusal)
            refused, opened = True, read_case(request, case_id, found.section)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": edge.label})
            return redirect(found.page, case_id)
    context = _step_context(opened, found, edge, form, reader(request)) | {"refused": refused}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "cases/step.html", context, status=status)


def _step_context(
    opened: OpenedCase, track: TrackMachine, edge: Edge, form: StepForm, user: User
) -> dict[str, Any]:
    row = track.row_of(opened.case)
    results = judge(track.machine, edge, row, Attempt(actor=user))
    return blockers(opened, edge, results) | {
        "form": form,
        "case": opened.case,
        "edge": edge,
        "tabs": case_tabs(opened, track.page),
        "back_url": reverse(track.page, args=[opened.case.pk]),
    }


def _edge_or_404(track: TrackMachine, name: str) -> Edge:
    try:
        return track.machine.edge(name)
    except KeyError:
        raise Http404 from None


def _moved_on(request: HttpRequest, track: TrackMachine, case_id: UUID, refused: WrongState) -> HttpResponse:
    for result in refused.failures:
        messages.warning(request, result.sentence)
    return redirect(track.page, case_id)
