"""Who is answered what on the pages of legal protection, medical care and rehabilitation."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

import clock
from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import (
    EMERGENCY,
    GIVEN_LEGAL,
    KNOWS_LEGAL,
    NOT_HERE,
    SEAT,
    TEAM,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)

WRITES_LEGAL = WORKERS | GIVEN_LEGAL
# A panel's summary of medical care, and a consulate's yes or no, come with the parts that bring them.
KNOWS_MEDICAL = WORKERS | {TEAM} | EMERGENCY
KNOWS_REHABILITATION = WORKERS | {TEAM, SEAT}

IN_LEGAL = Row(
    cells(404, s200=WRITES_LEGAL, s403=KNOWS_LEGAL), cells(404, s302=WRITES_LEGAL, s403=KNOWS_LEGAL)
)
IN_MEDICAL = Row(cells(404, s200=WORKERS, s403=KNOWS_MEDICAL), cells(404, s302=WORKERS, s403=KNOWS_MEDICAL))
IN_REHABILITATION = Row(
    cells(404, s200=WORKERS, s403=KNOWS_REHABILITATION), cells(404, s302=WORKERS, s403=KNOWS_REHABILITATION)
)
# Nobody here was given the medical section to write.
OF_THE_CLINIC = Row(cells(404, s403=KNOWS_MEDICAL), cells(404, s403=KNOWS_MEDICAL))

ROWS: Mapping[str, Row] = {
    "legal": Row(cells(404, s200=KNOWS_LEGAL), NOT_HERE),
    "medical": Row(cells(404, s200=KNOWS_MEDICAL), NOT_HERE),
    "rehabilitation": Row(cells(404, s200=KNOWS_REHABILITATION), NOT_HERE),
    "interview_new": IN_LEGAL,
    "testimony": Row(cells(404, s302=KNOWS_LEGAL), IN_LEGAL.post),
    "examination_new": IN_MEDICAL,
    "health_record_new": IN_MEDICAL,
    "travel_fitness_new": OF_THE_CLINIC,
    "need_new": IN_REHABILITATION,
    "track_step": IN_LEGAL,
    "track_step medical": IN_MEDICAL,
    "track_step rehabilitation": IN_REHABILITATION,
    "track_step clinic": OF_THE_CLINIC,
    # Does not leave this state: whoever looks is led to where the strand stands, whoever typed gets it back.
    "track_step later": Row(IN_LEGAL.post, cells(404, s409=WRITES_LEGAL, s403=KNOWS_LEGAL)),
    "track_step refused": Row(
        cells(404, s200=WORKERS, s403=KNOWS_REHABILITATION),
        cells(404, s409=WORKERS, s403=KNOWS_REHABILITATION),
    ),
    "track_step unknown": Row(cells(404), cells(404)),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    day = clock.today("Europe/Vienna")
    happened, reason = parts("happened_on", day), "The hospital said so."

    def of_case(url_name: str, *more: object, **data: Any) -> Address:
        return Address(reverse(url_name, args=[case.pk, *more]), data)

    interview = {
        "authority": "Police",
        "interviewer": "Inspector",
        "interviewer_trained": "yes",
        "interpreter": "None needed",
        "accompanied_by": "The guardian",
    }
    triage = {"incident": "not_known"} | happened
    return {
        "legal": of_case("legal"),
        "medical": of_case("medical"),
        "rehabilitation": of_case("rehabilitation"),
        "interview_new": of_case("interview_new", **interview, **parts("held_on", day)),
        "testimony": of_case("testimony", arranged="yes"),
        "examination_new": of_case(
            "examination_new",
            kind="general",
            consent_by="guardian",
            child_assents="on",
            **parts("held_on", day),
        ),
        "health_record_new": of_case("health_record_new", kind="medication", words="None"),
        "travel_fitness_new": of_case(
            "travel_fitness_new", is_fit="yes", supply_days=0, **parts("certified_on", day)
        ),
        "need_new": of_case("need_new", domain="schooling", words="A school place"),
        "track_step": of_case(
            "track_step",
            "representation",
            "request_representative",
            authority="Court",
            pending_because="The hearing is on Friday.",
            **happened,
        ),
        "track_step medical": of_case("track_step", "medical", "begin_triage", **triage),
        "track_step rehabilitation": of_case(
            "track_step", "rehabilitation", "find_no_rehabilitation_needed", reason=reason, **happened
        ),
        "track_step clinic": of_case("track_step", "medical", "complete_care", **happened),
        "track_step later": of_case("track_step", "redress", "award_redress", award="1", **happened),
        "track_step refused": of_case("track_step", "rehabilitation", "assess_needs", **happened),
        "track_step unknown": of_case("track_step", "medical", "vanish"),
    }
