"""A return that has come to its end: its handover and its visits are read, and nobody here takes part in them."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import EMERGENCY, NOT_HERE, TEAM, WORK_ON_IT, Address, Row, cells
from tests.repatriation import ways

# An emergency opens the journey as well. Whoever has a part in it has it by name: tests/repatriation has those.
READS_JOURNEY = WORK_ON_IT | {TEAM} | EMERGENCY
TAKES_NO_PART = Row(cells(404, s302=READS_JOURNEY), cells(404, s403=READS_JOURNEY))

ROWS: Mapping[str, Row] = {
    "handover": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "handover_arrive": TAKES_NO_PART,
    "handover_begin": TAKES_NO_PART,
    "handover_receiver": TAKES_NO_PART,
    "handover_line": TAKES_NO_PART,
    "handover_remarks": TAKES_NO_PART,
    "handover_sign": TAKES_NO_PART,
    "handover_complete": TAKES_NO_PART,
    "handover_fail": TAKES_NO_PART,
    "handover_paper": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "visit_paper": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "monitoring": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "return_visit": Row(cells(404, s403=READS_JOURNEY), cells(404, s403=READS_JOURNEY)),
    # For focal points of an agency of that kind, of which nobody is here.
    "return_alerts": Row(cells(403), NOT_HERE),
    "return_alert": Row(cells(404), NOT_HERE),
}
NAMES_NOTHING = frozenset({"return_alerts"})
OF_A_VISIT = ("return_visit", "visit_paper")


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    """The return is complete, so that another one can be open beside it."""
    people = ways.company(cast)
    way = ways.at(people, case, "monitoring")
    ways.visits_reported(people, way)
    ways.step(way, "complete", people.sami)
    # What a return comes to is not what these tests are about.
    Case.objects.filter(pk=case.pk).update(durable_solution="")
    found = {
        name: Address(reverse(name, args=[way.pk]), {})
        for name in ROWS
        if name not in (*OF_A_VISIT, "return_alerts")
    }
    return found | {name: Address(reverse(name, args=[way.pk, 1]), {}) for name in OF_A_VISIT}
