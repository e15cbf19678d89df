"""The child is missing; the child is found."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis, Risk
from cases.services.errors import Invalid
from cases.services.police import record_police_told
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


def test_the_file_asks_for_the_police_before_what_is_late(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=15))
    take_step(case.pk, "suspend", actor=cast.ana)
    first, *others = get(cast.ana, "case", case.pk).context["due"]
    assert first.title == "Tell the police that the child is missing"
    assert others


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
    assert "somebody saw it or spoke with it" in answer.content.decode()
    clock_at.forward(timedelta(hours=1))
    files.look_at_safety(case, cast.ana)
    assert post(cast.ana, "case_step", case.pk, "resume").status_code == 409
    files.look_at_safety(case, cast.ana, seen=True)
    assert post(cast.ana, "case_step", case.pk, "resume").status_code == 302
    assert files.fresh(case).state == "screening"


def test_found_is_the_workers_word(cast: Cast, missing: Case) -> None:
    files.look_at_safety(missing, cast.ana, seen=True)
    assert statuses([cast.omar, cast.ben], "case_step", missing.pk, "resume") == [404] * 2
    assert statuses([cast.sami], "case_step", missing.pk, "resume") == [403]
    assert statuses([cast.ana, cast.ana], "case_step", missing.pk, "resume") == [302, 302]
    assert "tell_police" not in running(missing)


def test_the_contact_clock_stands_still_while_the_child_is_missing(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    files.look_at_safety(case, cast.ana, seen=True)
    assert "contact" in running(case)
    take_step(case.pk, "suspend", actor=cast.ana)
    assert "contact" not in running(case)
    clock_at.forward(timedelta(days=20))
    assert "Speak with the child again" not in get(cast.ana, "today").content.decode()
    files.look_at_safety(case, cast.ana, Risk.HIGH, seen=True)
    assert "contact" not in running(case)
    take_step(case.pk, "resume", actor=cast.ana)
    assert clock_of(case, "contact").starts_at > case.reported_at + timedelta(days=20)


def test_an_imported_child_that_nobody_took_over_is_found_without_clocks(cast: Cast) -> None:
    case = files.in_state("suspended", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana, seen=True)
    take_step(case.pk, "resume", actor=cast.ana)
    assert running(case) == set()


@pytest.mark.parametrize("name", ["ana", "sami", "ben"])
def test_those_who_work_on_the_case_record_that_the_police_were_told(
    cast: Cast, missing: Case, name: str
) -> None:
    files.ground(missing, Basis.DUTY, account=cast.ben)
    person = getattr(cast, name)
    assert f"/cases/{missing.pk}/police/" in get(person, "today").content.decode()
    assert post(person, "case_police", missing.pk, reference="Station 4, no. 17").status_code == 302
    assert files.fresh(missing).police_reference == "Station 4, no. 17"
    assert "tell_police" not in running(missing)
    event = last(missing.pk, "case.police_told")
    assert (event.actor, event.details, event.reason) == (person, {}, None)
    assert "Station 4, no. 17" in get(cast.sami, "case_police", missing.pk).content.decode()
    assert "recorded that the police were told" in get(cast.sami, "case", missing.pk).content.decode()


def test_others_record_nothing_about_the_police(cast: Cast, missing: Case, nora: User) -> None:
    files.ground(missing, Basis.REFERRAL, account=cast.petra)
    assert statuses([nora, cast.omar, cast.ben], "case_police", missing.pk, reference="17") == [404] * 3
    assert statuses([cast.petra], "case_police", missing.pk, reference="17") == [403]
    assert post(cast.ana, "case_police", missing.pk, reference=" ").status_code == 422
    assert "tell_police" in running(missing)


def test_the_reference_belongs_to_one_suspension(cast: Cast, missing: Case) -> None:
    record_police_told(missing.pk, actor=cast.ana, reference="17")
    files.look_at_safety(missing, cast.ana, seen=True)
    take_step(missing.pk, "resume", actor=cast.ana)
    with pytest.raises(Invalid):
        record_police_told(missing.pk, actor=cast.ana, reference="18")
    assert post(cast.ana, "case_police", missing.pk, reference="18")["Location"] == f"/cases/{missing.pk}/"
    take_step(missing.pk, "suspend", actor=cast.ana)
    assert files.fresh(missing).police_reference is None
    assert "tell_police" in running(missing)
