"""Members step down, others take their seats, a panel is dissolved."""

import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import User
from cases.models import CaseAccess
from cases.models.choices import Basis
from repatriation.models import Return
from repatriation.models.choices import Option
from repatriation.services import convening
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import PASSWORD
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company


def another(people: Company) -> User:
    """Of paula's house."""
    return User.objects.create_account(
        "petar", PASSWORD, name="Petar", role=Role.PANEL_MEMBER, agency=people.paula.agency
    )


def has_ground(user: User) -> bool:
    return CaseAccess.objects.live().filter(basis=Basis.PANEL, account=user).exists()


def test_whoever_steps_down_loses_vote_and_file_at_once(people: Company, waiting: Return) -> None:
    panel = sitting.prepared(people, waiting)
    sitting.voted(people, waiting, Option.RETURN, Option.RETURN)
    assert get(people.pavel, "panel_step_down", waiting.pk).status_code == 200
    answer = post(people.pavel, "panel_step_down", waiting.pk)
    assert (answer.status_code, answer["Location"]) == (302, reverse("returns"))
    seat = panel.seats.get(member=people.pavel)
    assert (seat.vote, seat.voted_at, bool(seat.recused_at)) == ("", None, True)
    assert not has_ground(people.pavel)
    assert statuses([people.pavel], "panel_vote", waiting.pk, option="return") == [404]
    assert "return.panel_stepped_down" in told(people.sami)
    assert last(waiting.case_id, "return.panel_stepped_down").actor == people.pavel
    assert "Stepped down" in get(people.sami, "panel", waiting.pk).content.decode()
    assert waiting.events.last().kind == "panel_stepped_down"  # type: ignore[union-attr]


def test_only_a_member_steps_down_and_not_after_the_vote(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    assert statuses([people.ana, people.sami], "panel_step_down", waiting.pk) == [403, 403]
    assert statuses([people.selim, people.ben], "panel_step_down", waiting.pk) == [404, 404]
    assert post(people.pavel, "panel_step_down", waiting.pk)["Location"] == reverse(
        "panel", args=[waiting.pk]
    )
    with pytest.raises(Invalid):
        convening.step_down(waiting.pk, actor=people.pavel)
    assert has_ground(people.pavel)


def test_another_one_takes_the_seat_and_the_chair_passes_on(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    convening.step_down(waiting.pk, actor=people.pia)
    petar = another(people)
    said = {"member": petar.pk, "chair": people.paula.pk}
    assert statuses([people.ana, people.pavel], "panel_complete", waiting.pk, **said) == [403, 403]
    assert statuses([people.ben, people.selim], "panel_complete", waiting.pk, **said) == [404, 404]
    # Petar is of paula's house: two of three.
    answer = post(people.sami, "panel_complete", waiting.pk, **said)
    assert answer.status_code == 422
    assert "more than half" in answer.content.decode()
    assert not has_ground(petar)
    petar.agency = people.pia.agency
    petar.save()
    assert post(people.sami, "panel_complete", waiting.pk, **said).status_code == 302
    panel = sitting.fresh(waiting)
    assert panel.chair == people.paula
    assert has_ground(petar)
    assert told(petar) == ["return.panel_convened"]
    assert last(waiting.case_id, "return.panel_completed").actor == people.sami


def test_who_stepped_down_does_not_come_back(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    convening.step_down(waiting.pk, actor=people.pavel)
    page = get(people.sami, "panel_complete", waiting.pk).content.decode()
    assert "Selim" in page
    assert "Pavel" not in page
    with pytest.raises(Invalid) as refused:
        convening.complete_panel(waiting.pk, actor=people.sami, member=people.pavel, chair=people.pia)
    assert refused.value.field == "member"
    with pytest.raises(Invalid) as refused:
        convening.complete_panel(waiting.pk, actor=people.sami, member=None, chair=people.pavel)
    assert refused.value.field == "chair"


def test_the_chair_alone_can_pass_on(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert (
        post(people.sami, "panel_complete", waiting.pk, member="", chair=people.pavel.pk).status_code == 302
    )
    assert sitting.fresh(waiting).chair == people.pavel
    assert statuses([people.pia], "panel_close", waiting.pk) == [403]


def test_nothing_is_completed_once_the_vote_is_closed(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    answer = post(people.sami, "panel_complete", waiting.pk, member=people.selim.pk, chair=people.pia.pk)
    assert answer["Location"] == reverse("panel", args=[waiting.pk])
    with pytest.raises(Invalid):
        convening.complete_panel(waiting.pk, actor=people.sami, member=people.selim, chair=people.pia)


def test_it_is_dissolved_with_a_reason_and_closed_to_its_members(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    why = "Two members have fallen ill for weeks."
    assert statuses([people.ana, people.pia], "panel_dissolve", waiting.pk, reason=why) == [403, 403]
    assert statuses([people.ben, people.tomas], "panel_dissolve", waiting.pk, reason=why) == [404, 404]
    short = post(people.sami, "panel_dissolve", waiting.pk, reason="Ill.")
    assert short.status_code == 422
    assert sitting.fresh(waiting).dissolved_at is None
    assert post(people.sami, "panel_dissolve", waiting.pk, reason=why).status_code == 302
    assert sitting.fresh(waiting).dissolved_at is not None
    assert not any(map(has_ground, sitting.members(people)))
    event = last(waiting.case_id, "return.panel_dissolved")
    assert (event.reason, event.actor) == (why, people.sami)
    page = get(people.sami, "panel", waiting.pk).content.decode()
    assert "No panel sits yet" in page
    assert "Dissolved without a decision" in page
    assert sitting.convened(people, waiting).number == 2


def test_a_signed_minute_whose_decision_cannot_be_taken_any_more_is_no_dead_end(
    people: Company, waiting: Return
) -> None:
    """A late fact: after the minute somebody turns out to have had a part in it."""
    sitting.signed(people, waiting)
    ways.implicate(ways.grandmother(people, waiting))
    assert statuses([people.pia], "return_step", waiting.pk, "decide_return") == [422]
    why = "The grandmother had a part in it."
    assert post(people.sami, "panel_dissolve", waiting.pk, reason=why).status_code == 302
    assert sitting.convened(people, waiting).number == 2
    answer = post(people.sami, "panel_dissolve", waiting.pk, reason=why)
    assert answer.status_code == 302
    again = post(people.sami, "panel_dissolve", waiting.pk, reason=why)
    assert again["Location"] == reverse("panel", args=[waiting.pk])
