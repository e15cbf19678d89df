"""The panel's addresses on a return that no panel decides yet. Who sits is tried in `tests/repatriation`.

A seat on another panel opens the case and not this return.
"""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from repatriation.models import Return
from repatriation.models.choices import OPEN
from repatriation.services.opening import consider_return
from tests.cast import Cast
from tests.permissions.base import NOT_HERE, TEAM, WORK_ON_IT, WORKERS, Address, Row, cells

# A seat alone gives a hand here, and nobody has one.
OF_MEMBERS = Row(cells(404, s403=WORK_ON_IT), cells(404, s403=WORK_ON_IT))
# There is nothing to do yet: whoever may do it is led back to the page of the panel.
OF_THE_TEAM = Row(cells(404, s302=[TEAM], s403=WORKERS), cells(404, s302=[TEAM], s403=WORKERS))

ROWS: Mapping[str, Row] = {
    "panel": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "panel_convene": Row(cells(404, s200=[TEAM], s403=WORKERS), cells(404, s422=[TEAM], s403=WORKERS)),
    "panel_complete": OF_THE_TEAM,
    "panel_dissolve": OF_THE_TEAM,
    "panel_alternate": OF_THE_TEAM,
    "panel_step_down": OF_MEMBERS,
    "panel_dossier": Row(cells(404), NOT_HERE),
    "panel_weighing": Row(cells(404), NOT_HERE),
    "panel_factor": OF_MEMBERS,
    "panel_hearing": OF_MEMBERS,
    "panel_vote": OF_MEMBERS,
    "panel_close": OF_MEMBERS,
    "panel_dissent": OF_MEMBERS,
    "panel_minute": OF_MEMBERS,
    "minute_paper": Row(cells(404), NOT_HERE),
    "panel_told": Row(cells(404, s302=WORKERS, s403=[TEAM]), cells(404, s302=WORKERS, s403=[TEAM])),
}


def the_return(cast: Cast, case: Case) -> Return:
    """One is open for a case, whoever asked for it first."""
    return case.returns.filter(state__in=OPEN).first() or consider_return(
        case.pk, actor=cast.ana, country="XB"
    )


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    way = the_return(cast, case)
    found = {name: Address(reverse(name, args=[way.pk]), {}) for name in ROWS if name != "panel_factor"}
    factor = reverse("panel_factor", args=[way.pk, "family"])
    return found | {"panel_factor": Address(factor, {"words_return": "For and against."})}
