"""A machine as a page for people who read no code: diagram, steps, guards. From the table, in English."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

from django.utils import translation

from workflow import registry
from workflow.machine import CLOCK, Edge, Field, Guard, Machine

NOTE = "Made from the table of edges by `manage.py document_workflows`. Change the table, not this page."
MARKS = (
    "⚠ can be set aside by a supervisor who does not take the step, with a reason; "
    "✖ can never be overridden and is enforced by the database too; unmarked cannot be overridden."
)
NONE = "–"
# An edge with more sources (or targets) than this is drawn once, from (or to) a box that names them.
MOST_ARROWS = 3


def pages() -> dict[str, str]:
    """File name and text for every machine there is."""
    with translation.override("en"):
        return {f"{machine.name}.md": page(machine) for machine in registry.machines()}


def write(folder: Path) -> list[str]:
    """Writes what is new or different, takes away what no machine has; answers the names."""
    changed = differing(folder)
    texts = pages()
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in texts:
            (folder / name).write_text(texts[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def differing(folder: Path) -> list[str]:
    """Names of the pages in the folder that are missing, stale, or of no machine."""
    texts = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in texts.keys() | present.keys() if texts.get(name) != present.get(name))


def page(machine: Machine) -> str:
    title = machine.name.replace("_", " ").capitalize()
    parts = [f"# {title}", NOTE, diagram(machine), "## Steps", _edges(machine), "## Guards", MARKS]
    return "\n\n".join([*parts, _guards(machine)]) + "\n"


def diagram(machine: Machine) -> str:
    """Arrows from or to many states start or end at one box that names them all, or nobody could read it."""
    boxes: dict[tuple[str, ...], str] = {}
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in machine.edges:
        starts, ends = _drawn(boxes, edge.sources), _drawn(boxes, edge.targets)
        for step in zip(starts, starts, strict=True) if edge.stays else product(starts, ends):
            arrows.setdefault(step, []).append(edge.name)
    lines = [f'    state "{", ".join(states)}" as {name}' for states, name in boxes.items()]
    lines.append(f"    [*] --> {machine.initial}")
    lines += [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    lines += [f"    {state} --> [*]" for state in machine.states.values if state in machine.final]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _drawn(boxes: dict[tuple[str, ...], str], states: tuple[str, ...]) -> tuple[str, ...]:
    """The states themselves, or the one box of a set of many."""
    if len(states) <= MOST_ARROWS:
        return tuple(map(str, states))
    return (boxes.setdefault(tuple(map(str, states)), f"several_{len(boxes) + 1}"),)


def _edges(machine: Machine) -> str:
    rows = [
        (
            f"`{edge.name}`",
            str(edge.label),
            _codes(edge.sources),
            "stays" if edge.stays else _codes(edge.targets),
            _who(machine, edge),
            ", ".join(map(_entry, edge.inputs)) or NONE,
            _codes(guard.code for guard in edge.guards),
        )
        for edge in machine.edges
    ]
    return _table(("step", "label", "from", "to", "who", "to be entered", "guards"), rows)


def _entry(entry: Field) -> str:
    return str(entry.label) if entry.required else f"{entry.label} (optional)"


def _who(machine: Machine, edge: Edge) -> str:
    labels = [str(machine.hand_labels[hand]) for hand in machine.hand_labels if hand in edge.who]
    if CLOCK in edge.who and CLOCK not in machine.hand_labels:
        labels.append("Clock")
    return ", ".join(labels + ["automatic"] * edge.automatic)


def _guards(machine: Machine) -> str:
    header = ("guard", "what must hold", "source", "override", "where to satisfy it")
    return _table(header, [_guard(guard) for guard in machine.guards])


def _guard(guard: Guard) -> tuple[str, ...]:
    remedy = f"{guard.remedy_label} (`{guard.remedy}`)" if guard.remedy else NONE
    sentence = str(guard.sentence).replace("%(", "‹").replace(")s", "›").replace(")d", "›")
    return f"`{guard.code}`", sentence, "; ".join(guard.source) or NONE, guard.override.mark or NONE, remedy


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes) or NONE


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
