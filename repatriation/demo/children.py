"""Of whom the demo's returns are: files of their own, led by the demo's workers to where a return is thought of."""

from cases.demo import around
from cases.demo.assessing import assess, first_night
from cases.demo.care import identify
from cases.demo.entries import take
from cases.demo.files import File
from cases.demo.planning import activate, plan
from cases.demo.stories import Story
from cases.models.choices import CaseState, Risk
from cases.models.situation import PlacementKind, Solution
from repatriation.demo.way import Way, consider

PACE = (0.03, 0.4)
CONSIDERED = 8.0
# Days after the report on which police find that the child is a victim: the time to think is over when it travels.
IDENTIFIED = 7.0


def story(number: int, days_ago: float, child: tuple[str, str, int, str, str], worker: str) -> Story:
    """`child`: given and family name, age, gender, languages."""
    given, family, age, gender, languages = child
    return Story(
        number=number,
        days_ago=days_ago,
        state=CaseState.REGISTERED,
        given=given,
        family=family,
        age=age,
        gender=gender,
        languages=languages,
        risk=Risk.LOW,
        worker=worker,
        pace=PACE,
    )


def settle(file: File, *, identified: bool) -> Way:
    """A safe place, a guardian, a plan that is worked on; then the question whether the child could go home."""
    first_night(file, PlacementKind.SHELTER if file.half else PlacementKind.FOSTER)
    assess(file, solution=Solution.RETURN)
    with file.day(3):
        around.appoint(file)
        take(file, "find_no_care_needed", "find_no_rehabilitation_needed")
    plan(file)
    activate(file)
    if identified:
        with file.day(IDENTIFIED):
            identify(file)
    with file.day(CONSIDERED):
        return consider(file)
