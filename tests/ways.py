"""Where a track rests, and the shortest way there: searched in the table of edges, each edge once."""

from collections.abc import Callable, Collection

from workflow.machine import Edge, Machine

# As the domain says it, in words of its own.
SETTLED: dict[str, set[str]] = {
    "representation": {"not_needed", "appointed", "ended"},
    "identification": {"victim", "not_a_victim"},
    "residence": {"not_applicable", "permitted", "ended"},
    "protection": {"none", "granted", "refused_final", "withdrawn"},
    "proceedings": {"none", "closed"},
    "redress": {"not_sought", "sought", "awarded", "refused"},
    "medical": {"stable_follow_up", "completed", "declined", "not_applicable"},
    "rehabilitation": {
        "in_progress",
        "achieved",
        "partly_achieved",
        "ended",
        "declined",
        "not_applicable",
    },
}


def way(
    machine: Machine, start: str, ends: Collection[str], may: Callable[[Edge], bool] = lambda _edge: True
) -> list[Edge] | None:
    """The fewest edges from a state to one of `ends`; None when none leads there."""
    found: dict[str, list[Edge]] = {start: []}
    frontier = [start]
    while frontier:
        state = frontier.pop(0)
        if state in ends:
            return found[state]
        for edge in machine.edges_from(state):
            if edge.stays or not may(edge):
                continue
            for target in edge.targets:
                if target not in found:
                    found[target] = [*found[state], edge]
                    frontier.append(target)
    return None
