"""One file or many change hands at once: all of them or none, and nothing outside the supervisor's scope."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, User
from cases.models import Assignment, Case, CaseAccess
from cases.models.choices import Basis
from cases.services.assignment import assign_worker
from cases.services.team import MOST_AT_ONCE, reassign
from tests.cases import files
from tests.cases.asking import browser, get, last, post, told
from tests.cast import Cast
from tests.kept import kept


@kept
def both(cast: Cast) -> list[Case]:
    """Two files of ana."""
    return [files.screened(cast), files.screened(cast)]


def moving(cast: Cast, cases: Iterable[Case], **changes: Any) -> dict[str, Any]:
    data = {"worker": cast.ana.pk, "to": cast.ben.pk, "cases": [case.pk for case in cases]}
    return data | changes


def naming(cast: Cast, chosen: Iterable[object]) -> dict[str, Any]:
    """Files by what a browser sends, whatever that is."""
    return moving(cast, []) | {"cases": list(chosen)}


def workers(cases: Iterable[Case]) -> list[User | None]:
    return [files.worker_of(case) for case in cases]


def test_it_is_a_supervisor_s(cast: Cast, both: list[Case], nora: User) -> None:
    others = [cast.ana, cast.ben, cast.omar, cast.petra, cast.aida, cast.hotline]
    for user in others:
        assert get(user, "team_reassign").status_code == 403
        assert post(user, "team_reassign", **moving(cast, both)).status_code == 403
    for data in (moving(cast, both), {"worker": cast.ana.pk}):
        assert get(nora, "team_reassign", **data).status_code == 404
        assert post(nora, "team_reassign", **data).status_code == 404
    assert "Ana" not in get(nora, "team_reassign").content.decode()
    assert workers(both) == [cast.ana] * 2
    assert post(cast.sami, "team_reassign", **moving(cast, both)).status_code == 302
    assert workers(both) == [cast.ben] * 2


def test_one_file_outside_the_scope_and_nothing_is_done(cast: Cast, both: list[Case]) -> None:
    foreign = files.in_state("active", cast.omar.agency, worker=cast.omar)
    for wrong in (foreign.pk, uuid4(), "x", ""):
        data = naming(cast, [*(case.pk for case in both), wrong])
        assert get(cast.sami, "team_reassign", **data).status_code == 404, wrong
        assert post(cast.sami, "team_reassign", **data).status_code == 404, wrong
    assert workers([*both, foreign]) == [cast.ana, cast.ana, cast.omar]
    assert "team.given" not in told(cast.ben)
    with pytest.raises(Case.DoesNotExist):
        reassign([both[0].pk, foreign.pk], actor=cast.sami, worker=cast.ben, before=cast.ana)
    assert workers(both) == [cast.ana] * 2


def test_a_file_that_is_only_read_is_no_file_of_the_team(cast: Cast, both: list[Case]) -> None:
    foreign = files.in_state("active", cast.omar.agency)
    files.ground(
        foreign,
        Basis.PERSONAL,
        account=cast.sami,
        until=foreign.reported_at.replace(year=2100),
        sections=["risk"],
    )
    assert get(cast.sami, "case", foreign.pk).status_code == 200
    data = moving(cast, [*both, foreign])
    assert post(cast.sami, "team_reassign", **data).status_code == 404
    assert workers(both) == [cast.ana] * 2


def test_the_page_leads_from_a_worker_to_its_files_to_a_preview(cast: Cast, both: list[Case]) -> None:
    assert f"?worker={cast.ana.pk}" in get(cast.sami, "team_reassign").content.decode()
    page = get(cast.sami, "team_reassign", worker=cast.ana.pk)
    for case in both:
        assert case.code in page.content.decode()
        assert last(case.pk, "case.listed").actor == cast.sami
    preview = get(cast.sami, "team_reassign", **moving(cast, both[:1])).content.decode()
    assert "1 file goes to <bdi>Ben</bdi>" in preview
    assert both[0].code in preview
    assert both[1].code not in preview
    assert workers(both) == [cast.ana] * 2


def test_all_of_them_is_one_tick(cast: Cast, both: list[Case]) -> None:
    of_ben = files.screened(cast, worker=cast.ben)
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    preview = get(cast.sami, "team_reassign", worker=cast.ana.pk, to=cast.ben.pk, all="1")
    shown = preview.content.decode()
    assert "2 files go to <bdi>Ben</bdi>" in shown
    assert of_ben.code not in shown
    assert closed.code not in shown


def test_whoever_had_them_loses_them_and_who_gets_them_sees_them(cast: Cast, both: list[Case]) -> None:
    post(cast.sami, "team_reassign", **moving(cast, both))
    for case in both:
        assert get(cast.ana, "case", case.pk).status_code == 404
        assert get(cast.ben, "case", case.pk).status_code == 200
        assert Assignment.objects.get(case=case, worker=cast.ana).ended_at
        assert last(case.pk, "case.assigned").details == {"worker": str(cast.ben.pk)}


def test_each_is_told_once(cast: Cast, both: list[Case]) -> None:
    post(cast.sami, "team_reassign", **moving(cast, both))
    assert (told(cast.ben).count("team.given"), told(cast.ana).count("team.taken")) == (1, 1)
    assert "case.assigned" not in told(cast.ben)
    assert Notification.objects.get(kind="team.given").case_id is None


def test_the_notice_about_one_file_leads_to_it(cast: Cast, both: list[Case]) -> None:
    post(cast.sami, "team_reassign", **moving(cast, both[:1]))
    assert Notification.objects.get(kind="team.given").case_id == both[0].pk
    assert f"/cases/{both[0].pk}/" in get(cast.ben, "today").content.decode()
    assert str(both[0].pk) not in get(cast.ana, "today").content.decode()


def test_a_double_click_changes_hands_once(cast: Cast, both: list[Case]) -> None:
    for _click in range(2):
        assert post(cast.sami, "team_reassign", **moving(cast, both)).status_code == 302
    assert told(cast.ben).count("team.given") == told(cast.ana).count("team.taken") == 1
    events = AuditEvent.objects.filter(verb="case.assigned", actor=cast.sami)
    assert events.count() == 2
    assert CaseAccess.objects.live().filter(basis=Basis.ASSIGNMENT).count() == 2


def test_what_a_third_person_has_meanwhile_is_not_taken_away(cast: Cast, both: list[Case]) -> None:
    carla = User.objects.create_account(
        "carla", None, name="Carla", role="case_worker", agency=cast.ana.agency
    )
    assign_worker(both[1].pk, actor=cast.vera, worker=carla)
    answer = post(cast.sami, "team_reassign", **moving(cast, both))
    assert answer.status_code == 422
    assert "Somebody else has some of these files now." in answer.content.decode()
    assert workers(both) == [cast.ana, carla]


def test_a_file_that_closed_meanwhile_stops_all(cast: Cast, both: list[Case]) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    answer = post(cast.sami, "team_reassign", **moving(cast, [*both, closed]))
    assert answer.status_code == 422
    assert workers(both) == [cast.ana] * 2


def test_files_without_a_worker_get_one(cast: Cast, both: list[Case]) -> None:
    free = files.in_state("screening", cast.ana.agency)
    page = get(cast.sami, "team_reassign", worker="nobody").content.decode()
    assert free.code in page
    assert both[0].code not in page
    data = moving(cast, [free], worker="nobody")
    assert post(cast.sami, "team_reassign", **data).status_code == 302
    assert files.worker_of(free) == cast.ben
    assert post(cast.sami, "team_reassign", **moving(cast, both, worker="nobody")).status_code == 422
    assert workers(both) == [cast.ana] * 2


def test_who_left_the_agency_can_be_relieved(cast: Cast, both: list[Case]) -> None:
    User.objects.filter(pk=cast.ana.pk).update(agency=cast.omar.agency)
    assert get(cast.sami, "team_reassign", worker=cast.ana.pk).status_code == 200
    assert post(cast.sami, "team_reassign", **moving(cast, both)).status_code == 302
    assert workers(both) == [cast.ben] * 2


def test_only_an_active_worker_of_the_agency_gets_them(cast: Cast, both: list[Case]) -> None:
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    for nobody in (cast.ben.pk, cast.ana.pk, cast.omar.pk, cast.vera.pk, "x", ""):
        for ask in (get, post):
            answer = ask(cast.sami, "team_reassign", **moving(cast, both, to=nobody))
            assert answer.status_code == 422, nobody
            assert 'class="error' in answer.content.decode()
    assert workers(both) == [cast.ana] * 2


def test_none_and_too_many_are_refused(cast: Cast, both: list[Case]) -> None:
    for ask in (get, post):
        assert ask(cast.sami, "team_reassign", worker=cast.ana.pk, to=cast.ben.pk).status_code == 422
    with pytest.raises(Invalid):
        reassign(
            [uuid4() for _each in range(MOST_AT_ONCE + 1)], actor=cast.sami, worker=cast.ben, before=None
        )


@pytest.mark.parametrize("worker", ["x", str(UUID(int=7)), "", "nobody\0"])
def test_a_worker_that_does_not_exist(cast: Cast, worker: str) -> None:
    assert get(cast.sami, "team_reassign", worker=worker).status_code == (404 if worker else 200)


def test_a_failure_on_the_way_leaves_everything_as_it_was(
    cast: Cast, both: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list[Case]()

    def fails(case: Case, worker: User, *, by: User) -> None:
        if given:
            raise OSError
        given.append(case)
        Assignment.objects.filter(case=case).update(worker=worker)

    monkeypatch.setattr("cases.services.assignment.give", fails)
    client = browser(cast.sami)
    client.raise_request_exception = False
    assert client.post("/team/reassign/", moving(cast, both)).status_code == 500
    assert workers(both) == [cast.ana] * 2
    assert "team.given" not in told(cast.ben)


# Ticked on the list of cases: files of one worker and another.


@kept
def mixed(cast: Cast) -> list[Case]:
    """One of ana, one of ben, one of nobody."""
    return [
        files.screened(cast),
        files.screened(cast, worker=cast.ben),
        files.in_state("registered", cast.ana.agency),
    ]


def ticked(cases: Iterable[Case], **changes: Any) -> dict[str, Any]:
    return {"worker": "several", "cases": [case.pk for case in cases]} | changes


def shown_to(cast: Cast, cases: list[Case]) -> list[str]:
    """What the preview tells the button: who has each."""
    return [
        f"{case.pk}:{worker.pk if worker else 'nobody'}"
        for case, worker in zip(cases, workers(cases), strict=True)
    ]


def test_a_supervisor_ticks_files_on_the_list_and_nobody_else_does(cast: Cast, mixed: list[Case]) -> None:
    page = get(cast.sami, "case_list").content.decode()
    for case in mixed:
        assert f'name="cases" value="{case.pk}" form="bulk"' in page
    assert 'form="bulk"' not in get(cast.ana, "case_list").content.decode()


def test_only_open_files_of_the_team_can_be_ticked(cast: Cast, mixed: list[Case]) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    foreign = files.in_state("active", cast.omar.agency)
    later = foreign.reported_at.replace(year=2100)
    files.ground(foreign, Basis.PERSONAL, account=cast.sami, until=later, sections=["risk"])
    page = get(cast.sami, "case_list", state="all").content.decode()
    for case in (closed, foreign):
        assert case.code in page
        assert f'value="{case.pk}"' not in page


def test_what_was_ticked_leads_to_the_preview(cast: Cast, mixed: list[Case]) -> None:
    choice = get(cast.sami, "team_reassign", **ticked(mixed)).content.decode()
    preview = get(cast.sami, "team_reassign", **ticked(mixed, to=cast.ben.pk)).content.decode()
    for page in (choice, preview):
        assert all(case.code in page for case in mixed)
        assert "Chosen files" in page
    assert "3 files go to <bdi>Ben</bdi>" in preview
    assert all(f'name="held" value="{code}"' in preview for code in shown_to(cast, mixed))
    assert workers(mixed) == [cast.ana, cast.ben, None]


def test_files_of_several_change_hands_and_each_of_them_is_told(cast: Cast, mixed: list[Case]) -> None:
    data = ticked(mixed, to=cast.ben.pk, held=shown_to(cast, mixed))
    assert post(cast.sami, "team_reassign", **data).status_code == 302
    assert workers(mixed) == [cast.ben] * 3
    assert told(cast.ana).count("team.taken") == 1
    assert told(cast.ben).count("team.given") == 1
    assert "team.taken" not in told(cast.ben)


def test_what_went_to_a_third_person_since_the_preview_stays_there(cast: Cast, mixed: list[Case]) -> None:
    data = ticked(mixed, to=cast.ana.pk, held=shown_to(cast, mixed))
    assign_worker(mixed[2].pk, actor=cast.vera, worker=cast.ben)
    answer = post(cast.sami, "team_reassign", **data)
    assert answer.status_code == 422
    assert "Somebody else has some of these files now" in answer.content.decode()
    assert workers(mixed) == [cast.ana, cast.ben, cast.ben]


def test_the_button_without_a_preview_takes_nothing_away(cast: Cast, mixed: list[Case]) -> None:
    held = [code for code in shown_to(cast, mixed) if code.endswith("nobody")]
    for data in (ticked(mixed, held=held), ticked(mixed)):
        assert post(cast.sami, "team_reassign", **data, to=cast.ben.pk).status_code == 422
    assert workers(mixed) == [cast.ana, cast.ben, None]
    assert post(cast.sami, "team_reassign", **ticked(mixed, held=["x"])).status_code == 404


def test_a_ticked_file_outside_the_scope_does_not_exist(cast: Cast, mixed: list[Case], nora: User) -> None:
    foreign = files.in_state("active", cast.omar.agency, worker=cast.omar)
    data = ticked([*mixed, foreign], to=cast.ben.pk)
    assert get(cast.sami, "team_reassign", **data).status_code == 404
    assert post(cast.sami, "team_reassign", **data).status_code == 404
    assert get(nora, "team_reassign", **ticked(mixed)).status_code == 404
    for user in (cast.ana, cast.petra, cast.aida):
        assert post(user, "team_reassign", **ticked(mixed, to=cast.ben.pk)).status_code == 403


def test_nothing_ticked_leads_back_to_the_list(cast: Cast) -> None:
    answer = browser(cast.sami).get(reverse("team_reassign"), ticked([]), follow=True)
    assert "Tick at least one file." in answer.content.decode()
