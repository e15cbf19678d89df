"""Everything that changed in a case: who, from what to what, and why."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Section
from cases.timeline import in_words, people, timeline, what_changed
from cases.views.case import PAGE, row_number
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys


@require_safe
def case_history(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Newest first, cut to the sections of this reader; `?section=` and `?by=` cut further."""
    opened = read_case(request, case_id, shown=Section, exists=lambda opened: opened.reads_history)
    keys.prefetch([case_id])
    section, by = _section(request, opened), _person(request)
    conferences = opened.conferences_of(reader(request))
    events = timeline(
        case_id,
        opened.sections,
        limit=PAGE + 1,
        before=row_number(request.GET.get("before", "")),
        section=section,
        by=by,
        conferences=conferences,
    )
    older = events[PAGE - 1].pk if len(events) > PAGE else None
    events = events[:PAGE]
    changes = what_changed(
        case_id, events, opened.sections, for_team=opened.works_on_it, conferences=conferences
    )
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_history"),
        "events": [in_words(event, opened.sections, changes.get(event.pk, ())) for event in events],
        "older": older,
        "query": _query_of(request),
        "filtered": section is not None or by is not None,
        "sections": [(each.value, each.label, each == section) for each in Section if opened.sees(each)],
        "people": [(pk, name, pk == by) for pk, name in people(case_id, opened.sections, conferences)],
    }
    return render(request, "cases/history.html", context)


def _section(request: HttpRequest, opened: OpenedCase) -> Section | None:
    """One that this reader does not have cannot be asked for: the list is as without it."""
    asked = request.GET.get("section", "")
    return Section(asked) if asked in Section.values and opened.sees(Section(asked)) else None


def _person(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("by", ""))
    except ValueError:
        return None


def _query_of(request: HttpRequest) -> Any:
    """The present filters, for the link to older events."""
    kept = request.GET.copy()
    kept.pop("before", None)
    return f"{kept.urlencode()}&" if kept else ""
