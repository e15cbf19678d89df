"""How each guard of the lifecycle comes to hold: the fact that it asks for, brought about in a bare file."""

from collections.abc import Callable, Mapping
from typing import Any

import clock
from cases.models import Case, DuplicateCandidate
from cases.models.choices import EarlyEnd, Purpose, Verdict
from cases.services.closing import write_closure
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import record_identity
from cases.services.steps import propose_end
from tests.cases import facts, files
from tests.cast import Cast

Arrange = Callable[[Cast, Case], object]


def _risk(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana)


def checked(cast: Cast, case: Case) -> None:
    run_duplicate_check(case.pk, actor=cast.ana)


def candidate(cast: Cast, case: Case) -> DuplicateCandidate:
    other = files.in_state("active", case.agency)
    return DuplicateCandidate.objects.create(
        case=case, other=other, other_agency=other.agency, reasons=["name"]
    )


def _decided(cast: Cast, case: Case) -> None:
    checked(cast, case)
    found = candidate(cast, case)
    found.verdict = Verdict.DIFFERENT
    found.save()


def _assigned(cast: Cast, case: Case) -> None:
    case.assignments.create(worker=cast.ana, assigned_by=cast.sami)


def _set(**columns: Any) -> Arrange:
    return lambda cast, case: Case.objects.filter(pk=case.pk).update(
        **{name: getattr(cast, value, value) for name, value in columns.items()}
    )


def _closed_well(cast: Cast, case: Case) -> None:
    write_closure(
        case.pk,
        actor=cast.ana,
        summary="She is safe with her aunt.",
        child_informed_on=clock.today("Europe/Vienna"),
        no_guardian_because="The aunt has custody.",
    )


FACTS: Mapping[str, Arrange] = {
    "worker_assigned": _assigned,
    "safety_looked_at": _risk,
    "consent_services": lambda cast, case: files.agree(case, cast.ana, Purpose.SERVICES),
    "consent_data": lambda cast, case: files.agree(case, cast.ana, Purpose.DATA),
    "is_a_child": lambda cast, case: record_identity(case.pk, actor=cast.ana, identity=files.identity()),
    "duplicate_check_run": checked,
    "candidates_decided": _decided,
    "plan_approved_by_another": _set(plan_author="ana"),
    "closure_approved_by_another": _set(closure_author="vera"),
    "early_end_proposed": _set(early_end=EarlyEnd.DIED, closure_author="vera"),
    "found_and_safe": lambda cast, case: files.look_at_safety(case, cast.ana, seen=True),
    "representation": lambda cast, case: facts.representation(case, cast.ana),
    "placement": lambda cast, case: facts.placement(case, cast.ana, "shelter"),
    "best_interests_assessment": lambda cast, case: facts.best_interests(case, cast.ana),
    "child_heard": lambda cast, case: facts.heard(case, cast.ana),
    "goals_set": lambda cast, case: facts.goals(case, cast.ana),
    "plan_agreed": lambda cast, case: facts.agreement(case, cast.ana),
    "tracks_settled": lambda cast, case: facts.settled_tracks(case, cast.ana),
    "durable_solution": lambda cast, case: facts.no_solution_needed(case, cast.ana, cast.sami),
    "visits_done": lambda cast, case: facts.visited(case, cast.ana),
    "nothing_open": lambda cast, case: facts.done_task(case, cast.ana),
    "closure_summary": _closed_well,
    "retention_date": _closed_well,
    "died_or_long_missing": lambda cast, case: propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DIED),
    "accepted_outside": lambda cast, case: facts.accepted_outside(case, cast.ana),
}
