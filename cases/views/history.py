"""Everything that changed in a case: who, from what to what, and why."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Section
from cases.lists import HISTORY
from cases.timeline import in_words, people, timeline, what_changed
from cases.views.case import PAGE, row_number
from cases.views.loading import read_case, reader
from cases.views.tabs import case_tabs
from vault import keys


@require_safe
def case_history(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Newest first, cut to the sections of this reader; `?section=` and `?by=` cut further."""
    opened = read_case(request, case_id, shown=Section, exists=lambda opened: opened.reads_history)
    keys.prefetch([case_id])
    conferences = opened.conferences_of(reader(request))
    tools = HISTORY.asked(
        request,
        offered={
            "section": [(each.value, each.label) for each in Section if opened.sees(each)],
            "by": [(str(pk), name) for pk, name in people(case_id, opened.sections, conferences)],
        },
    )
    section, by = tools.chosen("section"), tools.chosen("by")
    events = timeline(
        case_id,
        opened.sections,
        limit=PAGE + 1,
        before=row_number(request.GET.get("before", "")),
        section=Section(section) if section else None,
        by=UUID(by) if by else None,
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
        "tools": tools,
    }
    return render(request, "cases/history.html", context)
