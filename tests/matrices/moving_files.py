"""A file in any state, and its step with everything entered that it asks for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import clock
from accounts.access import Section
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Case
from cases.models.choices import Basis
from cases.services.steps import take_step
from tests.cases import files
from tests.cast import Cast
from tests.matrices.lifecycle import STEPS

RELATIONS: Mapping[str, Basis] = {
    "duty": Basis.DUTY,
    "referred": Basis.REFERRAL,
    "consular": Basis.REQUEST,
    "panel": Basis.PANEL,
    "escort": Basis.ESCORT,
    "emergency": Basis.EMERGENCY,
    "personal": Basis.PERSONAL,
}


@contextmanager
def guards_hold(except_for: str = "") -> Iterator[None]:
    """Every guard holds, but for one that keeps its own judgement. They are frozen, hence the long way."""
    before = {guard: guard.check for guard in LIFECYCLE.guards if guard.code != except_for}
    for guard in before:
        object.__setattr__(guard, "check", lambda _case, _attempt: True)
    try:
        yield
    finally:
        for guard, check in before.items():
            object.__setattr__(guard, "check", check)


def bare(cast: Cast, state: str, **columns: Any) -> Case:
    """A file in a state, in ana's hands, without any fact that a guard could like."""
    taken_over = columns.pop("taken_over", True)
    case = files.in_state(state, cast.ana.agency, taken_over=taken_over, **columns)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    return case


def settled(cast: Cast, state: str, **columns: Any) -> Case:
    """The same with different people in every column that a ✖ guard reads."""
    people = {
        "plan_author": cast.ana,
        "plan_approver": cast.sami,
        "closure_author": cast.vera,
        "closure_approver": cast.sami,
    }
    return bare(cast, state, **(people | columns))


def step(case: Case, edge: str, actor: User, **changes: Any) -> Case:
    """Takes the edge with everything entered that it asks for."""
    values: dict[str, Any] = {}
    if edge == "find_not_eligible":
        values = {"code": "adult", "signpost": "The adults’ centre in Graz"}
    if edge == "mark_duplicate":
        values = {"surviving_case": files.in_state("active", case.agency)}
    given: dict[str, Any] = {"reason": "The facts have changed.", "values": values} | changes
    return take_step(case.pk, edge, actor=actor, **given)


def hand_of(edge: str, cast: Cast) -> User:
    return cast.ana if "assigned" in STEPS[edge][2] else cast.sami


def held_by_everybody(case: Case, people: Mapping[str, User]) -> None:
    """Every relation at once has its ground on the file; nobody is a stranger to it."""
    for relation, basis in RELATIONS.items():
        until = {"until": clock.now() + timedelta(days=1), "sections": list(Section), "may_write": True}
        files.ground(case, basis, account=people[relation], **(until if relation == "personal" else {}))
