"""The demo's files of the first days: reports that were taken, screened, registered, and what ends early.

Each story happens at its own time, so that deadlines, history and audit look as they would.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import clock
from accounts.models import User
from cases.demo.names import ARABIC, COURT, CYRILLIC, FAMILY, GIVEN, LANGUAGES, PENDING, PLACES, WORDS
from cases.demo.times import clock_set_back
from cases.models import Case, Report
from cases.models.choices import (
    Answer,
    BirthCertainty,
    CaseState,
    Danger,
    EarlyEnd,
    Gender,
    GivenBy,
    NameKind,
    NotEligible,
    Presumption,
    Purpose,
    Risk,
    Safety,
    Verdict,
)
from cases.services import identity, steps
from cases.services.consents import record_consent
from cases.services.duplicates import decide_candidate, run_duplicate_check
from cases.services.reports import Told, make_report, take_report
from cases.services.risk import assess_risk
from cases.services.tracks import take_track_step

# How many days ago a file began that has come so far: most of them are where they should be by now.
SINCE = {
    CaseState.REPORTED: (0.02, 1.5),
    "unassigned": (0.02, 1.5),
    CaseState.SCREENING: (0.5, 4),
    CaseState.REGISTERED: (1, 12),
}


@dataclass(frozen=True)
class Story:
    """How far one file has come: `state` and the day it began."""

    number: int
    days_ago: float
    state: str
    given: str
    family: str
    age: int
    gender: str
    languages: str
    risk: str = Risk.HIGH
    worker: str = "ana"
    # Days from the report to the desk, and on to the register; without them, parts of the time that there was.
    pace: tuple[float, float] | None = None

    @property
    def report_id(self) -> UUID:
        return report_id_of(self.number)

    @property
    def taken_ago(self) -> timedelta:
        return timedelta(days=self.days_ago - self.pace[0] if self.pace else self.days_ago * 0.95)

    @property
    def registered_ago(self) -> timedelta:
        return timedelta(days=self.days_ago - self.pace[1] if self.pace else self.days_ago * 0.5)


def stories() -> list[Story]:
    """Always the same ones."""
    draw = random.Random(907)  # noqa: S311 - invented people, not secrets
    waiting = [CaseState.REPORTED] * 4
    moving = [CaseState.SCREENING] * 14 + [CaseState.REGISTERED] * 30 + ["unassigned"] * 3
    ended = [CaseState.SUSPENDED, CaseState.NOT_ELIGIBLE, CaseState.DUPLICATE, "ended", "ending"]
    told = []
    for number, state in enumerate([*waiting, *moving, *ended]):
        (given, gender), family = draw.choice(GIVEN), draw.choice(FAMILY)
        languages = draw.choice(LANGUAGES)
        if number % 5 == 3:
            given, family, gender = CYRILLIC[number % len(CYRILLIC)]
        if number % 11 == 7:
            given, family, gender = ARABIC[number % len(ARABIC)]
            languages = "Arabic, Belmoran"
        told.append(
            Story(
                number=number,
                days_ago=draw.uniform(*SINCE.get(state, (1, 40))),
                state=state,
                given=given,
                family=family,
                age=draw.randint(7, 17),
                gender=gender,
                languages=languages,
                risk=draw.choice(list(Risk)),
                worker=draw.choice(["ana", "ana", "boris", "carla"]),
            )
        )
    return sorted(told, key=lambda story: -story.days_ago)


def report_id_of(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"homeward-demo-{number}")


def was_told(told: list[Story]) -> bool:
    """Whether the reports of a demo are those of these stories."""
    return Report.objects.filter(pk__in=[story.report_id for story in told]).exists()


def tell(story: Story, people: dict[str, User]) -> None:
    """Does nothing when it was told before."""
    with clock_set_back(timedelta(days=story.days_ago)):
        details = {
            "name": story.given,
            "age": str(story.age),
            "gender": story.gender,
            "languages": story.languages,
        }
        danger = (Danger.YES, Danger.NO, Danger.UNKNOWN)[story.number % 3]
        place, words = PLACES[story.number % len(PLACES)], WORDS[story.number % len(WORDS)]
        told = Told(words=words, place=place, danger=danger, details=details)
        report = Report.objects.filter(pk=story.report_id).first() or make_report(
            told, actor=people["hotline"], report_id=story.report_id
        )
    if story.state == CaseState.REPORTED or report.taken_at:
        return
    with clock_set_back(story.taken_ago):
        _take(story, report, people)
    with clock_set_back(story.registered_ago):
        _go_on(story, report.case_key, people)


def _take(story: Story, report: Report, people: dict[str, User]) -> None:
    sami, worker = people["sami"], people[story.worker]
    if story.state == "unassigned":
        take_report(report.pk, actor=sami)
        return
    case = take_report(report.pk, actor=worker)
    steps.take_step(case.pk, "begin_screening", actor=worker)


def _go_on(story: Story, case_id: UUID, people: dict[str, User]) -> None:
    worker, sami, vera = people[story.worker], people["sami"], people["vera"]
    if story.state == "unassigned":
        return
    assess_risk(
        case_id,
        actor=worker,
        level=Risk(story.risk),
        safety=Safety.WITH_MEASURES,
        child_seen=True,
        note="Placed apart from the adults it came with; telephone switched off.",
    )
    if story.state == CaseState.SCREENING:
        return
    if story.state == CaseState.NOT_ELIGIBLE:
        values = {"code": NotEligible.ADULT, "signpost": "Adult protection service, Lindau"}
        steps.take_step(case_id, "find_not_eligible", actor=sami, values=values)
        return
    _register(story, case_id, worker, sami)
    if not story.pace and story.number % 3:
        _ask_for_a_representative(case_id, worker)
    if story.state == CaseState.SUSPENDED:
        steps.take_step(case_id, "suspend", actor=worker, reason="Did not come back from school.")
    if story.state in ("ending", "ended"):
        steps.propose_end(case_id, actor=sami, why=EarlyEnd.DECLINED)
    if story.state == "ended":
        steps.take_step(case_id, "end_early", actor=vera)
    if story.state == CaseState.DUPLICATE:
        others = Case.objects.filter(state=CaseState.REGISTERED, agency=worker.agency).exclude(pk=case_id)
        survivor = others.order_by("reported_at").first()
        steps.take_step(case_id, "mark_duplicate", actor=sami, values={"surviving_case": survivor})


def _register(story: Story, case_id: UUID, worker: User, supervisor: User) -> None:
    today = clock.today(worker.agency.time_zone)
    birthday = (1 + story.number % 12, 1 + story.number % 28)
    born = date(today.year - story.age - (birthday > (today.month, today.day)), *birthday)
    exact = story.number % 3 != 0
    identity.record_identity(
        case_id,
        actor=worker,
        identity=identity.Identity(
            known_as=story.given,
            gender=story.gender,
            birth_date=born if exact else born.replace(month=1, day=1),
            birth_certainty=BirthCertainty.EXACT if exact else BirthCertainty.YEAR,
            presumed_because="" if exact else Presumption.APPEARANCE,
            citizenships=["XB"] if story.number % 2 else ["XA"],
            languages=story.languages,
        ),
    )
    identity.add_name(case_id, actor=worker, kind=NameKind.LEGAL, given=story.given, family=story.family)
    for purpose in (Purpose.SERVICES, Purpose.DATA):
        record_consent(
            case_id,
            actor=worker,
            purpose=purpose,
            answer=Answer.ASSENT,
            given_by=GivenBy.CHILD,
            given_on=today,
            explained="With an interpreter, with pictures; the child repeated it in its own words.",
        )
    run_duplicate_check(case_id, actor=worker)
    # Most of the other files are a colleague's: who supervises both sees both.
    for candidate in Case.objects.get(pk=case_id).facts.undecided_here:
        decide_candidate(
            case_id, candidate.pk, actor=supervisor, verdict=Verdict.DIFFERENT, note="Met both children."
        )
    steps.take_step(case_id, "register", actor=worker)


def _ask_for_a_representative(case_id: UUID, worker: User) -> None:
    values = {
        "happened_on": clock.today(worker.agency.time_zone),
        "authority": COURT,
        "pending_because": PENDING,
    }
    take_track_step(case_id, "representation", "request_representative", actor=worker, values=values)


NORTH = 900


def tell_of_the_north(people: dict[str, User]) -> None:
    """Another district with files of its own; one child in it bears a name that Lindau knows too."""
    omar, told = people["omar"], stories()
    alike = next(story for story in told if story.state == CaseState.REGISTERED and story.worker == "ana")
    draw = random.Random(512)  # noqa: S311 - invented people, not secrets
    for number in range(4):
        (given, gender), family = draw.choice(GIVEN), draw.choice(FAMILY)
        if number == 0:
            given, family, gender = alike.given, alike.family, Gender(alike.gender)
        story = Story(
            number=NORTH + number,
            days_ago=6 + number,
            state=CaseState.REGISTERED,
            given=given,
            family=family,
            age=alike.age,
            gender=gender,
            languages=draw.choice(LANGUAGES),
            worker="omar",
        )
        tell(story, {**people, "hotline": omar, "sami": people["nora"]})
