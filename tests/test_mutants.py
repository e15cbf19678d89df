"""The hunt for mutants itself: what it plants is there, and what is said of survivors is said of code that stands."""

from types import FunctionType

import pytest

from accounts.access import Ability, Relation, Role, Rule, Section, rule
from tests.trials.cells import cells
from tests.trials.hunting import ROOT
from tests.trials.swapping import changed_functions, swap
from tests.trials.verdicts import VERDICTS, Verdict

SOURCE = """
LIMIT = 3
def few(number):
    return number < LIMIT
def many(number):
    return not few(number)
"""


def live() -> dict[str, FunctionType]:
    names: dict[str, FunctionType] = {}
    exec(SOURCE, names)  # noqa: S102 - our own words
    return names


def test_a_changed_body_is_planted_and_nothing_else() -> None:
    names = live()
    changed = changed_functions("x.py", SOURCE, SOURCE.replace("<", "<="))
    assert changed is not None
    assert list(changed) == ["few"]
    assert swap({name: [names[name]] for name in ("few", "many")}, changed)
    assert [names["few"](3), names["few"](4), names["many"](3)] == [True, False, False]


def test_what_has_run_already_needs_a_fresh_process() -> None:
    assert changed_functions("x.py", SOURCE, SOURCE.replace("3", "4")) is None


def test_a_changed_line_elsewhere_is_no_change_of_a_body() -> None:
    assert changed_functions("x.py", SOURCE, SOURCE.replace("LIMIT = 3", "LIMIT = 3\n\n")) == {}


def test_what_cannot_be_found_is_not_planted() -> None:
    changed = changed_functions("x.py", SOURCE, SOURCE.replace("<", "<="))
    assert changed is not None
    assert not swap({}, changed)


def test_each_cell_is_changed_into_each_other_level() -> None:
    made = cells()
    kinds = [mutant.after.split(" = ")[0] for mutant in made]
    assert kinds.count("RELATIONS_OF") == len(Role) * len(Relation)
    assert kinds.count("ABILITIES") == len(Role) * len(Ability)
    # Three levels, of which a cell without a condition has one.
    plain = sum(
        rule(relation, section) == Rule(rule(relation, section).level)
        for relation in Relation
        for section in Section
    )
    assert kinds.count("TABLE") == 3 * len(Relation) * len(Section) - plain


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: f"{verdict.path}: {verdict.before[:40]}")
def test_what_is_said_of_a_survivor_is_said_of_code_that_stands(verdict: Verdict) -> None:
    text = " ".join((ROOT / verdict.path).read_text(encoding="utf-8").split())
    assert verdict.before in text
    assert len(verdict.reason) > 20
