"""How long consulates take: for supervisors and focal points."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import require
from cases.views.loading import reader
from repatriation.board import Figures, board_of
from repatriation.permissions import can_see_verifications

Cell = tuple[str, str]


@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can_see_verifications(user))
    board = board_of(user)
    limits = [_("Within %(time)s") % {"time": _days(each)} for each in board.days]
    context = {
        "tables": [
            (_("By country"), _table(_("Country"), board.countries, limits)),
            (_("By consulate"), _table(_("Consulate"), board.posts, limits)),
        ],
        "is_empty": not board.posts,
        "keys": [
            *zip(("accepted", "low", "medium"), limits, strict=True),
            ("high", _("Later")),
            ("unset", _("Waiting")),
        ],
    }
    return render(request, "repatriation/verifications.html", context)


def _table(who: str, figures: list[Figures], limits: list[str]) -> dict[str, Any]:
    """`columns` are the headings; each row has its bar and a cell for each but the first."""
    rows = [{"name": each.name, "parts": each.parts, "cells": _cells(each, limits)} for each in figures]
    return {"rows": rows, "columns": [who, *(label for label, _value in _cells(_NOBODY, limits))]}


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
