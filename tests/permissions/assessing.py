"""Who gets what at the addresses of placement, of what happened, and of best interests."""

from collections.abc import Mapping

from django.urls import reverse

import clock
from cases.models import Case
from cases.models.situation import FACTORS
from tests.cast import Cast
from tests.permissions.base import (
    EMERGENCY,
    KNOWS_RISK,
    SEAT,
    TEAM,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)

KNOWS_SHELTER = WORKERS | {TEAM} | EMERGENCY
KNOWS_ACCOUNT = WORKERS | {TEAM, SEAT}

ROWS: Mapping[str, Row] = {
    "placement": Row(cells(404, s200=KNOWS_SHELTER), cells(404, s302=WORKERS, s403=KNOWS_SHELTER)),
    "account": Row(cells(404, s200=KNOWS_ACCOUNT), cells(404, s302=WORKERS, s403=KNOWS_ACCOUNT)),
    "best_interests": Row(cells(404, s200=KNOWS_RISK), cells(404, s302=WORKERS, s403=KNOWS_RISK)),
    "best_interests_finish": Row(cells(404, s302=KNOWS_RISK), cells(404, s302=WORKERS, s403=KNOWS_RISK)),
    "best_interests_finish empty": Row(
        cells(404, s302=KNOWS_RISK), cells(404, s422=WORKERS, s403=KNOWS_RISK)
    ),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    day = clock.today("Europe/Vienna")
    argued = {name: "Argued." for name, _label in FACTORS}
    assessment = argued | {"version": 1, "recommendation": "care_here", "conclusion": "Therefore."}

    def of_case(url_name: str, **data: object) -> Address:
        return Address(reverse(url_name, args=[case.pk]), data)

    return {
        "placement": of_case(
            "placement", kind="shelter", is_safe="yes", address="Heron Street 4", **parts("since", day)
        ),
        "account": of_case("account", exploitation=["ForcedBegging"], words="He took the money."),
        "best_interests": of_case("best_interests", **assessment),
        "best_interests_finish": of_case("best_interests_finish", **assessment),
        "best_interests_finish empty": of_case("best_interests_finish", version=1),
    }
