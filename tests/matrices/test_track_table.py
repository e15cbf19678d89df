"""The tables of the machines of care say what the domain says, and none of their states is a trap."""

import pytest

from cases.edges.tracks import TRACKS
from cases.services.track_effects import COLUMNS, EFFECTS
from tests.matrices.tracks import DOMAIN, EVERY_STEP, HANDS, MACHINES, section_of, step_of


def table_differences(name: str) -> list[str]:
    """Where the table of edges says otherwise than the domain."""
    domain, machine = DOMAIN[name], TRACKS[name].machine
    found = sorted({step[0] for step in domain.steps} ^ {edge.name for edge in machine.edges})
    if domain.states.split() != list(machine.states.values) or machine.initial != domain.states.split()[0]:
        found.append("states")
    if set(domain.final.split()) != machine.final:
        found.append("final")
    for edge in machine.edges:
        _name, sources, target, who, guards = step_of(name, edge.name)
        hands = set().union(*(HANDS[each] for each in who.split()))
        targets = set() if target == "=" else {target}
        here = (set(sources.split()), targets, hands, guards.split())
        there = (set(edge.sources), set(edge.targets), set(edge.who), [guard.code for guard in edge.guards])
        if here != there or edge.stays != (target == "="):
            found.append(edge.name)
        wanted = {"happened_on", *domain.entries.get(edge.name, "").split()}
        asked = {entry.name for entry in edge.inputs if entry.required}
        if asked != wanted:
            found.append(f"{edge.name}: {sorted(asked ^ wanted)}")
        if "document" not in {entry.name for entry in edge.inputs}:
            found.append(f"{edge.name}: no document can show it")
    return found


@pytest.mark.parametrize("name", MACHINES)
def test_the_table_is_the_domains(name: str) -> None:
    assert table_differences(name) == []


def test_there_are_eight_machines_each_in_its_section() -> None:
    assert {name: track.section for name, track in TRACKS.items()} == {
        name: section_of(name) for name in DOMAIN
    }


def test_what_follows_a_step_is_found_by_its_name_so_no_two_share_one() -> None:
    names = [edge for _machine, edge in EVERY_STEP]
    assert len(names) == len(set(names))
    assert set(COLUMNS) | set(EFFECTS) <= set(names)


@pytest.mark.parametrize("name", MACHINES)
def test_from_every_state_a_way_leads_to_a_final_one_or_round(name: str) -> None:
    """Searched step by step. A strand without a final state may stay as it is for ever, and none is a trap."""
    domain = DOMAIN[name]
    steps = [
        (source, target)
        for _edge, sources, target, _who, _guards in domain.steps
        for source in sources.split()
        if target != "="
    ]
    for state in domain.states.split():
        reached, frontier = {state}, {state}
        while frontier:
            frontier = {target for source, target in steps if source in frontier} - reached
            reached |= frontier
        final = set(domain.final.split())
        assert reached & final if final else len(reached) > 1, state
