"""A panel at the places where most tests of it begin, each reached through the services that people use."""

from collections.abc import Sequence
from typing import Any

import clock
from accounts.models import User
from cases.models import Case
from cases.models.situation import FACTORS
from repatriation.guards.deciding import options_of
from repatriation.models import Panel, Return
from repatriation.models.choices import Option
from repatriation.services import convening, minuting, voting, weighing
from tests.repatriation import ways
from tests.repatriation.ways import Company

REASONS = "Her wish, and the grandmother who can care for her, weigh most."


def waiting(people: Company, case: Case) -> Return:
    """Before the panel, where none sits yet."""
    return ways.at(people, case, "panel_pending")


def members(people: Company) -> list[User]:
    return [people.pia, people.pavel, people.paula]


def convened(people: Company, way: Return, sitting: Sequence[User] = (), third_country: str = "") -> Panel:
    return convening.convene_panel(
        way.pk,
        actor=people.sami,
        members=list(sitting) or members(people),
        chair=people.pia,
        meets_at=clock.now(),
        third_country=third_country,
    )


def heard(people: Company, way: Return, **changes: Any) -> Panel:
    said: dict[str, Any] = {
        "child_heard_on": ways.today(way),
        "child_means": "talk",
        "child_words": "I want to go to my grandmother.",
        "representative_heard_on": ways.today(way),
        "representative_words": "She knows her mind.",
    }
    return weighing.record_hearing(way.pk, actor=people.pia, **(said | changes))


def argued(people: Company, way: Return) -> None:
    panel = fresh(way)
    for factor, _label in FACTORS:
        words = dict.fromkeys(options_of(panel.third_country), "For and against.")
        weighing.argue(way.pk, factor, words, actor=people.paula)


def prepared(people: Company, way: Return, third_country: str = "") -> Panel:
    """Convened, heard and argued: the vote is open."""
    convened(people, way, third_country=third_country)
    heard(people, way)
    argued(people, way)
    return fresh(way)


def voted(people: Company, way: Return, *votes: Option) -> None:
    """Of pia, pavel and paula, in this order."""
    for member, option in zip(members(people), votes, strict=False):
        voting.cast_vote(way.pk, actor=member, option=option)


def closed(people: Company, way: Return, *votes: Option) -> Panel:
    prepared(people, way)
    voted(people, way, *(votes or [Option.RETURN] * 3))
    return voting.close_vote(way.pk, actor=people.pia)


def signed(people: Company, way: Return, *votes: Option) -> Panel:
    closed(people, way, *votes)
    return minute(people, way)


def minute(people: Company, way: Return, **changes: Any) -> Panel:
    said: dict[str, Any] = {
        "reasons": REASONS,
        "appeal_until": ways.today(way),
        "appeal": "At the guardianship court.",
        "goes_on": "The consulate is asked.",
        "no_reasons_given": True,
    }
    return minuting.sign_minute(way.pk, actor=people.pia, **(said | changes))


def decided(people: Company, case: Case, option: Option = Option.RETURN) -> Return:
    way = waiting(people, case)
    signed(people, way, *[option] * 3)
    ways.step(way, STEPS[option], people.pia)
    return ways.fresh_row(way)


STEPS = {
    Option.RETURN: "decide_return",
    Option.INTEGRATION: "decide_integration",
    Option.DEFERRAL: "decide_later",
}


def fresh(way: Return) -> Panel:
    panel = ways.fresh_row(way).panel
    assert panel is not None
    return panel
