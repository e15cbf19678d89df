"""Returns: one that was just opened, in the matrix's own case. Whoever has only a part in one is not here."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from repatriation.services.clearing import take_clearance_step
from repatriation.services.opening import consider_return
from tests.cast import Cast
from tests.permissions.base import (
    EMERGENCY,
    GROUNDED,
    NOT_HERE,
    SEAT,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
)
from tests.permissions.team import SEE_CASES
from tests.repatriation.ways import SAFE

# A seat on a panel that has nothing to do with this return opens the case, and not the return.
READ_OF_IT = WORK_ON_IT | EMERGENCY | {SEAT}
SEE_RETURN = WORK_ON_IT | EMERGENCY
ROWS: Mapping[str, Row] = {
    "returns": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "case_returns": Row(cells(404, s200=READ_OF_IT), NOT_HERE),
    # One is open already.
    "return_new": Row(cells(404, s200=WORKERS, s403=READ_OF_IT), cells(404, s422=WORKERS, s403=READ_OF_IT)),
    "clearances": Row(cells(404, s200=WORK_ON_IT, s403=GROUNDED), cells(404, s302=[TEAM], s403=GROUNDED)),
    "clearance_revoke": Row(cells(404, s200=[TEAM], s403=GROUNDED), cells(404, s302=[TEAM], s403=GROUNDED)),
    "return": Row(cells(404, s200=SEE_RETURN), NOT_HERE),
    # For whoever has a part abroad, of whom nobody is here.
    "own_file": Row(cells(404), cells(404)),
    "return_step": Row(cells(404, s200=WORKERS, s403=SEE_RETURN), cells(404, s302=WORKERS, s403=SEE_RETURN)),
    "return_propose_end": Row(
        cells(404, s200=[TEAM], s403=SEE_RETURN), cells(404, s302=[TEAM], s403=SEE_RETURN)
    ),
}
NAMES_NOTHING = frozenset({"returns"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    way = consider_return(case.pk, actor=cast.ana, country="XB")
    take_clearance_step(case.pk, "DE", "clear", actor=cast.sami, reason=SAFE)

    def of(name: str, *args: object, **data: object) -> Address:
        return Address(reverse(name, args=args), data)

    return {
        "return_new": of("return_new", case.pk, country="XB"),
        "clearances": of("clearances", case.pk, country="FR", reason=SAFE),
        "clearance_revoke": of("clearance_revoke", case.pk, "DE", reason="A threat came."),
        "return": of("return", way.pk),
        "own_file": of("own_file", way.pk),
        "return_step": of("return_step", way.pk, "withdraw", reason="She wants to stay."),
        "return_propose_end": of("return_propose_end", way.pk, why="declined"),
    }
