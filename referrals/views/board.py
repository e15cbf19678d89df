"""How soon recipients answer: for supervisors, and without agencies for focal points."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.lists import Asked
from accounts.permissions import require
from cases.views.loading import reader
from referrals.board import PERIODS, Figures, board_of
from referrals.lists import BOARD
from referrals.permissions import can_see_board


@require_safe
def referral_board(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can_see_board(user))
    tools = BOARD.asked(request)
    days = tools.chosen("days")
    board = board_of(user, int(days))
    context = {
        "tables": [
            (_("By recipient"), _("Recipient"), _sorted(tools, board.agencies)),
            (_("From country to country"), _("From → to"), _sorted(tools, board.corridors)),
        ],
        "silent": board.silent,
        "is_empty": not board.corridors,
        "tools": tools,
        "periods": [
            (tools.address(days=str(each)), _last_days(each), str(each) == days, None) for each in PERIODS
        ],
    }
    return render(request, "referrals/board.html", context)


def _sorted(tools: Asked, figures: list[Figures]) -> list[Figures]:
    return tools.arranged(figures, tie=lambda each: each.name)


def _last_days(days: int) -> str:
    return ngettext("Last %(count)s day", "Last %(count)s days", days) % {"count": days}
