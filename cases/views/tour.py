"""The tour of the first day: one page for each stop, which can be put aside and taken again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.posting import posted_from
from accounts.services import end_tour
from cases.views.loading import reader
from cases.wording.tour import stops_for


@require_safe
def tour(request: HttpRequest, number: int) -> HttpResponse:
    """Reads nothing but the role, so looking at it is not recorded."""
    stops = stops_for(reader(request).role)
    if not 1 <= number <= len(stops):
        raise Http404
    stop = stops[number - 1]
    lane = [(_("Reported"), "done", False), (_("Registered"), "now", False), (_("Planned"), "", False)]
    return render(
        request,
        "cases/tour.html",
        {
            "stop": stop,
            "example": f"cases/tour/{stop.example}.html",
            "page_url": reverse(stop.page),
            "number": number,
            "total": len(stops),
            "previous": reverse("tour", args=[number - 1]) if number > 1 else "",
            "next": reverse("tour", args=[number + 1]) if number < len(stops) else "",
            "lane": lane,
            "loads": [
                {"name": "Ana Kovar", "parts": [("high", 0, 300), ("low", 300, 450)], "late_width": 150},
                {"name": "Борис Лем", "parts": [("medium", 0, 200), ("low", 200, 200)]},
            ],
        },
    )


def _first_stop(_request: HttpRequest) -> str:
    return reverse("tour", args=[1])


@posted_from(_first_stop)
def tour_end(request: HttpRequest) -> HttpResponse:
    end_tour(actor=reader(request))
    return redirect("today")
