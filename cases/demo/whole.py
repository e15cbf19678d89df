"""Files that went a long way, each with its child, the days since its report, and what happened on them."""

from collections.abc import Callable

from accounts.models import User
from cases.demo import endings, newcomers, underway
from cases.demo.files import File, begin
from cases.demo.names import BOYS, GIRLS
from cases.demo.stories import Story
from cases.models.choices import CaseState, Risk

Telling = Callable[[File], None]

# How soon, in days, a report was taken and its file registered.
PACE = (0.03, 0.4)

# Number (an odd one for a child of the second country), telling, days since the report, given and family name, age,
# gender, languages, risk, worker.
Row = tuple[int, Telling, float, str, str, int, str, str, str, str]
WHOLE: tuple[Row, ...] = (
    (513, endings.closed, 150, "Salome", "Irven", 15, GIRLS, "Belmoran", Risk.LOW, "ana"),
    (514, endings.reopened, 130, "Oskar", "Brevin", 14, BOYS, "Arvanian", Risk.MEDIUM, "ana"),
    (510, endings.waits_for_closing, 120, "Lyra", "Menk", 10, GIRLS, "Arvanian", Risk.LOW, "ana"),
    (511, endings.monitored, 95, "Jonas", "Petrel", 13, BOYS, "Belmoran", Risk.LOW, "boris"),
    (507, underway.same_suspect, 70, "Ленка", "Дубрель", 17, GIRLS, "Russian", Risk.MEDIUM, "boris"),
    (509, underway.wants_no_more, 64, "Ivo", "Ostrel", 16, BOYS, "Romani, Belmoran", Risk.LOW, "carla"),
    (516, endings.ended_early, 50, "Wanja", "Calder", 17, BOYS, "Belmoran", Risk.LOW, "boris"),
    (515, underway.missing_and_found, 40, "Tamsin", "Ordel", 15, GIRLS, "Romanian", Risk.MEDIUM, "ana"),
    (517, endings.referred_out, 35, "Edda", "Norrin", 12, GIRLS, "Belmoran", Risk.MEDIUM, "carla"),
    (519, underway.missing, 30, "Radek", "Solm", 16, BOYS, "Ukrainian, Russian", Risk.HIGH, "carla"),
    (505, underway.elder_sister, 19, "Mirela", "Sabran", 14, GIRLS, "Belmoran", Risk.HIGH, "ana"),
    (523, underway.younger_brother, 18, "Davin", "Sabran", 11, BOYS, "Belmoran", Risk.MEDIUM, "ana"),
    (521, newcomers.guardian_with_conflict, 12, "نور", "سلوان", 12, GIRLS, "Arabic", Risk.LOW, "carla"),
    (525, newcomers.planned_with_interim, 9, "Rosa", "Quenel", 16, GIRLS, "Romani", Risk.MEDIUM, "ana"),
    (503, newcomers.waits_for_papers, 5, "Ефим", "Даленко", 15, BOYS, "Russian", Risk.MEDIUM, "boris"),
    (501, newcomers.harmed_lately, 1.6, "Alina", "Torvek", 13, GIRLS, "Belmoran", Risk.HIGH, "ana"),
)


def tell_whole_files(people: dict[str, User]) -> None:
    """Oldest first, so that a file can be linked to one that is there already."""
    for number, telling, days_ago, given, family, age, gender, languages, risk, worker in WHOLE:
        story = Story(
            number=number,
            days_ago=days_ago,
            state=CaseState.REGISTERED,
            given=given,
            family=family,
            age=age,
            gender=gender,
            languages=languages,
            risk=risk,
            worker=worker,
            pace=PACE,
        )
        file = begin(story, people)
        if file:
            telling(file)
