"""The plan of a file that is full of it, of one that has nothing, and its forms with their mistakes."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

import clock
from accounts.models import ServiceType, User
from cases.models import Case
from cases.models.choices import CaseState, GivenBy
from cases.models.plan import Means, Outcome, Track, VisitKind
from cases.services.plan import end_goal, record_agreement, record_view, set_goal
from cases.services.tasks import finish_task, give_task
from cases.services.visits import cancel_visit, plan_visit, record_visit
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send


def furnish(case: Case, people: dict[str, User]) -> None:
    ana, sami, today = people["ana"], people["sami"], clock.today(people["ana"].agency.time_zone)
    for track in Track:
        goal = set_goal(
            case.pk,
            actor=ana,
            track=track,
            service_type=ServiceType.SEXUAL,
            words=f"{track.label}: {LONG_WORD} {WORDS}",
        )
    end_goal(case.pk, goal.pk, actor=ana, outcome=Outcome.PARTLY, words=f"{LONG_WORD} {WORDS}")
    for assignee, words in ((ana, f"{LONG_WORD} {WORDS}"), (sami, "Позвонить в школу ليلى")):
        give_task(case.pk, actor=ana, words=words, assignee=assignee, due_on=today + timedelta(days=3))
    done = give_task(case.pk, actor=sami, words=WORDS, assignee=ana, due_on=today)
    finish_task(case.pk, done.pk, actor=ana, result=f"{LONG_WORD} {WORDS}")
    visits = [
        plan_visit(case.pk, actor=ana, kind=kind, planned_on=today + timedelta(days=2), visitor=ana)
        for kind in VisitKind
    ]
    record_visit(case.pk, visits[0].pk, actor=ana, done_on=today, child_seen_alone=True, observations=WORDS)
    cancel_visit(case.pk, visits[1].pk, actor=ana, reason="The child is ill.")
    record_view(case.pk, actor=ana, heard_on=today, means=Means.DRAWING, words=f"{WORDS} {LONG_WORD}")
    record_view(case.pk, actor=ana, heard_on=today, impossible_because=WORDS, observed=LONG_WORD)
    for agrees in (False, True):
        record_agreement(
            case.pk, actor=ana, given_by=GivenBy.PARENT, agrees=agrees, given_on=today, words=WORDS
        )


def visits(house: House) -> Iterator[Visit]:
    ana, full = house.people["ana"], [house.full.pk]
    for name in ("ana", "sami"):
        yield Visit(f"plan {name}", house.people[name], reverse("plan", args=full))
    empty = house.case(state=CaseState.SCREENING, goals__isnull=True, tasks__isnull=True)
    yield Visit("plan empty", house.worker(empty), reverse("plan", args=[empty.pk]))
    goal = house.full.goals.filter(ended_at__isnull=True)[0]
    task = house.full.tasks.filter(done_at__isnull=True, dropped_at__isnull=True)[0]
    visit = house.full.visits.filter(done_on__isnull=True, cancelled_at__isnull=True)[0]
    forms = {
        "goal_new": full,
        "goal_end": [*full, goal.pk],
        "task_new": full,
        "task_done": [*full, task.pk],
        "task_drop": [*full, task.pk],
        "visit_new": full,
        "visit_done": [*full, visit.pk],
        "visit_cancel": [*full, visit.pk],
        "view_new": full,
        "plan_review": full,
        "agreement_new": full,
    }
    for name, args in forms.items():
        yield Visit(name, ana, reverse(name, args=args))
        # A result is not asked for, so that form cannot be sent wrong.
        if name != "task_done":
            yield Visit(f"{name} wrong", ana, reverse(name, args=args), send())
