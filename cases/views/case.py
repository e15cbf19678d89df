from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Ability, Section, can
from accounts.models import User
from accounts.permissions import require
from cases.edges.lifecycle import LIFECYCLE, MAIN_PATH, edges_up_to, next_edge
from cases.importing.labels import imported_rows
from cases.models import CaseAccess
from cases.models.choices import FINAL_STATES, OPEN_STATES, Basis, CaseState, Risk
from cases.permissions import Hand
from cases.presenting import RISK_CHIP, CaseRow, age_words, given_tasks, grouped, listed_rows, with_plan
from cases.timeline import in_words, timeline
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys
from workflow import deadlines
from workflow.machine import Attempt, Edge, Override, Result
from workflow.services import judge

PAGE = 25
LATEST = 6
WORKING = (Basis.ASSIGNMENT, Basis.TEAM, Basis.DUTY)
# Numbers of audit rows are bigint; longer ones are nobody's.
LONGEST_NUMBER = 19


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The caseload: next deadline first, then what has none. A supervisor sees the team's, a worker its own."""
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    grounds = CaseAccess.objects.live_for(user)
    state = request.GET.get("state", "")
    if state in CaseState.values:
        grounds = grounds.filter(case__state=state)
    elif state != "all":
        grounds = grounds.filter(case__state__in=OPEN_STATES)
    if request.GET.get("unassigned"):
        grounds = grounds.exclude(case__assignments__ended_at__isnull=True, case__assignments__isnull=False)
    if request.GET.get("risk") in Risk.values:
        # Of those whose risk this reader may know.
        grounds = grounds.filter(case__risk=request.GET["risk"], basis__in=WORKING)
    ids = grounds.order_by("due", "case_id").values_list("case_id", flat=True).distinct()
    page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    rows = listed_rows(user, list(dict.fromkeys(page.object_list)))
    context = {
        "rows": rows,
        "page": page,
        "filters": _list_filters(request),
        "states": [(code, label, code == state) for code, label in [*CaseState.choices, ("all", _("All"))]],
        "query": _query_of(request),
    }
    return render(request, "cases/case_list.html", context)


def _list_filters(request: HttpRequest) -> list[tuple[str, str, bool, None]]:
    here = request.GET.urlencode()
    choices = [
        ("", _("All open")),
        ("unassigned=1", _("Without a worker")),
        ("risk=high", _("High risk")),
        ("state=all", _("All")),
    ]
    return [(f"?{query}", str(label), query == here, None) for query, label in choices]


def _query_of(request: HttpRequest) -> str:
    """The present filters, for the pager's links."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


@require_safe
def case_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The whole case at a glance: what is next, what blocks it, where it stands, what happened."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    context = {
        "case": opened.case,
        "opened": opened,
        "tabs": case_tabs(opened, "case"),
        "identity": identity_bar(opened),
        "due": _due(opened, reader(request)),
        "blocks": _blocks(opened, request) if opened.works_on_it else None,
        "lane": _lane(opened),
        "events": [
            in_words(event, opened.sections) for event in timeline(case_id, opened.sections, limit=LATEST)
        ],
        "more": _more_steps(opened),
        "missing": _missing_evidence(opened, request) if opened.works_on_it else [],
        "imported": imported_rows(opened.case, opened.sections),
        "identity_url": reverse("case_identity", args=[case_id]) if opened.sees(Section.IDENTITY) else "",
    }
    return render(request, "cases/case.html", context)


@require_safe
def case_history(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything that changed, newest first, cut to the sections of this reader."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < LONGEST_NUMBER else None
    events = timeline(case_id, opened.sections, limit=PAGE + 1, before=start)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_history"),
        "events": [in_words(event, opened.sections) for event in events[:PAGE]],
        "older": events[PAGE - 1].pk if len(events) > PAGE else None,
    }
    return render(request, "cases/history.html", context)


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
    since = date_format(case.state_since, "j E")
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


def _due(opened: OpenedCase, user: User) -> list[Any]:
    """Everything for those who work on the case; for others the tasks that were given to them."""
    running = with_plan(deadlines.open_for([opened.case.pk]))
    if not opened.works_on_it:
        running = running.filter(given_tasks(user, [opened.case.pk]))
    row = CaseRow(
        case=opened.case, child="", age="", worker="", due=None, sees_plan=opened.sees(Section.PLAN)
    )
    return grouped(running, {opened.case.pk: row}, user)


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
        "who": ", ".join(str(LIFECYCLE.hand_labels[hand]) for hand in sorted(edge.who)),
    }


def blockers(opened: OpenedCase, edge: Edge, results: Sequence[Result]) -> dict[str, Any]:
    """What a step needs: what is missing, with the way to each, and what holds."""
    failing = [result for result in results if result.blocks]
    return {
        "failing": [_blocker(opened, edge, result) for result in failing],
        "holding": [result for result in results if not result.blocks],
        "total": len(results),
    }


def _blocker(opened: OpenedCase, edge: Edge, result: Result) -> dict[str, Any]:
    guard, case = result.guard, opened.case
    leads = guard.remedy and (edge.who & opened.hands or guard.remedy == "case_assign")
    may_override = guard.override is Override.SUPERVISOR and Hand.SUPERVISOR in opened.hands
    return {
        "sentence": result.sentence,
        "sources": guard.source,
        "url": _address(guard.remedy, case) if leads else "",
        "action": guard.remedy_label,
        "override": reverse("case_override", args=[case.pk, edge.name, guard.code]) if may_override else "",
    }


def _address(name: str, case: Any) -> str:  # UNDER CONSTRUCTION: goes when every page is there
    try:
        return reverse(name, args=[case.pk])
    except NoReverseMatch:
        return ""


def _lane(opened: OpenedCase) -> dict[str, Any]:
    """The main path as a lane: done, now, to come."""
    path = [CaseState.REPORTED, *(CaseState(LIFECYCLE.edge(name).targets[0]) for name in MAIN_PATH)]
    state = opened.case.suspended_from if opened.case.state == CaseState.SUSPENDED else opened.case.state
    state = opened.case.merged_from if state == CaseState.DUPLICATE else state
    at = path.index(CaseState(state)) if state in path else -1
    marks = [
        (step.label, "done" if place < at else "now" if place == at else "")
        for place, step in enumerate(path)
    ]
    return {"steps": marks, "note": CaseState(opened.case.state).label}


def _more_steps(opened: OpenedCase) -> list[tuple[str, str]]:
    """Steps off the main path that lie in this reader's hands."""
    case = opened.case
    following = next_edge(case.state)
    return [
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
    return [
        _blocker(opened, edge, result)
        for edge in edges_up_to(opened.case.state)
        for result in LIFECYCLE.judge(edge, opened.case, attempt)
        if not result.passed
    ]
