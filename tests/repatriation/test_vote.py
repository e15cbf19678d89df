"""One member, one vote; nobody sees another's before the chair closes; more than half decides."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import Invalid
from accounts.models import AuditEvent
from cases.models.situation import FACTORS
from repatriation.models import Panel, Return, Seat
from repatriation.models.choices import Option
from repatriation.services import voting
from repatriation.services.weighing import argue
from tests.cases.asking import get, last, post, statuses
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

RETURN, STAY, LATER = Option.RETURN, Option.INTEGRATION, Option.DEFERRAL


def page(people: Company, way: Return, name: str) -> str:
    return str(get(getattr(people, name), "panel", way.pk).content.decode())


def test_a_vote_is_counted_and_can_be_changed_until_the_chair_closes(
    people: Company, waiting: Return
) -> None:
    sitting.prepared(people, waiting)
    for option in ("return", "integration"):
        answer = post(people.pavel, "panel_vote", waiting.pk, option=option)
        assert (answer.status_code, answer["Location"]) == (302, reverse("panel", args=[waiting.pk]))
    seat = Seat.objects.get(member=people.pavel)
    assert (seat.vote, bool(seat.voted_at)) == ("integration", True)
    assert "You have voted: Integration here" in page(people, waiting, "pavel")


def test_nobody_sees_how_another_votes_before_the_close(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    blank = {name: page(people, waiting, name).count("Integration here") for name in ("pia", "ana", "sami")}
    sitting.voted(people, waiting, RETURN, STAY)
    for name, before in blank.items():
        shown = page(people, waiting, name)
        assert shown.count("Has voted") == 2
        assert "2 of 3 have voted" in shown
        assert shown.count("Integration here") == before
    for event in AuditEvent.objects.filter(verb="return.voted"):
        assert (event.details, event.reason) == ({}, None)
    sitting.voted(people, waiting, STAY, STAY, RETURN)
    assert post(people.pia, "panel_close", waiting.pk).status_code == 302
    for name in ("pavel", "ana", "sami"):
        assert page(people, waiting, name).count("Integration here") >= 3


def test_it_needs_a_seat(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    assert statuses([people.ana, people.sami], "panel_vote", waiting.pk, option="return") == [403, 403]
    strangers = [people.ben, people.selim, people.tomas, people.cast.omar]
    assert statuses(strangers, "panel_vote", waiting.pk, option="return") == [404] * 4
    assert not Seat.objects.exclude(vote="").exists()


def test_it_waits_until_all_is_argued_and_heard(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    for factor, _label in FACTORS[:-1]:
        words = dict.fromkeys((RETURN, STAY, LATER), "For and against.")
        argue(waiting.pk, factor, words, actor=people.paula)
    answer = post(people.pia, "panel_vote", waiting.pk, option="integration")
    assert answer.status_code == 422
    assert "The child was heard for this decision" in answer.content.decode()
    assert "Cast your vote" not in page(people, waiting, "pia")
    sitting.heard(people, waiting, representative_heard_on=None, representative_words="")
    with pytest.raises(Invalid):
        voting.cast_vote(waiting.pk, actor=people.pia, option=STAY)
    sitting.heard(people, waiting)
    with pytest.raises(Invalid) as refused:
        voting.cast_vote(waiting.pk, actor=people.pia, option=STAY)
    assert "Every factor is argued" in refused.value.sentence
    sitting.argued(people, waiting)
    voting.cast_vote(waiting.pk, actor=people.pia, option=STAY)


def test_what_forbids_a_return_is_said_before_anybody_votes(people: Company, waiting: Return) -> None:
    ways.assessed(people, waiting, conclusion="negative", refoulement=True)
    sitting.convened(people, waiting, third_country="DE")
    for name, shows in (("pia", 1), ("sami", 2)):
        # A supervisor finds beside a sentence the way to put it right, which says it once more.
        shown = page(people, waiting, name)
        assert "Return: Belmora" in shown
        assert "A third country: Germany" in shown
        assert shown.count("concludes that going there is in the child’s best interests") == 2 * shows
        assert shown.count("serious danger there") == shows
        # The input from Belmora is there, that from Germany is not.
        assert shown.count("has said what it knows about safety") == 1
    sitting.heard(people, waiting)
    sitting.argued(people, waiting)
    answer = post(people.pavel, "panel_vote", waiting.pk, option="return")
    assert answer.status_code == 422
    assert "serious danger there" in answer.content.decode()
    assert not Seat.objects.exclude(vote="").exists()
    assert statuses([people.pavel], "panel_vote", waiting.pk, option="integration") == [302]


def test_where_nothing_forbids_it_that_is_said(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert "Nothing forbids it now." in page(people, waiting, "paula")


def test_a_member_who_becomes_the_author_of_an_assessment_votes_no_more(
    people: Company, waiting: Return
) -> None:
    """A late fact."""
    sitting.prepared(people, waiting)
    ways.assessed(people, waiting, author=people.paula)
    with pytest.raises(Invalid) as refused:
        voting.cast_vote(waiting.pk, actor=people.paula, option=STAY)
    assert "step down" in refused.value.sentence


# The chair closes


def test_the_chair_closes_and_everybody_sees_who_voted_how(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    sitting.voted(people, waiting, RETURN, STAY, RETURN)
    others = [people.pavel, people.ana, people.sami]
    assert statuses(others, "panel_close", waiting.pk) == [403] * 3
    assert statuses([people.ben, people.selim, people.tomas], "panel_close", waiting.pk) == [404] * 3
    assert post(people.pia, "panel_close", waiting.pk).status_code == 302
    panel = sitting.fresh(waiting)
    assert (panel.outcome, bool(panel.closed_at)) == ("return", True)
    assert last(waiting.case_id, "return.vote_closed").details == {"outcome": "return"}
    assert waiting.events.last().kind == "vote_closed"  # type: ignore[union-attr]
    assert waiting.events.last().details == {}  # type: ignore[union-attr]
    # Again leads back to the page.
    assert post(people.pia, "panel_close", waiting.pk)["Location"] == reverse("panel", args=[waiting.pk])


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([RETURN, RETURN, STAY], RETURN),
        ([STAY, LATER, STAY], STAY),
        ([RETURN, STAY], LATER),
        ([RETURN, STAY, Option.THIRD_COUNTRY], LATER),
        ([RETURN, RETURN, STAY, LATER], LATER),
        ([Option.THIRD_COUNTRY] * 3, Option.THIRD_COUNTRY),
    ],
)
def test_more_than_half_decides_and_anything_else_defers(votes: list[Option], outcome: Option) -> None:
    assert voting.majority(votes) == outcome


def test_it_is_not_closed_below_the_quorum(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    sitting.voted(people, waiting, RETURN, RETURN)
    answer = post(people.pia, "panel_close", waiting.pk)
    assert answer.status_code == 422
    assert "At least 3 members have voted" in answer.content.decode()
    assert "1 member has not voted yet" in answer.content.decode()
    assert sitting.fresh(waiting).closed_at is None


def test_it_is_not_closed_for_what_a_late_fact_forbids(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    sitting.voted(people, waiting, RETURN, RETURN, STAY)
    ways.implicate(ways.grandmother(people, waiting))
    answer = post(people.pia, "panel_close", waiting.pk)
    assert answer.status_code == 422
    assert "had no part in it" in answer.content.decode()
    sitting.voted(people, waiting, STAY, STAY)
    assert post(people.pia, "panel_close", waiting.pk).status_code == 302
    assert sitting.fresh(waiting).outcome == "integration"


def test_a_vote_of_who_must_not_vote_is_not_closed(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    sitting.voted(people, waiting, STAY, STAY, STAY)
    ways.assessed(people, waiting, author=people.paula)
    with pytest.raises(Invalid) as refused:
        voting.close_vote(waiting.pk, actor=people.pia)
    assert "Neither the worker" in refused.value.sentence


def test_no_vote_changes_after_the_close_through_no_door(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    assert post(people.pavel, "panel_vote", waiting.pk, option="integration")["Location"] == reverse(
        "panel", args=[waiting.pk]
    )
    with pytest.raises(Invalid):
        voting.cast_vote(waiting.pk, actor=people.pavel, option=STAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(member=people.pavel).update(vote="integration")
    assert set(Seat.objects.values_list("vote", flat=True)) == {"return"}
    assert Panel.objects.get().outcome == "return"


# Whoever voted otherwise


def test_whoever_voted_otherwise_says_why(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting, RETURN, RETURN, STAY)
    why = "Her friends are here."
    assert statuses([people.pavel], "panel_dissent", waiting.pk, words=why) == [302]
    assert statuses([people.ana, people.sami], "panel_dissent", waiting.pk, words=why) == [403, 403]
    assert statuses([people.ben, people.selim], "panel_dissent", waiting.pk, words=why) == [404, 404]
    with pytest.raises(Invalid):
        voting.say_dissent(waiting.pk, actor=people.pavel, words=why)
    assert not Seat.objects.filter(dissent_on__isnull=False).exists()
    assert "Say why you voted otherwise" in page(people, waiting, "paula")
    assert statuses([people.paula], "panel_dissent", waiting.pk, words=why) == [302]
    seat = Seat.objects.get(member=people.paula)
    assert (seat.dissent, seat.dissent_on) == (why, ways.today(waiting))
    assert why in page(people, waiting, "sami")
    assert last(waiting.case_id, "return.dissented").actor == people.paula


def test_or_that_it_gives_no_reason(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting, RETURN, RETURN, STAY)
    assert statuses([people.paula], "panel_dissent", waiting.pk, words="") == [302]
    seat = Seat.objects.get(member=people.paula)
    assert (seat.dissent, seat.dissent_on) == (None, ways.today(waiting))
    assert "gives no reason" in page(people, waiting, "ana")


def test_it_is_said_before_the_minute_is_signed(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting, RETURN, RETURN, STAY)
    assert statuses([people.paula], "panel_dissent", waiting.pk, words="Late.") == [302]
    with pytest.raises(Invalid):
        voting.say_dissent(waiting.pk, actor=people.paula, words="Late.")
    assert Seat.objects.get(member=people.paula).dissent is None
