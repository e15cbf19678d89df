"""Two files are one child's: one stays, the other is marked, and it can be undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases import registry
from cases.models import Case, CaseUserObjectPermission
from cases.models.choices import Answer, Basis, GivenBy, Purpose
from cases.services.access import grant_personally
from cases.services.consents import record_consent, withdraw_consent
from cases.services.identity import add_name
from cases.services.steps import take_step
from tests.cases import facts, files
from tests.cases.asking import browser, clock_of, day, get, last, main_of, post, running, statuses, verbs
from tests.cast import Cast
from tests.kept import kept


@kept
def survivor(cast: Cast) -> Case:
    return files.screened(cast)


def test_strangers_find_nothing_workers_may_not_and_a_supervisor_may(
    cast: Cast, case: Case, survivor: Case, nora: User
) -> None:
    sent = {"surviving_case": survivor.code}
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "case_step", case.pk, "mark_duplicate", **sent) == [404] * 5
    assert statuses([cast.ana], "case_step", case.pk, "mark_duplicate", **sent) == [403]
    assert statuses([cast.sami, cast.sami], "case_step", case.pk, "mark_duplicate", **sent) == [302, 409]
    assert verbs(case.pk).count("case.mark_duplicate") == 1
    merged = files.fresh(case)
    assert (merged.state, merged.surviving_case, merged.merged_from) == ("duplicate", survivor, "screening")
    assert running(case) == set()


def test_the_code_is_taken_as_people_write_it(cast: Cast, case: Case, survivor: Case) -> None:
    sent = {"surviving_case": f" {survivor.code.lower()} "}
    assert post(cast.sami, "case_step", case.pk, "mark_duplicate", **sent).status_code == 302


def test_only_another_file_that_one_can_see_survives(cast: Cast, case: Case) -> None:
    elsewhere = files.in_state("active", cast.omar.agency)
    for code in (elsewhere.code, case.code, "XXX-XXX", "", "x" * 500):
        answer = post(cast.sami, "case_step", case.pk, "mark_duplicate", surviving_case=code)
        assert 400 <= answer.status_code < 500, code
        assert 'class="error' in answer.content.decode()
    assert files.fresh(case).state == "screening"


def test_no_merge_goes_round_in_a_ring(cast: Cast, case: Case, survivor: Case) -> None:
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    answer = post(cast.sami, "case_step", survivor.pk, "mark_duplicate", surviving_case=case.code)
    assert 400 <= answer.status_code < 500
    assert "No other file that you can see has this code." in answer.content.decode()
    assert files.fresh(survivor).state == "screening"


@pytest.mark.django_db(transaction=True)
def test_two_opposite_merges_at_one_moment_make_one(cast: Cast, case: Case, survivor: Case) -> None:
    def merge(pair: tuple[Case, Case]) -> str:
        try:
            take_step(pair[0].pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": pair[1]})
        except Invalid as refused:
            return refused.field
        finally:
            connections.close_all()
        return "merged"

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(merge, [(case, survivor), (survivor, case)]))
    assert sorted(answers) == ["merged", "surviving_case"]
    assert sorted((files.fresh(case).state, files.fresh(survivor).state)) == ["duplicate", "screening"]


def test_what_others_keep_of_a_case_ends_with_it(
    cast: Cast, case: Case, survivor: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called inside the transaction: one that cannot end what is its own leaves the case where it was."""
    ended: list[Case] = []

    def fail(case: Case, actor: User) -> None:
        raise RuntimeError

    monkeypatch.setattr(registry, "_leaving", [lambda left, actor: ended.append(left)])
    take_step(survivor.pk, "find_not_eligible", actor=cast.sami, values={"code": "adult", "signpost": "Graz"})
    assert ended == [survivor]
    monkeypatch.setattr(registry, "_leaving", [fail])
    with pytest.raises(RuntimeError), transaction.atomic():
        take_step.__wrapped__(  # type: ignore[attr-defined]
            case.pk, "find_not_eligible", actor=cast.sami, values={"code": "adult", "signpost": "Graz"}
        )
    assert files.fresh(case).state == "screening"


def test_it_is_audited_and_nobody_elses_name_is_in_it(cast: Cast, case: Case, survivor: Case) -> None:
    post(cast.sami, "case_step", case.pk, "mark_duplicate", surviving_case=survivor.code)
    event = last(case.pk, "case.mark_duplicate")
    assert (event.actor, event.details["from"], event.details["to"]) == (cast.sami, "screening", "duplicate")
    assert "Lirana" not in str(event.details)


def test_it_can_be_undone(cast: Cast, case: Case, survivor: Case, nora: User) -> None:
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    sent = {"reason": "They are sisters."}
    assert statuses([nora, cast.omar], "case_step", case.pk, "undo_duplicate", **sent) == [404] * 2
    assert statuses([cast.ana], "case_step", case.pk, "undo_duplicate", **sent) == [403]
    assert statuses([cast.sami], "case_step", case.pk, "undo_duplicate", reason="") == [422]
    assert statuses([cast.sami], "case_step", case.pk, "undo_duplicate", **sent) == [302]
    back = files.fresh(case)
    assert (back.state, back.surviving_case) == ("screening", None)
    assert last(case.pk, "case.undo_duplicate").reason == "They are sisters."


def test_undone_its_clocks_run_on(cast: Cast, case: Case, survivor: Case) -> None:
    before = {kind: clock_of(case, kind).due_at for kind in running(case)}
    assert before
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="They are sisters.")
    assert {kind: clock_of(case, kind).due_at for kind in running(case)} == before


def test_a_missing_childs_file_goes_back_to_missing(cast: Cast, case: Case, survivor: Case) -> None:
    take_step(case.pk, "suspend", actor=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    back = take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Another girl.")
    assert (back.state, back.suspended_from) == ("suspended", "screening")


def test_the_merge_moves_no_row(cast: Cast, case: Case, survivor: Case) -> None:
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert get(cast.ana, "case_identity", case.pk).status_code == 200
    assert files.fresh(case).child.case == case


def test_the_merged_file_names_the_one_that_goes_on_to_who_can_see_it(
    cast: Cast, case: Case, survivor: Case
) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    page = get(cast.sami, "case", case.pk).content.decode()
    assert f'href="/cases/{survivor.pk}/">Open {survivor.code}' in page
    page = get(cast.ben, "case", case.pk).content.decode()
    assert survivor.code not in page
    assert str(survivor.pk) not in page
    assert "merged into another one" in page


def test_the_code_of_the_other_file_can_be_filled_in(cast: Cast, case: Case, survivor: Case) -> None:
    page = get(cast.sami, "case_step", case.pk, "mark_duplicate", surviving_case=survivor.code)
    assert f'value="{survivor.code}"' in page.content.decode()


def test_nothing_new_is_recorded_in_a_file_that_has_ended(cast: Cast, case: Case, survivor: Case) -> None:
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    (name, number) = (case.child.names.latest("pk"), uuid4())
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    before = verbs(case.pk)
    today = day("given_on", clock.today("Europe/Vienna"))
    sent: tuple[tuple[str, list[object], dict[str, object]], ...] = (
        ("case_risk", [], {"level": "low", "safety": "safe"}),
        ("consent_new", [], {"purpose": "data", "answer": "assent", "given_by": "child", **today}),
        ("case_identity", [], {"gender": "Feminine", "birth_certainty": "unknown"}),
        ("name_add", [], {"kind": "alias", "given": "Li"}),
        ("number_add", [], {"kind": "passport", "number": "1"}),
    )
    for page, more, data in sent:
        answer = post(cast.ana, page, case.pk, *more, **data)
        assert answer.status_code == 422, page
        assert "This file has ended." in answer.content.decode(), page
    for page, part in (("name_remove", [name.pk]), ("number_remove", [number]), ("duplicates_run", [])):
        answer = browser(cast.ana).post(reverse(page, args=[case.pk, *part]), follow=True)
        assert "This file has ended. Nothing new is recorded in it." in answer.content.decode(), page
    assert verbs(case.pk) == before


def test_the_pages_of_a_file_that_has_ended_have_no_forms(cast: Cast, case: Case, survivor: Case) -> None:
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    for page in ("case_risk", "consents", "case_identity", "case_duplicates"):
        text = main_of(cast.ana, page, case.pk)
        assert "This file has ended." in text, page
        assert f'action="/cases/{case.pk}' not in text, page
        assert '<form class="card' not in text, page
    assert get(cast.ana, "consent_new", case.pk)["Location"] == f"/cases/{case.pk}/consents/"


def test_undone_its_tasks_visits_and_personal_grants_are_there_again(
    cast: Cast, case: Case, survivor: Case
) -> None:
    grant_personally(
        case.pk,
        actor=cast.sami,
        account=cast.petra,
        sections=[Section.RISK],
        may_write=False,
        until=clock.now() + timedelta(days=9),
        reason="For the night.",
    )
    task, visit = facts.task(case, cast.ana), facts.visit(case, cast.ana)
    dropped = facts.task(case, cast.ana)
    dropped.dropped_at = clock.now()
    dropped.save()
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    for row in (task, visit):
        row.refresh_from_db()
        assert not row.is_open
    assert get(cast.petra, "case_risk", case.pk).status_code == 404
    assert not CaseUserObjectPermission.objects.filter(user=cast.petra).exists()
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="They are sisters.")
    for row in (task, visit):
        row.refresh_from_db()
        assert row.is_open
    # What somebody dropped before stays dropped.
    dropped.refresh_from_db()
    assert not dropped.is_open
    assert get(cast.petra, "case_risk", case.pk).status_code == 200
    assert CaseUserObjectPermission.objects.filter(user=cast.petra).exists()


def test_undone_nobody_gets_back_what_consent_was_withdrawn_for(
    cast: Cast, case: Case, survivor: Case
) -> None:
    today = clock.today("Europe/Vienna")
    shared = record_consent(
        case.pk,
        actor=cast.ana,
        purpose=Purpose.SHARING,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=today,
        recipient=cast.petra.agency,
    )
    grant_personally(
        case.pk,
        actor=cast.sami,
        account=cast.petra,
        sections=[Section.RISK],
        may_write=False,
        until=clock.now() + timedelta(days=9),
        reason="For the night.",
    )
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    withdraw_consent(case.pk, shared.pk, actor=cast.ana, given_by=GivenBy.CHILD, given_on=today)
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="They are sisters.")
    assert get(cast.petra, "case", case.pk).status_code == 404
