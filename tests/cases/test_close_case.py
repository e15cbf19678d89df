"""The worker writes the closure, a supervisor who did not write it closes the case."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import clock
from accounts import policy
from accounts.models import User
from cases.models import Case, CaseAccess, Closure
from cases.models.choices import Basis, BirthCertainty, EarlyEnd, Risk
from cases.services.identity import record_identity
from cases.services.steps import propose_end, take_step
from tests.cases import facts, files
from tests.cases.asking import day, get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines
from workflow.machine import Refused

TODAY = "Europe/Vienna"


def form(**changes: Any) -> dict[str, Any]:
    today = clock.today(TODAY)
    settled = {"summary": "She lives with her aunt and goes to school.", "no_guardian_because": ""}
    return settled | day("child_informed_on", today) | day("guardian_informed_on", today) | changes


NO_GUARDIAN_DAY = {f"guardian_informed_on_{part}": "" for part in ("day", "month", "year")}


@kept
def monitored(cast: Cast) -> Case:
    """In ana's hands, everything done but the closure."""
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana)
    files.look_at_safety(case, cast.ana, Risk.LOW)
    facts.visited(case, cast.ana)
    return files.fresh(case)


def written(cast: Cast, case: Case) -> Case:
    assert post(cast.ana, "closure", case.pk, **form()).status_code == 302
    return files.fresh(case)


def test_strangers_find_nothing_readers_may_not_and_the_worker_writes_it(
    cast: Cast, monitored: Case, nora: User
) -> None:
    files.ground(monitored, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra, cast.pia]
    assert statuses(strangers, "closure", monitored.pk, **form()) == [404] * 6
    assert statuses([cast.sami], "closure", monitored.pk, **form()) == [403]
    assert not Closure.objects.exists()
    case = written(cast, monitored)
    assert case.closure_author == cast.ana
    closure = Closure.objects.get()
    assert (closure.summary, closure.written_by) == ("She lives with her aunt and goes to school.", cast.ana)


def test_whoever_works_on_it_reads_it(cast: Cast, monitored: Case) -> None:
    written(cast, monitored)
    page = get(cast.sami, "closure", monitored.pk).content.decode()
    assert "She lives with her aunt" in page
    assert last(monitored.pk, "case.read").sections == ["plan"]
    assert "Write the closure" not in page.split("What closing needs")[1].split("Written so far")[1]


def test_its_worker_is_led_to_it_from_the_page_of_the_case(cast: Cast, monitored: Case) -> None:
    """The step itself is a supervisor's; what it waits for is hers."""
    page = get(cast.ana, "case", monitored.pk).content.decode()
    assert "This step belongs to a supervisor of the team." in page
    assert page.count(f'href="/cases/{monitored.pk}/closure/"') == 2


def test_what_is_open_is_shown_where_everything_stands_that_is_due(cast: Cast, monitored: Case) -> None:
    """Also what is no task of the plan: what an authority owes, an assessment asked for once."""
    deadlines.start(monitored.pk, "best_interests_again", clock.now(), agency=monitored.agency)
    page = get(cast.sami, "case", monitored.pk).content.decode()
    assert f'href="/cases/{monitored.pk}/#next"' in page
    assert "Make a new best-interests assessment" in page.split('id="next"')[1].split('id="blocks"')[0]


def test_a_supervisor_closes(cast: Cast, monitored: Case, nora: User) -> None:
    written(cast, monitored)
    assert told(cast.sami)[-1] == "closure.written"
    assert statuses([nora, cast.ben, cast.petra], "case_step", monitored.pk, "close") == [404] * 3
    assert statuses([cast.ana], "case_step", monitored.pk, "close") == [403]
    assert statuses([cast.sami, cast.vera], "case_step", monitored.pk, "close") == [302, 302]
    closed = files.fresh(monitored)
    assert (closed.state, closed.closure_author, closed.closure_approver) == ("closed", cast.ana, cast.sami)
    assert verbs(monitored.pk).count("case.close") == 1


def test_who_wrote_it_does_not_close_it_in_another_role(cast: Cast, monitored: Case) -> None:
    written(cast, monitored)
    Case.objects.filter(pk=monitored.pk).update(closure_author=cast.sami)
    answer = post(cast.sami, "case_step", monitored.pk, "close")
    assert answer.status_code == 409
    assert "approved by somebody who did not propose it" in answer.content.decode()


def test_every_missing_thing_is_named_with_its_source(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana, risk="high")
    facts.task(case, cast.ana)
    answer = post(cast.sami, "case_step", case.pk, "close")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("required visits are done", "No referral, task", "closure summary is written", "is kept"):
        assert words in page
    assert "IACM" in page
    assert "CRC 12" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"summary": " \u200b"}, "We need an answer here."),
        ({"summary": "x" * 20_001}, "20000"),
        ({"child_informed_on_day": "31", "child_informed_on_month": "2"}, "There is no such day"),
        ({"child_informed_on_year": "2190"}, "future"),
        ({"guardian_informed_on_year": "2190"}, "future"),
        (NO_GUARDIAN_DAY, "say why there is no guardian"),
        ({"no_guardian_because": "None is appointed."}, "not both"),
    ],
)
def test_a_wrong_entry_gets_a_sentence_and_saves_nothing(
    cast: Cast, monitored: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "closure", monitored.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Closure.objects.exists()
    assert files.fresh(monitored).retain_until is None


def test_without_a_guardian_it_is_said_why(cast: Cast, monitored: Case) -> None:
    sent = form(**NO_GUARDIAN_DAY, no_guardian_because="The aunt has custody.")
    assert post(cast.ana, "closure", monitored.pk, **sent).status_code == 302
    assert "The aunt has custody." in get(cast.ana, "closure", monitored.pk).content.decode()


@pytest.mark.parametrize("state", ["screening", "active", "suspended", "closed", "duplicate"])
def test_it_is_written_in_monitoring_and_at_no_other_time(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency, worker=cast.ana)
    answer = post(cast.ana, "closure", case.pk, **form())
    assert answer.status_code == 422
    assert "once monitoring has begun" in answer.content.decode()
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("born", "certainty", "until"),
    [
        (date(2012, 5, 4), BirthCertainty.EXACT, date(2040, 12, 31)),
        (date(2012, 1, 1), BirthCertainty.YEAR, date(2040, 12, 31)),
        (None, BirthCertainty.UNKNOWN, date(2037, 12, 31)),
        (date(2001, 1, 1), BirthCertainty.ESTIMATED, date(2037, 12, 31)),
    ],
)
def test_the_file_is_kept_for_years_after_the_year_in_which_the_child_came_of_age(
    cast: Cast, clock_at: Any, born: date | None, certainty: str, until: date
) -> None:
    clock_at(clock.now().replace(year=2027, month=3, day=1, hour=12))
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana)
    identity = files.identity(birth_date=born, birth_certainty=certainty)
    record_identity(case.pk, actor=cast.ana, identity=identity)
    assert written(cast, case).retain_until == until


def test_an_agency_keeps_its_files_as_long_as_it_says(cast: Cast, monitored: Case) -> None:
    policy.set_value("case.retention_years", 1, actor=None, agency=monitored.agency)
    assert written(cast, monitored).retain_until == date(clock.today(TODAY).year + 1, 12, 31)


def test_the_closure_of_an_earlier_time_says_nothing_about_this_one(
    cast: Cast, monitored: Case, clock_at: Any
) -> None:
    written(cast, monitored)
    clock_at.forward(timedelta(hours=1))
    take_step(monitored.pk, "return_to_active", actor=cast.ana, reason="The aunt fell ill.")
    again = files.fresh(monitored)
    assert (again.closure_author, again.retain_until) == (None, None)
    Case.objects.filter(pk=monitored.pk).update(durable_solution="handed_over")
    facts.settled_tracks(again, cast.ana)
    take_step(monitored.pk, "begin_monitoring", actor=cast.ana)
    page = post(cast.sami, "case_step", monitored.pk, "close").content.decode()
    assert "closure summary is written" in page
    assert files.fresh(monitored).state == "monitoring"


def test_two_proposals_do_not_add_up_to_one_persons_word(cast: Cast, monitored: Case) -> None:
    """Sami proposes an early end, ana's closure takes its place: sami cannot confirm what he proposed."""
    propose_end(monitored.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    case = written(cast, monitored)
    assert (case.early_end, case.closure_author) == ("", cast.ana)
    assert post(cast.sami, "case_step", monitored.pk, "end_early").status_code == 409
    # The other way round: an early end takes the closure's place, and it has to be written again.
    propose_end(monitored.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    assert post(cast.vera, "case_step", monitored.pk, "close").status_code == 409
    assert files.fresh(monitored).state == "monitoring"


@pytest.mark.parametrize("kind", ["identification", "representation", "evidence", "best_interests_again"])
def test_what_was_asked_for_once_is_done_before(cast: Cast, monitored: Case, kind: str) -> None:
    written(cast, monitored)
    later = clock.now() + timedelta(days=9)
    deadlines.start(monitored.pk, kind, later, agency=monitored.agency)
    answer = post(cast.sami, "case_step", monitored.pk, "close")
    assert answer.status_code == 409
    assert "No referral, task" in answer.content.decode()
    deadlines.meet(monitored.pk, kind)
    assert post(cast.sami, "case_step", monitored.pk, "close").status_code == 302


def test_clocks_that_come_round_do_not_hold_it_up(cast: Cast, monitored: Case) -> None:
    written(cast, monitored)
    for kind in ("contact", "plan_review", "permit_expires", "turns_18"):
        later = clock.now() + timedelta(days=9)
        deadlines.start(monitored.pk, kind, later, agency=monitored.agency)
    assert post(cast.sami, "case_step", monitored.pk, "close").status_code == 302
    assert running(monitored) == set()


def test_closed_it_is_the_teams_alone(cast: Cast, monitored: Case) -> None:
    ends = clock.now() + timedelta(days=9)
    files.ground(monitored, Basis.PERSONAL, account=cast.petra, until=ends, sections=["risk"])
    visit = facts.visit(monitored, cast.ana)
    visit.is_required = False
    visit.save()
    written(cast, monitored)
    assert get(cast.petra, "case_risk", monitored.pk).status_code == 200
    assert post(cast.sami, "case_step", monitored.pk, "close").status_code == 302
    assert get(cast.petra, "case_risk", monitored.pk).status_code == 404
    assert {row.basis for row in CaseAccess.objects.live().filter(case=monitored)} == {
        "team",
        "duty",
        "assignment",
    }
    visit.refresh_from_db()
    assert visit.cancelled_at is not None


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, monitored: Case) -> None:
    written(cast, monitored)
    event = last(monitored.pk, "closure.written")
    assert (event.details, event.sections, event.reason) == ({}, ["plan"], None)


def test_closed_in_the_year_after_it_is_kept_a_year_longer(
    cast: Cast, monitored: Case, clock_at: Any
) -> None:
    clock_at(datetime(2036, 12, 30, 12, tzinfo=UTC))
    assert written(cast, monitored).retain_until == date(2046, 12, 31)
    clock_at(datetime(2037, 1, 4, 12, tzinfo=UTC))
    assert take_step(monitored.pk, "close", actor=cast.sami).retain_until == date(2047, 12, 31)


@pytest.mark.parametrize("kind", ["answer_child", "representative_conflict"])
def test_nobody_is_left_without_an_answer(cast: Cast, monitored: Case, kind: str) -> None:
    written(cast, monitored)
    deadlines.start(monitored.pk, kind, clock.now(), agency=monitored.agency)
    with pytest.raises(Refused, match="nothing_open"):
        take_step(monitored.pk, "close", actor=cast.sami)
