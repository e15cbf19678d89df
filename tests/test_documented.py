"""Whoever reads no code finds every step, every guard and every cell of the access table in `docs/`."""

import re

import pytest
from django.conf import settings
from django.utils import translation

from accounts.access import (
    ABILITIES,
    RELATIONS_OF,
    TABLE,
    Ability,
    Condition,
    Level,
    Relation,
    Role,
    Section,
    rule,
)
from workflow import docs, registry
from workflow.machine import Edge, Guard

FOLDER = settings.BASE_DIR / "docs"
MACHINES = [machine for machine in registry.machines() if machine.name != "parcel"]
EDGES = [(machine.name, edge) for machine in MACHINES for edge in machine.edges]
GUARDS = [(machine.name, guard) for machine in MACHINES for guard in machine.guards]
CONDITIONS = {
    Condition.GIVEN: "if given",
    Condition.GRANTED: "as granted",
    Condition.OWN: "own part",
    Condition.REFERRAL_KIND: "if the referral covers it",
    Condition.FROZEN_REQUEST: "what the request holds",
    Condition.SUMMARY: "summary",
    Condition.FIT_TO_TRAVEL: "fit to travel or not",
    Condition.AS_SECTION: "as its section",
}


def page(name: str) -> str:
    return str((FOLDER / name).read_text(encoding="utf-8"))


def test_the_pages_are_up_to_date() -> None:
    # Tests of the workflow room bring a machine of their own, which has no page.
    stale = set(docs.differing(FOLDER / "workflows")) - {"parcel.md"}
    assert not stale, "run manage.py document_workflows"


@pytest.mark.parametrize(("machine", "edge"), EDGES, ids=[edge.name for _machine, edge in EDGES])
def test_every_step_is_there(machine: str, edge: Edge) -> None:
    (row,) = re.findall(rf"^\| `{edge.name}` \|.*$", page(f"workflows/{machine}.md"), re.MULTILINE)
    with translation.override("en"):
        assert str(edge.label) in row
    for state in (*edge.sources, *edge.targets):
        assert f"`{state}`" in row
    for guard in edge.guards:
        assert f"`{guard.code}`" in row


@pytest.mark.parametrize(("machine", "guard"), GUARDS, ids=[guard.code for _machine, guard in GUARDS])
def test_every_guard_is_there_with_its_source_and_mark(machine: str, guard: Guard) -> None:
    (row,) = re.findall(rf"^\| `{guard.code}` \|.*$", page(f"workflows/{machine}.md"), re.MULTILINE)
    assert all(source in row for source in guard.source)
    assert guard.override.mark in row
    assert guard.source, "a guard without a source is somebody's opinion"


def access_page() -> str:
    """The access table as a page: sections down, relations across; then what roles can be and do."""
    relations = [relation for relation in Relation if TABLE[relation]]
    with translation.override("en"):
        head = ["section", *(str(relation.label) for relation in relations)]
        cells = [[str(section.label), *(_cell(each, section) for each in relations)] for section in Section]
        roles = [
            [str(role.label), _codes(map(str, RELATIONS_OF[role])), _codes(map(str, ABILITIES[role]))]
            for role in Role
        ]
    return "\n".join(
        [
            "# Who may see what",
            "",
            "From `accounts.access`, the one table that every check and every list asks. Change the table, then",
            "this page.",
            "",
            "A dash is a closed cell. Whoever has no relation to a case has no case. An escort sees the journey",
            "pack, which is no section. A role that cannot hold a relation gets nothing from a row that says it",
            "does.",
            "",
            "## Sections of a file",
            "",
            *_table(head, cells),
            "",
            "## Roles",
            "",
            *_table(["role", "what it can be to a case", "what it may do beside"], roles),
            "",
        ]
    )


def _cell(relation: Relation, section: Section) -> str:
    found = rule(relation, section)
    if found.level is Level.NONE:
        return "–"
    words = found.level.name.lower()
    return words if found.condition is Condition.ALWAYS else f"{words}, {CONDITIONS[found.condition]}"


def _codes(codes: object) -> str:
    return ", ".join(f"`{code}`" for code in sorted(codes)) or "–"  # type: ignore[call-overload]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def test_the_access_table_is_there_cell_by_cell() -> None:
    assert page("access.md") == access_page()


def test_every_section_role_relation_and_ability_is_named() -> None:
    text = page("access.md")
    with translation.override("en"):
        named = [str(each.label) for each in (*Section, *Role)] + [f"`{each}`" for each in Ability]
        named += [f"`{each}`" for each in Relation if each is not Relation.NONE]
    assert [name for name in named if name not in text] == []
