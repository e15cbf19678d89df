"""Every cell of the table of access, written down here a second time and compared."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import (
    ABILITIES,
    RELATIONS_OF,
    Ability,
    Condition,
    Level,
    Relation,
    Role,
    Rule,
    Section,
    can,
    level,
    rule,
)
from tests.cast import Cast

# Words as in the description of access; "-" is nothing.
TABLE = """
section         | assigned    | duty        | agency      | referred    | consular    | panel      | emergency   | personal    | escort | none
identity        | write       | write       | read        | if given    | read        | read       | read        | as granted  | -      | -
contacts        | write       | write       | read        | if given    | frozen      | read       | read        | as granted  | -      | -
shelter         | write       | write       | read        | if given    | -           | -          | read        | as granted  | -      | -
account         | write       | write       | read        | if given    | -           | read       | -           | as granted  | -      | -
risk            | write       | write       | read        | if given    | -           | read       | read        | as granted  | -      | -
legal           | write       | write       | read        | of its kind | -           | read       | -           | as granted  | -      | -
medical         | write       | write       | read        | of its kind | fit         | summary    | read        | as granted  | -      | -
rehabilitation  | write       | write       | read        | of its kind | -           | read       | -           | as granted  | -      | -
return_decision | write       | write       | read        | own         | -           | read       | -           | as granted  | -      | -
return_journey  | write       | write       | read        | own         | own         | read       | read        | as granted  | -      | -
plan            | write       | write       | write       | own         | own         | -          | -           | as granted  | -      | -
notes           | write       | write       | read        | own         | own         | -          | -           | as granted  | -      | -
documents       | as section  | as section  | as section  | as section  | as section  | as section | as section  | as section  | -      | -
"""  # noqa: E501

WORDS = {
    "write": Rule(Level.WRITE, Condition.ALWAYS),
    "read": Rule(Level.READ, Condition.ALWAYS),
    "if given": Rule(Level.READ, Condition.GIVEN),
    "as granted": Rule(Level.WRITE, Condition.GRANTED),
    "of its kind": Rule(Level.WRITE, Condition.REFERRAL_KIND),
    "own": Rule(Level.WRITE, Condition.OWN),
    "frozen": Rule(Level.READ, Condition.FROZEN_REQUEST),
    "summary": Rule(Level.READ, Condition.SUMMARY),
    "fit": Rule(Level.READ, Condition.FIT_TO_TRAVEL),
    "as section": Rule(Level.WRITE, Condition.AS_SECTION),
    "-": Rule(Level.NONE, Condition.ALWAYS),
}

ROLES = """
case_worker             | assigned duty emergency personal | report_child work_desk see_cases see_directory
supervisor              | agency emergency personal        | report_child work_desk see_cases assign_worker override_guard see_directory keep_directory_entry
service_provider        | referred personal                | see_cases see_directory keep_directory_entry
consular_officer        | consular personal                | see_cases see_directory keep_directory_entry
escort                  | escort                           | see_cases
panel_member            | panel personal                   | see_cases see_directory
intake                  |                                  | report_child see_directory
focal_point             | referred personal                | see_cases see_directory keep_directory_entry
data_protection_officer |                                  | see_case_log
analyst                 |                                  | see_statistics
administrator           |                                  | manage_accounts see_directory
"""  # noqa: E501


def _cells() -> list[tuple[str, str, str]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    return [
        (row[0], relation, word) for row in rows for relation, word in zip(head[1:], row[1:], strict=True)
    ]


def _roles() -> list[tuple[str, set[str], set[str]]]:
    rows = [line.split("|") for line in ROLES.strip().splitlines()]
    return [
        (role.strip(), set(relations.split()), set(abilities.split())) for role, relations, abilities in rows
    ]


@pytest.mark.parametrize(("section", "relation", "word"), _cells())
def test_it_says_what_the_description_says(section: str, relation: str, word: str) -> None:
    assert rule(Relation(relation), Section(section)) == WORDS[word]


def test_it_has_every_section_and_every_relation() -> None:
    cells = {(section, relation) for section, relation, _word in _cells()}
    assert cells == {(section.value, relation.value) for section in Section for relation in Relation}


@pytest.mark.parametrize(("section", "relation", "word"), _cells())
def test_it_counts_only_what_holds_without_further_facts(section: str, relation: str, word: str) -> None:
    plain = {"write": Level.WRITE, "read": Level.READ}.get(word, Level.NONE)
    if_named = {"if given": Level.READ, "as granted": Level.READ, "of its kind": Level.WRITE}.get(word, plain)
    everything_else = set(Section) - {Section(section)}

    assert level(Relation(relation), Section(section)) == plain
    assert level(Relation(relation), Section(section), given=everything_else) == plain
    assert level(Relation(relation), Section(section), given={Section(section)}) == if_named
    # Only a personal grant says whether it may be written, and only of what it names.
    to_write = Level.WRITE if word == "as granted" else if_named
    assert level(Relation(relation), Section(section), given={Section(section)}, may_write=True) == to_write
    assert level(Relation(relation), Section(section), given=everything_else, may_write=True) == plain


@pytest.mark.parametrize(("role", "relations", "abilities"), _roles())
def test_a_role_holds_only_its_relations_and_abilities(
    role: str, relations: set[str], abilities: set[str]
) -> None:
    assert {relation.value for relation in RELATIONS_OF[Role(role)]} == relations
    assert {ability.value for ability in ABILITIES[Role(role)]} == abilities


def test_no_role_is_forgotten() -> None:
    assert {role for role, _relations, _abilities in _roles()} == set(Role.values)
    assert set(RELATIONS_OF) == set(ABILITIES) == set(Role)


def test_nobody_sees_everything() -> None:
    """Whoever manages accounts, counts or watches holds no relation to any case."""
    for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.INTAKE):
        assert RELATIONS_OF[role] == frozenset()
        assert Ability.SEE_CASES not in ABILITIES[role]


def test_it_asks_the_role_of_the_account(cast: Cast) -> None:
    assert can(cast.sami, Ability.ASSIGN_WORKER)
    assert not can(cast.ana, Ability.ASSIGN_WORKER)
    assert can(cast.hotline, Ability.REPORT_CHILD)
    assert not can(cast.hotline, Ability.SEE_CASES)


def test_a_stranger_can_nothing() -> None:
    assert not any(can(AnonymousUser(), ability) for ability in Ability)
