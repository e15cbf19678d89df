"""Opening a file in an emergency, and the queue of those that wait for a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts import policy
from accounts.access import Ability, can
from accounts.audit import record_listed, record_read
from accounts.models import User
from accounts.permissions import require
from cases.forms.exceptional import EmergencyForm, EmergencyReviewForm
from cases.lists import EMERGENCIES, LATE
from cases.models import Case, EmergencyOpening
from cases.models.choices import Basis
from cases.models.emergency import EmergencyVerdict
from cases.permissions import can_open_in_emergency, can_review_emergencies, emergencies_watched_by
from cases.presenting import listed_rows, when_words
from cases.services import clocks
from cases.services.emergency import MINUTES, REVIEW_HOURS, ended_early, open_in_emergency, review_emergency
from cases.timeline import pages_read, readings_under
from cases.views.loading import reader
from workflow.models import Deadline

# How long the opener sees what became of an opening, and the queue what was reviewed.
LATELY = timedelta(days=30)
MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """One form: the code of a file, why, and who sits there. Below it, what this person opened so lately."""
    user = reader(request)
    require(can_open_in_emergency(user))
    form = EmergencyForm(request.POST or None, user=user)
    opened: list[EmergencyOpening] = []
    if request.method == "POST" and form.accepted(
        lambda entered: opened.append(
            open_in_emergency(entered["case_code"], actor=user, reason=entered["reason"])
        )
    ):
        messages.success(request, _("The file is open to you. Whoever reviews this has been told."))
        return redirect("case", opened[0].case_id)
    context = {
        "form": form,
        "minutes": policy.get(MINUTES, agency=user.agency),
        "hours": policy.get(REVIEW_HOURS, agency=user.agency),
        "own": _own(user),
    }
    return render(request, "cases/emergency.html", context, status=422 if form.errors else 200)


def _own(user: User) -> list[dict[str, object]]:
    """The code stands there only as long as the file is open to them; the list is recorded like any other."""
    openings = list(
        EmergencyOpening.objects.filter(opened_by=user, opened_at__gt=clock.now() - LATELY)[:MOST]
    )
    ends = ended_early(openings)
    running = [each for each in openings if each.until > clock.now() and each.pk not in ends]
    cases = {row.case.pk: row.case for row in listed_rows(user, [each.case_id for each in running])}
    return [
        {
            "opening": each,
            "until": ends.get(each.pk, each.until),
            "case": cases.get(each.case_id) if each in running else None,
        }
        for each in openings
    ]


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    opening: EmergencyOpening
    until: datetime
    pages: int
    due: Deadline | None
    may_review: bool

    @property
    def kind(self) -> str:
        return "late" if self.due and self.due.due_at <= clock.now() else "due"

    @property
    def when(self) -> str:
        return when_words(self.due.due_at) if self.due else ""

    @property
    def due_at(self) -> datetime | None:
        return self.due.due_at if self.due else None


@require_safe
def emergency_reviews(request: HttpRequest) -> HttpResponse:
    """What waits, the soonest due first, and what was reviewed lately."""
    user = reader(request)
    require(can_review_emergencies(user))
    openings = emergencies_watched_by(user).select_related("case__agency", "opened_by__agency", "reviewed_by")
    waiting = list(openings.waiting().order_by("opened_at", "pk")[:MOST])
    done = list(
        openings.filter(reviewed_at__gt=clock.now() - LATELY).order_by("-reviewed_at")[:MOST],
    )
    _record(user, {each.case for each in [*waiting, *done]})
    tools = EMERGENCIES.asked(request)
    rows = sorted(_rows(user, waiting), key=lambda row: (row.due_at or row.until, row.opening.pk))
    shown = [row for row in rows if tools.chosen("when") != LATE or row.kind == "late"]
    context = {
        "rows": tools.arranged(shown, tie=lambda row: row.opening.pk),
        "tools": tools,
        "done": done,
    }
    return render(request, "cases/emergency_reviews.html", context)


def _rows(user: User, openings: Iterable[EmergencyOpening]) -> list[Waiting]:
    openings = list(openings)
    ends, pages = ended_early(openings), pages_read(openings)
    running = {
        each.params["opening"]: each
        for each in Deadline.objects.open().filter(
            kind=clocks.EMERGENCY_REVIEW, case_id__in={each.case_id for each in openings}
        )
    }
    return [
        Waiting(
            each,
            ends.get(each.pk, each.until),
            pages.get(each.pk, 0),
            running.get(str(each.pk)),
            each.opened_by_id != user.pk,
        )
        for each in openings
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def emergency_review(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Who, when, why, and what was looked at; then the verdict. Whoever opened it reads this and decides nothing."""
    user = reader(request)
    opening = (
        emergencies_watched_by(user)
        .select_related("case__agency", "opened_by__agency", "reviewed_by")
        .filter(pk=opening_id)
        .first()
    )
    if opening is None:
        raise Http404
    record_read(
        user, opening, case_id=opening.case_id, sections=[], basis=[_ground(user)], verb="emergency.read"
    )
    is_own = opening.opened_by_id == user.pk
    require(request.method != "POST" or not is_own)
    form = EmergencyReviewForm(request.POST or None)
    if request.method == "POST" and form.accepted(
        lambda entered: review_emergency(
            opening_id,
            actor=user,
            verdict=EmergencyVerdict(entered["verdict"]),
            note=entered["note"],
        )
    ):
        messages.success(request, _("Reviewed. The one who opened the file is told."))
        return redirect("emergency_reviews")
    (row,) = _rows(user, [opening])
    context = {
        "row": row,
        "opening": opening,
        "readings": readings_under(opening),
        "form": None if is_own or opening.reviewed_at else form,
        "is_own": is_own,
    }
    return render(request, "cases/emergency_review.html", context, status=422 if form.errors else 200)


def _ground(user: User) -> str:
    return "protection" if can(user, Ability.SEE_CASE_LOG) else Basis.TEAM.value


def _record(user: User, cases: Iterable[Case]) -> None:
    record_listed(user, [(case, [_ground(user)], []) for case in cases])
