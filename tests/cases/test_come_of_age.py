"""Turning 18 while the case is open: a review of consent, guardian and the plan for adulthood is due."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from accounts.models import User
from cases.models import Case, Note
from cases.models.choices import Basis, BirthCertainty, EarlyEnd
from cases.services.identity import record_identity
from cases.services.steps import propose_end, take_step
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses, told
from tests.cast import Cast
from workflow import deadlines
from workflow.models import Deadline

VIENNA = ZoneInfo("Europe/Vienna")
FORM = {
    "consent": "Asked her again.",
    "representation": "The court knows.",
    "transition": "A room, a school.",
}


def born(cast: Cast, case: Case, day: date | None, certainty: str = BirthCertainty.EXACT) -> None:
    identity = files.identity(birth_date=day, birth_certainty=certainty)
    record_identity(case.pk, actor=cast.ana, identity=identity)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIENNA).astimezone(UTC)


@pytest.fixture
def soon(cast: Cast, case: Case, clock_at: Any) -> Case:
    """Turns 18 on 29 April 2027; the review is due from the first, after the clocks went forward."""
    clock_at(datetime(2027, 3, 20, 12, tzinfo=UTC))
    born(cast, case, date(2009, 4, 29))
    return case


@pytest.mark.parametrize(
    ("day", "certainty", "due"),
    [
        (date(2012, 5, 4), BirthCertainty.EXACT, date(2030, 5, 1)),
        (date(2012, 5, 31), BirthCertainty.EXACT, date(2030, 5, 1)),
        (date(2012, 2, 29), BirthCertainty.EXACT, date(2030, 3, 1)),
        (date(2012, 1, 1), BirthCertainty.YEAR, date(2030, 1, 1)),
    ],
)
def test_it_is_due_with_the_month_of_the_birthday_and_does_not_tell_its_day(
    cast: Cast, case: Case, day: date, certainty: str, due: date
) -> None:
    born(cast, case, day, certainty)
    assert clock_of(case, "turns_18").due_at == midnight(due)


@pytest.mark.parametrize("certainty", [BirthCertainty.ESTIMATED, BirthCertainty.UNKNOWN])
def test_of_an_uncertain_age_there_is_no_birthday(cast: Cast, case: Case, certainty: str) -> None:
    born(cast, case, date(2012, 5, 4))
    born(cast, case, date(2012, 1, 1) if certainty == BirthCertainty.ESTIMATED else None, certainty)
    assert "turns_18" not in running(case)
    assert not Deadline.objects.filter(case_id=case.pk, kind="turns_18", met_at__isnull=False).exists()


def test_another_birth_date_moves_it(cast: Cast, case: Case) -> None:
    born(cast, case, date(2012, 5, 4))
    born(cast, case, date(2012, 6, 4))
    assert clock_of(case, "turns_18").due_at == midnight(date(2030, 6, 1))


def test_when_the_month_begins_the_worker_is_told_once(cast: Cast, soon: Case, clock_at: Any) -> None:
    clock_at(midnight(date(2027, 4, 1)) - timedelta(minutes=1))
    deadlines.sweep()
    assert "case.turned_18" not in told(cast.ana)
    clock_at.forward(timedelta(minutes=2))
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.ana).count("case.turned_18") == 1
    assert told(cast.sami).count("overdue.turns_18") == 1
    assert "18th birthday" in get(cast.ana, "today", show="late").content.decode()


def test_strangers_find_nothing_readers_may_not_and_the_worker_reviews(
    cast: Cast, soon: Case, nora: User, clock_at: Any
) -> None:
    clock_at(midnight(date(2027, 4, 1)) + timedelta(hours=9))
    files.ground(soon, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra, cast.pia]
    assert statuses(strangers, "coming_of_age", soon.pk, **FORM) == [404] * 6
    assert statuses([cast.sami], "coming_of_age", soon.pk, **FORM) == [403]
    assert not Note.objects.exists()
    assert statuses([cast.ana], "coming_of_age", soon.pk, **FORM) == [302]
    note = Note.objects.get()
    assert (note.section, note.written_by, note.agency) == ("plan", cast.ana, cast.ana.agency)
    assert all(words in (note.words or "") for words in FORM.values())
    assert "turns_18" not in running(soon)
    assert last(soon.pk, "case.age_reviewed").details == {}


def test_it_says_what_to_look_at(cast: Cast, soon: Case) -> None:
    page = get(cast.sami, "coming_of_age", soon.pk).content.decode()
    for words in (
        "29 April 2027",
        "Consent: from the birthday on",
        "transition to adulthood",
        "EU2011/36 14(1)",
    ):
        assert words in page
    assert last(soon.pk, "case.read").sections == ["identity", "legal", "plan"]


def test_before_that_month_there_is_nothing_to_record(cast: Cast, soon: Case) -> None:
    assert "Record the review" not in get(cast.ana, "coming_of_age", soon.pk).content.decode()
    answer = post(cast.ana, "coming_of_age", soon.pk, **FORM)
    assert answer.status_code == 422
    assert "begins with the month of the 18th birthday" in answer.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize("name", ["consent", "representation", "transition"])
@pytest.mark.parametrize(("wrong", "says"), [(" \u200b", "We need an answer here."), ("x" * 20_001, "20000")])
def test_each_part_is_answered(
    cast: Cast, soon: Case, clock_at: Any, name: str, wrong: str, says: str
) -> None:
    clock_at(midnight(date(2027, 4, 1)) + timedelta(hours=9))
    answer = post(cast.ana, "coming_of_age", soon.pk, **FORM | {name: wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "turns_18" in running(soon)


def test_what_was_reviewed_is_not_asked_again_but_for_another_birthday(
    cast: Cast, soon: Case, clock_at: Any
) -> None:
    clock_at(midnight(date(2027, 4, 1)) + timedelta(hours=9))
    post(cast.ana, "coming_of_age", soon.pk, **FORM)
    record_identity(
        soon.pk,
        actor=cast.ana,
        identity=files.identity(
            known_as="Lira", birth_date=date(2009, 4, 29), birth_certainty=BirthCertainty.EXACT
        ),
    )
    assert "turns_18" not in running(soon)
    born(cast, soon, date(2010, 4, 29))
    assert "turns_18" in running(soon)


def test_a_closed_case_asks_for_nothing_and_a_reopened_one_again(cast: Cast, clock_at: Any) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    born(cast, case, date(2012, 5, 4))
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert running(case) == set()
    take_step(case.pk, "reopen", actor=cast.sami, reason="She asks for help.")
    assert "turns_18" in running(case)


def test_an_imported_case_starts_it_when_it_is_taken_over(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    born(cast, case, date(2012, 5, 4))
    assert running(case) == set()
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    assert clock_of(case, "turns_18").due_at == midnight(date(2030, 5, 1))
    assert clock.now() < midnight(date(2030, 5, 1))
