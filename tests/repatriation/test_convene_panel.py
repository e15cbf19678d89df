"""A supervisor convenes the panel: who may sit, who may not, and what opens to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

import clock
from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Assignment, CaseAccess
from cases.models.choices import Basis
from repatriation.models import Panel, Return
from repatriation.services import convening
from tests.cases.asking import day, get, last, post, statuses, told
from tests.cast import PASSWORD
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company


def answers(
    people: Company, way: Return, members: list[User] | None = None, **changes: Any
) -> dict[str, Any]:
    sits = sitting.members(people) if members is None else members
    said: dict[str, Any] = {
        "members": [each.pk for each in sits],
        "chair": people.pia.pk,
        "meets_at": "14:30",
        "third_country": "",
    }
    return said | day("meets_on", ways.today(way)) | changes


def test_it_opens_the_file_to_its_members_and_tells_them(people: Company, waiting: Return) -> None:
    assert get(people.pavel, "return", waiting.pk).status_code == 404
    answer = post(people.sami, "panel_convene", waiting.pk, **answers(people, waiting))
    assert (answer.status_code, answer["Location"]) == (302, reverse("panel", args=[waiting.pk]))
    panel = sitting.fresh(waiting)
    assert (panel.number, panel.chair, panel.country, panel.convened_by) == (1, people.pia, "XB", people.sami)
    assert {seat.member for seat in panel.seats.all()} == set(sitting.members(people))
    held = CaseAccess.objects.live().filter(basis=Basis.PANEL, basis_id=panel.pk)
    assert {row.account for row in held} == set(sitting.members(people))
    assert told(people.paula) == ["return.panel_convened"]
    assert get(people.pavel, "panel", waiting.pk).status_code == 200
    event = last(waiting.case_id, "return.panel_convened")
    assert (event.actor, event.details, event.sections) == (people.sami, {"members": 3}, ["return_decision"])
    assert waiting.events.last().kind == "panel_convened"  # type: ignore[union-attr]


def test_it_lies_in_a_supervisors_hand(people: Company, waiting: Return) -> None:
    strangers = [people.cast.omar, people.ben, people.petra, people.pavel, people.selim]
    said = answers(people, waiting)
    assert statuses(strangers, "panel_convene", waiting.pk, **said) == [404] * 5
    assert statuses([people.ana], "panel_convene", waiting.pk, **said) == [403]
    # The partner abroad sees the return, but not what is decided about it.
    assert statuses([people.tomas], "panel_convene", waiting.pk, **said) == [404]
    assert not Panel.objects.exists()


def worker_once(people: Company, way: Return) -> list[User]:
    Assignment.objects.create(
        case=way.case, worker=people.paula, assigned_by=people.sami, ended_at=clock.now()
    )
    return sitting.members(people)


def author(people: Company, way: Return) -> list[User]:
    ways.assessed(people, way, author=people.paula)
    return sitting.members(people)


def half_and_more(people: Company, way: Return) -> list[User]:
    return [people.pavel, people.selim, people.pia]


def two(people: Company, way: Return) -> list[User]:
    return [people.pia, people.pavel]


def off(people: Company, way: Return) -> list[User]:
    people.paula.is_active = False
    people.paula.save()
    return sitting.members(people)


def of_another_role(people: Company, way: Return) -> list[User]:
    return [people.pia, people.pavel, people.vera]


def of_another_country(people: Company, way: Return) -> list[User]:
    judge = User.objects.create_account(
        "judge", PASSWORD, name="Judge", role=Role.PANEL_MEMBER, agency=people.tomas.agency
    )
    return [people.pia, people.pavel, judge]


@pytest.mark.parametrize(
    ("composed", "sentence"),
    [
        (worker_once, "has worked on this case"),
        (author, "has worked on this case"),
        (half_and_more, "more than half of the seats"),
        (two, "At least 3 members"),
        (off, "active panel members"),
        (of_another_role, "active panel members"),
        (of_another_country, "active panel members"),
    ],
)
def test_it_refuses_a_composition_that_the_rules_forbid(
    people: Company, waiting: Return, composed: Any, sentence: str
) -> None:
    members = composed(people, waiting)
    with pytest.raises(Invalid) as refused:
        sitting.convened(people, waiting, members)
    assert sentence in refused.value.sentence
    answer = post(people.sami, "panel_convene", waiting.pk, **answers(people, waiting, members))
    assert answer.status_code == 422
    assert not Panel.objects.exists()
    assert "return.panel_convened" not in told(people.pia)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"chair": "selim"}, "The chair is one of the members"),
        ({"third_country": "XB"}, "Choose one of the answers"),
        ({"members": []}, "Choose an answer"),
    ],
)
def test_it_says_what_does_not_fit(
    people: Company, waiting: Return, changes: dict[str, Any], sentence: str
) -> None:
    if changes.get("chair"):
        changes = {"chair": people.selim.pk}
    answer = post(people.sami, "panel_convene", waiting.pk, **answers(people, waiting) | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Panel.objects.exists()


def test_it_does_not_meet_yesterday(people: Company, waiting: Return) -> None:
    said = answers(people, waiting) | day("meets_on", ways.today(waiting) - timedelta(days=1))
    answer = post(people.sami, "panel_convene", waiting.pk, **said)
    assert answer.status_code == 422
    assert "meets today or later" in answer.content.decode()


def test_a_third_country_is_neither_of_the_two(people: Company, waiting: Return) -> None:
    for country in ("XA", "XB", "??"):
        with pytest.raises(Invalid) as refused:
            sitting.convened(people, waiting, third_country=country)
        assert refused.value.field == "third_country"
    assert sitting.convened(people, waiting, third_country="DE").third_country == "DE"


def test_one_panel_sits_at_a_time(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    answer = post(people.sami, "panel_convene", waiting.pk, **answers(people, waiting))
    assert answer.status_code == 422
    assert "A panel sits already" in answer.content.decode()


def test_it_waits_until_the_return_is_before_a_panel(people: Company, waiting: Return) -> None:
    ways.step(waiting, "reassess", people.sami)
    answer = post(people.sami, "panel_convene", waiting.pk, **answers(people, waiting))
    assert answer.status_code == 422
    assert "not before the panel" in answer.content.decode()


def test_after_a_decision_that_came_back_another_one_is_convened(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    ways.step(waiting, "decide_return", people.pia)
    ways.step(waiting, "reopen_decision", people.sami)
    assert "No panel sits yet" in get(people.sami, "panel", waiting.pk).content.decode()
    assert sitting.convened(people, waiting).number == 2


def test_when_the_return_goes_back_its_members_read_no_more(people: Company, waiting: Return) -> None:
    """A late fact: whoever has the page open gets nothing any more."""
    sitting.convened(people, waiting)
    ways.step(waiting, "reassess", people.sami)
    assert get(people.pavel, "panel", waiting.pk).status_code == 404
    assert get(people.pavel, "panel_dossier", waiting.pk).status_code == 404


def test_those_with_a_conflict_are_not_on_the_list(people: Company, waiting: Return) -> None:
    author(people, waiting)
    page = get(people.sami, "panel_convene", waiting.pk).content.decode()
    assert "Pavel" in page
    assert "Paula" not in page
    assert convening.quorum(waiting) == 3
