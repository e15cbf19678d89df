"""The child is missing; the child is found."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from workflow import deadlines


@pytest.fixture
def missing(cast: Cast, case: Case) -> Case:
    return take_step(case.pk, "suspend", actor=cast.ana, reason="Did not come back from school.")


def test_worker_supervisor_duty_worker_and_caring_partner_may(cast: Cast) -> None:
    for person, basis in (
        (cast.ana, None),
        (cast.sami, None),
        (cast.ben, Basis.DUTY),
        (cast.petra, Basis.REFERRAL),
    ):
        case = files.screened(cast)
        if basis:
            files.ground(case, basis, account=person)
        assert statuses([person], "case_step", case.pk, "suspend", reason="") == [302]
        assert files.fresh(case).state == "suspended"


def test_strangers_find_nothing_and_other_readers_may_not(cast: Cast, case: Case, nora: User) -> None:
    files.ground(case, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "case_step", case.pk, "suspend") == [404] * 5
    assert statuses([cast.pia], "case_step", case.pk, "suspend") == [403]
    assert files.fresh(case).state == "screening"


def test_it_asks_for_nothing_beforehand(cast: Cast, case: Case) -> None:
    assert post(cast.ana, "case_step", case.pk, "suspend").status_code == 302
    suspended = files.fresh(case)
    assert (suspended.state, suspended.suspended_from) == ("suspended", "screening")


def test_the_police_are_to_be_told_at_once(cast: Cast, missing: Case) -> None:
    task = clock_of(missing, "tell_police")
    assert task.due_at <= task.starts_at + timedelta(seconds=1)
    assert deadlines.sweep() >= 1
    assert "overdue.tell_police" in told(cast.sami)
    page = get(cast.ana, "today", show="late").content.decode()
    assert "Tell the police that the child is missing" in page


def test_the_supervisors_are_told(cast: Cast, missing: Case) -> None:
    assert told(cast.sami)[-1] == told(cast.vera)[-1] == "case.missing"
    assert "case.missing" not in told(cast.omar)


def test_what_is_known_is_sealed_and_read_by_who_reads_notes(cast: Cast, missing: Case) -> None:
    assert last(missing.pk, "case.suspend").reason == "Did not come back from school."
    assert "Did not come back" in get(cast.sami, "case_history", missing.pk).content.decode()
    files.ground(missing, Basis.PANEL, account=cast.pia)
    assert "Did not come back" not in get(cast.pia, "case_history", missing.pk).content.decode()


def test_it_leaves_only_by_its_own_steps(cast: Cast, missing: Case) -> None:
    for edge in ("register", "suspend", "begin_screening", "take_over"):
        assert f"/steps/{edge}/" not in get(cast.ana, "case", missing.pk).content.decode()
        post(cast.ana, "case_step", missing.pk, edge)
    for edge in ("end_early", "find_not_eligible", "refer_out", "close"):
        assert f"/steps/{edge}/" not in get(cast.sami, "case", missing.pk).content.decode()
        post(cast.sami, "case_step", missing.pk, edge, code="adult", signpost="Graz")
    assert files.fresh(missing).state == "suspended"
    assert verbs(missing.pk)[-1] == "case.suspend"


def test_found_wants_safety_looked_at_anew(cast: Cast, case: Case, clock_at: Any) -> None:
    files.look_at_safety(case, cast.ana)
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "suspend", actor=cast.ana)
    answer = post(cast.ana, "case_step", case.pk, "resume")
    assert answer.status_code == 409
    assert "Safety was assessed again after the child was found." in answer.content.decode()
    clock_at.forward(timedelta(hours=1))
    files.look_at_safety(case, cast.ana)
    assert post(cast.ana, "case_step", case.pk, "resume").status_code == 302
    assert files.fresh(case).state == "screening"


def test_found_is_the_workers_word(cast: Cast, missing: Case) -> None:
    files.look_at_safety(missing, cast.ana)
    assert statuses([cast.omar, cast.ben], "case_step", missing.pk, "resume") == [404] * 2
    assert statuses([cast.sami], "case_step", missing.pk, "resume") == [403]
    assert statuses([cast.ana, cast.ana], "case_step", missing.pk, "resume") == [302, 302]
    assert "tell_police" not in running(missing)
