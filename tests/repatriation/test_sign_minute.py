"""The chair signs the minute with its password; then exactly what was voted can be decided."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.errors import Invalid
from accounts.models import AuditEvent
from cases.models import Case
from repatriation.models import Return, Seat
from repatriation.models.choices import Option
from tests.cases.asking import day, get, last, post, statuses
from tests.entering import proof_of
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

RETURN, STAY, LATER = Option.RETURN, Option.INTEGRATION, Option.DEFERRAL


def said(way: Return, **changes: Any) -> dict[str, Any]:
    words: dict[str, Any] = {
        "reasons": sitting.REASONS,
        "appeal": "At the guardianship court.",
        "goes_on": "The consulate is asked.",
        **proof_of(sitting.fresh(way).chair),
    }
    return words | day("appeal_until", ways.today(way) + timedelta(days=14)) | changes


def test_it_is_signed_with_the_password_and_stands(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    assert post(people.pia, "panel_minute", waiting.pk, **said(waiting)).status_code == 302
    panel = sitting.fresh(waiting)
    assert (panel.minute_signed_by, bool(panel.minute_signed_at)) == (people.pia, True)
    assert (panel.reasons, panel.appeal, panel.goes_on) == (
        sitting.REASONS,
        "At the guardianship court.",
        "The consulate is asked.",
    )
    assert panel.appeal_until == ways.today(waiting) + timedelta(days=14)
    verbs = list(
        AuditEvent.objects.filter(actor=people.pia).order_by("-pk").values_list("verb", flat=True)[:2]
    )
    assert verbs == ["return.minute_signed", "account.proved_again"]
    assert waiting.events.last().kind == "minute_signed"  # type: ignore[union-attr]
    for reader in (people.ana, people.sami, people.pavel):
        assert sitting.REASONS in get(reader, "panel", waiting.pk).content.decode()
    # Twice leads to the page.
    again = post(people.pia, "panel_minute", waiting.pk, **said(waiting, reasons="x" * 30))
    assert again["Location"] == reverse("panel", args=[waiting.pk])
    assert sitting.fresh(waiting).reasons == sitting.REASONS
    with pytest.raises(Invalid):
        sitting.minute(people, waiting)


def test_a_wrong_password_signs_nothing_and_leaves_what_was_typed(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    answer = post(people.pia, "panel_minute", waiting.pk, **said(waiting, password="not-mine-at-all"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "not your password" in shown
    assert sitting.REASONS in shown
    assert "not-mine-at-all" not in shown
    assert sitting.fresh(waiting).minute_signed_at is None
    assert AuditEvent.objects.filter(verb="account.proof_failed", actor=people.pia).count() == 1


def test_it_lies_in_the_hands_of_the_chair(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    assert (
        statuses([people.pavel, people.ana, people.sami], "panel_minute", waiting.pk, **said(waiting))
        == [403] * 3
    )
    assert (
        statuses([people.ben, people.selim, people.tomas], "panel_minute", waiting.pk, **said(waiting))
        == [404] * 3
    )
    assert sitting.fresh(waiting).minute_signed_at is None


def test_it_waits_for_the_close(people: Company, waiting: Return) -> None:
    sitting.prepared(people, waiting)
    assert post(people.pia, "panel_minute", waiting.pk, **said(waiting))["Location"] == reverse(
        "panel", args=[waiting.pk]
    )
    with pytest.raises(Invalid):
        sitting.minute(people, waiting)


def test_it_refuses_what_is_missing(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    yesterday = day("appeal_until", ways.today(waiting) - timedelta(days=1))
    for changes, sentence in (
        ({"reasons": "Short."}, "at least 20"),
        (yesterday, "nobody could appeal any more"),
        ({"goes_on": ""}, "We need an answer here"),
        ({"password": ""}, "We need an answer here"),
    ):
        answer = post(people.pia, "panel_minute", waiting.pk, **said(waiting, **changes))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert sitting.fresh(waiting).minute_signed_at is None


def test_silence_of_who_voted_otherwise_is_noted_by_the_chair(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting, RETURN, RETURN, STAY)
    answer = post(people.pia, "panel_minute", waiting.pk, **said(waiting))
    assert answer.status_code == 422
    assert "has not said why yet" in answer.content.decode()
    assert "these give no reason: Paula" in answer.content.decode()
    assert Seat.objects.get(member=people.paula).dissent_on is None
    assert (
        post(people.pia, "panel_minute", waiting.pk, **said(waiting, no_reasons_given="on")).status_code
        == 302
    )
    assert Seat.objects.get(member=people.paula).dissent_on == ways.today(waiting)


# Then the decision


def offered(people: Company, way: Return) -> set[str]:
    page = get(people.pia, "return", way.pk).content.decode()
    return {name for name in DECISIONS if reverse("return_step", args=[way.pk, name]) in page}


DECISIONS = ("decide_return", "decide_integration", "decide_third_country", "decide_later")


@pytest.mark.parametrize("option", [RETURN, STAY, LATER])
def test_exactly_what_was_voted_is_offered(people: Company, waiting: Return, option: Option) -> None:
    sitting.prepared(people, waiting)
    assert offered(people, waiting) == set()
    sitting.voted(people, waiting, *[option] * 3)
    post(people.pia, "panel_close", waiting.pk)
    post(people.pia, "panel_minute", waiting.pk, **said(waiting))
    assert offered(people, waiting) == {sitting.STEPS[option]}
    page = get(people.pia, "panel", waiting.pk).content.decode()
    assert reverse("return_step", args=[waiting.pk, sitting.STEPS[option]]) in page
    for name in set(DECISIONS) - {sitting.STEPS[option]}:
        values = day("review_on", ways.today(waiting) + timedelta(days=30))
        assert statuses([people.pia], "return_step", waiting.pk, name, **values) == [422]
    values = day("review_on", ways.today(waiting) + timedelta(days=30))
    assert statuses([people.pia], "return_step", waiting.pk, sitting.STEPS[option], **values) == [302]


def test_each_outcome_says_what_follows(people: Company, case: Case, waiting: Return) -> None:
    sitting.signed(people, waiting, STAY, STAY, STAY)
    ways.step(waiting, "decide_integration", people.pia)
    assert Case.objects.get(pk=case.pk).durable_solution == "integration"
    for reader in (people.ana, people.sami):
        assert "This is the lasting solution" in get(reader, "return", waiting.pk).content.decode()
    # The partner abroad learns that it was decided, and nothing of what follows for the child here.
    assert "What follows now" not in get(people.tomas, "return", waiting.pk).content.decode()


def test_a_deferral_says_when_it_comes_back(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting, LATER, LATER, LATER)
    ways.step(waiting, "decide_later", people.pia)
    assert "comes before the panel again on" in get(people.ana, "return", waiting.pk).content.decode()


def test_a_return_says_what_follows(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    ways.step(waiting, "decide_return", people.pia)
    assert "asks the consulate of Belmora" in get(people.ana, "return", waiting.pk).content.decode()
    assert last(waiting.case_id, "return.decide_return").actor == people.pia
