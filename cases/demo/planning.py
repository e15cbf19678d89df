"""The plan: what the child says, goals, who agrees, tasks and visits."""

from collections.abc import Iterable
from datetime import timedelta

from accounts.models import ServiceType, User
from cases.demo.files import File
from cases.models import Visit
from cases.models.choices import GivenBy
from cases.models.plan import Means, Outcome, Track, VisitKind
from cases.services import tasks
from cases.services.plan import end_goal, record_agreement, record_view, set_goal
from cases.services.visits import cancel_visit, plan_visit, record_visit

# Of each goal two wordings, for one half of the files each.
GOALS = {
    Track.LEGAL: (
        ServiceType.LEGAL,
        "A guardian who speaks for the child everywhere, and papers that are its own.",
        "No interview without somebody whom the child trusts beside it.",
    ),
    Track.MEDICAL: (
        ServiceType.HEALTH,
        "Nights without fear: treatment goes on, with the same doctor.",
        "The headaches are understood, and the teeth are seen to.",
    ),
    Track.REHABILITATION: (
        ServiceType.EDUCATION,
        "At school every day by the end of the term, with somebody who helps with the language.",
        "One afternoon a week with other children: the football club, or the choir.",
    ),
}
VIEWS = (
    (Means.TALK, "“I want to go to school, and I want my brother to come too.”"),
    (Means.DRAWING, "Draws a house with a sun. “Nobody shouts in this one.”"),
    (Means.WRITING, "“Please do not tell them where I am. I will tell you when I am ready.”"),
)
SEEN = (
    "Calm, talks of its own accord. Has made a friend in the house.",
    "Tired after the interview, but ate with the others. Asked when I come again.",
    "Proud of its first mark at school. Still checks the door twice.",
)


def plan(file: File, *tracks: Track, by: GivenBy = GivenBy.GUARDIAN, on: float = 5) -> None:
    """Everything that the step asks for; a track that does not apply has no goal."""
    means, words = VIEWS[file.story.number % len(VIEWS)]
    with file.day(on):
        record_view(file.case_id, actor=file.worker, heard_on=file.today, means=means, words=words)
        for track in (Track.LEGAL, *tracks):
            service, *wordings = GOALS[track]
            set_goal(
                file.case_id,
                actor=file.worker,
                track=track,
                service_type=service,
                words=wordings[file.half],
            )
        record_agreement(file.case_id, actor=file.worker, given_by=by, agrees=True, given_on=file.today)
        file.step("plan")


def activate(file: File, *, on: float = 6) -> None:
    with file.day(on):
        file.step("activate", by="sami")


def settle_goals(file: File, *outcomes: tuple[Track, Outcome, str]) -> None:
    for track, outcome, words in outcomes:
        for goal in file.case().goals.filter(track=track, ended_at__isnull=True):
            end_goal(file.case_id, goal.pk, actor=file.worker, outcome=outcome, words=words)


def give_task(file: File, words: str, *, to: str = "", within: float = 7, by: str = "") -> None:
    tasks.give_task(
        file.case_id,
        actor=_who(file, by),
        words=words,
        assignee=_who(file, to),
        due_on=file.today + timedelta(days=within),
    )


def finish_tasks(file: File, result: str) -> None:
    for task in file.case().tasks.filter(done_at__isnull=True, dropped_at__isnull=True):
        tasks.finish_task(file.case_id, task.pk, actor=file.worker, result=result)


def intend_visit(file: File, kind: VisitKind = VisitKind.HOME, *, within: int = 0) -> Visit:
    """Planned for so many days ahead; nothing else is done about it."""
    return plan_visit(
        file.case_id,
        actor=file.worker,
        kind=kind,
        planned_on=file.today + timedelta(days=within),
        visitor=file.worker,
    )


def visit(file: File, ago: Iterable[float], kind: VisitKind = VisitKind.HOME) -> None:
    """Made on these days, each as it was planned."""
    for number, days in enumerate(ago):
        with file.ago(days):
            made = intend_visit(file, kind)
            record_visit(
                file.case_id,
                made.pk,
                actor=file.worker,
                done_on=file.today,
                child_seen_alone=True,
                observations=SEEN[(file.story.number + number) % len(SEEN)],
            )


def call_off_visit(file: File, reason: str) -> None:
    made = intend_visit(file, VisitKind.SCHOOL)
    cancel_visit(file.case_id, made.pk, actor=file.worker, reason=reason)


def _who(file: File, username: str) -> User:
    return file.people[username] if username else file.worker
