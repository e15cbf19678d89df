"""How soon recipients answer: for supervisors, and without agencies for focal points."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.permissions import require
from cases.views.loading import reader
from referrals.board import DEFAULT_PERIOD, PERIODS, board_of
from referrals.permissions import can_see_board


@require_safe
def referral_board(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can_see_board(user))
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else DEFAULT_PERIOD
    board = board_of(user, days)
    context = {
        "tables": [
            (_("By recipient"), _("Recipient"), board.agencies),
            (_("From country to country"), _("From → to"), board.corridors),
        ],
        "silent": board.silent,
        "is_empty": not board.corridors,
        "periods": [(f"?days={each}", _last_days(each), each == days, None) for each in PERIODS],
    }
    return render(request, "referrals/board.html", context)


def _last_days(days: int) -> str:
    return ngettext("Last %(count)s day", "Last %(count)s days", days) % {"count": days}
