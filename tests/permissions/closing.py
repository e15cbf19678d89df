"""Who gets what at the addresses about the end of a case. The file of the matrix is in screening."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

import clock
from cases.models import Case
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent, withdraw_consent
from tests.cases import facts
from tests.cast import Cast
from tests.permissions.base import (
    ASSIGNED,
    GIVEN_LEGAL,
    KNOWS_LEGAL,
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

ROWS: Mapping[str, Row] = {
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

    return {
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
