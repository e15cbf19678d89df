"""Who is taken for the same child; the long runs against public data are a part of `make trials`."""

import os
from pathlib import Path

import pytest

from cases.matching.facts import Facts, born_key, facts_from, number_key, telephone_key
from cases.matching.scoring import likeness
from cases.models.choices import Gender
from tests.trials.search_attack import attacked
from tests.trials.search_attack import report as attack_report
from tests.trials.search_linkage import Figures, candidates, facts, links, ours, people, theirs

DATA_VARIABLE, ECM_VARIABLE = "SHARED_DATA", "ECM_PYTHON"
TRIALS = Path(__file__).parents[2] / "docs" / "trials"
# Percentage points that an attacker may gain by the index.
MOST_GAINED = 1.0
FILES = ("febrl1", "febrl2", "febrl3")


def child(name: str, born: str = "", number: str = "", gender: str = "") -> Facts:
    return facts_from([name], born, [number] if number else [], gender)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (child("Mira Kovac"), child("Kovač Мира"), {"name"}),
        (child("Kateryna Shevchenko"), child("Catherine Schewtschenko"), {"name_alike"}),
        (child("Mira", "20120304"), child("Mira", "20120304"), {"one_name", "birth"}),
        (child("Mira Moss", "20120304"), child("Mira Albescu", "20120403"), None),
        (child("Mira Moss", "20120304"), child("Mira Moss", "20120403"), {"name", "birth_alike"}),
        (child("Anna Blum", number="AB1234567"), child("Lena Rot", number="ab-123 4567"), None),
        (
            child("Anna Blum", number="AB1234567"),
            child("Anna Rot", number="ab-123 4567"),
            {"one_name", "number"},
        ),
        (child("", "20120304"), child("", "20120304"), None),
        (child("Mira"), child("Mira"), None),
        (child("Mira Moss", "20120304", "A12345"), child("Mira Moss", "20150911", "B98765"), None),
    ],
)
def test_who_is_taken_for_the_same_child(one: Facts, other: Facts, reasons: set[str] | None) -> None:
    for found in (likeness(one, other, {}), likeness(other, one, {})):
        assert found.is_suspicious == (reasons is not None)
        assert reasons is None or set(found.reasons) == reasons


def test_a_common_name_says_less() -> None:
    one = child("Ivan Petrov")
    rare, common = (likeness(one, one, salts).points for salts in ({}, {"ivan": 64, "petrov": 64}))
    assert common < rare


def test_girls_and_boys_are_seldom_one_child() -> None:
    one, other = (child("Sasha Moss", gender=gender) for gender in (Gender.FEMININE, Gender.MASCULINE))
    assert likeness(one, other, {}).points < likeness(one, one, {}).points


def test_numbers_and_telephones_are_compared_without_their_signs() -> None:
    assert number_key(" ab-12/34 ") == "ab1234"
    assert number_key("12") == ""
    assert telephone_key("+380 (44) 123-45-67") == telephone_key("044 1234567")
    assert born_key(None, "exact") == ""


def test_the_index_tells_little_of_names() -> None:
    """Without its tokens being spread the same attacker learns far more, so that this can fail."""
    spread, unspread = attacked(60_000, 1), attacked(60_000, 1, full=10**9)
    assert spread.gained <= MOST_GAINED < unspread.gained


ATTACK = """# What the index gives away

`SEARCH_CHILDREN={children} python -m pytest tests/cases/test_find_duplicates.py -k million`, part of `make trials`,
over {children:,} invented children.

The attacker holds a dump and exact frequencies of names, and knows the rule by which words are spread. It is told of
each token whether it is a given or a family name, and of which origin: more than co-occurrence can show. It guesses
the likeliest word of each token from the number, gender and years of birth of the rows that carry it. Shares of
children in percent; *gained* in percentage points above an attacker without the index.

{rows}
"""


@pytest.mark.skipif("SEARCH_CHILDREN" not in os.environ, reason="takes minutes")
def test_a_million_children_are_not_named_by_the_index() -> None:
    children = int(os.environ["SEARCH_CHILDREN"])
    found = [attacked(children, origins) for origins in (1, 3, 12)]
    rows = attack_report([*found, attacked(children, 3, full=10**9)])
    (TRIALS / "search-attack.md").write_text(ATTACK.format(children=children, rows=rows))
    assert all(each.gained <= MOST_GAINED for each in found)


@pytest.mark.skipif(DATA_VARIABLE not in os.environ, reason="needs FEBRL")
@pytest.mark.parametrize("name", FILES)
def test_more_duplicates_are_found_than_by_ecm(name: str) -> None:
    path = Path(os.environ[DATA_VARIABLE], "linkage", f"{name}.csv")
    true = links(path.with_name(f"{name}_true_links.csv"))
    known = {key: facts(row) for key, row in people(path).items()}
    pairs = sorted(candidates(known), key=sorted)
    found = [ours(known, pairs, true), theirs(os.environ[ECM_VARIABLE], path, pairs, true)]
    (TRIALS / f"search-linkage-{name}.md").write_text(
        linkage_report(name, len(pairs), len(set(pairs) & true), found)
    )
    assert found[0].f1 > found[1].f1


def linkage_report(name: str, pairs: int, reached: int, found: list[Figures]) -> str:
    rows = "\n".join(
        f"| {each.who} | {each.precision:.4f} | {each.recall:.4f} | {each.f1:.4f} |" for each in found
    )
    return f"""# Duplicates in {name}

`SHARED_DATA=FOLDER ECM_PYTHON=PYTHON python -m pytest tests/cases/test_find_duplicates.py -k ecm`, part of
`make trials`. Both see two names, the birth date and one number; `recordlinkage` runs in an environment of its own
(`.trials`). The {pairs:,} pairs are those that the questions of the duplicate check reach; {reached:,} of the
{found[0].true:,} true ones are among them. Recall counts all true ones.

| who | precision | recall | F1 |
|---|---|---|---|
{rows}
"""
