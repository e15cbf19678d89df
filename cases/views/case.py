from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.alphabets import listed
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE, MAIN_PATH, lacking, next_edge
from cases.importing.labels import imported_rows
from cases.models import Case
from cases.models.choices import FINAL_STATES, CaseState, Risk
from cases.permissions import Hand
from cases.presenting import RISK_CHIP, CaseRow, DueRow, age_words, case_due_rows
from cases.timeline import Happening, in_words, steps_taken, timeline
from cases.views.lanes import track_lanes
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs, fills, is_shown
from cases.worklist import given_tasks
from vault import keys
from workflow import deadlines
from workflow.machine import Attempt, Edge, Override, Result
from workflow.services import judge

PAGE = 25
LATEST = 6
# Numbers of audit rows are bigint; longer ones are nobody's.
LONGEST_NUMBER = 19


@require_safe
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The whole case at a glance: what is next, what blocks it, where it stands, what happened."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    context = {
        "case": opened.case,
        "opened": opened,
        "merged": _merged_into(opened, reader(request)),
        "tabs": case_tabs(opened, "case"),
        "identity": identity_bar(opened),
        "due": _due(opened, reader(request)),
        "blocks": _blocks(opened, request) if opened.works_on_it else None,
        "lane": _lane(opened),
        "tracks": track_lanes(opened),
        "reads_history": opened.reads_history,
        "events": _latest(opened, reader(request)) if opened.reads_history else [],
        "more": _more_steps(opened),
        "missing": _missing_evidence(opened, request) if opened.works_on_it else [],
        "imported": imported_rows(opened.case, opened.sections),
        "identity_url": reverse("case_identity", args=[case_id]) if opened.sees(Section.IDENTITY) else "",
    }
    return render(request, "cases/case.html", context)


def _latest(opened: OpenedCase, user: User) -> list[Happening]:
    conferences = opened.conferences_of(user)
    events = timeline(opened.case.pk, opened.sections, limit=LATEST, conferences=conferences)
    return [in_words(event, opened.sections) for event in events]


def row_number(text: str) -> int | None:
    """Where an older page begins, as its link says; whatever else stands there begins at the top."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


def identity_bar(opened: OpenedCase) -> dict[str, Any]:
    """What everybody on the case needs at a glance, cut to the sections of the reader."""
    case, facts = opened.case, list[tuple[Any, ...]]()
    if opened.sees(Section.IDENTITY) and case.facts.child:
        child = case.facts.child
        child.case = case
        facts = [
            (_("Known as"), child.known_as or ""),
            (_("Age"), age_words(child)),
            (_("Speaks"), child.languages),
        ]
    worker = case.facts.assignment.worker.name if case.facts.assignment else _("nobody yet")
    since = date_format(localtime(case.state_since), "j E")
    facts += [
        (_("Worker"), worker),
        (_("Stage"), CaseState(case.state).label, _("since %(day)s") % {"day": since}),
    ]
    chips: list[tuple[str, Any]] = [("plain", _("Imported"))] if case.imported_at else []
    if opened.sees(Section.RISK) and case.risk:
        chips = [(RISK_CHIP[case.risk], Risk(case.risk).label), *chips]
    return {
        "facts": facts,
        "chips": chips,
        "kind": RISK_CHIP.get(case.risk, "plain") if opened.sees(Section.RISK) else "plain",
    }


def _merged_into(opened: OpenedCase, user: User) -> Case | dict[str, str] | None:
    """The file that goes on, for who can see it; for others only that there is one."""
    if opened.case.state != CaseState.DUPLICATE:
        return None
    others = Case.objects.visible_to(user)
    return others.filter(duplicates=opened.case).first() or {"code": ""}


def _due(opened: OpenedCase, user: User) -> list[DueRow]:
    """Everything for those who work on the case; for others the tasks that were given to them."""
    running = deadlines.open_for([opened.case.pk])
    if not opened.works_on_it:
        running = running.filter(given_tasks(user, [opened.case.pk]))
    sections = frozenset(opened.sections)
    row = CaseRow(case=opened.case, child="", age="", worker="", due=None, sections=sections)
    return case_due_rows(running, row, user)


def _blocks(opened: OpenedCase, request: HttpRequest) -> dict[str, Any] | None:
    """The next step of the main path with everything that it needs, judged before anyone presses a button."""
    case = opened.case
    edge = LIFECYCLE.edge("take_over") if case.waits_for_takeover else next_edge(case.state)
    if edge is None or case.state in FINAL_STATES:
        return None
    return step_context(opened, edge, request)


def step_context(opened: OpenedCase, edge: Edge, request: HttpRequest) -> dict[str, Any]:
    attempt = Attempt(actor=reader(request))
    results = judge(LIFECYCLE, edge, opened.case, attempt)
    return blockers(opened, edge, results) | {
        "edge": edge,
        "url": reverse("case_step", args=[opened.case.pk, edge.name]),
        "in_hand": bool(edge.who & opened.hands),
        "who": listed(str(LIFECYCLE.hand_labels[hand]) for hand in sorted(edge.who)),
    }


def blockers(
    opened: OpenedCase, edge: Edge, results: Sequence[Result], hands: Collection[str] | None = None
) -> dict[str, Any]:
    """What a step needs: what is missing, with the way to each, and what holds. `hands` are those in a track."""
    failing = [result for result in results if result.blocks]
    return {
        "failing": [_blocker(opened, edge, result, hands) for result in failing],
        "holding": [result for result in results if not result.blocks],
        "total": len(results),
    }


def _blocker(
    opened: OpenedCase, edge: Edge, result: Result, hands: Collection[str] | None = None
) -> dict[str, Any]:
    guard, case = result.guard, opened.case
    page, sign, place = guard.remedy.partition("#")
    in_hand = bool(edge.who.intersection(opened.hands if hands is None else hands))
    is_open = bool(page) and is_shown(page, opened)
    leads = is_open and (in_hand or fills(page, opened))
    may_override = guard.override is Override.SUPERVISOR and Hand.SUPERVISOR in opened.hands
    # A partner has the step in hand and not always the page that it waits for.
    elsewhere = _("The worker of this case does this, on a page that is not open to you.")
    return {
        "sentence": result.sentence,
        "sources": guard.source,
        "why": guard.why,
        "url": f"{reverse(page, args=[case.pk])}{sign}{place}" if leads else "",
        "action": guard.remedy_label,
        "override": reverse("case_override", args=[case.pk, edge.name, guard.code]) if may_override else "",
        "note": elsewhere if page and in_hand and not is_open else guard.hint,
    }


def _lane(opened: OpenedCase) -> dict[str, Any]:
    """The main path as a lane. Done is what was really gone through: an imported or ended case skipped the rest."""
    case = opened.case
    path = [CaseState.REPORTED, *(CaseState(LIFECYCLE.edge(name).targets[0]) for name in MAIN_PATH)]
    moves = steps_taken(case.pk)
    state = CaseState(_state_on_path(case))
    at = path.index(state) if state in path else len(path)
    been = {each for move in moves for each in move} - {state}
    began = CaseState(moves[0][0] if moves else case.state) if case.imported_at else None
    marks = [
        (step.label, "now" if place == at else "done" if step in been and place < at else "", step == began)
        for place, step in enumerate(path)
    ]
    note = str(CaseState(case.state).label)
    if began:
        note = _("%(now)s; taken over here as %(began)s") % {"now": note, "began": began.label}
    return {"steps": marks, "note": note}


def _state_on_path(case: Case) -> str:
    """A missing child's file stands where it was, and so does a merged one."""
    state = case.merged_from if case.state == CaseState.DUPLICATE else case.state
    return case.suspended_from if state == CaseState.SUSPENDED else state


def _more_steps(opened: OpenedCase) -> list[tuple[str, str]]:
    """Steps off the main path that lie in this reader's hands."""
    case = opened.case
    following = next_edge(case.state)
    beside = []
    if case.state == CaseState.SUSPENDED and opened.works_on_it:
        beside = [(reverse("case_police", args=[case.pk]), _("The police were told"))]
    return beside + [
        (reverse("case_step", args=[case.pk, edge.name]), str(edge.label))
        for edge in LIFECYCLE.edges_from(case.state)
        if edge is not following
        and edge.who & opened.hands
        and (edge.name != "take_over" or case.waits_for_takeover)
    ]


def _missing_evidence(opened: OpenedCase, request: HttpRequest) -> list[dict[str, Any]]:
    """What an imported case never showed on its way to the state that it came with."""
    if opened.case.imported_at is None or opened.case.state in FINAL_STATES:
        return []
    attempt = Attempt(actor=reader(request))
    return [_blocker(opened, edge, result) for edge, result in lacking(opened.case, attempt)]
