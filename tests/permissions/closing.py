"""Who gets what at the addresses about the end of a case. The file of the matrix is in screening."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

import clock
from cases.models import Case
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent, withdraw_consent
from cases.services.erasing import place_hold
from tests.cases import facts
from tests.cast import Cast
from tests.permissions.base import (
    ASSIGNED,
    GIVEN_LEGAL,
    GROUNDED,
    KNOWS_LEGAL,
    NOT_HERE,
    OFFICERS,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)

# Pages of those who work on the case; for every other reader of it they do not exist.
WORKS = cells(404, s200=WORK_ON_IT)

# Who decides about the end of a file, the officer without a word of it; others who see the case may not.
DECIDES = cells(404, s200=OFFICERS | {TEAM}, s403=GROUNDED)
LED_THERE = cells(404, s302=OFFICERS | {TEAM}, s403=GROUNDED)
SUPERVISOR_ALONE = cells(404, s302=[TEAM], s403=GROUNDED | OFFICERS)

ROWS: Mapping[str, Row] = {
    "erasure": Row(DECIDES, cells(404, s422=[TEAM], s403=GROUNDED | OFFICERS)),
    # Nothing is asked for, so there is nothing to export, to confirm or to take back.
    "erasure_export": Row(cells(404, s403=GROUNDED - {TEAM}), NOT_HERE),
    "erasure_confirm": Row(LED_THERE, cells(404, s403=GROUNDED - {TEAM})),
    "erasure_drop": Row(LED_THERE, cells(404, s403=GROUNDED - {TEAM})),
    "hold_place": Row(LED_THERE, SUPERVISOR_ALONE),
    "hold_lift": Row(LED_THERE, cells(404, s302=OFFICERS | {TEAM}, s403=GROUNDED)),
    # Refused with a sentence to whoever may: it is too early for each of them.
    "closure": Row(WORKS, cells(404, s422=[ASSIGNED], s403=WORK_ON_IT)),
    "durable_solution": Row(WORKS, cells(404, s422=[TEAM], s403=WORK_ON_IT)),
    "coming_of_age": Row(WORKS, cells(404, s422=[ASSIGNED], s403=WORK_ON_IT)),
    "outside": Row(WORKS, cells(404, s302=[ASSIGNED, TEAM], s403=WORK_ON_IT)),
    "danger_abroad": Row(WORKS, cells(404, s422=WORK_ON_IT)),
    # No danger abroad is recorded, so there is nothing of which to tell.
    "focal_point_told": Row(cells(404, s302=WORK_ON_IT), cells(404, s422=WORK_ON_IT)),
    "consent_withdraw": Row(
        cells(404, s200=WORKERS | GIVEN_LEGAL, s403=KNOWS_LEGAL),
        cells(404, s302=WORKERS | GIVEN_LEGAL, s403=KNOWS_LEGAL),
    ),
    "withdrawal_decide": Row(
        cells(404, s200=[TEAM], s403=KNOWS_LEGAL), cells(404, s302=[TEAM], s403=KNOWS_LEGAL)
    ),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    today = clock.today("Europe/Vienna")
    paper = facts.document(case, cast.ana)
    standing = _agreed(cast, case, Purpose.CONTACT)
    withdraw_consent(
        case.pk,
        _agreed(cast, case, Purpose.SERVICES).pk,
        actor=cast.ana,
        given_by=GivenBy.CHILD,
        given_on=today,
    )

    def of_case(name: str, *more: object, **data: Any) -> Address:
        return Address(reverse(name, args=[case.pk, *more]), data)

    hold = place_hold(case.pk, actor=cast.sami, why="Trial 7/26.")
    return {
        "erasure": of_case("erasure", ground="request", reason="Her letter."),
        "erasure_export": of_case("erasure_export"),
        "erasure_confirm": of_case("erasure_confirm"),
        "erasure_drop": of_case("erasure_drop"),
        "hold_place": of_case("hold_place", **{"hold-why": "Trial 8/26."}),
        "hold_lift": of_case("hold_lift", hold.pk, **{f"lift-{hold.pk}-because": "Over."}),
        "closure": of_case(
            "closure", summary="Safe.", no_guardian_because="None.", **parts("child_informed_on", today)
        ),
        "durable_solution": of_case("durable_solution", reason="Safe with her aunt."),
        "coming_of_age": of_case("coming_of_age", consent="a", representation="b", transition="c"),
        "outside": of_case(
            "outside",
            agency=facts.outside_agency().pk,
            contact="Ms Orlu",
            document=paper.pk,
            **parts("accepted_on", today),
        ),
        "danger_abroad": of_case("danger_abroad", danger_in="XB"),
        "focal_point_told": of_case("focal_point_told", "XB", words="By telephone."),
        "consent_withdraw": of_case(
            "consent_withdraw", standing.pk, given_by="child", **parts("given_on", today)
        ),
        "withdrawal_decide": of_case("withdrawal_decide", "services", reason="By order of the court."),
    }


def _agreed(cast: Cast, case: Case, purpose: Purpose) -> Any:
    return record_consent(
        case.pk,
        actor=cast.ana,
        purpose=purpose,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
    )
