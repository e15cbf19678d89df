"""Opening a file in an emergency, its review, and what people read."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from cases.services.emergency import open_in_emergency
from tests.cast import PASSWORD, Cast
from tests.permissions.base import (
    NOT_HERE,
    OFFICER,
    OFFICERS,
    SUPERVISOR,
    TEAM,
    WORKER,
    Address,
    Row,
    cells,
    roles,
)

STAFF = roles(WORKER, SUPERVISOR)
WATCHERS = roles(SUPERVISOR, OFFICER)
REASON = "The police found the child at the border."
OF_HOME = OFFICERS | {TEAM}

ROWS: Mapping[str, Row] = {
    # To the team's supervisor the file is open already.
    "emergency": Row(cells(403, s200=STAFF), cells(403, s422=[TEAM], s302=STAFF)),
    "emergency_reviews": Row(cells(403, s200=WATCHERS), NOT_HERE),
    "emergency_review": Row(cells(404, s200=OF_HOME), cells(404, s302=OF_HOME)),
    "people_access": Row(cells(403, s200=WATCHERS), NOT_HERE),
    "person_access": Row(cells(404, s200=OF_HOME), NOT_HERE),
}

# What somebody is to the case cannot matter; tried at home and abroad.
NAMES_NOTHING = frozenset({"emergency", "emergency_reviews", "people_access"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    opening = open_in_emergency(case.code, actor=cast.omar, reason=REASON)
    return {
        "emergency": Address(
            reverse("emergency"), {"case_code": case.code, "reason": REASON, "password": PASSWORD}
        ),
        "emergency_review": Address(
            reverse("emergency_review", args=[opening.pk]), {"verdict": "justified", "note": REASON}
        ),
        "person_access": Address(reverse("person_access", args=[cast.ana.pk]), {}),
    }
