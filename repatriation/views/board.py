"""All returns in sight by stage: what blocks each, who has it, and for how long. As a board, or as a table."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

import clock
from accounts.access import Ability, Role, can
from accounts.audit import record_listed
from accounts.countries import country_name
from accounts.lists import Asked
from accounts.models import User
from accounts.permissions import require
from cases.models import CaseAccess
from cases.views.loading import reader
from repatriation.edges.aside import ASIDE
from repatriation.edges.returns import RETURN
from repatriation.lists import RETURNS
from repatriation.models import Return
from repatriation.models.choices import OPEN, Direction
from repatriation.permissions import IN_THE_WHOLE, can_see_verifications, visible_to
from repatriation.services.alarms import answers_for_country
from repatriation.stages import OVER, STAGE_OF, STAGES, chip_of
from repatriation.views.post import post_list
from repatriation.wording import hand_words
from workflow.machine import CLOCK, Result

MOST = 200


@dataclass(frozen=True)
class Row:
    """One return. Whoever has only a part in it finds no code of a case, but the return's own reference."""

    way: Return
    code: str
    start: str
    country: str
    days: int
    blocks: list[str]
    # The grounds on which the reader finds it here.
    basis: list[str]
    # Where the reader is: the child leaves from there, or comes there.
    direction: Direction

    @property
    def is_inbound(self) -> bool:
        return self.direction is Direction.INBOUND

    @property
    def chip(self) -> str:
        return chip_of(self.way)

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
    tools = RETURNS.asked(request)
    show_all, as_table = tools.chosen("show") == "all", tools.chosen("as") == "table"
    rows = rows_for(user, tools)
    record_listed(user, [(row.way.case, row.basis, ()) for row in rows])
    context = {
        "rows": rows,
        "columns": _columns(rows, show_all=show_all or bool(tools.chosen("state"))),
        "tools": tools,
        "as_table": as_table,
        "sees_verifications": can_see_verifications(user),
        "has_alerts": answers_for_country(user),
        "filters": [
            (tools.address(show="", state=""), pgettext("returns", "Open"), not show_all, None),
            (tools.address(show="all"), _("All"), show_all, None),
        ],
        "directions": [
            (tools.address(way=code), label, tools.chosen("way") == code, None)
            for code, label in (("", _("Both ways")), *Direction.choices)
        ],
        "forms": [
            (tools.address(**{"as": ""}), _("Board"), not as_table, None),
            (tools.address(**{"as": "table"}), _("Table"), as_table, None),
            (reverse("departures"), _("Departures"), False, None),
        ],
    }
    return render(request, "repatriation/board.html", context)


def rows_for(user: User, tools: Asked) -> list[Row]:
    """Those that wait longest come first."""
    found = visible_to(user)
    if tools.chosen("state"):
        found = found.filter(state=tools.chosen("state"))
    elif not tools.chosen("show"):
        found = found.filter(state__in=OPEN)
    to_here = Q(country=user.agency.country.code)
    if tools.chosen("way"):
        found = found.filter(to_here if tools.chosen("way") == Direction.INBOUND else ~to_here)
    found = tools.ordered(found.select_related("case__agency"), "state_since", "pk")
    ways = list(found[:MOST])
    held = dict[UUID, list[str]]()
    for ground in CaseAccess.objects.live_for(user).filter(case__in={way.case_id for way in ways}):
        held.setdefault(ground.case_id, []).append(ground.basis)
    here = user.agency.country.code
    return [_row(way, held.get(way.case_id, []), here) for way in ways]


def _row(way: Return, basis: list[str], here: str) -> Row:
    whole = not frozenset(IN_THE_WHOLE).isdisjoint(basis)
    days = (clock.now() - way.state_since).days
    blocks = ([sentence_of(code, way) for code in way.blocked_by] or _in_whose_hands(way)) if whole else []
    direction = Direction.INBOUND if way.country == here else Direction.OUTBOUND
    code = way.case.code if whole else ""
    start, end = country_name(way.case.agency.country.code), country_name(way.country)
    return Row(way, code, start, end, days, blocks, basis, direction)


def _in_whose_hands(way: Return) -> list[str]:
    """Where nothing is missing, somebody has to act."""
    edges = [edge for edge in RETURN.edges_from(way.state) if edge.who - {CLOCK}]
    onward = [edge for edge in edges if edge not in ASIDE] or edges
    who = hand_words({hand for edge in onward for hand in edge.who})
    return [_("The next step lies with %(who)s.") % {"who": who}] if who else []


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
