"""Every state × edge of the eight machines of care in Python: where each step leads and in whose hands it lies."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from cases.edges.tracks import TRACKS
from cases.models import Case
from cases.models.choices import Basis, CaseState
from tests.cases import files
from tests.cast import Cast
from tests.matrices.moving_tracks import actor_of, guards_hold, put, state_of, take
from tests.matrices.tracks import DOMAIN, EVERY_STEP, MACHINES, WORKER, section_of, source_of, step_of
from tests.undone import undone
from workflow.machine import Attempt, NotInHand, Refused, WrongState
from workflow.services import move


@pytest.mark.parametrize(("name", "edge"), EVERY_STEP)
def test_a_step_leaves_its_sources_and_no_other_state(cast: Cast, case: Case, name: str, edge: str) -> None:
    _name, sources, target, _who, _guards = step_of(name, edge)
    actor = actor_of(cast, name, edge)
    for state in DOMAIN[name].states.split():
        with undone():
            put(case, name, state)
            with guards_hold(name):
                if state in sources.split():
                    step = take(case, name, edge, actor)
                    assert state_of(case, name) == (state if target == "=" else target), state
                    assert (step.before, step.after) == (state, state_of(case, name))
                else:
                    with pytest.raises(WrongState):
                        take(case, name, edge, actor)
                    assert state_of(case, name) == state


RELATIONS: Mapping[str, Basis] = {
    "tomas": Basis.REFERRAL,
    "konsul": Basis.REQUEST,
    "pia": Basis.PANEL,
    "eskort": Basis.ESCORT,
    "omar": Basis.EMERGENCY,
}


@pytest.mark.parametrize(("name", "edge"), EVERY_STEP)
def test_a_step_lies_in_the_hands_that_are_named_and_in_no_other(
    cast: Cast, case: Case, name: str, edge: str
) -> None:
    for username, basis in RELATIONS.items():
        files.ground(case, basis, account=getattr(cast, username))
    put(case, name, source_of(name, edge))
    taken = set()
    everybody = ("ana", "ben", "petra", "sami", *RELATIONS, "vera", "stella", "aida", "admin", "hotline")
    for username in everybody:
        with guards_hold(name), undone():
            try:
                take(case, name, edge, getattr(cast, username))
                taken.add(username)
            except (NotInHand, Case.DoesNotExist):
                assert state_of(case, name) == source_of(name, edge)
    expected = {"ana", "ben"} if "worker" in step_of(name, edge)[3].split() else set()
    partner = {"lawyer", "clinic", "partner"} & set(step_of(name, edge)[3].split())
    assert taken == expected | ({"petra"} if partner else set())


@pytest.mark.parametrize("name", MACHINES)
def test_a_partner_has_a_hand_only_in_the_section_that_it_may_write(cast: Cast, name: str) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    edge = next(step[0] for step in DOMAIN[name].steps if step[3] != WORKER)
    put(case, name, source_of(name, edge))
    others = [section for section in Section if section != section_of(name)]
    grants = (
        (cast.petra, [section_of(name)], True),
        (cast.tomas, [section_of(name)], False),
        (cast.fokus, others, True),
    )
    until = clock.now() + timedelta(days=1)
    for account, sections, may_write in grants:
        files.ground(
            case, Basis.PERSONAL, account=account, until=until, sections=sections, may_write=may_write
        )
    with guards_hold(name), undone():
        take(case, name, edge, cast.petra)
    with guards_hold(name), pytest.raises(NotInHand), undone():
        take(case, name, edge, cast.tomas)
    with guards_hold(name), pytest.raises(Case.DoesNotExist), undone():
        take(case, name, edge, cast.fokus)


@pytest.mark.parametrize("name", MACHINES)
def test_care_never_waits_for_paper(cast: Cast, name: str) -> None:
    """The first step can be taken in every open state of the case, and in none that is not open."""
    edge = next(
        step[0] for step in DOMAIN[name].steps if DOMAIN[name].states.split()[0] in step[1] and step[2] != "="
    )
    closed = {"closed", "not_eligible", "referred_out", "duplicate"}
    for state in CaseState.values:
        case = files.in_state(state, cast.ana.agency)
        files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
        with guards_hold(name), undone():
            if state in closed:
                with pytest.raises(Invalid):
                    take(case, name, edge, cast.ana)
                assert state_of(case, name) == DOMAIN[name].states.split()[0]
            else:
                assert take(case, name, edge, cast.ana).edge == edge


@pytest.mark.parametrize("name", MACHINES)
def test_the_machine_alone_asks_for_hand_and_entries_too(cast: Cast, case: Case, name: str) -> None:
    """Past the service: the transition itself refuses."""
    track = TRACKS[name]
    edge = track.machine.edges_from(track.machine.initial)[0]
    row = track.row_of(case)
    with guards_hold(name), pytest.raises(NotInHand), undone():
        move(track.machine, row, edge.name, Attempt(actor=cast.sami), case_id=case.pk)
    with guards_hold(name), pytest.raises(Refused) as refused, undone():
        move(track.machine, row, edge.name, Attempt(actor=cast.ana), case_id=case.pk)
    assert "entered_happened_on" in [failure.code for failure in refused.value.failures]
