"""`make mutants`: how many mutants of the access table and of the vault the tests kill; docs/trials/mutants.md.

`python -m tests.trials.mutating --survivors` shows only those to the tests again that survived the last time, or were
not reached; `--report` writes down what is known so far.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from tests.trials.hunting import ROOT, Fate, Mutant, hunt
from tests.trials.verdicts import Verdict, verdict_on

PYTHON = os.environ.get("MUTANTS_PYTHON", str(ROOT / ".trials/bin/python"))
KEPT = ROOT / ".trials" / "mutants.jsonl"
REPORT = ROOT / "docs" / "trials" / "mutants.md"
FEWEST = 0.85
TESTS = ("tests/vault", "tests/accounts/test_access_table.py", "tests/accounts/test_keep_directory.py")
# It takes as long as all others together, and the process that it kills has no mutant in it.
LEFT_OUT = "tests/vault/test_rotate_keys.py::test_a_killed_process_loses_nothing_and_the_next_goes_on"
ACCESS = ("accounts/access.py", "accounts/permissions.py")


def paths() -> list[str]:
    """The access table, and every module of the vault in which anything can be changed."""
    full = (path for path in sorted((ROOT / "vault").rglob("*.py")) if path.stat().st_size)
    vault = (path.relative_to(ROOT) for path in full)
    return [*ACCESS, *(str(path) for path in vault if "migrations" not in path.parts)]


def made() -> list[Mutant]:
    command = [PYTHON, "tests/trials/mutants.py", *paths()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Mutant(**each) for each in json.loads(done.stdout)]


def cells() -> list[Mutant]:
    """Asks the table itself, so it can be asked only when there are settings."""
    from tests.trials.cells import cells  # noqa: PLC0415

    return cells()


def kept() -> dict[str, Fate]:
    """By the whole mutant, so that what was found out about other code is not taken for this."""
    if not KEPT.exists():
        return {}
    lines = map(json.loads, KEPT.read_text(encoding="utf-8").splitlines())
    fates = [Fate(Mutant(**line.pop("mutant")), **line) for line in lines]
    return {_key(fate.mutant): fate for fate in fates}


def _key(mutant: Mutant) -> str:
    return json.dumps(asdict(mutant))


def keep(fate: Fate) -> None:
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(fate)) + "\n")


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    if arguments == ["--report"]:
        return report(list(kept().values()), 0)
    KEPT.parent.mkdir(exist_ok=True)
    before = kept() if arguments == ["--survivors"] else {}
    if not before:
        KEPT.unlink(missing_ok=True)
    fates: dict[str, Fate] = {}

    def tell(fate: Fate) -> None:
        keep(fate)
        fates[_key(fate.mutant)] = fate

    def still(mutants: Iterable[Mutant]) -> list[Mutant]:
        """Those that nothing is known to kill."""
        known = {mutant: before.get(_key(mutant)) for mutant in mutants}
        dead = {mutant: fate for mutant, fate in known.items() if fate and fate.by and not fate.timed_out}
        fates.update({_key(mutant): fate for mutant, fate in dead.items()})
        return [mutant for mutant in known if mutant not in dead]

    code = hunt(lambda: still([*made(), *cells()]), set(paths()), [*TESTS, "--deselect", LEFT_OUT], tell)
    if code or not fates:
        return code or 1
    return report(list(fates.values()), time.monotonic() - began)


def report(fates: list[Fate], seconds: float) -> int:
    """Says the figure and writes it down; 1 when it is too small."""
    raw, honest = _share(fates), _share([fate for fate in fates if not _is_equivalent(fate)])
    operators = [fate for fate in fates if not fate.mutant.is_cell]
    said = (
        f"{_of(fates)} mutants killed: {raw:.1%}; {honest:.1%} without those that change nothing. "
        f"Without the cells of the table: {_of(operators)}, {_share(operators):.1%}."
    )
    lines = [
        "# Mutants of the access table and of the vault",
        "",
        f"`make mutants`, part of `make trials`, {datetime.now(UTC):%Y-%m-%d}, on {os.cpu_count()} cores,"
        f" {seconds:.0f} s.",
        said,
        "",
        "A mutant is one small change: an operator, a constant, an argument, a condition; of the table of access",
        "also each cell opened, widened, narrowed or closed (*cells*). It is killed when a test fails. Decision 69.",
        "",
        "| module | killed | of | |",
        "|---|---|---|---|",
        *(_row(name, some) for name, some in _by_module(fates).items()),
        "",
        *_survivors(fates),
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{said}\n")
    for name, some in _by_module(fates).items():
        sys.stdout.write(f"  {name}: {_of(some)}\n")
    return int(raw < FEWEST)


def _is_dead(fate: Fate) -> bool:
    """Whoever comes to no end is dead only if somebody has looked at it and seen an endless loop."""
    if fate.timed_out:
        return verdict_on(fate.mutant) is not None and not _is_equivalent(fate)
    return bool(fate.by)


def _is_equivalent(fate: Fate) -> bool:
    verdict = verdict_on(fate.mutant)
    return not (fate.by and not fate.timed_out) and verdict is not None and verdict.kind == "equivalent"


def _share(fates: list[Fate]) -> float:
    return sum(map(_is_dead, fates)) / len(fates)


def _of(fates: list[Fate]) -> str:
    return f"{sum(map(_is_dead, fates))} of {len(fates)}"


def _row(name: str, fates: list[Fate]) -> str:
    return f"| {name} | {sum(map(_is_dead, fates))} | {len(fates)} | {_share(fates):.0%} |"


def _by_module(fates: list[Fate]) -> dict[str, list[Fate]]:
    found: dict[str, list[Fate]] = {}
    for fate in fates:
        name = f"`{fate.mutant.path}`" + (", cells" if fate.mutant.is_cell else "")
        found.setdefault(name, []).append(fate)
    return dict(sorted(found.items()))


def _survivors(fates: list[Fate]) -> list[str]:
    """In three lists: what changes nothing, what never ends, and what a test should tell."""
    left = [fate for fate in fates if not fate.by or fate.timed_out]
    said = [(fate, verdict_on(fate.mutant)) for fate in sorted(left, key=lambda fate: _place(fate.mutant))]
    return [
        *_list("Survivors that change nothing", [each for each in said if _kind(each[1]) == "equivalent"]),
        *_list("Killed by time: they never end", [each for each in said if _kind(each[1]) == "endless"]),
        *_list("Survivors that a test could tell", [each for each in said if _kind(each[1]) == ""]),
    ]


def _place(mutant: Mutant) -> tuple[str, int]:
    return mutant.path, mutant.line


def _kind(verdict: Verdict | None) -> str:
    return verdict.kind if verdict else ""


def _list(title: str, found: list[tuple[Fate, Verdict | None]]) -> list[str]:
    lines = [f"## {title}", "", f"{len(found)}." if found else "None."]
    for fate, verdict in found:
        mutant = fate.mutant
        note = f" — {verdict.reason}" if verdict else ""
        slow = f" (timed out; {fate.seconds:.0f} s of a processor)" if fate.timed_out else ""
        lines += [
            "",
            f"`{mutant.path}:{mutant.line}`{slow}{note}",
            "",
            "```diff",
            f"- {mutant.before}",
            f"+ {mutant.after}",
            "```",
        ]
    return [*lines, ""]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
