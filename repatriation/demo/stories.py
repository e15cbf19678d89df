"""Returns of the demo: one in each state, about invented children, led there by the steps that people take."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from cases.demo.files import begin
from cases.demo.names import BOYS, GIRLS
from cases.demo.people import make_people
from cases.demo.planning import visit
from cases.demo.stories import Story, was_told
from repatriation.demo import afterwards, deciding, finding, leaving
from repatriation.demo.children import CONSIDERED, settle, story
from repatriation.demo.way import Way
from repatriation.models.choices import EndReason
from repatriation.models.choices import ReturnState as State
from repatriation.services.opening import propose_end

TELL = "repatriation.tell_return"
Telling = Callable[[Way], None]

# Days after the child's report. Journey and handover happen at the hours for which they are planned; their numbers say
# in which order.
TRACED, MET, LOOKED_AT, SUBMITTED, CONVENED, DECIDED = 9.0, 14.0, 21.0, 25.0, 27.0, 29.0
ASKED, VERIFIED, BEGUN, ISSUED, PLANNED, READY = 30.0, 45.0, 46.0, 53.0, 55.0, 60.0
DEPARTED, ARRIVED, HANDED_OVER = PLANNED + leaving.AHEAD, 63.3, 63.35
MONITORED = 65.0
PATH: tuple[tuple[float, Telling], ...] = (
    (TRACED, finding.trace),
    (MET, finding.meet_family),
    (LOOKED_AT, finding.look_at_home),
    (SUBMITTED, finding.submit),
    (CONVENED, deciding.convene),
    (DECIDED, deciding.decide_return),
    (ASKED, leaving.ask),
    (VERIFIED, leaving.verify),
    (BEGUN, leaving.begin_document),
    (ISSUED, leaving.issue),
    (PLANNED, leaving.plan),
    (READY, leaving.make_ready),
    (DEPARTED, leaving.depart),
    (ARRIVED, leaving.arrive),
    (HANDED_OVER, afterwards.hand_over),
    (MONITORED, afterwards.go_on_at_home),
)
# Days after the report on which the five visits were made, of a return that is completed.
VISITED = (71, 94, 155, 246, 429)
# A file older than this was visited lately, as its worker has to.
VISITED_AFTER, LATELY = 30.0, 4.0


def _lately(telling: Telling, ago: float = 0.2) -> Telling:
    def told(way: Way) -> None:
        with way.file.ago(ago):
            telling(way)

    return told


def _nothing(way: Way) -> None:
    return None


def _wants_not(way: Way) -> None:
    with way.file.ago(4):
        finding.find_refused(way)
    with way.file.ago(2):
        way.step("withdraw", reason="Does not want to go, and was asked by its guardian alone as well.")


def _threatened(way: Way) -> None:
    way.step("suspend", reason="A call with a threat to the grandmother. The police of both countries know.")


def _ended(way: Way) -> None:
    """No return is in question: the parents have come, and live here now."""
    with way.file.ago(5):
        propose_end(way.pk, actor=way.who("vera"), why=EndReason.NO_QUESTION)
    with way.file.ago(4):
        way.step("end", by="sami", code=EndReason.NO_QUESTION)


def _integrated(way: Way) -> None:
    with way.file.ago(14):
        finding.find_nobody(way)
    with way.file.ago(10):
        deciding.convene(way)
    with way.file.ago(8):
        deciding.decide_integration(way)


def _deferred(way: Way) -> None:
    with way.file.ago(12):
        finding.find_nobody(way)
    with way.file.ago(8):
        deciding.convene(way)
    with way.file.ago(6):
        deciding.decide_later(way)


def _elsewhere(way: Way) -> None:
    third = finding.ELSEWHERE.country
    with way.file.ago(16):
        finding.find_elsewhere(way)
    with way.file.ago(4):
        deciding.convene(way, third)
    with way.file.ago(2):
        deciding.decide_elsewhere(way, third)


def _visited(way: Way) -> None:
    """Two visits were made; three are to come."""
    for number, day in enumerate(VISITED[:2], start=1):
        with way.file.day(day):
            afterwards.report(way, number)


def _completed(way: Way) -> None:
    for number, day in enumerate(VISITED, start=1):
        with way.file.day(day):
            afterwards.report(way, number)
    afterwards.complete(way)


# Where it stands in the end, number (an odd one for a child of the second country), days since the report, how far on
# the main path and what then, given and family name, age, gender, languages, worker.
Row = tuple[State, int, float, float, Telling, tuple[str, str, int, str, str], str]
ROWS: tuple[Row, ...] = (
    (State.COMPLETED, 601, 480, MONITORED, _completed, ("Ilka", "Barven", 12, GIRLS, "Belmoran"), "ana"),
    (
        State.MONITORING,
        603,
        110,
        MONITORED,
        _visited,
        ("Stefan", "Ordway", 13, BOYS, "Belmoran, Russian"),
        "ana",
    ),
    (
        State.RETRAFFICKING_ALERT,
        605,
        74,
        MONITORED,
        _lately(afterwards.alarm),
        ("Tina", "Maresh", 15, GIRLS, "Belmoran"),
        "ana",
    ),
    (
        State.HANDOVER_FAILED,
        607,
        64,
        ARRIVED,
        _lately(afterwards.fail),
        ("Miron", "Selk", 11, BOYS, "Russian"),
        "ana",
    ),
    (
        State.ARRIVED,
        609,
        64,
        ARRIVED,
        _lately(afterwards.begin, 0.01),
        ("Олеся", "Тарим", 14, GIRLS, "Russian"),
        "ana",
    ),
    (State.DEPARTED, 611, 64, DEPARTED, _nothing, ("Rina", "Holub", 16, GIRLS, "Belmoran"), "ana"),
    (State.READY, 613, 60.5, READY, _nothing, ("Andrei", "Vaska", 13, BOYS, "Romanian"), "ana"),
    (State.TRAVEL_PLANNED, 615, 56, PLANNED, _nothing, ("Dora", "Lintz", 10, GIRLS, "Belmoran"), "boris"),
    (
        State.DOCUMENT_ISSUED,
        617,
        54,
        ISSUED,
        _nothing,
        ("Pavlo", "Kirsan", 15, BOYS, "Ukrainian, Russian"),
        "ana",
    ),
    (State.VERIFICATION_REQUESTED, 619, 51, ASKED, _nothing, ("Lada", "Frimu", 14, GIRLS, "Belmoran"), "ana"),
    (
        State.DOCUMENT_REFUSED,
        621,
        49,
        BEGUN,
        _lately(leaving.refuse_document),
        ("Emil", "Castor", 12, BOYS, "Romani"),
        "carla",
    ),
    (State.DOCUMENT_REQUESTED, 623, 48, BEGUN, _nothing, ("Sonja", "Grabar", 13, GIRLS, "Belmoran"), "boris"),
    (
        State.NOT_A_NATIONAL,
        625,
        46,
        ASKED,
        _lately(leaving.deny),
        ("Ruslan", "Teke", 16, BOYS, "Russian"),
        "ana",
    ),
    (
        State.NATIONALITY_VERIFIED,
        627,
        45.8,
        VERIFIED,
        _nothing,
        ("Vera-Lu", "Domin", 9, GIRLS, "Belmoran"),
        "ana",
    ),
    (
        State.VERIFICATION_INCONCLUSIVE,
        629,
        45,
        ASKED,
        _lately(leaving.find_inconclusive),
        ("Hana", "Jurek", 15, GIRLS, "Romani, Russian"),
        "boris",
    ),
    (
        State.DECIDED_INTEGRATION,
        631,
        40,
        CONSIDERED,
        _integrated,
        ("Yusuf", "Amrani", 16, BOYS, "Arabic, Belmoran"),
        "ana",
    ),
    (
        State.DECIDED_THIRD_COUNTRY,
        633,
        36,
        CONSIDERED,
        _elsewhere,
        ("Klara", "Nemeth", 16, GIRLS, "Belmoran"),
        "ana",
    ),
    (State.DEFERRED, 635, 33, CONSIDERED, _deferred, ("Игнат", "Балан", 14, BOYS, "Russian"), "carla"),
    (State.ENDED, 637, 30, CONSIDERED, _ended, ("Nela", "Virag", 11, GIRLS, "Belmoran"), "boris"),
    (State.DECIDED_RETURN, 639, 29.5, DECIDED, _nothing, ("Matei", "Orlan", 13, BOYS, "Romanian"), "ana"),
    (
        State.PANEL_PENDING,
        641,
        29.5,
        CONVENED,
        _lately(deciding.weigh_and_vote_once),
        ("Sabina", "Rusk", 15, GIRLS, "Belmoran"),
        "ana",
    ),
    (
        State.RISK_ASSESSMENT,
        643,
        24,
        LOOKED_AT,
        _lately(finding.begin_assessment),
        ("Leon", "Petrak", 12, BOYS, "Belmoran"),
        "ana",
    ),
    (State.SUSPENDED, 645, 20, MET, _lately(_threatened), ("Jana", "Sorin", 14, GIRLS, "Romanian"), "ana"),
    (State.WITHDRAWN, 647, 18, CONSIDERED, _wants_not, ("Filip", "Marund", 16, BOYS, "Belmoran"), "carla"),
    (State.FAMILY_ASSESSMENT, 649, 16, MET, _nothing, ("Adela", "Crisan", 10, GIRLS, "Romanian"), "ana"),
    (State.TRACING, 651, 12, TRACED, _nothing, ("Toma", "Verlan", 13, BOYS, "Belmoran"), "ana"),
    (State.CONSIDERED, 653, 9, CONSIDERED, _nothing, ("Edina", "Kovesh", 15, GIRLS, "Belmoran"), "ana"),
)


def tell_returns(people: Mapping[str, User]) -> None:
    """What was told before is not told again. The oldest first."""
    for row in ROWS:
        tell_one(row, dict(people))


def leave_returns_to_worker() -> None:
    """A job for each that is untold: its worker does one thing after the other, so no deadline fires within a story."""
    for row in ROWS:
        if not was_told([_story(row)]):
            with suppress(AlreadyEnqueued), transaction.atomic():
                app.configure_task(TELL, queueing_lock=f"{TELL} {row[1]}").defer(number=row[1])


def tell_by_number(number: int) -> None:
    """One that the worker was left with. Raises StopIteration where none has this number."""
    tell_one(next(row for row in ROWS if row[1] == number), make_people())


def _story(row: Row) -> Story:
    _state, number, days_ago, _upto, _then, child, worker = row
    return story(number, days_ago, child, worker)


def tell_one(row: Row, people: dict[str, User]) -> None:
    """Does nothing when that child's file is there already."""
    _state, _number, days_ago, upto, then, _child, _worker = row
    file = begin(_story(row), people)
    if file is None:
        return
    way = settle(file, identified=upto >= HANDED_OVER)
    for day, telling in PATH:
        if day <= upto:
            with file.day(day):
                telling(way)
    then(way)
    if days_ago > VISITED_AFTER and upto < DEPARTED:
        visit(file, [LATELY])
