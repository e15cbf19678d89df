"""The three tracks of care: where each stands, what can be done next, what was done; and the page of one step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.edges.tracks import TRACKS, TrackMachine
from cases.forms.care import TestimonyForm
from cases.forms.steps import StepForm
from cases.models import Case, LegalProtection, Person, TrackStep
from cases.models.choices import OPEN_STATES
from cases.permissions import Hand
from cases.presenting import when_words
from cases.services.incidents import WINDOWS
from cases.services.people import conflict_waits
from cases.services.registers import LIVE, fitness_ends
from cases.services.tracks import take_track_step
from cases.settled import MEDICAL, REHABILITATION, unsettled_strands
from cases.views.case import blockers
from cases.views.documents import evidence_links
from cases.views.lanes import marks, state_words
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.moved import moved_on
from cases.views.tabs import case_tabs, is_shown
from cases.wording import DUE
from vault import keys
from workflow import deadlines
from workflow.machine import CODE, COUNTRY, DAY, YES, Attempt, Edge, Field, Refused, WrongState
from workflow.models import Deadline
from workflow.services import judge

STEPS_SHOWN = 50
# Each is asked for only while its clock runs.
ANSWERS = {f"answer_{kind}": kind for kind in WINDOWS}
PERSON = "person"
NOT_SHOWN = frozenset({"happened_on", "document"})


@dataclass(frozen=True)
class Strand:
    """One machine as its page shows it. `steps` lead on; `others` keep the state, or turn away from care."""

    name: str
    label: str
    state: str
    is_settled: bool
    marks: list[tuple[str, str]]
    # Whether the next thing to do on the page is here.
    is_next: bool
    steps: list[tuple[str, str]]
    others: list[tuple[str, str]]
    taken: list["Taken"]


@dataclass(frozen=True)
class Taken:
    """A step that was taken: its day, who took it, what was entered, and the documents that show it."""

    step: TrackStep
    text: str
    facts: list[tuple[str, str]]
    # Address and title of those documents that this reader may open.
    documents: list[tuple[str, str]]


@require_safe
def legal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return legal_page(request, read_case(request, case_id, Section.LEGAL))


def legal_page(
    request: HttpRequest, opened: OpenedCase, testimony: TestimonyForm | None = None
) -> HttpResponse:
    keys.prefetch([opened.case.pk])
    row = opened.case.legal
    context = {
        "facts": _legal_facts(opened, row),
        "interviews": opened.case.interviews.select_related("entered_by"),
        "testimony": (testimony or testimony_form(None, row)) if row.proceedings in LIVE else None,
        "representative_in_conflict": conflict_waits(opened.case),
    }
    return _page(request, opened, "legal", Section.LEGAL, context)


def testimony_form(data: QueryDict | None, row: LegalProtection) -> TestimonyForm:
    answer = {"arranged": "yes" if row.testimony_arranged else "no"}
    return TestimonyForm(data, row=row, initial=answer)


def _legal_facts(opened: OpenedCase, row: LegalProtection) -> list[tuple[str, ...]]:
    facts = [(_("Reflection period"), *_reflection(row, clock.today(opened.case.agency.time_zone)))]
    if row.proceedings in LIVE:
        arranged = _("arranged") if row.testimony_arranged else _("not arranged")
        facts.append((_("Testimony without being here"), arranged))
    return facts


def _reflection(row: LegalProtection, today: date) -> tuple[str, ...]:
    """Its last day, which still counts, and how much of it is left."""
    first, last = row.reflection_from, row.reflection_until
    if first is None or last is None:
        return (_("not begun"), _("It begins with the decision that the child may be a victim."))
    left = max((last - today).days + 1, 0)
    words = ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}
    note = words if left else _("over")
    until = _("until %(day)s") % {"day": date_format(last, "l j E Y")}
    since = _("since %(day)s") % {"day": date_format(first, "j E Y")}
    return (until, f"{since} · {note}")


@require_safe
def medical(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.MEDICAL)
    case = opened.case
    keys.prefetch([case_id])
    clocks = [each for each in deadlines.open_for([case_id]) if each.kind in WINDOWS]
    written: dict[str, list[Any]] = {}
    for record in case.health_records.select_related("entered_by"):
        written.setdefault(record.get_kind_display(), []).append(record)
    certificates = list(case.travel_fitness.select_related("certified_by"))
    context = {
        "urgent": [_urgent(each, case) for each in clocks],
        "facts": [(_("Last incident"), *_incident(case))],
        "examinations": case.examinations.select_related("entered_by"),
        "records": [(kind, rows[0], rows[1:]) for kind, rows in written.items()],
        "fitness": [(each, fitness_ends(each, case)) for each in certificates],
        "today": clock.today(case.agency.time_zone),
        "may_certify": Hand.CLINIC in opened.hands_in(Section.MEDICAL) and case.state in OPEN_STATES,
    }
    return _page(request, opened, "medical", Section.MEDICAL, context, clocks)


def _urgent(deadline: Deadline, case: Case) -> dict[str, str]:
    words = DUE[deadline.kind]
    last = date_format(deadline.due_at.astimezone(ZoneInfo(case.agency.time_zone)), "D j E, H:i")
    until = _("until %(moment)s") % {"moment": last}
    return {
        "title": str(words.title),
        "text": f"{when_words(deadline.due_at)}, {until} · {words.why}",
        "kind": "late" if deadline.due_at <= clock.now() else "due",
    }


def _incident(case: Case) -> tuple[str, ...]:
    at = case.medical.last_incident_at
    if at is None:
        return ("", _("Ask for the last time that the child was harmed, as soon as it can be asked."))
    return (date_format(at.astimezone(ZoneInfo(case.agency.time_zone)), "l j E Y"),)


@require_safe
def rehabilitation(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.REHABILITATION)
    keys.prefetch([case_id])
    row = opened.case.rehabilitation
    education = date_format(row.education_from, "j E Y") if row.education_from else ""
    needs: dict[str, list[Any]] = {}
    for need in opened.case.needs.select_related("entered_by"):
        needs.setdefault(need.get_domain_display(), []).append(need)
    context = {
        "facts": [(_("Access to education from"), education)],
        "needs": [(domain, rows[0], rows[1:]) for domain, rows in needs.items()],
    }
    return _page(request, opened, "rehabilitation", Section.REHABILITATION, context)


def _page(
    request: HttpRequest,
    opened: OpenedCase,
    page: str,
    section: Section,
    context: dict[str, Any],
    clocks: Sequence[Deadline] = (),
) -> HttpResponse:
    form = context.get("testimony")
    wrong = isinstance(form, TestimonyForm) and bool(form.errors)
    context |= {
        "case": opened.case,
        "tabs": case_tabs(opened, page),
        "strands": strands(opened, section, {each.kind for each in clocks}),
        # The goals of a track are open to whoever reads the track, with the plan or without.
        "goals": opened.case.goals.filter(track=page),
        "sees_plan": is_shown("plan", opened),
        "may_write": opened.writes(section) and opened.case.state in OPEN_STATES,
    }
    return render(request, f"cases/{page}.html", context, status=422 if wrong else 200)


def strands(opened: OpenedCase, section: Section, running: Iterable[str]) -> list[Strand]:
    """Each machine of the section: its state, the steps in this reader's hands, and what was done, newest first."""
    machines = [track for track in TRACKS.values() if track.section == section]
    names = [track.machine.name for track in machines]
    steps = list(opened.case.track_steps.filter(track__in=names).select_related("made_by")[:STEPS_SHOWN])
    people = _people_in(opened, steps)
    links = evidence_links(opened, {document for step in steps for document in step.evidence})
    taken: dict[str, list[Taken]] = {name: [] for name in names}
    for step in steps:
        documents = [links[document] for document in step.evidence if document in links]
        taken[step.track].append(_taken(TRACKS[step.track], step, people, documents))
    shown = [_strand(opened, track, taken[track.machine.name], running) for track in machines]
    # Live proceedings come to rest by what is said beside them about testimony; pausing them is nobody's next thing.
    live = opened.case.legal.proceedings in LIVE and section == Section.LEGAL
    beside = {str(TRACKS["proceedings"].label)} if live else set()
    waiting = (each for each in shown if each.steps and not each.is_settled)
    first = next((each for each in waiting if each.label not in beside), None)
    return [replace(each, is_next=each is first) for each in shown]


def _people_in(opened: OpenedCase, steps: list[TrackStep]) -> dict[str, str]:
    """Names of the representatives that steps name; who represents a child belongs to legal protection."""
    ids = [step.coded[PERSON] for step in steps if PERSON in step.coded]
    people: Iterable[Person] = opened.case.people.filter(pk__in=ids) if ids else ()
    return {str(person.pk): str(person.name) for person in people}


def _strand(opened: OpenedCase, track: TrackMachine, taken: list[Taken], running: Iterable[str]) -> Strand:
    case, machine = opened.case, track.machine
    hands = opened.hands_in(track.section) if case.state in OPEN_STATES else frozenset()
    edges = [
        edge
        for edge in machine.edges_from(machine.state_of(track.row_of(case)))
        if edge.who & hands and (edge.name not in ANSWERS or ANSWERS[edge.name] in running)
    ]
    # What has to be answered in time comes first, what leads on next; the rest waits until somebody wants it.
    onward = [edge for edge in edges if edge.name in ANSWERS or not _turns_away(edge)]
    return Strand(
        name=machine.name,
        label=str(track.label),
        state=state_words(track, case),
        is_settled=is_settled(track, opened),
        marks=marks(track, case),
        is_next=False,
        steps=[
            _way(case.pk, track, edge) for edge in sorted(onward, key=lambda each: each.name not in ANSWERS)
        ],
        others=[_way(case.pk, track, edge) for edge in edges if edge not in onward],
        taken=taken,
    )


def _turns_away(edge: Edge) -> bool:
    return edge.stays or "declined" in edge.targets


def _way(case_id: UUID, track: TrackMachine, edge: Edge) -> tuple[str, str]:
    return reverse("track_step", args=[case_id, track.machine.name, edge.name]), str(edge.label)


def is_settled(track: TrackMachine, opened: OpenedCase) -> bool:
    case = opened.case
    if track.section == Section.LEGAL:
        return track.machine.name not in unsettled_strands(case.legal)
    settled = MEDICAL if track.section == Section.MEDICAL else REHABILITATION
    return track.machine.state_of(track.row_of(case)) in settled


def _taken(
    track: TrackMachine, step: TrackStep, people: dict[str, str], documents: list[tuple[str, str]]
) -> Taken:
    edge = track.machine.edge(step.edge)
    values = {**step.coded, **(step.words or {}), "reason": step.reason}
    if PERSON in values:
        values[PERSON] = people.get(values[PERSON], "")
    facts = [
        (_asked(str(entry.label)), _words_of(entry, values[entry.name]))
        for entry in edge.inputs
        if entry.name not in NOT_SHOWN and values.get(entry.name)
    ]
    return Taken(step=step, text=str(edge.happened or edge.label), facts=facts, documents=documents)


def _asked(label: str) -> str:
    """What was asked, before its answer: a question has its own mark."""
    return label if label.endswith("?") else _("%(label)s:") % {"label": label}


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
    data = request.POST if request.method == "POST" else None
    today = clock.today(opened.case.agency.time_zone)
    form = StepForm(data, edge=edge, case=opened.case, user=reader(request), initial={"happened_on": today})
    page = reverse(found.page, args=[case_id])
    if found.machine.state_of(row) not in edge.sources or opened.case.state not in OPEN_STATES:
        return moved_on(request, opened.case, WrongState(edge).sentences, page=page, form=form)
    refused = False
    if request.method == "POST" and form.is_valid():
        try:
            take_track_step(
                case_id, track, edge_name, actor=reader(request), values=form.values, reason=form.reason
            )
        except WrongState as wrong:
            return moved_on(request, opened.case, wrong.sentences, page=page, form=form)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.refuse_entries(refusal)
            refused, opened = True, read_case(request, case_id, found.section)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": edge.label})
            return redirect(page)
    context = _step_context(opened, found, edge, form, reader(request)) | {"refused": refused}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "cases/step.html", context, status=status)


def _step_context(
    opened: OpenedCase, track: TrackMachine, edge: Edge, form: StepForm, user: User
) -> dict[str, Any]:
    row = track.row_of(opened.case)
    # Sent with entries, it is judged with them: a condition may be about who was chosen.
    values = getattr(form, "cleaned_data", {})
    results = judge(track.machine, edge, row, Attempt(actor=user, values=values))
    return blockers(opened, edge, results, opened.hands_in(track.section)) | {
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
