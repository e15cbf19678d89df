"""The demo's files: reports that were taken, screened, registered; cases taken over; every state present.

Each story happens at its own time: the clock of this process is set back while it is told, so that deadlines,
history and audit look as they would.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.audit import record
from accounts.models import User
from cases.models import Case, CaseAccess, Child, ImportedRecord, ImportedValues, PersonName, Report
from cases.models.choices import (
    Answer,
    Basis,
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
from cases.scripts import script_of
from cases.services import grounds, identity, steps
from cases.services.access import grant_personally
from cases.services.assignment import assign_worker
from cases.services.consents import record_consent
from cases.services.duplicates import decide_candidate, run_duplicate_check
from cases.services.reports import Told, make_report, take_report
from cases.services.risk import assess_risk
from cases.services.tracks import open_tracks
from vault import keys

# Names with whose they are: a girl's, a boy's.
GIRLS, BOYS = Gender.FEMININE, Gender.MASCULINE
GIVEN = (
    ("Mira", GIRLS),
    ("Luka", BOYS),
    ("Sanna", GIRLS),
    ("Taras", BOYS),
    ("Ileana", GIRLS),
    ("Noor", GIRLS),
    ("Danil", BOYS),
    ("Zora", GIRLS),
    ("Petar", BOYS),
    ("Amina", GIRLS),
    ("Vesna", GIRLS),
    ("Iosif", BOYS),
)
FAMILY = (
    "Belan",
    "Korda",
    "Mirsky",
    "Oravec",
    "Tarn",
    "Ilves",
    "Sadik",
    "Dravin",
    "Ormos",
    "Lipa",
    "Halas",
    "Renko",
)
CYRILLIC = (
    ("Тарас", "Вельник", BOYS),
    ("Мария", "Орлик", GIRLS),
    ("Данило", "Серко", BOYS),
    ("Злата", "Ивень", GIRLS),
)
ARABIC = (("ليلى", "ندى", GIRLS), ("سامي", "رافد", BOYS))
LANGUAGES = ("Romani, Russian", "Belmoran", "Belmoran, Russian", "Romanian", "Ukrainian, Russian", "Arvanian")
PLACES = (
    "With a neighbour in Mill Lane",
    "At the bus station, platform 4",
    "In the clinic’s waiting room",
    "Not known",
)
WORDS = (
    "A girl asked the cashier for help. She says a man keeps her papers and she has to work at night.",
    "A teacher has noticed new clothes, two telephones and long absences. The boy is afraid to go home.",
    "Border guards stopped a van. The child does not know the adults it travels with.",
    "A friend wrote to the helpline: pictures are being asked for, and there are threats.",
)


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

    @property
    def once(self) -> UUID:
        return uuid5(NAMESPACE_URL, f"homeward-demo-{self.number}")


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
                days_ago=draw.uniform(0.02, 1.5)
                if state in (CaseState.REPORTED, "unassigned")
                else draw.uniform(1, 40),
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


@contextmanager
def clock_set_back(by: timedelta) -> Iterator[None]:
    """Only for this process, and only while a story is told."""
    before = os.environ.get(clock.OFFSET_FILE_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "offset")
        # From where the clock stands now: a test may have moved it already.
        path.write_text(str((clock.now() - by - datetime.now(UTC)).total_seconds()))
        os.environ[clock.OFFSET_FILE_VARIABLE] = str(path)
        try:
            yield
        finally:
            os.environ.pop(clock.OFFSET_FILE_VARIABLE)
            if before is not None:
                os.environ[clock.OFFSET_FILE_VARIABLE] = before


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
        report = make_report(
            Told(words=words, place=place, danger=danger, details=details),
            actor=people["hotline"],
            once=story.once,
        )
    if story.state == CaseState.REPORTED or report.taken_at:
        return
    with clock_set_back(timedelta(days=story.days_ago * 0.95)):
        _take(story, report, people)
    with clock_set_back(timedelta(days=story.days_ago * 0.5)):
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


TAKEN_OVER = (
    *[CaseState.ASSESSED] * 3,
    *[CaseState.PLANNED] * 3,
    *[CaseState.ACTIVE] * 8,
    *[CaseState.MONITORING] * 4,
    *[CaseState.CLOSED] * 3,
    CaseState.REFERRED_OUT,
)


def take_over_caseload(people: dict[str, User]) -> None:
    """Files of an older system, marked imported: what the guards ask is listed as missing, not invented."""
    draw = random.Random(411)  # noqa: S311 - invented people, not secrets
    sami, ana = people["sami"], people["ana"]
    for row, state in enumerate(TAKEN_OVER, start=3):
        key = f"demo-{row}"
        if Case.objects.filter(agency=sami.agency, import_key=key).exists():
            continue
        with clock_set_back(timedelta(days=draw.uniform(20, 60))), acting_as(sami):
            case = _imported(key, row, state, draw, sami)
        if state == CaseState.ACTIVE and row % 2:
            with clock_set_back(timedelta(days=2)):
                assign_worker(case.pk, actor=sami, worker=ana)
                level = draw.choice(list(Risk))
                assess_risk(case.pk, actor=ana, level=level, safety=Safety.SAFE, child_seen=True)
                steps.take_step(case.pk, "take_over", actor=ana)


def _imported(key: str, row: int, state: str, draw: random.Random, by: User) -> Case:
    now = clock.now()
    case = Case(
        agency=by.agency, state=state, imported_at=now, import_key=key, reported_at=now, state_since=now
    )
    keys.create(case.pk)
    case.save(force_insert=True)
    open_tracks(case)
    (given, gender), family = draw.choice(GIVEN), draw.choice(FAMILY)
    child = Child(case=case, gender=gender)
    child.languages = draw.choice(LANGUAGES)
    child.known_as = given
    child.birth_date = date(now.year - draw.randint(9, 16), draw.randint(1, 12), draw.randint(1, 28))
    child.birth_certainty = BirthCertainty.EXACT
    child.save(force_insert=True)
    name = PersonName(child=child, case=case, kind=NameKind.LEGAL, script=script_of(given))
    name.given, name.family = given, family
    name.save(force_insert=True)
    identity.index(child)
    grounds.open_owner(case, by.agency, by=by)
    ImportedRecord.objects.create(
        case=case,
        profile="demo",
        file_digest="",
        row=row,
        source_status=state,
        content_token=0,
        imported_at=now,
    )
    kept = ImportedValues(case=case, section=Section.LEGAL)
    kept.values = {"vic_TraffickingStatus": "PossibleVictimOfTrafficking"}
    kept.save(force_insert=True)
    record(by, "case.imported", case, case_id=case.pk, sections=[Section.LEGAL], profile="demo", row=row)
    return case


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


def give_to_partners(people: dict[str, User]) -> None:
    """What clinic, lawyer and shelter were given of Ana's files, and a step that may go on without consent."""
    sami, ana = people["sami"], people["ana"]
    if CaseAccess.objects.filter(basis=Basis.PERSONAL).exists():
        return
    cases = Case.objects.filter(assignments__worker=ana, state=CaseState.REGISTERED).order_by("reported_at")
    given = (
        ("dr-mila", [Section.IDENTITY, Section.MEDICAL], True, "Treats the child since the first night."),
        ("lex", [Section.IDENTITY, Section.LEGAL], True, "Represents the child in the proceedings."),
        ("petra", [Section.IDENTITY, Section.SHELTER], False, "The child lives in the house."),
    )
    until = clock.now() + timedelta(days=90)
    for case in cases[:3]:
        for username, sections, may_write, reason in given:
            grant_personally(
                case.pk,
                actor=sami,
                account=people[username],
                sections=sections,
                may_write=may_write,
                until=until,
                reason=reason,
            )
    screening = Case.objects.filter(assignments__worker=ana, state=CaseState.SCREENING).order_by(
        "reported_at"
    )
    steps.override_guard(
        screening[0].pk,
        "register",
        "consent_services",
        actor=sami,
        reason="The child cannot be asked before the interpreter comes on Monday; help cannot wait.",
    )
