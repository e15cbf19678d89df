"""How long consulates take: for supervisors and focal points."""

from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.lists import Asked
from accounts.permissions import require
from cases.views.loading import reader
from repatriation.board import Figures, board_of
from repatriation.lists import VERIFICATIONS
from repatriation.permissions import can_see_verifications

Cell = tuple[str, str]


@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can_see_verifications(user))
    board, tools = board_of(user), VERIFICATIONS.asked(request)
    limits = [_("Within %(time)s") % {"time": _days(each)} for each in board.days]
    context = {
        "tables": [
            (_("By country"), _table(_("Country"), _sorted(tools, board.countries), limits)),
            (_("By consulate"), _table(_("Consulate"), _sorted(tools, board.posts), limits)),
        ],
        "is_empty": not board.posts,
        "tools": tools,
        "keys": [
            *zip(("accepted", "low", "medium"), limits, strict=True),
            ("high", _("Later")),
            ("unset", _("Waiting")),
        ],
    }
    return render(request, "repatriation/verifications.html", context)


def _table(who: str, figures: list[Figures], limits: list[str]) -> dict[str, Any]:
    """`columns` are the headings, with the sort of each; each row has its bar and a cell for each but the first."""
    rows = [{"name": each.name, "parts": each.parts, "cells": _cells(each, limits)} for each in figures]
    labels = [who, *(label for label, _value in _cells(_NOBODY, limits))]
    names = [each.name for each in VERIFICATIONS.sorts]
    # Of what was answered within a limit there are as many sorts as limits, which are the agency's; so none.
    return {"rows": rows, "columns": list(zip_longest(labels, names, fillvalue=""))}


def _sorted(tools: Asked, figures: list[Figures]) -> list[Figures]:
    return tools.arranged(figures, tie=lambda each: each.name)


def _cells(figures: Figures, limits: list[str]) -> list[Cell]:
    """Those within a limit are among those within the next one, too."""
    return [
        (_("Waiting"), str(figures.waiting)),
        (_("Half of them longer than"), _words(figures.waits_median)),
        (_("Longest"), _words(figures.longest)),
        (_("Answered"), str(figures.answered)),
        (_("Half of them after more than"), _words(figures.took_median)),
        *((label, str(count)) for label, count in zip(limits, figures.within, strict=True)),
    ]


def _words(days: float | None) -> str:
    return "–" if days is None else _days(round(days))


def _days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


_NOBODY = Figures("", 0, None, None, 0, None, 0, 0, 0, 0)
