"""Mutants of the table of access as a table: every cell in turn opened, widened, narrowed or closed."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from accounts.access import ABILITIES, RELATIONS_OF, Ability, Level, Relation, Role, Rule, Section, rule
from tests.trials.hunting import ROOT, Mutant

PATH = "accounts/access.py"


def cells() -> list[Mutant]:
    """Each is the module with one line more at its end."""
    source = Path(ROOT, PATH).read_text(encoding="utf-8")
    last = source.count("\n")
    return [
        Mutant(PATH, last, "", line, f"{source}\n\n{line}\n", is_cell=True)
        for line in [*_sections(), *_relations(), *_abilities()]
    ]


def _sections() -> Iterator[str]:
    for relation, section, level in product(Relation, Section, Level):
        if rule(relation, section) != Rule(level):
            row = f"Relation.{relation.name}: {{**TABLE[Relation.{relation.name}], Section.{section.name}"
            yield f"TABLE = MappingProxyType({{**TABLE, {row}: Rule(Level.{level.name})}}}})"


def _relations() -> Iterator[str]:
    for role, relation in product(Role, Relation):
        sign = "-" if relation in RELATIONS_OF[role] else "|"
        row = f"Role.{role.name}: RELATIONS_OF[Role.{role.name}] {sign} {{Relation.{relation.name}}}"
        yield f"RELATIONS_OF = MappingProxyType({{**RELATIONS_OF, {row}}})"


def _abilities() -> Iterator[str]:
    for role, ability in product(Role, Ability):
        sign = "-" if ability in ABILITIES[role] else "|"
        row = f"Role.{role.name}: ABILITIES[Role.{role.name}] {sign} {{Ability.{ability.name}}}"
        yield f"ABILITIES = MappingProxyType({{**ABILITIES, {row}}})"
