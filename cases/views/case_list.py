"""The list of cases, and the files on it that a supervisor can give to somebody else."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Ability, can
from accounts.lists import Asked
from accounts.models import User
from accounts.permissions import require
from cases.lists import CASES, is_due, of_risk
from cases.models import Assignment, CaseAccess
from cases.models.access import CaseAccessQuerySet
from cases.models.choices import OPEN_STATES, WORKING, Basis, Risk
from cases.presenting import CaseRow, listed_rows
from cases.views.caseload import workers_with_files
from cases.views.loading import reader

PAGE = 25


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The caseload: next deadline first, then what has none. A supervisor sees the team's, a worker its own."""
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    works, assigns = can(user, Ability.WORK_DESK), can(user, Ability.ASSIGN_WORKER)
    tools = CASES.asked(
        request,
        offered={"worker": [(str(each.pk), each.name) for each in workers_with_files(user)]}
        if assigns
        else {},
        without=() if works else ("risk", "due", "unassigned"),
    )
    grounds = tools.ordered(
        _wanted(CaseAccess.objects.for_lists(user), tools), "due", "case_id", tie="case_id"
    )
    page = Paginator(grounds.values_list("case_id", flat=True).distinct(), PAGE).get_page(
        request.GET.get("page")
    )
    rows = listed_rows(user, list(dict.fromkeys(page.object_list)))
    context = {
        "rows": rows,
        "page": page,
        "works": works,
        "tools": tools,
        "filters": _list_filters(tools, user),
        "movable": [row.case.pk for row in rows if assigns and _is_open_of_team(row)],
    }
    return render(request, "cases/case_list.html", context)


def _is_open_of_team(row: CaseRow) -> bool:
    return Basis.TEAM in row.basis and row.case.state in OPEN_STATES


def _wanted(grounds: CaseAccessQuerySet, tools: Asked) -> CaseAccessQuerySet:
    """Each filter only takes away from what this reader sees anyway."""
    if not tools.chosen("state"):
        grounds = grounds.filter(case__state__in=OPEN_STATES)
    elif tools.chosen("state") != "all":
        grounds = grounds.filter(case__state=tools.chosen("state"))
    if tools.chosen("unassigned"):
        grounds = grounds.exclude(case__assignments__ended_at__isnull=True, case__assignments__isnull=False)
    if tools.chosen("proposed"):
        # Ending a case early is the supervisors' business.
        grounds = grounds.filter(basis=Basis.TEAM).exclude(case__early_end="")
    if tools.chosen("risk"):
        # Of those whose risk this reader may know.
        grounds = grounds.filter(of_risk(tools.chosen("risk")), basis__in=WORKING)
    if tools.chosen("due"):
        grounds = grounds.filter(is_due(tools.chosen("due")), basis__in=WORKING)
    if tools.chosen("worker"):
        held = Assignment.objects.filter(worker=UUID(tools.chosen("worker")), ended_at__isnull=True)
        grounds = grounds.filter(case__in=held.values("case"))
    return grounds


def _list_filters(tools: Asked, user: User) -> list[tuple[str, str, bool, None]]:
    """Who was only given a file knows neither its risk nor whether it has a worker."""
    choices: list[tuple[dict[str, str], str]] = [({}, _("All open"))]
    if can(user, Ability.WORK_DESK):
        choices += [({"unassigned": "1"}, _("Without a worker")), ({"risk": Risk.HIGH.value}, _("High risk"))]
    if can(user, Ability.ASSIGN_WORKER):
        choices.append(({"proposed": "1"}, _("End proposed")))
    choices.append(({"state": "all"}, _("All")))
    return [(tools.only(**said), label, tools.is_only(**said), None) for said, label in choices]
