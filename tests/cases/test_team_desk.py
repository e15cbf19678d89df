"""What a supervisor finds on the desk: approvals, caseload, files without a worker, what is late."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from cases.models import Case
from cases.models.choices import CaseState, EarlyEnd, Risk
from cases.services.steps import propose_end
from cases.views.caseload import Load
from tests.cases import files
from tests.cases.asking import browser, get, last
from tests.cast import Cast
from vault import keys
from workflow import deadlines


def desk(user: User) -> Any:
    page = get(user, "team")
    assert page.status_code == 200
    return page


def approvals(user: User) -> dict[str, str]:
    """Code of the case, and the page where the step is taken."""
    return {each.row.case.code: each.url for each in desk(user).context["waiting"].approvals}


def planned(cast: Cast, author: User) -> Case:
    return files.in_state("planned", cast.ana.agency, worker=cast.ana, plan_author=author)


def load_of(user: User, worker: User) -> Load:
    loads: list[Load] = desk(user).context["caseload"].workers
    return next(load for load in loads if load.worker_id == worker.pk)


def test_it_is_a_supervisor_s_and_each_sees_their_own_team(cast: Cast, case: Case, nora: User) -> None:
    for user in (cast.ana, cast.omar, cast.petra, cast.aida, cast.hotline, cast.stella, cast.admin):
        assert get(user, "team").status_code == 403
        assert "/team/" not in get(user, "today").content.decode()
    free = files.in_state("screening", cast.ana.agency)
    assert free.code in desk(cast.sami).content.decode()
    page = desk(nora).content.decode()
    for word in (free.code, case.code, "Ana", "Ben"):
        assert word not in page
    assert "/team/" in get(cast.sami, "today").content.decode()


def test_a_plan_waits_for_somebody_who_did_not_write_it(cast: Cast) -> None:
    by_ana, by_sami = planned(cast, cast.ana), planned(cast, cast.sami)
    nobodys = files.in_state("planned", cast.ana.agency, worker=cast.ana)
    expected = {by_ana.code: reverse("case_step", args=[by_ana.pk, "activate"])}
    assert approvals(cast.sami) == expected
    assert set(approvals(cast.vera)) == {by_ana.code, by_sami.code}
    assert nobodys.code not in approvals(cast.vera)
    assert get(cast.sami, "case_step", by_ana.pk, "activate").status_code == 200


def test_a_closure_and_an_early_end_wait_for_another_person(cast: Cast) -> None:
    agency = cast.ana.agency
    closure = files.in_state("monitoring", agency, worker=cast.ana, closure_author=cast.ana)
    files.in_state("monitoring", agency, worker=cast.ana)
    early = files.in_state("active", agency, worker=cast.ana)
    propose_end(early.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    steps = {
        closure.code: reverse("case_step", args=[closure.pk, "close"]),
        early.code: reverse("case_step", args=[early.pk, "end_early"]),
    }
    assert approvals(cast.sami) == {closure.code: steps[closure.code]}
    assert approvals(cast.vera) == steps
    assert "written by <bdi>Sami</bdi>" in desk(cast.vera).content.decode()


def test_what_is_approved_or_ended_waits_no_more(cast: Cast) -> None:
    for state in (CaseState.ACTIVE, CaseState.CLOSED, CaseState.REFERRED_OUT):
        files.in_state(state, cast.ana.agency, plan_author=cast.ana, closure_author=cast.ana)
    assert approvals(cast.sami) == {}


def test_every_worker_is_counted_by_risk_and_overdue(cast: Cast, clock_at: Any) -> None:
    for level in (Risk.HIGH, Risk.HIGH, Risk.LOW, ""):
        late = files.in_state("active", cast.ana.agency, worker=cast.ana, risk=level)
    files.in_state("closed", cast.ana.agency, worker=cast.ana, risk=Risk.HIGH)
    files.in_state("active", cast.ana.agency, worker=cast.ben, risk=Risk.MEDIUM)
    files.in_state("active", cast.omar.agency, worker=cast.omar, risk=Risk.HIGH)
    deadlines.start(late.pk, "contact", late.state_since + timedelta(hours=1), agency=late.agency)
    clock_at.forward(timedelta(hours=2))
    ana, ben = load_of(cast.sami, cast.ana), load_of(cast.sami, cast.ben)
    assert (ana.files, ana.cells, ana.late) == (4, [2, 0, 1, 1], 1)
    assert (ben.files, ben.cells, ben.late) == (1, [0, 1, 0, 0], 0)
    assert "Omar" not in desk(cast.sami).content.decode()


def test_the_bars_are_as_long_as_the_numbers(cast: Cast) -> None:
    for level in (Risk.HIGH, Risk.HIGH, Risk.LOW, ""):
        files.in_state("active", cast.ana.agency, worker=cast.ana, risk=level)
    files.in_state("active", cast.ana.agency, worker=cast.ben, risk=Risk.MEDIUM)
    assert load_of(cast.sami, cast.ana).parts == [("high", 0, 500), ("low", 500, 250), ("unset", 750, 250)]
    assert load_of(cast.sami, cast.ben).parts == [("medium", 0, 250)]
    page = desk(cast.sami).content.decode()
    assert '<rect class="low" x="500" y="0" width="250" height="10"/>' in page
    assert "style=" not in page


def test_a_worker_without_files_stands_there_too_and_one_who_left_is_marked(cast: Cast, case: Case) -> None:
    assert load_of(cast.sami, cast.ben).files == 0
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert load_of(cast.sami, cast.ana).is_here is False
    assert "works here no more" in desk(cast.sami).content.decode()


def test_files_without_a_worker_lead_to_giving_them_one(cast: Cast, case: Case) -> None:
    free = files.in_state("screening", cast.ana.agency)
    files.in_state("closed", cast.ana.agency)
    found = desk(cast.sami)
    assert [row.case for row in found.context["waiting"].unassigned] == [free]
    assert found.context["caseload"].unassigned == 1
    assert reverse("case_assign", args=[free.pk]) in found.content.decode()


def test_what_is_overdue_is_counted_by_kind(cast: Cast, case: Case, clock_at: Any) -> None:
    other, foreign = files.screened(cast), files.in_state("active", cast.omar.agency)
    deadlines.start(foreign.pk, "contact", foreign.state_since, agency=foreign.agency)
    clock_at.forward(timedelta(hours=25))
    late = {each.title: (each.number, each.cases) for each in desk(cast.sami).context["overdue"]}
    assert late["See the child: first response"] == (2, 2)
    assert other.code not in desk(cast.sami).content.decode()


def test_being_listed_is_recorded_and_nothing_else_is_said_to_be_read(cast: Cast, case: Case) -> None:
    waits = planned(cast, cast.ana)
    desk(cast.sami)
    event = last(waits.pk, "case.listed")
    assert (event.actor, event.details["basis"]) == (cast.sami, ["team"])
    # Counted, not listed.
    assert not AuditEvent.objects.filter(case_id=case.pk, verb="case.listed", actor=cast.sami).exists()


def test_a_list_that_cannot_be_recorded_is_not_served(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = planned(cast, cast.ana)

    def fails(*_values: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fails)
    client = browser(cast.sami)
    client.raise_request_exception = False
    answer = client.get(reverse("team"))
    assert (answer.status_code, waits.code in answer.content.decode()) == (500, False)


def test_an_empty_desk_says_what_it_is_for(cast: Cast, nora: User) -> None:
    page = desk(nora).content.decode()
    for words in ("Nothing waits for your approval", "Nothing is overdue", "Nobody is on duty"):
        assert words in page


def spent(user: User) -> tuple[int, int]:
    client = Client()
    client.force_login(user)
    keys.forget_cached()
    with (
        CaptureQueriesContext(connections["default"]) as application,
        CaptureQueriesContext(connections["keys"]) as store,
    ):
        page = client.get(reverse("team"))
    return len(application) + len(store), len(gzip.compress(page.content, 6))


def test_it_costs_the_same_for_few_files_and_for_many(cast: Cast) -> None:
    def furnish(count: int) -> None:
        for _each in range(count):
            planned(cast, cast.ana)
            case = files.in_state("screening", cast.ana.agency)
            deadlines.start(case.pk, "contact", case.state_since, agency=case.agency)

    furnish(2)
    few, size = spent(cast.sami)
    assert few <= 12
    assert size <= 14 * 1024
    furnish(20)
    many, size = spent(cast.sami)
    assert many == few
    assert size <= 14 * 1024
