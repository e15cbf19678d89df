"""What is best for the child: a draft, then a version that stays."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.html import escape

import clock
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import BestInterestsAssessment, Case
from cases.models.choices import Basis
from cases.models.situation import FACTORS
from cases.services.best_interests import Argued, finish_best_interests, save_best_interests
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses
from tests.cases.test_record_person import closed, seen_on
from tests.cast import Cast
from workflow.models import Deadline

NAMES = tuple(name for name, _label in FACTORS)


def form(version: int = 1, **changes: Any) -> dict[str, Any]:
    argued = {name: f"Argued: {name}." for name in NAMES}
    return (
        argued
        | {"version": version, "recommendation": "care_here", "conclusion": "She feels safe here."}
        | changes
    )


def finished(case: Case, by: User, version: int = 1, **changes: Any) -> BestInterestsAssessment:
    sent = form(version, **changes)
    argued = Argued(
        version=version,
        factors={name: sent[name] for name in NAMES},
        recommendation=sent["recommendation"],
        conclusion=sent["conclusion"],
    )
    return finish_best_interests(case.pk, actor=by, argued=argued)


@pytest.mark.parametrize("name", ["best_interests", "best_interests_finish"])
def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User, name: str
) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, name, case.pk, **form()) == [404] * 6
    assert statuses([cast.sami], name, case.pk, **form()) == [403]
    assert not BestInterestsAssessment.objects.exists()
    assert statuses([cast.ana], name, case.pk, **form()) == [302]
    assert BestInterestsAssessment.objects.get().author == cast.ana


def test_a_draft_is_kept_as_far_as_it_goes(cast: Cast, case: Case) -> None:
    part = form(safety="", recommendation="", conclusion="")
    for _click in range(2):
        assert post(cast.ana, "best_interests", case.pk, **part).status_code == 302
    draft = BestInterestsAssessment.objects.get()
    assert draft.finished_at is None
    assert draft.factors == {name: f"Argued: {name}." for name in NAMES if name != "safety"}
    assert "Argued: views." in get(cast.ana, "best_interests", case.pk).content.decode()
    assert AuditEvent.objects.filter(verb="best_interests.saved").count() == 1
    assert not files.fresh(case).facts.marks.best_interests


def test_a_reader_sees_the_draft_as_a_draft(cast: Cast, case: Case) -> None:
    post(cast.ana, "best_interests", case.pk, **form())
    page = get(cast.sami, "best_interests", case.pk).content.decode()
    assert "Draft" in page
    assert "Argued: family." in page
    assert "<textarea" not in page


@pytest.mark.parametrize("missing", [*NAMES, "recommendation", "conclusion"])
def test_every_factor_is_argued_before_it_is_finished(cast: Cast, case: Case, missing: str) -> None:
    answer = post(cast.ana, "best_interests_finish", case.pk, **form(1, **{missing: "  "}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{missing}_error"' in page
    assert "Argued: views." in page or missing == "views"
    assert not BestInterestsAssessment.objects.exists()
    with pytest.raises(Invalid) as refused:
        finished(case, cast.ana, 1, **{missing: ""})
    assert refused.value.field == missing


def test_everything_that_is_missing_is_said_at_once(cast: Cast, case: Case) -> None:
    answer = post(cast.ana, "best_interests_finish", case.pk, version=1)
    page = answer.content.decode()
    assert [name for name in (*NAMES, "recommendation", "conclusion") if f"id_{name}_error" not in page] == []
    assert escape("Argue this factor, or say why it cannot be argued yet.") in page


def test_finishing_makes_the_guard_hold_and_says_who_answers_for_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "best_interests", case.pk, **form())
    files.ground(case, Basis.DUTY, account=cast.ben)
    assert post(cast.ben, "best_interests_finish", case.pk, **form()).status_code == 302
    version = BestInterestsAssessment.objects.get()
    assert version.finished_at
    assert version.author == cast.ben
    assert files.fresh(case).facts.marks.best_interests
    assert last(case.pk, "best_interests.finished").details == {"version": 1, "recommendation": "care_here"}
    assert last(case.pk, "best_interests.finished").sections == ["risk"]


def test_a_second_click_on_finish_begins_no_version(cast: Cast, case: Case) -> None:
    for _click in range(2):
        assert post(cast.ana, "best_interests_finish", case.pk, **form()).status_code == 302
    assert BestInterestsAssessment.objects.count() == 1
    for name in ("best_interests", "best_interests_finish"):
        late = post(cast.ana, name, case.pk, **form(views="Written in another window."))
        assert late.status_code == 422
        assert "This version is finished." in late.content.decode()
        assert "Written in another window." in late.content.decode()
    assert BestInterestsAssessment.objects.count() == 1


@pytest.mark.parametrize("name", ["best_interests", "best_interests_finish"])
@pytest.mark.parametrize("is_first", [True, False])
def test_the_second_of_two_who_work_on_a_draft_sees_both_and_chooses(
    cast: Cast, case: Case, name: str, is_first: bool
) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    if not is_first:
        post(cast.ana, "best_interests", case.pk, **form())
    shown = seen_on(get(cast.ana, "best_interests", case.pk))
    post(cast.ben, "best_interests", case.pk, **form(views="Heard by Ben at night."))
    answer = post(cast.ana, name, case.pk, **form(views="Heard by Ana."), seen=shown)
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("Somebody else has saved this meanwhile.", "Heard by Ben at night.", "Heard by Ana."):
        assert words in page
    assert (BestInterestsAssessment.objects.get().factors or {})["views"] == "Heard by Ben at night."
    again = post(cast.ana, name, case.pk, **form(views="Heard by Ana."), seen=seen_on(answer))
    assert again.status_code == 302
    assert (BestInterestsAssessment.objects.get().factors or {})["views"] == "Heard by Ana."


def test_the_next_version_begins_as_a_copy_of_the_last(cast: Cast, case: Case) -> None:
    finished(case, cast.ana)
    page = get(cast.ana, "best_interests", case.pk).content.decode()
    assert "Version 2, draft" in page
    assert page.count("Argued: safety.") == 2
    assert BestInterestsAssessment.objects.count() == 1
    assert post(cast.ana, "best_interests_finish", case.pk, **form(2, safety="Changed.")).status_code == 302
    first, second = BestInterestsAssessment.objects.order_by("version")
    assert ((first.factors or {})["safety"], (second.factors or {})["safety"]) == (
        "Argued: safety.",
        "Changed.",
    )


def test_a_version_may_be_finished_as_the_last_one_stood(cast: Cast, case: Case) -> None:
    """Looked at again and found the same."""
    finished(case, cast.ana)
    finished(case, cast.ana, 2)
    assert BestInterestsAssessment.objects.filter(finished_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    "change",
    [{"recommendation": "return"}, {"finished_at": None}, {"author": None}, {"version": 7}],
)
def test_the_database_keeps_a_finished_version(cast: Cast, case: Case, change: dict[str, Any]) -> None:
    version = finished(case, cast.ana)
    if "author" in change:
        change = {"author": cast.ben}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        BestInterestsAssessment.objects.filter(pk=version.pk).update(**change)
    version.factors = {"views": "Another story."}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        version.save()


def test_it_meets_the_deadline_of_a_reopened_case(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "reopen", actor=cast.sami, reason="The child came back.")
    assert "best_interests_again" in running(case)
    save_best_interests(case.pk, actor=cast.ana, argued=Argued(version=1, factors={"views": "Heard."}))
    assert "best_interests_again" in running(case)
    finished(case, cast.ana)
    assert "best_interests_again" not in running(case)


def test_it_is_the_evidence_that_an_imported_file_lacked(cast: Cast) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    waiting = Deadline.objects.open().filter(case_id=case.pk, params={"guard": "best_interests_assessment"})
    assert waiting.exists()
    finished(case, cast.ana)
    assert not waiting.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"recommendation": "adoption"}, "adoption"),
        ({"views": "x" * 20_001}, "20000"),
        ({"version": "last"}, "whole number"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    for name in ("best_interests", "best_interests_finish"):
        answer = post(cast.ana, name, case.pk, **form(**wrong))
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert not BestInterestsAssessment.objects.exists()


def test_no_argument_stands_in_clear(cast: Cast, case: Case) -> None:
    finished(case, cast.ana)
    row = str(BestInterestsAssessment.objects.values().get())
    assert "Argued" not in row
    assert "feels safe" not in row


def test_a_file_that_is_not_open_is_assessed_no_more(cast: Cast, case: Case) -> None:
    finished(case, cast.ana)
    closed(case, cast)
    for name in ("best_interests", "best_interests_finish"):
        answer = post(cast.ana, name, case.pk, **form(2))
        assert answer.status_code == 422
        assert "The case is not open" in answer.content.decode()
    assert BestInterestsAssessment.objects.count() == 1
    page = get(cast.ana, "best_interests", case.pk).content.decode()
    assert "Argued: views." in page
    assert "<textarea" not in page


def test_opening_it_is_recorded(cast: Cast, case: Case) -> None:
    get(cast.sami, "best_interests", case.pk)
    event = last(case.pk, "case.read")
    assert (event.actor, event.sections) == (cast.sami, ["risk"])
    assert event.at <= clock.now()
