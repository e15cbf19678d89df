"""A track in any state, and its step with everything entered that it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import clock
from accounts.models import User
from cases.edges.tracks import TRACKS
from cases.models import Case, Person, TrackStep
from cases.models.people import Conflict, PersonRole
from cases.services.tracks import take_track_step
from tests.cast import Cast
from tests.matrices.tracks import DOMAIN, step_of


@contextmanager
def guards_hold(name: str, except_for: str = "") -> Iterator[None]:
    """Every guard of the machine holds, but for one that keeps its own judgement."""
    before = {guard: guard.check for guard in TRACKS[name].machine.guards if guard.code != except_for}
    for guard in before:
        object.__setattr__(guard, "check", lambda _row, _attempt: True)
    try:
        yield
    finally:
        for guard, check in before.items():
            object.__setattr__(guard, "check", check)


def way(name: str, state: str) -> list[str]:
    """The shortest way to a state by the domain's steps, each state on it but the first."""
    ways = {DOMAIN[name].states.split()[0]: list[str]()}
    while state not in ways:
        for here, walked in list(ways.items()):
            for _edge, sources, target, _who, _guards in DOMAIN[name].steps:
                if here in sources.split() and target != "=":
                    ways.setdefault(target, [*walked, target])
    return ways[state]


def put(case: Case, name: str, state: str) -> None:
    """The track's row in a state: past Python, step by step as the database lets it go."""
    track = TRACKS[name]
    for each in way(name, state):
        track.model._base_manager.filter(case=case).update(**{track.machine.field: each})


def state_of(case: Case, name: str) -> str:
    track = TRACKS[name]
    return str(track.model._base_manager.filter(case=case).values_list(track.machine.field, flat=True).get())


def values_of(case: Case, name: str, edge: str) -> dict[str, Any]:
    """Everything that the step asks for, filled in."""
    today = clock.today("Europe/Vienna")
    answers: dict[str, Any] = {
        "decided_by": "Police",
        "against": "XB",
        "parents_safe": True,
        "no_appeal_open": True,
        "counselled": True,
        "incident": "not_known",
        "answer": "begun",
        "refused_by": "child",
        "review_on": today + timedelta(days=30),
        "education_from": today,
    }
    given: dict[str, Any] = {"happened_on": today}
    for entry in DOMAIN[name].entries.get(edge, "").split():
        given[entry] = guardian(case) if entry == "person" else answers.get(entry, "As it was said.")
    given.pop("reason", None)
    return given


def guardian(case: Case, **changes: Any) -> Person:
    settled = {"role": PersonRole.GUARDIAN, "conflict": Conflict.NONE} | changes
    person = Person(case=case, added_by=case.facts.assignment.worker, **settled)  # type: ignore[union-attr]
    person.name = "Greta Halm"
    person.save(force_insert=True)
    return person


def take(case: Case, name: str, edge: str, actor: User, **changes: Any) -> TrackStep:
    settled: dict[str, Any] = {"values": values_of(case, name, edge), "reason": "As it was decided."}
    return take_track_step(case.pk, name, edge, actor=actor, **(settled | changes))


def actor_of(cast: Cast, name: str, edge: str) -> User:
    return cast.ana if "worker" in step_of(name, edge)[3].split() else cast.petra
