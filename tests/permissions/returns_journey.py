"""The journey of a return that was just opened: what can be planned of it, which is nothing yet.

What those read and do who have a part in a journey, by name, is in tests/repatriation.
"""

from collections.abc import Mapping

from django.urls import reverse

import clock
from cases.models import Case
from repatriation.models import Return
from repatriation.models.choices import OPEN
from repatriation.services.opening import consider_return
from tests.cast import Cast
from tests.permissions.base import (
    EMERGENCY,
    NOT_HERE,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)
from tests.permissions.team import SEE_CASES

READS_JOURNEY = WORK_ON_IT | EMERGENCY
READS_ONLY = EMERGENCY | {TEAM}
# Before a decision nobody travels: who may plan is led back to the journey.
NOT_YET = Row(cells(404, s302=WORKERS, s403=READS_ONLY), cells(404, s302=WORKERS, s403=READS_ONLY))
WRITES_JOURNEY = Row(cells(404, s200=WORKERS, s403=READS_ONLY), cells(404, s302=WORKERS, s403=READS_ONLY))

ROWS: Mapping[str, Row] = {
    "departures": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "return_journey": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "return_route": NOT_YET,
    "return_arrange": NOT_YET,
    # Of no journey there is neither a pack nor a time.
    "return_calendar": Row(cells(404), NOT_HERE),
    "escort": Row(cells(404), NOT_HERE),
    "mandate_paper": Row(cells(404), NOT_HERE),
    "travel_pack": Row(cells(404), NOT_HERE),
    "return_ready": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "return_assent": WRITES_JOURNEY,
    "return_waiver": WRITES_JOURNEY,
    "return_waiver_back": NOT_YET,
}
NAMES_NOTHING = frozenset({"departures"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    way = Return.objects.filter(case=case, state__in=OPEN).first()
    way = way or consider_return(case.pk, actor=cast.ana, country="XB")
    today = clock.today(case.agency.time_zone)
    typed: dict[str, dict[str, object]] = {
        "return_assent": {"kind": "assent", "means": "talk", "words": "Yes.", **parts("given_on", today)},
        "return_waiver": {
            "child_wishes": "on",
            "representative_agrees": "on",
            "words": "Both said so.",
            **parts("said_on", today),
        },
    }
    names = (name for name in ROWS if name not in NAMES_NOTHING)
    return {name: Address(reverse(name, args=[way.pk]), typed.get(name, {})) for name in names}
