"""Conferences, their minutes, appointments, and the calendar."""

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from cases.models import Case
from tests.cases.meetings import a_conference, an_appointment, closed
from tests.cast import Cast
from tests.permissions.base import (
    GIVEN_LEGAL,
    GROUNDED,
    KNOWS_LEGAL,
    NOT_HERE,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)
from tests.permissions.team import SEE_CASES

# Nobody here is invited, so a conference exists for those who work on the case.
CHAIRED = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT))
WRITES_LEGAL = WORKERS | GIVEN_LEGAL
OF_THE_COURT = Row(
    cells(404, s200=WRITES_LEGAL, s403=KNOWS_LEGAL), cells(404, s302=WRITES_LEGAL, s403=KNOWS_LEGAL)
)
# Whoever writes any part of the file makes appointments of it; the supervisor those of the plan.
MAKES = WRITES_LEGAL | WORK_ON_IT

ROWS: Mapping[str, Row] = {
    "calendar": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "case_calendar": Row(cells(404, s200=GROUNDED), NOT_HERE),
    "conferences": Row(cells(404, s200=GROUNDED), NOT_HERE),
    "conference_new": Row(
        cells(404, s200=WORK_ON_IT, s403=GROUNDED), cells(404, s302=WORK_ON_IT, s403=GROUNDED)
    ),
    "conference": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "conference_invited": CHAIRED,
    "conference_move": CHAIRED,
    "conference_cancel": CHAIRED,
    "point_new": CHAIRED,
    "point_remove": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=WORK_ON_IT)),
    "minute": CHAIRED,
    # The minute of this one is not written yet.
    "minute_close": Row(cells(404, s200=WORK_ON_IT), cells(404, s422=WORK_ON_IT)),
    "decision_new": CHAIRED,
    "addendum_new": CHAIRED,
    "appointment_new": Row(
        cells(404, s200=MAKES, s403=GROUNDED), cells(404, s302=WRITES_LEGAL, s422=MAKES, s403=GROUNDED)
    ),
    "appointment_move": OF_THE_COURT,
    "appointment_done": OF_THE_COURT,
    "appointment_cancel": OF_THE_COURT,
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    later = clock.today("Europe/Vienna") + timedelta(days=5)
    coming = a_conference(case, cast.ana)
    begun = a_conference(case, cast.ana, days=0)
    over = closed(a_conference(case, cast.ana, days=0), cast.ana)
    ahead, past = an_appointment(case, cast.ana), an_appointment(case, cast.ana, days=0)
    moment = {"at": "10:00", **parts("on", later)}
    meeting = {"minutes": "60", "place": "Room 2", **moment}
    point = begun.points.get()
    task = {"words": "w", "assignee": cast.ana.pk, **parts("due_on", later)}

    def of_case(name: str, *more: object, **data: object) -> Address:
        return Address(reverse(name, args=[case.pk, *more]), data)

    return {
        "case_calendar": of_case("case_calendar"),
        "conferences": of_case("conferences"),
        "conference_new": of_case("conference_new", section="plan", words="w", **meeting),
        "conference": of_case("conference", coming.pk),
        "conference_invited": of_case("conference_invited", coming.pk, invited=[cast.vera.pk]),
        "conference_move": of_case("conference_move", coming.pk, **meeting),
        "conference_cancel": of_case("conference_cancel", coming.pk, reason="w"),
        "point_new": of_case("point_new", coming.pk, section="plan", words="w"),
        "point_remove": of_case("point_remove", coming.pk, coming.points.get().pk),
        "minute": of_case("minute", begun.pk, **{f"minute-{point.pk}": "w"}),
        "minute_close": of_case("minute_close", begun.pk),
        "decision_new": of_case("decision_new", begun.pk, point=point.pk, **task),
        "addendum_new": of_case("addendum_new", over.pk, over.points.get().pk, words="w"),
        "appointment_new": of_case("appointment_new", kind="hearing", section="legal", **moment),
        "appointment_move": of_case("appointment_move", ahead.pk, **moment),
        "appointment_done": of_case("appointment_done", past.pk, outcome="w"),
        "appointment_cancel": of_case("appointment_cancel", ahead.pk, reason="w"),
    }
