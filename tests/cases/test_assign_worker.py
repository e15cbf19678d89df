"""A supervisor gives a case to a worker."""

from cases.models import Assignment, Case, CaseAccess
from cases.models.choices import Basis
from cases.services.reports import take_report
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses, told
from tests.cast import Cast


def test_strangers_find_nothing_readers_may_not_and_a_supervisor_may(cast: Cast, case: Case) -> None:
    data = {"worker": cast.ben.pk}
    assert statuses([cast.omar, cast.aida, cast.petra, cast.ben], "case_assign", case.pk, **data) == [404] * 4
    assert statuses([cast.ana], "case_assign", case.pk, **data) == [403]
    assert files.worker_of(case) == cast.ana
    assert statuses([cast.sami], "case_assign", case.pk, **data) == [302]
    assert files.worker_of(case) == cast.ben


def test_a_supervisor_of_another_agency_finds_nothing(cast: Cast, case: Case) -> None:
    cast.vera.agency = cast.omar.agency
    cast.vera.save()
    assert statuses([cast.vera], "case_assign", case.pk, worker=cast.ben.pk) == [404]


def test_whoever_had_it_loses_it_at_once(cast: Cast, case: Case) -> None:
    post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert get(cast.ana, "case", case.pk).status_code == 404
    assert get(cast.ben, "case", case.pk).status_code == 200
    ended = CaseAccess.objects.get(case=case, account=cast.ana)
    assert ended.ended_by == cast.sami
    assert Assignment.objects.get(case=case, worker=cast.ana).ended_at is not None


def test_the_worker_is_told_and_it_is_audited(cast: Cast, case: Case) -> None:
    post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert told(cast.ben)[-1] == "case.assigned"
    event = last(case.pk, "case.assigned")
    assert (event.actor, event.details) == (cast.sami, {"worker": str(cast.ben.pk)})


def test_it_meets_the_clock_that_waits_for_it(cast: Cast) -> None:
    case = take_report(files.reported(cast).pk, actor=cast.sami)
    assert "assign" in running(case)
    post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert "assign" not in running(case)


def test_only_an_active_worker_of_the_agency_is_taken(cast: Cast, case: Case) -> None:
    cast.ben.is_active = False
    cast.ben.save()
    for nobody in (cast.ben.pk, cast.omar.pk, cast.vera.pk, "nobody", ""):
        answer = post(cast.sami, "case_assign", case.pk, worker=nobody)
        assert answer.status_code == 422
        assert 'class="error' in answer.content.decode()
    assert files.worker_of(case) == cast.ana


def test_the_same_worker_twice_is_one_ground(cast: Cast, case: Case) -> None:
    for _click in range(2):
        post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert CaseAccess.objects.live().filter(case=case, basis=Basis.ASSIGNMENT).count() == 1
    assert files.worker_of(case) == cast.ben


def test_a_closed_file_gets_no_new_worker(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency)
    answer = post(cast.sami, "case_assign", case.pk, worker=cast.ben.pk)
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    assert files.fresh(case).facts.assignment is None
