"""Whole files near their end and beyond it: monitoring, closed, reopened, ended early, referred out."""

from accounts.access import Section
from cases.demo import around, care
from cases.demo.assessing import assess, first_night
from cases.demo.closing import close, go_home, propose_closure, propose_early_end, refer_out
from cases.demo.entries import take
from cases.demo.files import File
from cases.demo.planning import activate, finish_tasks, give_task, intend_visit, plan, settle_goals, visit
from cases.models.choices import GivenBy
from cases.models.plan import Outcome, Track
from cases.models.situation import PlacementKind, Solution

REHABILITATION = Track.REHABILITATION


def waits_for_closing(file: File) -> None:
    """Home with both parents, everything done: the closure waits for Sami."""
    first_night(file, PlacementKind.FOSTER, "judge_parents_safe")
    with file.day(1):
        file.give("dr-mila")
        take(file, "record_national", "begin_triage")
        care.examine(file)
        care.recover(file)
    _to_active(file, Track.MEDICAL, by=GivenBy.PARENT)
    with file.day(10):
        care.identify(file)
        take(file, "open_proceedings", "seek_redress")
        care.interview(file, "With both parents in the next room.", by="")
    with file.day(60):
        take(file, "close_proceedings", "award_redress")
        _end_rehabilitation(file, "find_achieved", Outcome.ACHIEVED)
    with file.ago(30):
        go_home(file, PlacementKind.PARENTS)
    propose_closure(file, seen=5, written=2)


def monitored(file: File) -> None:
    """With its aunt; one visit was made, one was missed, and one is to come."""
    first_night(file, PlacementKind.FOSTER)
    with file.day(1):
        file.give("dr-mila")
        around.appoint(file)
        take(file, "begin_triage")
        care.examine(file)
    _to_active(file, Track.MEDICAL)
    with file.day(12):
        care.treat(file)
        care.identify(file)
        take(file, "request_permit", "permit_residence", "open_proceedings")
        care.interview(file, "The only one. The video was shown in court.", by="")
        care.spare_testimony(file)
    with file.day(40):
        take(file, "find_stable", by="dr-mila")
    with file.ago(25):
        go_home(file)
    visit(file, [20])
    with file.ago(4):
        intend_visit(file, within=1)
        intend_visit(file, within=18)
        give_task(file, "Blood count in spring.", to="dr-mila", within=30)


def closed(file: File) -> None:
    """Moved with its aunt to where she works."""
    _to_closing(file)
    with file.day(70):
        take(file, "claim_protection", "refuse_protection")
        take(file, "end_residence", "end_representation")
        _end_rehabilitation(file, "find_partly_achieved", Outcome.PARTLY)
    with file.ago(60):
        go_home(file)
    propose_closure(file, seen=40, written=35)
    close(file, ago=34)


def reopened(file: File) -> None:
    """Closed in spring; the recruiter has found the new address."""
    _to_closing(file)
    with file.day(50):
        take(file, "record_national")
        _end_rehabilitation(file, "end_rehabilitation", Outcome.NOT_ACHIEVED)
    with file.ago(55):
        go_home(file)
    propose_closure(file, seen=45, written=40)
    close(file, ago=38)
    with file.ago(3):
        file.step(
            "reopen", by="sami", reason="The recruiter waited outside the school. The family asks for help."
        )
        file.note(Section.RISK, "The aunt brings him to school now and fetches him. The police drive by.")
        give_task(file, "Ask the school to let nobody fetch him but the aunt.", within=1)


def ended_early(file: File) -> None:
    """Declined further help; two supervisors agreed that it may."""
    first_night(file, PlacementKind.FOSTER)
    with file.day(1):
        around.appoint(file)
        take(file, "find_no_care_needed")
    assess(file)
    plan(file, REHABILITATION)
    activate(file)
    with file.day(12):
        give_task(file, "Ask once more whether the course is wanted.", within=5)
        finish_tasks(file, "Not wanted. Has work with an uncle, who was looked at.")
    with file.ago(14):
        propose_early_end(file, by="sami")
    with file.ago(13):
        file.step("end_early", by="vera")


def referred_out(file: File) -> None:
    """An agency abroad, which is not on this installation, has taken the file on."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(1):
        take(file, "find_no_care_needed", "find_no_rehabilitation_needed")
    assess(file, solution=Solution.RETURN)
    with file.ago(11):
        refer_out(file)


def _to_active(file: File, *tracks: Track, by: GivenBy = GivenBy.GUARDIAN) -> None:
    """With rehabilitation under way, and goals in these tracks beside it."""
    assess(file, on=2)
    with file.day(3):
        care.assess_needs(file)
    plan(file, REHABILITATION, *tracks, by=by)
    activate(file)
    with file.day(8):
        care.rehabilitate(file)


def _to_closing(file: File) -> None:
    first_night(file, PlacementKind.FOSTER)
    with file.day(1):
        around.appoint(file)
        take(file, "find_no_care_needed")
    _to_active(file)
    with file.day(12):
        care.identify(file)


def _end_rehabilitation(file: File, edge: str, outcome: Outcome) -> None:
    take(file, "begin_review")
    settle_goals(file, (REHABILITATION, outcome, "Looked at together, goal by goal."))
    take(file, edge)
