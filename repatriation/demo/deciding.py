"""The panel: three members of three agencies weigh, vote and sign; and child and guardian are told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import clock
from cases.models.plan import Means
from cases.models.situation import FACTORS
from repatriation.demo.way import Way
from repatriation.guards.deciding import options_of
from repatriation.models.choices import Option
from repatriation.services.convening import convene_panel
from repatriation.services.minuting import record_telling, sign_minute
from repatriation.services.voting import cast_vote, close_vote, say_dissent
from repatriation.services.weighing import argue, record_hearing

# The first has the chair.
MEMBERS = ("pia", "pavel", "paula")
WEIGHED: Mapping[str, Mapping[Option, str]] = {
    "views": {
        Option.RETURN: "For: what the child said each time it was asked. Against: it has not seen the house yet.",
        Option.INTEGRATION: "For: it likes the school here. Against: it speaks of home every evening.",
        Option.THIRD_COUNTRY: "For: its own idea, not ours. Against: it has never been there.",
        Option.DEFERRAL: "For: it could be asked once more in spring. Against: it is tired of being asked.",
    },
    "family": {
        Option.RETURN: "For: somebody there who loves it. Against: the family was silent for a year.",
        Option.INTEGRATION: "For: visits would be possible from here. Against: they would be rare.",
        Option.THIRD_COUNTRY: "For: the sister. Against: nobody else whom it knows.",
        Option.DEFERRAL: "For: the mother may still be found. Against: nothing suggests that she will be.",
    },
    "safety": {
        Option.RETURN: "For: both countries see no recruiter near. Against: help is an hour away.",
        Option.INTEGRATION: "For: nobody knows the address here. Against: one of them was never caught.",
        Option.THIRD_COUNTRY: "For: nobody of the network was ever there. Against: little is known of it.",
        Option.DEFERRAL: "For: the trial will be over. Against: nothing becomes safer by waiting alone.",
    },
    "development": {
        Option.RETURN: "For: a school in its own language. Against: another change of school.",
        Option.INTEGRATION: "For: the therapy goes on. Against: the language is still a wall.",
        Option.THIRD_COUNTRY: "For: a course that it has chosen. Against: a third language.",
        Option.DEFERRAL: "For: it could finish the school year. Against: a year is long at that age.",
    },
    "identity": {
        Option.RETURN: "For: language, feast days, the grave of the father. Against: it has changed since.",
        Option.INTEGRATION: "For: there is a community here. Against: it is small and gossips.",
        Option.THIRD_COUNTRY: "For: the sister speaks its language. Against: nobody else does.",
        Option.DEFERRAL: "For: nothing is lost. Against: it would live between two places for longer.",
    },
    "care": {
        Option.RETURN: "For: one person, one house, visited. Against: she is not young.",
        Option.INTEGRATION: "For: the present place can be kept. Against: it is a house and no family.",
        Option.THIRD_COUNTRY: "For: the house has agreed in writing. Against: it has to be left at eighteen.",
        Option.DEFERRAL: "For: care goes on as it is. Against: it was meant for a few weeks.",
    },
}
REASONS: Mapping[Option, str] = {
    Option.RETURN: "The child’s own wish, and a person who can care for it, weigh most. The risks are met.",
    Option.INTEGRATION: "Nobody there can care for the child or protect it. Here it is safe and begins to learn.",
    Option.THIRD_COUNTRY: "It wants to live near its sister; the house there is safe and has agreed.",
    Option.DEFERRAL: "The search is not over. Nothing is decided on half of the facts.",
}
GOES_ON: Mapping[Option, str] = {
    Option.RETURN: "The consulate is asked who the child is. Nobody travels before everything is in writing.",
    Option.INTEGRATION: "The guardian asks for a permit to stay; the school place is kept.",
    Option.THIRD_COUNTRY: "The consulate of that country is asked. The sister may visit meanwhile.",
    Option.DEFERRAL: "The Red Cross searches on. The panel looks at it again on the day named.",
}


def convene(way: Way, third_country: str = "") -> None:
    """For the next day but one."""
    convene_panel(
        way.pk,
        actor=way.who("sami"),
        members=[way.who(name) for name in MEMBERS],
        chair=way.who(MEMBERS[0]),
        meets_at=clock.now() + timedelta(days=2),
        third_country=third_country,
    )


def weigh(way: Way, third_country: str = "") -> None:
    """Child and representative are heard, and each factor is argued for each option, by one member after the other."""
    record_hearing(
        way.pk,
        actor=way.who(MEMBERS[0]),
        child_heard_on=way.file.today,
        child_means=Means.TALK,
        child_words="Said in a room with toys, with the interpreter: “I know what I want. I wrote it down.”",
        representative_heard_on=way.file.today,
        representative_words="The guardian sees it as the child does, and asks for a visit after one week.",
    )
    for number, (factor, _label) in enumerate(FACTORS):
        member = way.who(MEMBERS[number % len(MEMBERS)])
        words = {option: WEIGHED[factor][option] for option in options_of(third_country)}
        argue(way.pk, factor, words, actor=member)


def weigh_and_vote_once(way: Way) -> None:
    """One has voted; the two others have still to."""
    weigh(way)
    cast_vote(way.pk, actor=way.who(MEMBERS[1]), option=Option.RETURN)


def decide(way: Way, step: str, votes: Sequence[Option], third_country: str = "", **entered: Any) -> None:
    """Weighed, voted on in the order of the members, signed and decided. The majority has to be what the step says."""
    weigh(way, third_country)
    for name, option in zip(MEMBERS, votes, strict=True):
        cast_vote(way.pk, actor=way.who(name), option=option)
    chair = way.who(MEMBERS[0])
    outcome = Option(close_vote(way.pk, actor=chair).outcome)
    for name, option in zip(MEMBERS, votes, strict=True):
        if option != outcome:
            say_dissent(way.pk, actor=way.who(name), words="I would have trusted what is known already.")
    sign_minute(
        way.pk,
        actor=chair,
        reasons=REASONS[outcome],
        appeal_until=way.file.today + timedelta(days=14),
        appeal="At the guardianship court, by the child, its guardian or Legal Aid.",
        goes_on=GOES_ON[outcome],
    )
    way.step(step, by=MEMBERS[0], **entered)


def decide_return(way: Way) -> None:
    decide(way, "decide_return", [Option.RETURN] * 3)


def decide_integration(way: Way) -> None:
    decide(way, "decide_integration", [Option.INTEGRATION] * 3)
    tell(way)


def decide_elsewhere(way: Way, third_country: str) -> None:
    decide(way, "decide_third_country", [Option.THIRD_COUNTRY] * 3, third_country)


def decide_later(way: Way) -> None:
    """By two against one, who says why."""
    review_on = way.file.today + timedelta(days=60)
    votes = [Option.DEFERRAL, Option.INTEGRATION, Option.DEFERRAL]
    decide(way, "decide_later", votes, review_on=review_on)


def tell(way: Way) -> None:
    record_telling(
        way.pk,
        actor=way.file.worker,
        child_told_on=way.file.today,
        guardian_told_on=way.file.today,
        words="Read out with the interpreter, then given as a leaflet. Asked: “And who comes with me?”",
    )
