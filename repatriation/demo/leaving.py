"""From the decision to the departure: the consulate and its document, the journey, and what it needs at the end."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import clock
from accounts.models import Agency
from cases.demo import care
from cases.models.choices import Purpose
from cases.models.plan import Means
from repatriation.demo import deciding
from repatriation.demo.way import Way, agree
from repatriation.models import Journey
from repatriation.models.choices import (
    AssentKind,
    Authority,
    PermitKind,
    Refusal,
    TravelDocumentKind,
    VerifiedAs,
)
from repatriation.services.journeys import HERE, THERE, Arrangement, Stretch, arrange_journey, plan_route
from repatriation.services.papers import add_permit, grant_permit
from repatriation.services.partners import answer_plan
from repatriation.services.readiness import record_assent
from repatriation.services.requesting import Asked, assembled, freeze_request, seal_of

POST = "belmora-consulate"
LAST_HOME = "Mill Lane 3, Upper Tolna"
LINDAU, BORDER, THERE_ZONE = "Europe/Vienna", "Europe/Bucharest", "Europe/Chisinau"
# From the planning to the departure, in days.
AHEAD = 8
TO_CARRY = (
    "Travel document",
    "Medicine for four weeks, with the doctor’s letter",
    "School report",
    "Blue bag",
)


def ask(way: Way) -> None:
    """Both are told what was decided; then the request is looked at, frozen and sent."""
    deciding.tell(way)
    post = Agency.objects.get(code=POST)
    agree(way.file, Purpose.SHARING, post)
    asked = Asked(last_address=LAST_HOME)
    seen = seal_of(post, assembled(way.row().case, asked))
    freeze_request(way.pk, actor=way.file.worker, post=post, asked=asked, seen=seen)
    way.step("request_verification")


def _of_the_post(way: Way) -> dict[str, Any]:
    """Its reference, and its own day."""
    number = 100 + way.file.story.number % 100
    return {"reference": f"KB-{number}", "happened_on": clock.today(way.who("konsul").agency.time_zone)}


def verify(way: Way) -> None:
    way.step("verify_nationality", by="konsul", code=VerifiedAs.NATIONAL, **_of_the_post(way))


def deny(way: Way) -> None:
    reason = "No entry in the registers of the three districts that were named."
    way.step("deny_nationality", by="konsul", reason=reason, **_of_the_post(way))


def find_inconclusive(way: Way) -> None:
    reason = "The books of that year burnt. A second witness could help."
    way.step("find_inconclusive", by="konsul", reason=reason, **_of_the_post(way))


def begin_document(way: Way) -> None:
    way.step("request_document", by="konsul")


def refuse_document(way: Way) -> None:
    reason = "The signature of a parent is asked for; the guardian’s is not enough here."
    way.step("refuse_document", by="konsul", code=Refusal.CONSENT, reason=reason)


def issue(way: Way) -> None:
    today = clock.today(way.who("konsul").agency.time_zone)
    way.step(
        "issue_document",
        by="konsul",
        code=TravelDocumentKind.EMERGENCY,
        number=f"BX20{way.file.story.number}",
        issued_on=today,
        expires_on=today + timedelta(days=90),
    )


def plan(way: Way) -> None:
    """By train to the border and by car from there, with an escort who was vetted."""
    plan_route(way.pk, actor=way.file.worker, legs=_legs(way))
    permit = add_permit(way.pk, actor=way.file.worker, kind=PermitKind.EXIT, country="XA")
    valid_until = way.file.today + timedelta(days=60)
    grant_permit(way.pk, permit.pk, actor=way.file.worker, granted_on=way.file.today, valid_until=valid_until)
    arrange_journey(way.pk, actor=way.file.worker, arranged=_arranged(way))
    way.step("plan_travel")


def _legs(way: Way) -> list[Stretch]:
    day = way.file.today + timedelta(days=AHEAD)

    def at(hour: int, zone: str) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(zone))

    return [
        Stretch(
            start="Lindau, main station",
            end="Border station, platform 2",
            carrier="Train 417, coach 5",
            departs_at=at(8, LINDAU),
            departs_zone=LINDAU,
            arrives_at=at(13, BORDER),
            arrives_zone=BORDER,
        ),
        Stretch(
            start="Border station, car park",
            end="Social Service of Belmora, Upper Tolna",
            carrier="Car of the social service",
            departs_at=at(14, BORDER),
            departs_zone=BORDER,
            arrives_at=at(16, THERE_ZONE),
            arrives_zone=THERE_ZONE,
        ),
    ]


def _arranged(way: Way) -> Arrangement:
    today = way.file.today
    return Arrangement(
        escort=way.who("eskort"),
        escort_vetted_on=today - timedelta(days=30),
        vetted_until=today + timedelta(days=335),
        mandate="Order of the guardian, countersigned by the social service.",
        assistance="A seat at the window. Nobody asks about the past on the way.",
        contacts=(
            (HERE, "Duty worker, Lindau", "+00 100 200"),
            (THERE, "Officer for returning children", "+00 300 410"),
        ),
        to_carry=TO_CARRY,
        fallback="If nobody waits at the border: stay in the station office, call both numbers.",
        authorised_by=Authority.GUARDIAN,
        authorised_on=today,
    )


def make_ready(way: Way) -> None:
    """What must not be older than a few days on the day of the departure comes last."""
    way.file.give("dr-mila")
    care.certify(way.file)
    record_assent(
        way.pk,
        actor=way.file.worker,
        kind=AssentKind.ASSENT,
        given_on=way.file.today,
        means=Means.TALK,
        words="“Yes. I want to take the blue bag and sit at the window.”",
    )
    answer_plan(way.pk, actor=way.who("tomas"), accepts=True)
    way.step("make_ready", by="sami")


def depart(way: Way) -> None:
    """On the planned day, a few minutes late."""
    with way.at(journey_of(way).departs_at + timedelta(minutes=5)):
        way.step("depart", by="eskort", identity_checked=True)


def arrive(way: Way) -> None:
    with way.at(journey_of(way).arrives_at + timedelta(minutes=10)):
        way.step("arrive", by="eskort")


def journey_of(way: Way) -> Journey:
    return Journey.objects.get(way=way.pk, ended_at=None)
