"""Conferences that are coming, held and closed; appointments; the calendar, full and empty."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, Conference
from cases.models.choices import CaseState
from cases.models.conferences import AppointmentKind
from cases.services.appointments import Planned, cancel_appointment, make_appointment, record_appointment
from cases.services.conferences import Meeting, add_point, call_conference, cancel_conference
from cases.services.minutes import add_to_minute, close_minute, decide, save_minute
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send


def furnish(case: Case, people: dict[str, User]) -> None:
    ana, sami, petra = people["ana"], people["sami"], people["petra"]
    _called(case, ana, 6, sami, petra)
    off = _called(case, ana, 9, sami, petra)
    cancel_conference(case.pk, off.pk, actor=sami, reason=WORDS)
    for is_closed in (False, True):
        begun = _called(case, ana, 0, sami, petra)
        _minuted(begun, ana, is_closed=is_closed)
    for kind in AppointmentKind:
        made = make_appointment(case.pk, actor=ana, planned=_planned(case, kind, 4, sami))
    cancel_appointment(case.pk, made.pk, actor=ana, reason=WORDS)
    for _waits in range(2):
        past = make_appointment(case.pk, actor=ana, planned=_planned(case, AppointmentKind.HEARING, 0, None))
    record_appointment(case.pk, past.pk, actor=ana, outcome=f"{WORDS} {LONG_WORD}")


def _early(case: Case, days: int) -> datetime:
    """The first minute of a day: that of today has always passed."""
    zone = ZoneInfo(case.agency.time_zone)
    day = clock.today(case.agency.time_zone) + timedelta(days=days)
    return datetime.combine(day, datetime.min.time(), zone)


def _called(case: Case, chair: User, days: int, *invited: User) -> Conference:
    meeting = Meeting(starts_at=_early(case, days), minutes=90, place=f"Room 2, {LONG_WORD}")
    conference = call_conference(
        case.pk, actor=chair, meeting=meeting, invited=invited, section=Section.PLAN, words=WORDS
    )
    for section in (Section.LEGAL, Section.MEDICAL):
        add_point(case.pk, conference.pk, actor=chair, section=section, words=f"{LONG_WORD} {WORDS}")
    return conference


def _minuted(conference: Conference, chair: User, *, is_closed: bool) -> None:
    of_it: tuple[Any, Any] = (conference.case_id, conference.pk)
    points = list(conference.points.all())
    present = set(conference.invitations.values_list("pk", flat=True))
    minutes = {point.pk: f"{WORDS}\n{LONG_WORD}" for point in points}
    save_minute(*of_it, actor=chair, present=present, minutes=minutes)
    due_on = clock.today(chair.agency.time_zone) + timedelta(days=4)
    for point in points[:2]:
        decide(*of_it, actor=chair, point=point, words=f"{WORDS} {LONG_WORD}", assignee=chair, due_on=due_on)
    if is_closed:
        close_minute(*of_it, actor=chair)
        add_to_minute(*of_it, points[0].pk, actor=chair, words=f"{WORDS} {LONG_WORD}")


def _planned(case: Case, kind: AppointmentKind, days: int, companion: User | None) -> Planned:
    return Planned(
        kind=kind,
        section=Section.LEGAL,
        starts_at=_early(case, days) + timedelta(minutes=30 if days else 0),
        place=LONG_WORD,
        words=WORDS,
        companion=companion,
    )


def visits(house: House) -> Iterator[Visit]:
    people, full = house.people, [house.full.pk]
    ana, sami, petra = people["ana"], people["sami"], people["petra"]
    for user in (ana, sami, petra, people["omar"], people["tomas"]):
        yield Visit(f"calendar {user.username}", user, reverse("calendar"))
    yield Visit("calendar week", ana, f"{reverse('calendar')}?week={clock.today('Europe/Vienna'):%G-W%V}")
    yield Visit("calendar empty", ana, f"{reverse('calendar')}?month=2040-01")
    for user in (ana, sami, petra):
        yield Visit(f"case_calendar {user.username}", user, reverse("case_calendar", args=full))
        yield Visit(f"conferences {user.username}", user, reverse("conferences", args=full))
    empty = house.case(state=CaseState.SCREENING, conferences__isnull=True, appointments__isnull=True)
    for name in ("case_calendar", "conferences"):
        yield Visit(f"{name} empty", house.worker(empty), reverse(name, args=[empty.pk]))
    yield from _of_conferences(house)
    yield from _of_appointments(house)


def _of_conferences(house: House) -> Iterator[Visit]:
    ana, petra, case = house.people["ana"], house.people["petra"], house.full
    rows = case.conferences
    coming = rows.filter(starts_at__gt=clock.now(), cancelled_at__isnull=True)[0]
    begun = rows.filter(minuted_at__isnull=False, closed_at__isnull=True)[0]
    over = rows.filter(closed_at__isnull=False)[0]
    off = rows.filter(cancelled_at__isnull=False)[0]
    for name, row in (("coming", coming), ("begun", begun), ("closed", over), ("cancelled", off)):
        yield Visit(f"conference {name}", ana, reverse("conference", args=[case.pk, row.pk]))
    yield Visit("conference petra", petra, reverse("conference", args=[case.pk, over.pk]))
    point = over.points.all()[0]
    forms = {
        "conference_new": [case.pk],
        "conference_move": [case.pk, coming.pk],
        "conference_cancel": [case.pk, coming.pk],
        "point_new": [case.pk, coming.pk],
        "decision_new": [case.pk, begun.pk],
        "addendum_new": [case.pk, over.pk, point.pk],
    }
    for name, args in forms.items():
        yield Visit(name, ana, reverse(name, args=args))
        # One that moves begins with what it is, so it cannot be sent wrong.
        if name != "conference_move":
            yield Visit(f"{name} wrong", ana, reverse(name, args=args), send())
    for name in ("conference_invited", "minute", "minute_close"):
        row = coming if name == "conference_invited" else begun
        yield Visit(name, ana, reverse(name, args=[case.pk, row.pk]))


def _of_appointments(house: House) -> Iterator[Visit]:
    ana, case = house.people["ana"], house.full
    waiting = case.appointments.filter(done_at__isnull=True, cancelled_at__isnull=True)
    coming, past = waiting.filter(starts_at__gt=clock.now())[0], waiting.filter(starts_at__lt=clock.now())[0]
    yield Visit("appointment_new", ana, reverse("appointment_new", args=[case.pk]))
    yield Visit("appointment_new wrong", ana, reverse("appointment_new", args=[case.pk]), send())
    yield Visit("appointment_move", ana, reverse("appointment_move", args=[case.pk, coming.pk]))
    yield Visit("appointment_done", ana, reverse("appointment_done", args=[case.pk, past.pk]))
    cancel = reverse("appointment_cancel", args=[case.pk, coming.pk])
    yield Visit("appointment_cancel", ana, cancel)
    yield Visit("appointment_cancel wrong", ana, cancel, send())
