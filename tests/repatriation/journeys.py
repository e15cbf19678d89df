"""What people type into the forms of a journey, and how a way is planned by the real service."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import clock
from accounts.access import Role
from accounts.models import User
from repatriation.models import Journey, Return
from repatriation.services.journeys import Arrangement, Stretch, arrange_journey, plan_route
from tests.cases.asking import day
from tests.cast import PASSWORD, Cast

HERE_ZONE, THERE_ZONE = "Europe/Vienna", "Europe/Chisinau"
CONTACTS = [("here", "Ana", "+43 1 100"), ("there", "Tomas", "+373 22 300")]


def in_days(days: int) -> date:
    return clock.today(HERE_ZONE) + timedelta(days=days)


def leg(number: int = 1, days: int = 5, **changes: Any) -> dict[str, Any]:
    """One leg as the form sends it: leaves at eight, arrives at six in the evening, each by its own clock."""
    values: dict[str, Any] = {
        "start": "Arva",
        "end": "Belm",
        "carrier": "EN 462",
        "departs_time": "08:00",
        "departs_zone": HERE_ZONE,
        "arrives_time": "18:00",
        "arrives_zone": THERE_ZONE,
    }
    on = {
        "departs_on": changes.pop("departs_on", in_days(days)),
        "arrives_on": changes.pop("arrives_on", in_days(days)),
    }
    sent = {f"{name}_{number}": value for name, value in (values | changes).items()}
    for name, value in on.items():
        sent |= day(f"{name}_{number}", value)
    return sent


def arranged_form(escort: User, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "escort": escort.pk,
        "escort_gender": "Feminine",
        "mandate": "Order 12/26 of the youth court.",
        "authorised_by": "guardian",
        "to_carry": "Passport\n\n  Inhaler  \nBear",
        "assistance": "The railway mission waits at the platform.",
        "here_name_1": "Ana",
        "here_phone_1": "+43 1 100",
        "there_name_1": "Tomas",
        "there_phone_1": "+373 22 300",
        "fallback": "Stay at the mission, and call.",
    }
    days = day("escort_vetted_on", in_days(-1)) | day("authorised_on", in_days(0))
    return values | days | changes


def stretch(days: int = 5, **changes: Any) -> Stretch:
    at = datetime.combine(in_days(days), datetime.min.time(), UTC) + timedelta(hours=6)
    values: dict[str, Any] = {
        "start": "Arva",
        "end": "Belm",
        "departs_at": at,
        "departs_zone": HERE_ZONE,
        "arrives_at": at + timedelta(hours=9),
        "arrives_zone": THERE_ZONE,
    }
    return Stretch(**(values | changes))


def planned(way: Return, actor: User, days: int = 5, **changes: Any) -> Journey:
    return plan_route(way.pk, actor=actor, legs=[stretch(days, **changes)])


def arranged(way: Return, actor: User, **changes: Any) -> Journey:
    return arrange_journey(way.pk, actor=actor, arranged=Arrangement(contacts=CONTACTS, **changes))


def another_escort(cast: Cast, name: str = "erika") -> User:
    return User.objects.create_account(
        name, PASSWORD, name=name.title(), role=Role.ESCORT, agency=cast.eskort.agency
    )


def worker_elsewhere(cast: Cast) -> User:
    """The right role in the wrong place."""
    return cast.omar
