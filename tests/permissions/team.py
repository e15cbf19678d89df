"""The team's pages: who is answered what. They name no case, so only role and agency can matter."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

import clock
from cases.models import Case
from cases.services.cover import arrange_cover
from cases.services.duty import plan_duty
from tests.cast import Cast
from tests.permissions.base import (
    CONSUL,
    FOCAL,
    NOT_HERE,
    PANEL,
    PARTNER,
    SUPERVISOR,
    TEAM,
    WORKER,
    Address,
    Row,
    cells,
    parts,
    roles,
)

SUPERVISORS = roles(SUPERVISOR)
STAFF = roles(WORKER, SUPERVISOR)
SEE_CASES = roles(WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL, "escort")

# People and shifts of the home agency: for a supervisor of another one they are no answer, or do not exist.
ROWS: Mapping[str, Row] = {
    "team": Row(cells(403, s200=SUPERVISORS), NOT_HERE),
    "team_reassign": Row(cells(403, s200=SUPERVISORS), cells(403, s302=[TEAM], s404=SUPERVISORS - {TEAM})),
    "cover_new": Row(cells(403, s200=SUPERVISORS), cells(403, s302=[TEAM], s422=SUPERVISORS - {TEAM})),
    "cover_end": Row(cells(403, s302=SUPERVISORS), cells(403, s302=[TEAM], s404=SUPERVISORS - {TEAM})),
    "duty": Row(cells(403, s200=STAFF), NOT_HERE),
    "duty_new": Row(cells(403, s200=SUPERVISORS), cells(403, s302=[TEAM], s422=SUPERVISORS - {TEAM})),
    "duty_cancel": Row(cells(403, s302=SUPERVISORS), cells(403, s302=[TEAM], s404=SUPERVISORS - {TEAM})),
    # The new address stands in the answer itself: it is shown once and kept nowhere.
    "calendar_settings": Row(cells(403, s200=SEE_CASES), cells(403, s200=SEE_CASES)),
    "calendar_feed": Row(cells(404), NOT_HERE, anonymous=(404, 405)),
}

# What somebody is to the case cannot matter; tried at home and abroad.
NAMES_NOTHING = frozenset(ROWS)


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    now = clock.now()
    day = clock.today(case.agency.time_zone)
    weekend = day + timedelta(days=12 - day.weekday())
    cover = arrange_cover(
        actor=cast.sami, worker=cast.ben, covered_by=cast.ana, until=now + timedelta(days=3)
    )
    (shift, *_rest) = plan_duty(
        actor=cast.sami, worker=cast.ben, starts_at=now, ends_at=now + timedelta(days=1)
    )
    return {
        "team_reassign": Address(
            reverse("team_reassign"),
            {"worker": str(cast.ana.pk), "to": str(cast.ben.pk), "cases": [str(case.pk)]},
        ),
        "cover_new": Address(
            reverse("cover_new"),
            {
                "worker": str(cast.ana.pk),
                "covered_by": str(cast.ben.pk),
                **parts("until", day + timedelta(days=5)),
            },
        ),
        "cover_end": of("cover_end", cover.pk),
        "duty_new": Address(reverse("duty_new"), night(cast.ana.pk, weekend)),
        "duty_cancel": of("duty_cancel", shift.pk),
        "calendar_settings": Address(reverse("calendar_settings"), {"new": "1"}),
        "calendar_feed": Address(reverse("calendar_feed", args=["nobody-knows-it"]), {}),
    }


def of(name: str, pk: UUID) -> Address:
    return Address(reverse(name, args=[pk]), {})


def night(worker: UUID, saturday: date) -> dict[str, object]:
    """The office is closed on a Saturday."""
    return {
        "worker": str(worker),
        "starts_at": "18:00",
        "ends_at": "06:00",
        **parts("starts_on", saturday),
        **parts("ends_on", saturday + timedelta(days=1)),
    }
