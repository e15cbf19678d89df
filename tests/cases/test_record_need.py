"""What the child needs, part of life by part of life."""

from typing import Any

import pytest

from accounts.access import Section
from accounts.models import ServiceType, User
from cases.guards.tracks import NEEDS_RECORDED
from cases.models import Case, Goal, Need
from cases.models.choices import Basis
from cases.models.plan import Track
from tests.cases import files
from tests.cases.asking import get, last, post, statuses
from tests.cases.care import give
from tests.cast import Cast
from workflow.machine import Attempt


def form(**changes: Any) -> dict[str, Any]:
    return {"domain": "schooling", "words": "To learn to read in Belmoran."} | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    give(case, cast.tomas, Section.REHABILITATION, may_write=False)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "need_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami, cast.tomas], "need_new", case.pk, **form()) == [403, 403]
    assert not Need.objects.exists()
    assert statuses([cast.ana], "need_new", case.pk, **form()) == [302]
    need = Need.objects.get()
    assert (need.domain, need.words, need.entered_by) == (
        "schooling",
        "To learn to read in Belmoran.",
        cast.ana,
    )


def test_the_partner_for_rehabilitation_records_one_too(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.REHABILITATION)
    assert post(cast.petra, "need_new", case.pk, **form()).status_code == 302


def test_it_opens_the_way_to_the_assessment_of_needs(cast: Cast, case: Case) -> None:
    def holds() -> bool:
        return NEEDS_RECORDED.judge(files.fresh(case).rehabilitation, Attempt(actor=cast.ana)).passed

    page = get(cast.ana, "track_step", case.pk, "rehabilitation", "assess_needs").content.decode()
    assert f"/cases/{case.pk}/rehabilitation/needs/new/" in page
    assert not holds()
    post(cast.ana, "need_new", case.pk, **form())
    assert holds()


def test_the_latest_word_on_each_domain_counts_and_earlier_ones_stay_readable(cast: Cast, case: Case) -> None:
    assert "Nothing is recorded yet." in get(cast.ana, "rehabilitation", case.pk).content.decode()
    for words in ("A school place.", "A school closer by."):
        post(cast.ana, "need_new", case.pk, **form(words=words))
    page = get(cast.sami, "rehabilitation", case.pk).content.decode()
    assert page.index("A school closer by.") < page.index("1 earlier one") < page.index("A school place.")
    assert "/needs/new/" not in page


def test_the_goals_of_the_track_stand_beside_for_whoever_reads_the_track(cast: Cast, case: Case) -> None:
    for track, words in ((Track.REHABILITATION, "Back to school"), (Track.MEDICAL, "Sleep at night")):
        goal = Goal(case=case, track=track, service_type=ServiceType.EDUCATION, set_by=cast.ana)
        goal.words = words
        goal.save(force_insert=True)
    give(case, cast.petra, Section.REHABILITATION)
    page = get(cast.petra, "rehabilitation", case.pk).content.decode()
    assert "Back to school" in page
    assert "Sleep at night" not in page
    assert "Sleep at night" in get(cast.ana, "medical", case.pk).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"domain": ""}, "Choose an answer."),
        ({"domain": "luck"}, "luck"),
        ({"words": " "}, "We need an answer here."),
        ({"words": "x" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "need_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Need.objects.exists()


@pytest.mark.parametrize("state", ["closed", "referred_out"])
def test_nothing_is_added_to_a_file_that_is_not_open(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    answer = post(cast.ana, "need_new", case.pk, **form())
    assert (answer.status_code, "Reopen it first." in answer.content.decode()) == (422, True)


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "need_new", case.pk, **form())
    event = last(case.pk, "need.recorded")
    assert (event.details, event.sections) == ({"domain": "schooling"}, ["rehabilitation"])
    assert "Schooling and training" in get(cast.ana, "case_history", case.pk).content.decode()
