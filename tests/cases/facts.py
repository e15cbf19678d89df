"""Facts that guards read, as rows: what the pages of a whole file record, without asking how they look."""

from datetime import date
from typing import Any
from uuid import uuid4

import clock
from accounts.models import Agency, AgencyKind, ServiceType, User
from cases.models import (
    BestInterestsAssessment,
    Case,
    ChildView,
    Document,
    Goal,
    Placement,
    PlanAgreement,
    Task,
    Visit,
)
from cases.models.choices import GivenBy, Risk
from cases.models.closing import DurableSolution
from cases.models.documents import DocumentKind
from cases.models.plan import Means, Outcome, Track, VisitKind
from cases.models.situation import PlacementKind
from cases.services.closing import confirm_solution, record_outside
from cases.services.tracks import take_track_step
from tests.cases import files


def today(case: Case) -> date:
    return clock.today(case.agency.time_zone)


def track(case: Case, worker: User, machine: str, edge: str, **values: Any) -> None:
    happened = {"happened_on": today(case)}
    take_track_step(case.pk, machine, edge, actor=worker, values=happened | values, reason="So it is.")


def representation(case: Case, worker: User) -> None:
    track(
        case,
        worker,
        "representation",
        "request_representative",
        authority="Guardianship court",
        pending_because="The court sits on Monday.",
    )


def placement(case: Case, worker: User, kind: str = PlacementKind.KINSHIP, *, is_safe: bool = True) -> None:
    """The present one; an earlier one ends. Where an agency has moved to another zone, today may be yesterday."""
    before = case.placements.filter(until__isnull=True).first()
    since = max(today(case), before.since) if before else today(case)
    case.placements.filter(until__isnull=True).update(until=since)
    row = Placement(case=case, kind=kind, is_safe=is_safe, since=since, recorded_by=worker)
    row.address = "Mill Lane 3"
    row.save(force_insert=True)


def best_interests(case: Case, worker: User) -> None:
    version = case.best_interests.count() + 1
    row = BestInterestsAssessment(case=case, version=version, author=worker, finished_at=clock.now())
    row.conclusion = "To stay with the aunt."
    row.save(force_insert=True)


def heard(case: Case, worker: User) -> None:
    row = ChildView(case=case, heard_on=today(case), means=Means.TALK, recorded_by=worker)
    row.words = "I want to stay."
    row.save(force_insert=True)


def goals(case: Case, worker: User) -> None:
    for each in Track:
        row = Goal(case=case, track=each, service_type=ServiceType.SOCIAL_CARE, set_by=worker)
        row.words = "To be safe."
        row.save(force_insert=True)


def goals_achieved(case: Case, track: Track) -> None:
    for row in case.goals.filter(track=track, ended_at__isnull=True):
        row.outcome, row.ended_at = Outcome.ACHIEVED, clock.now()
        row.save()


def agreement(case: Case, worker: User, *, agrees: bool = True) -> None:
    row = PlanAgreement(
        case=case, given_by=GivenBy.GUARDIAN, agrees=agrees, given_on=today(case), recorded_by=worker
    )
    row.save(force_insert=True)


def settled_tracks(case: Case, worker: User) -> None:
    """The shortest way to rest in each of the three tracks."""
    judged = {"parents_safe": True, "basis": "Visited twice."}
    track(case, worker, "representation", "judge_parents_safe", **judged)
    decided = {"decided_by": "Police"}
    track(case, worker, "identification", "request_identification", authority="Police")
    track(case, worker, "identification", "find_possible_victim", **decided)
    track(case, worker, "identification", "find_victim", **decided, number="7")
    track(case, worker, "residence", "record_national", basis="Birth certificate.")
    track(case, worker, "medical", "find_no_care_needed")
    track(case, worker, "rehabilitation", "find_no_rehabilitation_needed")


def at_home(case: Case, worker: User) -> None:
    placement(case, worker)
    files.look_at_safety(case, worker, Risk.LOW)


def no_solution_needed(case: Case, worker: User, supervisor: User) -> None:
    at_home(case, worker)
    confirm_solution(
        case.pk, actor=supervisor, solution=DurableSolution.NOT_REQUIRED, reason="Safe with her aunt."
    )


def visited(case: Case, worker: User) -> None:
    Visit.objects.create(
        case=case,
        kind=VisitKind.HOME,
        planned_on=today(case),
        done_on=today(case),
        visitor=worker,
        planned_by=worker,
    )


def visit(case: Case, worker: User) -> Visit:
    """One that is still to come."""
    return Visit.objects.create(
        case=case, kind=VisitKind.HOME, planned_on=today(case), visitor=worker, planned_by=worker
    )


def task(case: Case, worker: User) -> Task:
    row = Task(case=case, assignee=worker, due_on=today(case), made_by=worker)
    row.words = "Ask the school."
    row.save(force_insert=True)
    return row


def done_task(case: Case, worker: User) -> None:
    row = task(case, worker)
    row.done_at, row.done_by = clock.now(), worker
    row.save()


def document(case: Case, worker: User, section: str = "plan") -> Document:
    row = Document(
        pk=uuid4(),
        case=case,
        section=section,
        kind=DocumentKind.LETTER,
        media_type="application/pdf",
        size=1,
        added_by=worker,
    )
    row.title, row.filename, row.digest = "Acceptance", "acceptance.pdf", "0"
    row.save(force_insert=True)
    return row


def outside_agency(kind: AgencyKind = AgencyKind.OUTSIDE) -> Agency:
    return Agency.objects.get_or_create(
        code=f"elsewhere-{kind}"[:40].replace("_", "-"),
        defaults={"name": "Elsewhere", "country": "XB", "kind": kind, "time_zone": "Europe/Chisinau"},
    )[0]


def accepted_outside(case: Case, worker: User) -> None:
    record_outside(
        case.pk,
        actor=worker,
        agency=outside_agency(),
        accepted_on=today(case),
        contact="Ms Orlu, +00 7, mornings",
        document=document(case, worker),
    )
