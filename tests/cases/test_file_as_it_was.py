"""The file as of any day equals the file exported on that day, whatever was done to it before and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.models import User
from cases.casefile import CaseFile, case_file
from cases.models import (
    Case,
    ExploitationAccount,
    Goal,
    IdNumber,
    Note,
    Person,
    PersonName,
    Placement,
    SearchTokens,
    Task,
    Voice,
)
from cases.models.choices import Answer, Purpose, Risk, Safety
from cases.services.assignment import assign_worker
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import add_id_number, add_name, record_identity, remove_id_number, remove_name
from cases.services.risk import assess_risk
from cases.services.steps import take_step
from cases.services.tracks import take_track_step
from tests.cases import files
from tests.cases.whole_file import document, fill, put
from tests.cast import Cast
from tests.conftest import ClockHand

ZONE = ZoneInfo("Europe/Vienna")
# Five days before the night in which Vienna's clocks leap.
BEGINS = datetime(2031, 3, 25, 6, tzinfo=UTC)
READERS: Mapping[str, tuple[list[Section], bool]] = {
    "worker": (list(Section), True),
    "panel": ([Section.IDENTITY, Section.CONTACTS, Section.ACCOUNT, Section.RISK, Section.LEGAL], False),
    "clinic": ([Section.MEDICAL], False),
    "notes of the plan": ([Section.NOTES, Section.PLAN], False),
    "nothing": ([], False),
}
Edit = Callable[["Scene", str], object]


@dataclass(frozen=True)
class Scene:
    case: Case
    cast: Cast

    @property
    def ana(self) -> User:
        return self.cast.ana


def _identity(scene: Scene, words: str) -> None:
    identity = files.identity(known_as=words, presumption_note=words[::-1], languages=words)
    record_identity(scene.case.pk, actor=scene.ana, identity=identity)


def _name(scene: Scene, words: str) -> None:
    add_name(scene.case.pk, actor=scene.ana, kind="alias", given=words, family="")


def _no_name(scene: Scene, words: str) -> None:
    name = PersonName.objects.filter(case=scene.case, removed_at__isnull=True).order_by("id").first()
    if name:
        remove_name(scene.case.pk, name.pk, actor=scene.ana)


def _number(scene: Scene, words: str) -> None:
    add_id_number(scene.case.pk, actor=scene.ana, kind="passport", country="XB", number=words)


def _no_number(scene: Scene, words: str) -> None:
    number = IdNumber.objects.filter(case=scene.case, removed_at__isnull=True).order_by("id").first()
    if number:
        remove_id_number(scene.case.pk, number.pk, actor=scene.ana)


def _risk(scene: Scene, words: str) -> None:
    level = list(Risk)[len(words) % 3]
    assess_risk(scene.case.pk, actor=scene.ana, level=level, safety=Safety.SAFE, child_seen=False, note=words)


def _consent(scene: Scene, words: str) -> None:
    answer = list(Answer)[len(words) % len(Answer)]
    if answer != Answer.WITHDRAWN:
        files.agree(scene.case, scene.ana, Purpose.DATA, answer)


def _missing(scene: Scene, words: str) -> None:
    step = "resume" if files.fresh(scene.case).state == "suspended" else "suspend"
    if step == "resume":
        files.look_at_safety(scene.case, scene.ana, seen=True)
    take_step(scene.case.pk, step, actor=scene.ana, reason=f"Since noon: {words}")


def _triage(scene: Scene, words: str) -> None:
    if files.fresh(scene.case).medical.state == "not_started":
        values = {"incident": "longer", "happened_on": clock.today(str(ZONE))}
        take_track_step(scene.case.pk, "medical", "begin_triage", actor=scene.ana, values=values)


def _worker(scene: Scene, words: str) -> None:
    worker = scene.cast.ben if files.worker_of(scene.case) == scene.ana else scene.ana
    assign_worker(scene.case.pk, actor=scene.cast.sami, worker=worker)
    if worker != scene.ana:
        assign_worker(scene.case.pk, actor=scene.cast.sami, worker=scene.ana)


def _by_hand(edit: Edit) -> Edit:
    """What has no service of its own in these rooms yet: rows saved as services save them."""

    def act(scene: Scene, words: str) -> None:
        with acting_as(scene.ana):
            edit(scene, words)

    return act


def _newest(model: Any, scene: Scene, **open_: Any) -> Any:
    return model.objects.filter(case=scene.case, **open_).order_by("id").first()


def _person(scene: Scene, words: str) -> None:
    put(Person, scene.case, role="mother", name=words, added_by=scene.ana)


def _change_person(scene: Scene, words: str) -> None:
    if person := _newest(Person, scene, removed_at__isnull=True):
        # From contacts to what happened: who may read of it changes too.
        person.role = "suspect" if person.role == "mother" else "mother"
        person.name, person.note = words, words
        person.save()


def _remove_person(scene: Scene, words: str) -> None:
    if person := _newest(Person, scene, removed_at__isnull=True):
        person.removed_at = clock.now()
        person.save(update_fields=["removed_at"])


def _move(scene: Scene, words: str) -> None:
    today = clock.today(str(ZONE))
    if place := _newest(Placement, scene, until__isnull=True):
        place.until = today
        place.save(update_fields=["until"])
    put(Placement, scene.case, kind="foster", is_safe=True, address=words, since=today, recorded_by=scene.ana)


def _account(scene: Scene, words: str) -> None:
    account = _newest(ExploitationAccount, scene) or ExploitationAccount(
        case=scene.case, recorded_by=scene.ana
    )
    account.words = words
    account.save()


def _plan(scene: Scene, words: str) -> None:
    goal = put(Goal, scene.case, track="medical", service_type="Health", words=words, set_by=scene.ana)
    put(
        Task,
        scene.case,
        goal=goal,
        words=words,
        assignee=scene.ana,
        due_on=clock.today(str(ZONE)),
        made_by=scene.ana,
    )


def _end_plan(scene: Scene, words: str) -> None:
    if goal := _newest(Goal, scene, ended_at__isnull=True):
        goal.outcome, goal.outcome_words, goal.ended_at = "partly", words, clock.now()
        goal.save()
    if task := _newest(Task, scene, done_at__isnull=True):
        task.result, task.done_at, task.done_by = words, clock.now(), scene.ana
        task.save()


def _voice(scene: Scene, words: str) -> None:
    today = clock.today(str(ZONE))
    if voice := _newest(Voice, scene, answer_sealed__isnull=True):
        voice.answer, voice.answered_on, voice.answered_by = words, today, scene.ana
        voice.save()
    else:
        put(Voice, scene.case, kind="wish", words=words, said_on=today, recorded_by=scene.ana)


def _note(scene: Scene, words: str) -> None:
    agency = scene.ana.agency
    put(Note, scene.case, section=Section.PLAN, words=words, written_by=scene.ana, agency=agency)


def _paper(scene: Scene, words: str) -> None:
    document(scene.case, scene.ana, Section.MEDICAL, title=words)


def _tokens(scene: Scene, words: str) -> None:
    """Derived, so without a history row: it must change nothing."""
    SearchTokens.objects.filter(case=scene.case).update(tokens=[len(words)])


EDITS: Mapping[str, Edit] = {
    "identity": _identity,
    "name": _name,
    "no name": _no_name,
    "number": _number,
    "no number": _no_number,
    "risk": _risk,
    "consent": _consent,
    "check": lambda scene, words: run_duplicate_check(scene.case.pk, actor=scene.ana),
    "missing": _missing,
    "triage": _triage,
    "worker": _worker,
    "tokens": _tokens,
} | {
    name: _by_hand(edit)
    for name, edit in {
        "person": _person,
        "change person": _change_person,
        "remove person": _remove_person,
        "move": _move,
        "account": _account,
        "plan": _plan,
        "end plan": _end_plan,
        "voice": _voice,
        "note": _note,
        "paper": _paper,
    }.items()
}
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
# An edit, what is written, and how much later: often within the day, sometimes just around midnight.
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(EDITS)), WORDS, st.sampled_from([1, 40, 400, 800, 1439, 1440, 2000])),
    min_size=2,
    max_size=14,
)


def exported(case: Case, at: datetime | None = None) -> dict[str, CaseFile]:
    return {
        name: case_file(case.pk, sections, at, for_team=for_team)
        for name, (sections, for_team) in READERS.items()
    }


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def local_day() -> date:
    return clock.now().astimezone(ZONE).date()


# Without shrinking: an example is a whole life of a file, and a hundred of them take minutes.
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_the_file_as_of_each_day_is_the_file_of_that_day(
    cast: Cast, clock_at: ClockHand, steps: list[tuple[str, str, int]]
) -> None:
    clock_at(BEGINS)
    scene = Scene(files.screened(cast), cast)
    kept: dict[date, dict[str, CaseFile]] = {}
    now, today = BEGINS, local_day()
    for name, words, minutes in steps:
        now += timedelta(minutes=minutes)
        if now.astimezone(ZONE).date() != today:
            kept[today] = exported(scene.case)
        clock_at(now)
        today = local_day()
        EDITS[name](scene, words)
    kept[today] = exported(scene.case)
    clock_at(now + timedelta(days=30))
    _identity(scene, "long after")
    for day, then in kept.items():
        assert exported(scene.case, end_of(day)) == then, day


def test_every_kind_of_row_is_as_it_was(cast: Cast, clock_at: ClockHand) -> None:
    clock_at(BEGINS)
    case = files.screened(cast)
    empty = exported(case)
    clock_at(BEGINS + timedelta(days=1))
    fill(case, cast.ana, cast.omar.agency)
    full = exported(case)
    clock_at(BEGINS + timedelta(days=9))
    with acting_as(cast.ana):
        for part_of_file in (Person, PersonName, IdNumber):
            for row in part_of_file.objects.filter(case=case):
                row.removed_at = clock.now()
                row.save()
    assert exported(case, end_of(BEGINS.date())) == empty
    assert exported(case, end_of(BEGINS.date() + timedelta(days=1))) == full
    assert exported(case)["worker"] != full["worker"]


def test_history_tells_of_every_row_what_the_row_says(cast: Cast, clock_at: ClockHand) -> None:
    """Rows that were written past their history would be missing from the file as it was."""
    clock_at(BEGINS)
    case = files.screened(cast)
    files.satisfy_registration(case, cast.ana)
    take_step(case.pk, "register", actor=cast.ana)
    assert exported(case, clock.now() + timedelta(days=1)) == exported(case)
    taken_over = files.in_state("active", cast.ana.agency, worker=cast.ana)
    assert exported(taken_over, clock.now() + timedelta(days=1)) == exported(taken_over)
