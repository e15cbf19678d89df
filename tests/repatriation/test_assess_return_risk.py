"""The risk and security assessment of a return: a draft, then a version that stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.html import escape

from accounts.errors import Invalid
from accounts.models import AuditEvent
from cases.models import Case
from cases.models.choices import Basis
from repatriation.models import Return, SecurityAssessment
from repatriation.models.choices import RiskFactor
from repatriation.services.assessing import Assessed, Weighed, finish_assessment
from repatriation.services.clocks import STALE
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, statuses, told
from tests.cases.test_record_person import seen_on
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import assessment_form, input_form, partnered, strangers
from tests.repatriation.ways import Company

FINISH = "return_assessment_finish"
PAGES = ("return_assessment", FINISH)


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return partnered(people, case)


def finish(people: Company, way: Return, version: int = 1, **changes: Any) -> SecurityAssessment:
    assert post(people.ana, FINISH, way.pk, **assessment_form(version, **changes)).status_code == 302
    return SecurityAssessment.objects.get(way=way, version=version)


@pytest.mark.parametrize("name", PAGES)
def test_the_worker_writes_it_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return, name: str
) -> None:
    nobody = [*strangers(people), people.tomas]
    assert [get(who, name, way.pk).status_code for who in nobody] == [404] * 8
    assert statuses(nobody, name, way.pk, **assessment_form()) == [404] * 8
    assert statuses([people.sami], name, way.pk, **assessment_form()) == [403]
    assert not SecurityAssessment.objects.exists()
    assert statuses([people.ana], name, way.pk, **assessment_form()) == [302]
    assert SecurityAssessment.objects.get().author == people.ana


def test_a_draft_is_kept_as_far_as_it_goes_and_counts_for_nothing(
    people: Company, case: Case, way: Return
) -> None:
    part = assessment_form(debt_likelihood="", debt_sources="", debt_mitigation="", conclusion="", reasons="")
    for _click in range(2):
        assert post(people.ana, "return_assessment", way.pk, **part).status_code == 302
    draft = SecurityAssessment.objects.get()
    assert draft.finished_at is None
    assert "debt" not in [row["factor"] for row in draft.factors or []]
    assert "Shown: stigma." in get(people.ana, "return_assessment", way.pk).content.decode()
    page = get(people.sami, "return_assessment", way.pk).content.decode()
    assert "Draft" in page
    assert "<textarea" not in page
    assert AuditEvent.objects.filter(verb="return.assessment_saved").count() == 1
    assert ways.fresh_row(way).facts.assessment is None
    assert "assessment_finished" not in [row.kind for row in way.events.all()]


def test_everything_that_is_missing_is_said_at_once(people: Company, way: Return) -> None:
    answer = post(people.ana, FINISH, way.pk, version=1, country="XB", debt_likelihood="high")
    assert answer.status_code == 422
    page = answer.content.decode()
    wanted = [f"{code}_sources" for code in RiskFactor.values] + ["conclusion", "reasons", "debt_mitigation"]
    assert [name for name in wanted if f"id_{name}_error" not in page] == []
    assert escape("Say what is done against it, or that nothing can be done.") in page
    assert not SecurityAssessment.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"debt": Weighed("", "Shown.")}, "debt_likelihood"),
        ({"debt": Weighed("none", "")}, "debt_sources"),
        ({"debt": Weighed("medium", "Shown.", "")}, "debt_mitigation"),
    ],
)
def test_the_service_asks_for_the_same(
    people: Company, way: Return, change: dict[str, Weighed], field: str
) -> None:
    whole = {code: Weighed("low", "Shown.") for code in RiskFactor.values}
    assessed = Assessed(
        version=1,
        country="XB",
        factors=whole | change,
        conclusion="open",
        reasons="Too little is known.",
        not_sought="Not safe.",
    )
    with pytest.raises(Invalid) as refused:
        finish_assessment(way.pk, actor=people.ana, assessed=assessed)
    assert refused.value.field == field
    assert not SecurityAssessment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"refoulement": "on"}, "Where no measure takes a serious danger away"),
        ({"not_sought": ""}, "The other country has said nothing yet."),
        ({"country": "XA"}, "XA"),
        ({"conclusion": "splendid"}, "splendid"),
        ({"debt_likelihood": "surely"}, "surely"),
        ({"reasons": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, wrong: dict[str, Any], says: str
) -> None:
    answer = post(people.ana, FINISH, way.pk, **assessment_form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Shown: stigma." in answer.content.decode()
    assert not SecurityAssessment.objects.exists()


def test_finishing_makes_the_guard_hold_and_names_its_author(
    people: Company, case: Case, way: Return
) -> None:
    post(people.ana, "return_assessment", way.pk, **assessment_form())
    files.ground(case, Basis.DUTY, account=people.ben)
    sent = assessment_form(debt_likelihood="high", reprisals_likelihood="high")
    assert post(people.ben, FINISH, way.pk, **sent).status_code == 302
    row = SecurityAssessment.objects.get()
    assert row.author == people.ben
    assert row.signs == ["reprisals", "debt"]
    assert ways.fresh_row(way).facts.assessment == row
    event = last(case.pk, "return.assessment_finished")
    assert event.sections == ["return_decision"]
    assert event.details == {
        "version": 1,
        "country": "XB",
        "conclusion": "positive",
        "refoulement": False,
        "signs": ["reprisals", "debt"],
    }
    assert told(people.sami)[-1] == "return.assessment_finished"
    assert [event.kind for event in way.events.all()].count("assessment_finished") == 1
    assert "Shown" not in str(SecurityAssessment.objects.values().get())


def test_both_countries_parts_stand_side_by_side(people: Company, way: Return) -> None:
    post(people.tomas, "return_input", way.pk, **input_form(debt_sources="The village knows of a lender."))
    page = get(people.ana, "return_assessment", way.pk).content.decode()
    assert "The village knows of a lender." in page
    finish(people, way, not_sought="")
    page = get(people.sami, "return_assessment", way.pk).content.decode()
    assert "Shown: debt." in page
    assert "The village knows of a lender." in page
    post(people.tomas, "return_input", way.pk, **input_form(debt_sources="The lender was arrested."))
    page = get(people.sami, "return_assessment", way.pk).content.decode()
    # What its author had before it, and that there is more.
    assert "The lender was arrested." not in page
    assert "The other country has said more since this version was finished." in page


def test_it_says_how_long_it_holds(people: Company, way: Return, clock_at: Any) -> None:
    row = finish(people, way)
    assert row.finished_at is not None
    assert "holds until 13 September 2026" in get(people.sami, "return_assessment", way.pk).content.decode()
    clock_at.forward(timedelta(days=90, seconds=1))
    assert "Too old since 13 September 2026" in (
        get(people.sami, "return_assessment", way.pk).content.decode()
    )


def test_a_panel_that_waits_rests_on_the_new_one(people: Company, case: Case, clock_at: Any) -> None:
    pending = ways.at(people, case, "panel_pending")
    before = clock_of(case, STALE).due_at
    clock_at.forward(timedelta(days=10))
    finish(people, pending, 2)
    gained = clock_of(case, STALE).due_at - before
    assert timedelta(days=10) <= gained < timedelta(days=10, minutes=1)


def test_a_panel_reads_no_draft(people: Company, case: Case) -> None:
    """Nobody decides on what its author has not answered for yet."""
    pending = ways.at(people, case, "panel_pending")
    ways.panel_votes(people, pending, minute_signed_at=None, minute_signed_by=None)
    post(people.ana, "return_assessment", pending.pk, **assessment_form(2))
    assert "Draft" in get(people.sami, "return_assessment", pending.pk).content.decode()
    page = get(people.pia, "return_assessment", pending.pk).content.decode()
    assert "Nobody of the network is left there." in page
    assert "Draft" not in page


def test_a_second_click_on_finish_begins_no_version(people: Company, way: Return) -> None:
    for _click in range(2):
        assert post(people.ana, FINISH, way.pk, **assessment_form()).status_code == 302
    for name in PAGES:
        late = post(people.ana, name, way.pk, **assessment_form(reasons="Written in another window."))
        assert late.status_code == 422
        assert "This version is finished." in late.content.decode()
        assert "Written in another window." in late.content.decode()
    assert SecurityAssessment.objects.count() == 1


def test_the_next_version_begins_as_a_copy_when_somebody_begins_it(people: Company, way: Return) -> None:
    finish(people, way)
    page = get(people.ana, "return_assessment", way.pk).content.decode()
    assert "Begin version 2" in page
    assert "<textarea" not in page
    page = get(people.ana, "return_assessment", way.pk, new="").content.decode()
    assert "Version 2, draft" in page
    assert page.count("Shown: debt.") == 2
    finish(people, way, 2, debt_sources="It was paid.", country="DE")
    first, second = SecurityAssessment.objects.order_by("version")
    assert (first.country, second.country) == ("XB", "DE")
    assert ways.fresh_row(way).facts.assessment == first


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_the_second_of_two_who_work_on_a_draft_sees_both_and_chooses(
    people: Company, case: Case, way: Return, name: str, is_first: bool
) -> None:
    files.ground(case, Basis.DUTY, account=people.ben)
    if not is_first:
        post(people.ana, "return_assessment", way.pk, **assessment_form())
    shown = seen_on(get(people.ana, "return_assessment", way.pk))
    post(people.ben, "return_assessment", way.pk, **assessment_form(debt_sources="Found by Ben at night."))
    mine: dict[str, Any] = {"debt_sources": "Found by Ana."}
    answer = post(people.ana, name, way.pk, **assessment_form(**mine, seen=shown))
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("Somebody else has saved this meanwhile.", "Found by Ben at night.", "Found by Ana."):
        assert words in page
    again = post(people.ana, name, way.pk, **assessment_form(**mine, seen=seen_on(answer)))
    assert again.status_code == 302
    rows = SecurityAssessment.objects.get().factors or []
    assert "Found by Ana." in [row["sources"] for row in rows]


@pytest.mark.parametrize("change", [{"conclusion": "open"}, {"finished_at": None}, {"refoulement": True}])
def test_the_database_keeps_a_finished_version(people: Company, way: Return, change: dict[str, Any]) -> None:
    row = finish(people, way)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        SecurityAssessment.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [{"conclusion": "negative"}, {"conclusion": "open"}, {"conclusion": "negative", "refoulement": "on"}],
)
def test_a_new_version_after_the_decision_stops_the_return(
    people: Company, case: Case, change: dict[str, Any]
) -> None:
    decided = ways.at(people, case, "decided_return")
    finish(people, decided, 2, **change)
    assert ways.fresh_row(decided).state == "suspended"


def test_an_address_of_a_form_leads_to_its_page(people: Company, way: Return) -> None:
    answer = get(people.sami, FINISH, way.pk)
    assert (answer.status_code, answer["Location"]) == (302, f"/returns/{way.pk}/assessment/")
