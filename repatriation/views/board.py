"""All returns in sight by stage: what blocks each, who has it, and for how long. As a board, or as a table."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import clock
from accounts.access import Ability, Role, can
from accounts.audit import record_listed
from accounts.countries import country_name
from accounts.models import User
from accounts.permissions import require
from cases.models import CaseAccess
from cases.views.loading import reader
from repatriation.edges import RETURN
from repatriation.models import Return
from repatriation.models.choices import OPEN, ReturnState
from repatriation.permissions import IN_THE_WHOLE, can_see_verifications, visible_to
from repatriation.services.alarms import answers_for_country
from repatriation.stages import OVER, STAGE_OF, STAGES
from repatriation.views.post import post_list
from workflow.machine import Result

MOST = 200
CHIPS = {
    ReturnState.SUSPENDED: "late",
    ReturnState.HANDOVER_FAILED: "late",
    ReturnState.RETRAFFICKING_ALERT: "late",
    ReturnState.NOT_A_NATIONAL: "due",
    ReturnState.VERIFICATION_INCONCLUSIVE: "due",
    ReturnState.DOCUMENT_REFUSED: "due",
    ReturnState.DEFERRED: "due",
    ReturnState.READY: "done",
    ReturnState.HANDED_OVER: "done",
    ReturnState.COMPLETED: "done",
}


@dataclass(frozen=True)
class Row:
    """One return. Whoever has only a part in it finds no code of a case."""

    way: Return
    code: str
    country: str
    days: int
    blocks: list[str]
    # The grounds on which the reader finds it here.
    basis: list[str]

    @property
    def chip(self) -> str:
        return CHIPS.get(ReturnState(self.way.state), "plain")

    @property
    def since(self) -> str:
        if not self.days:
            return _("since today")
        return ngettext("for %(days)s day", "for %(days)s days", self.days) % {"days": self.days}


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    if user.role == Role.CONSULAR_OFFICER:
        return post_list(request, user)
    as_table, show_all = request.GET.get("as") == "table", request.GET.get("show") == "all"
    rows = rows_for(user, show_all=show_all)
    record_listed(user, [(row.way.case, row.basis, ()) for row in rows])
    context = {
        "rows": rows,
        "columns": _columns(rows, show_all=show_all),
        "as_table": as_table,
        "sees_verifications": can_see_verifications(user),
        "has_alerts": answers_for_country(user),
        "filters": [
            (_address(as_table, False), _("Open"), not show_all, None),
            (_address(as_table, True), _("All"), show_all, None),
        ],
        "forms": [
            (_address(False, show_all), _("Board"), not as_table, None),
            (_address(True, show_all), _("Table"), as_table, None),
            (reverse("departures"), _("Departures"), False, None),
        ],
    }
    return render(request, "repatriation/board.html", context)


def _address(as_table: bool, show_all: bool) -> str:
    query = [part for part, given in (("as=table", as_table), ("show=all", show_all)) if given]
    return reverse("returns") + ("?" + "&".join(query) if query else "")


def rows_for(user: User, *, show_all: bool) -> list[Row]:
    """Those that wait longest come first."""
    found = visible_to(user) if show_all else visible_to(user).filter(state__in=OPEN)
    ways = list(found.select_related("case__agency").order_by("state_since", "pk")[:MOST])
    held = dict[UUID, list[str]]()
    for ground in CaseAccess.objects.live_for(user).filter(case__in={way.case_id for way in ways}):
        held.setdefault(ground.case_id, []).append(ground.basis)
    return [_row(way, held.get(way.case_id, [])) for way in ways]


def _row(way: Return, basis: list[str]) -> Row:
    whole = not frozenset(IN_THE_WHOLE).isdisjoint(basis)
    days = (clock.now() - way.state_since).days
    blocks = [sentence_of(code, way) for code in way.blocked_by] if whole else []
    return Row(way, way.case.code if whole else "", country_name(way.country), days, blocks, basis)


def sentence_of(code: str, way: Return) -> str:
    """A condition that the table does not know any more keeps its code."""
    if code not in {guard.code for guard in RETURN.guards}:
        return code
    guard = RETURN.guard(code)
    return Result(code, guard.limits(way) if guard.limits else {}, False, guard=guard).sentence


def _columns(rows: list[Row], *, show_all: bool) -> list[dict[str, Any]]:
    return [
        {"label": label, "rows": [row for row in rows if STAGE_OF[row.way.state] == code]}
        for code, label, _states in STAGES
        if show_all or code != OVER
    ]
