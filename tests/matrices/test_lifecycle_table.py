"""The table of the lifecycle says what the domain says."""

from cases.edges.lifecycle import LIFECYCLE
from tests.matrices.lifecycle import ENTRIES, GUARDS, STEPS
from workflow.machine import Machine


def table_differences(machine: Machine = LIFECYCLE) -> list[str]:
    """Where the table of edges says otherwise than the domain."""
    hands = {
        "case_worker": {"assigned"},
        "supervisor": {"agency"},
        "duty_worker": {"duty"},
        # By an accepted referral, or by a grant for care.
        "caring_partner": {"referred", "personal"},
    }
    found = sorted(set(STEPS) ^ {edge.name for edge in machine.edges})
    for edge in machine.edges:
        sources, targets, who = STEPS[edge.name]
        holders = set().union(*(hands[hand] for hand in edge.who))
        here = (set(map(str, edge.sources)), set(map(str, edge.targets)), holders)
        guards = " ".join(guard.code + guard.override.mark for guard in edge.guards)
        entries = {entry.name for entry in edge.inputs if entry.required}
        if here != (sources, targets, who) or guards != GUARDS[edge.name]:
            found.append(edge.name)
        if entries != ENTRIES.get(edge.name, set()):
            found.append(f"{edge.name}: {sorted(entries)}")
    return found


def test_the_table_is_the_domains() -> None:
    assert table_differences() == []
