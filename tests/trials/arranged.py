"""How the people of a drive bring about what a step asks for: by services where there are, else by rows."""

from collections.abc import Callable, Mapping

import clock
from accounts.models import User
from cases.edges.tracks import TRACKS
from cases.models import Case
from cases.models.choices import EarlyEnd, Purpose, Risk, Verdict
from cases.models.closing import DurableSolution
from cases.services import assignment, clocks, closing, consents
from cases.services.duplicates import decide_candidate, run_duplicate_check
from cases.services.evidence import settle
from cases.services.identity import record_identity
from cases.services.steps import propose_end
from tests.cases import facts, files
from tests.trials.drive import Drive
from tests.trials.tracks import Tracks
from tests.ways import SETTLED, way
from workflow import deadlines

Arrange = Callable[[Tracks, Case], object]


def write_closure(case: Case, who: User) -> None:
    today = clock.today(case.agency.time_zone)
    closing.write_closure(
        case.pk, actor=who, summary="Safe.", child_informed_on=today, guardian_informed_on=today
    )


def confirm(case: Case, who: User) -> None:
    solution = DurableSolution.NOT_REQUIRED
    closing.confirm_solution(case.pk, actor=who, solution=solution, reason="Safe with her aunt.")


def review(case: Case, who: User) -> None:
    closing.review_coming_of_age(
        case.pk, actor=who, consent="Asked.", representation="Ended.", transition="A room."
    )


def _decide_candidates(drive: Tracks, case: Case) -> None:
    for found in case.facts.candidates:
        decide_candidate(case.pk, found.pk, actor=drive.people["sami"], verdict=Verdict.DIFFERENT)


def _represent(drive: Tracks, case: Case) -> None:
    _rest(drive, case, "representation")


def _rest(drive: Tracks, case: Case, track: str) -> None:
    """The shortest way on which the worker alone brings a track to rest."""
    machine = TRACKS[track].machine
    state = machine.state_of(TRACKS[track].row_of(case))
    for edge in way(machine, state, SETTLED[track], lambda edge: "case_worker" in edge.who) or ():
        leaving = machine.edges_from(machine.state_of(TRACKS[track].row_of(case)))
        if edge not in leaving:
            # The step before was refused: nobody may work on the case now.
            return
        drive.track_step(case, track, leaving.index(edge), drive.worker(case).username)
        case = drive.fresh(case.pk)


def _settle_tracks(drive: Tracks, case: Case) -> None:
    for track in TRACKS:
        _rest(drive, case, track)


def _solve(drive: Tracks, case: Case) -> None:
    worker = drive.worker(case)
    facts.at_home(case, worker)
    confirm(case, drive.people["sami"])


def _visit(drive: Tracks, case: Case) -> None:
    worker = drive.worker(case)
    if case.risk == Risk.HIGH:
        files.look_at_safety(case, worker)
    finish(drive, case)
    facts.visited(case, worker)


def finish(drive: Drive, case: Case) -> None:
    today = clock.today(case.agency.time_zone)
    for task in case.tasks.filter(done_at=None, dropped_at=None):
        task.done_at, task.done_by = clock.now(), drive.worker(case)
        task.save()
        deadlines.meet(case.pk, "task", {"task": str(task.pk)})
    for visit in case.visits.filter(done_on=None, cancelled_at=None):
        visit.done_on = today
        visit.save()


def _leave_nothing_open(drive: Tracks, case: Case) -> None:
    finish(drive, case)
    _settle_tracks(drive, case)
    _decide_candidates(drive, case)
    facts.best_interests(case, drive.worker(case))
    deadlines.meet(case.pk, "best_interests_again")
    for purpose in consents.withdrawals_to_decide(case.pk):
        consents.decide_withdrawal(case.pk, actor=drive.people["sami"], purpose=purpose, reason="By law.")
    if clocks.review_of_age_is_due(case):
        review(case, drive.worker(case))
    settle(case, drive.worker(case))


def _agree_to(purpose: Purpose) -> Arrange:
    return lambda drive, case: files.agree(case, drive.worker(case), purpose)


# How the people bring about what a step asks for.
def _propose_end(drive: Tracks, case: Case) -> None:
    propose_end(case.pk, actor=drive.people["sami"], why=EarlyEnd.DIED)


ARRANGED: Mapping[str, Arrange] = {
    "early_end_proposed": _propose_end,
    "died_or_long_missing": _propose_end,
    "accepted_outside": lambda drive, case: facts.accepted_outside(case, drive.worker(case)),
    "worker_assigned": lambda drive, case: assignment.assign_worker(
        case.pk, actor=drive.people["sami"], worker=drive.people["ben"]
    ),
    "safety_looked_at": lambda drive, case: files.look_at_safety(case, drive.worker(case)),
    "consent_services": _agree_to(Purpose.SERVICES),
    "consent_data": _agree_to(Purpose.DATA),
    "is_a_child": lambda drive, case: record_identity(
        case.pk, actor=drive.worker(case), identity=files.identity()
    ),
    "duplicate_check_run": lambda drive, case: run_duplicate_check(case.pk, actor=drive.worker(case)),
    "candidates_decided": _decide_candidates,
    "representation": _represent,
    "placement": lambda drive, case: facts.placement(case, drive.worker(case)),
    "best_interests_assessment": lambda drive, case: facts.best_interests(case, drive.worker(case)),
    "child_heard": lambda drive, case: facts.heard(case, drive.worker(case)),
    "goals_set": lambda drive, case: facts.goals(case, drive.worker(case)),
    "plan_agreed": lambda drive, case: facts.agreement(case, drive.worker(case)),
    "tracks_settled": _settle_tracks,
    "durable_solution": _solve,
    "visits_done": _visit,
    "nothing_open": _leave_nothing_open,
    "closure_summary": lambda drive, case: write_closure(case, drive.worker(case)),
    "retention_date": lambda drive, case: write_closure(case, drive.worker(case)),
    "found_and_safe": lambda drive, case: files.look_at_safety(case, drive.worker(case), seen=True),
}
