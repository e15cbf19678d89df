"""Case conferences, one that was held and one that is coming, and appointments."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.access import Section
from cases.demo.files import File
from cases.models import Conference
from cases.models.conferences import AppointmentKind
from cases.services.appointments import Planned, make_appointment
from cases.services.conferences import Meeting, add_point, call_conference
from cases.services.minutes import add_to_minute, close_minute, decide, save_minute
from cases.services.tasks import finish_task

Point = tuple[Section, str]
PLACE = "Room 2 of the social service; Legal Aid by telephone"
MORNING = time(10)


def call(file: File, points: Sequence[Point], *invited: str, within: int) -> Conference:
    """For so many days ahead, in the morning."""
    (section, words), *more = points
    conference = call_conference(
        file.case_id,
        actor=file.worker,
        meeting=Meeting(starts_at=_morning(file, within), minutes=60, place=PLACE),
        invited=[file.people[name] for name in invited],
        section=section,
        words=words,
    )
    for each, text in more:
        add_point(file.case_id, conference.pk, actor=file.worker, section=each, words=text)
    return conference


def _morning(file: File, within: int, at: time = MORNING) -> datetime:
    zone = ZoneInfo(file.worker.agency.time_zone)
    return datetime.combine(file.today + timedelta(days=within), at, zone)


def hold(file: File, *, called: float, met: int) -> None:
    """Called so many days ago, and held `met` days later; what was decided became tasks."""
    points = (
        (Section.PLAN, "School from Monday: who goes along, and what her class is told."),
        (Section.LEGAL, "Does she have to appear in court once more?"),
        (Section.MEDICAL, "The nights: is the medicine right?"),
    )
    said = (
        "Petra takes her there for the first two weeks. The class is told her first name and nothing else.",
        "No. The video is enough; Lex asks the court to say so in writing.",
        "Better since last week. Dr Ross sees her again before the month is over.",
    )
    with file.ago(called):
        conference = call(file, points, "dr-mila", "lex", "petra", within=met)
    with file.ago(called - met - 1.5):
        _write_down(file, conference, said)
    with file.ago(called - met - 2.5):
        words = "The court has answered by telephone: she need not come. The letter follows."
        legal = conference.points.get(section=Section.LEGAL)
        add_to_minute(file.case_id, conference.pk, legal.pk, actor=file.worker, words=words)


def _write_down(file: File, conference: Conference, said: Sequence[str]) -> None:
    points = {point.section: point for point in conference.points.all()}
    save_minute(
        file.case_id,
        conference.pk,
        actor=file.worker,
        present=set(conference.invitations.values_list("pk", flat=True)),
        minutes={point.pk: words for point, words in zip(points.values(), said, strict=True)},
    )
    for section, words, who, days in (
        (Section.LEGAL, "Ask the court in writing whether she has to appear.", "lex", 9),
        (Section.PLAN, "Take her to school for the first two weeks.", "petra", 2),
    ):
        decision = decide(
            file.case_id,
            conference.pk,
            actor=file.worker,
            point=points[section],
            words=words,
            assignee=file.people[who],
            due_on=file.today + timedelta(days=days),
        )
    finish_task(
        file.case_id, decision.task_id, actor=file.people["petra"], result="She goes with a friend now."
    )
    close_minute(file.case_id, conference.pk, actor=file.worker)


def coming(file: File, *, within: int) -> None:
    points = (
        (Section.PLAN, "Where she lives when the proceedings are over."),
        (Section.LEGAL, "The application for compensation."),
    )
    conference = call(file, points, "lex", "petra", "sami", within=within)
    words = "Who accompanies her to the hearing."
    add_point(file.case_id, conference.pk, actor=file.people["lex"], section=Section.LEGAL, words=words)


def hearing(file: File, *, within: int) -> None:
    make_appointment(
        file.case_id,
        actor=file.people["lex"],
        planned=Planned(
            kind=AppointmentKind.HEARING,
            section=Section.LEGAL,
            starts_at=_morning(file, within, time(9, 30)),
            place="District court, hall 4",
            words="Without her: the video is shown. Her guardian is there.",
            companion=file.people["lex"],
        ),
    )


def at_the_dentist(file: File, *, within: int) -> None:
    make_appointment(
        file.case_id,
        actor=file.worker,
        planned=Planned(
            kind=AppointmentKind.MEDICAL,
            section=Section.MEDICAL,
            starts_at=_morning(file, within, time(14, 15)),
            place="Children’s clinic, second floor",
            words="The tooth at the back, left.",
            companion=file.people["dr-mila"],
        ),
    )
