"""One return: where it stands, what blocks the next step and who has it, and what happened."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.countries import country_name
from cases.views.loading import reader
from repatriation.edges.aside import ASIDE
from repatriation.edges.returns import RETURN
from repatriation.permissions import Hand
from repatriation.stages import chip_of, stages
from repatriation.views.after import after_decision, offered
from repatriation.views.asked import findings, next_question
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.own_file import leads_on, own_files_told
from repatriation.views.parts import part_tabs
from repatriation.views.ready_lines import as_told, hint_of
from repatriation.views.sight import events_for
from repatriation.wording import CODES, event_words, hand_words
from workflow.machine import Attempt, Edge, Result
from workflow.services import judge

_ASIDE = frozenset(edge.name for edge in ASIDE)
# Conditions that are put right in the case, not on the return.
IN_THE_CASE = frozenset({"clearances", "consent_new", "legal", "medical"})
Steps = list[tuple[Edge, str, bool]]


@require_safe
def return_page(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_return(request, return_id, Section.RETURN_DECISION, Section.RETURN_JOURNEY)
    way = opened.way
    forward = [
        edge
        for edge in RETURN.edges_from(way.state)
        if edge.name not in _ASIDE and edge.who and offered(way, edge)
    ]
    waits = [waiting(opened, edge, request) for edge in forward if _concerns(opened, edge)]
    context = {
        "way": way,
        "opened": opened,
        "tabs": part_tabs(opened, "return"),
        "country": country_name(way.country),
        "chip": chip_of(way),
        "stages": stages(way),
        "steps": steps_of(opened),
        "waits": [wait for wait in waits if not _lies_elsewhere(opened, wait)],
        "elsewhere": _by_hand([wait for wait in waits if _lies_elsewhere(opened, wait)]),
        "events": [
            (event, event_words(event.kind), str(CODES.get(event.details.get("code", ""), "")))
            for event in events_for(opened, reader(request))
        ],
        "case_url": reverse("case", args=[way.case_id]) if opened.sections else "",
        "findings": findings(way) if opened.reads_decision or opened.reads_journey else [],
        "next_question": next_question(way) if opened.reads_decision else "",
        "may_propose_end": Hand.SUPERVISOR in opened.hands and way.is_open,
        "decision": after_decision(opened),
        "own_files": own_files_told(opened),
        "leads": leads_on(way, reader(request)) if opened.is_partner or opened.is_receiver else [],
    }
    return render(request, "repatriation/return.html", context)


def _concerns(opened: OpenedReturn, edge: Edge) -> bool:
    """Who works here sees every way on with what it waits for; others what lies in their own hands."""
    return opened.works_here or bool(edge.who & opened.hands)


def _lies_elsewhere(opened: OpenedReturn, wait: dict[str, Any]) -> bool:
    """Nothing is missing, and somebody else has it."""
    return not wait["failing"] and not wait["edge"].who & opened.hands


def _by_hand(waits: list[dict[str, Any]]) -> dict[str, list[str]]:
    """In whose hands it lies, and which ways each of them can take it."""
    found: dict[str, list[str]] = {}
    for wait in waits:
        found.setdefault(wait["who"], []).append(str(wait["edge"].label))
    return found


def steps_of(opened: OpenedReturn) -> Steps:
    """The moves in this reader's hands from here: edge, address, and whether it leads on."""
    way = opened.way
    found = [edge for edge in RETURN.edges_from(way.state) if edge.who & opened.hands and offered(way, edge)]
    found = [edge for edge in found if edge.name != "end" or way.end_proposed_by_id is not None]
    return [
        (edge, reverse("return_step", args=[way.pk, edge.name]), edge.name not in _ASIDE) for edge in found
    ]


def waiting(opened: OpenedReturn, edge: Edge, request: HttpRequest) -> dict[str, Any]:
    """What a step still needs: each condition with its source and the way to it, and in whose hands the step is."""
    results = as_told(opened, judge(RETURN, edge, opened.way, Attempt(actor=reader(request))))
    return {
        "edge": edge,
        "who": hand_words(edge.who),
        "failing": [blocker(opened, result) for result in results if result.blocks],
        "holding": [result for result in results if not result.blocks],
    }


def blocker(opened: OpenedReturn, result: Result) -> dict[str, Any]:
    guard = result.guard
    return {
        "sentence": result.sentence,
        "sources": guard.source,
        "why": guard.why,
        "note": hint_of(opened.way, guard),
        "url": remedy_url(opened, guard.remedy),
        "action": guard.remedy_label,
    }


def remedy_url(opened: OpenedReturn, remedy: str) -> str:
    """Where this reader puts it right; nothing where that is not this reader's business."""
    if not remedy or not opened.works_here:
        return ""
    way = opened.way
    return reverse(remedy, args=[way.case_id if remedy in IN_THE_CASE else way.pk])
