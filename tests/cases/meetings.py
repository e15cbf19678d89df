"""What tests of conferences and appointments share: rows made by the services, at hours that have passed or not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import AgendaPoint, Appointment, Case, Conference, ConferenceDecision
from cases.models.conferences import AppointmentKind
from cases.services.appointments import Planned, make_appointment
from cases.services.conferences import Meeting, add_point, call_conference
from cases.services.minutes import close_minute, decide, save_minute
from tests.cases.planning import ZONE, today

HOUR = timedelta(hours=1)


def at_eight(days: int = 0) -> datetime:
    """In the morning where the agency works; every test begins at noon, so that of today has passed."""
    return datetime.combine(today(), datetime.min.time(), ZoneInfo(ZONE)) + timedelta(days=days, hours=8)


def meeting(days: int = 3, **changes: Any) -> Meeting:
    settled: dict[str, Any] = {"starts_at": at_eight(days), "minutes": 60, "place": "room-of-the-raven"}
    return Meeting(**settled | changes)


def a_conference(
    case: Case,
    caller: User,
    *invited: User,
    days: int = 3,
    section: Section = Section.PLAN,
    words: str = "What comes next.",
) -> Conference:
    return call_conference(
        case.pk, actor=caller, meeting=meeting(days), invited=invited, section=section, words=words
    )


def a_point(conference: Conference, writer: User, section: Section, words: str = "w") -> AgendaPoint:
    return add_point(conference.case_id, conference.pk, actor=writer, section=section, words=words)


def minuted(conference: Conference, chair: User, words: str = "All agree.") -> Conference:
    """Everybody was there, and every point has its minute."""
    points = conference.points.filter(removed_at__isnull=True)
    save_minute(
        conference.case_id,
        conference.pk,
        actor=chair,
        present=set(conference.invitations.values_list("pk", flat=True)),
        minutes={point.pk: words for point in points},
    )
    return fresh(conference)


def closed(conference: Conference, chair: User) -> Conference:
    minuted(conference, chair)
    close_minute(conference.case_id, conference.pk, actor=chair)
    return fresh(conference)


def decided(conference: Conference, chair: User, **changes: Any) -> ConferenceDecision:
    settled: dict[str, Any] = {
        "point": conference.points.all()[0],
        "words": "Ask the court for a guardian.",
        "assignee": chair,
        "due_on": clock.today(ZONE) + timedelta(days=2),
    }
    return decide(conference.case_id, conference.pk, actor=chair, **settled | changes)


def an_appointment(case: Case, maker: User, *, days: int = 3, **changes: Any) -> Appointment:
    settled: dict[str, Any] = {
        "kind": AppointmentKind.HEARING,
        "section": Section.LEGAL,
        "starts_at": at_eight(days),
        "place": "court-of-the-crane",
        "words": "before-judge-jackdaw",
    }
    return make_appointment(case.pk, actor=maker, planned=Planned(**settled | changes))


def fresh(conference: Conference) -> Conference:
    return Conference.objects.select_related("case__agency").get(pk=conference.pk)


def names(people: Iterable[User]) -> set[str]:
    return {person.name for person in people}
