"""A search takes little time, however many files there are; the long run is a part of `make trials`."""

import os
from pathlib import Path

import pytest

from cases.matching.names import opened
from cases.models import Case
from cases.models.choices import Basis
from cases.services.reports import take_report
from tests.cases import files
from tests.cast import Cast
from tests.trials.search_speed import Timing, fill, timed

CASES_VARIABLE, DATA_VARIABLE = "SEARCH_CASES", "SHARED_DATA"
FEW = 2_000
SOUNDS = ("ka", "ri", "no", "tel", "mu", "sha", "vo", "len", "dar", "is")
REPORT = Path(__file__).parents[2] / "docs" / "trials" / "search-speed.md"


def words() -> list[str]:
    data = os.environ.get(DATA_VARIABLE)
    if not data:
        return [one + two + three for one in SOUNDS for two in SOUNDS for three in SOUNDS[:3]]
    lines = [line for path in Path(data, "names").glob("*.tsv") for line in path.read_text().splitlines()]
    found = {part.replace(" ", "") for line in lines for part in line.split("\t")[:2]}
    return sorted(word for word in found if word.isalpha() and len(word) > 1)


@pytest.mark.django_db(transaction=CASES_VARIABLE in os.environ)
def test_a_search_takes_little_time(cast: Cast) -> None:
    case = take_report(files.reported(cast, details={}).pk, actor=cast.ana)
    assert case.access.filter(basis=Basis.TEAM).count() == 1
    cases = int(os.environ.get(CASES_VARIABLE, FEW))
    load = fill(case, words(), cases)
    given, family = load.given[0], load.family[0]
    rare = next(word for word in reversed(load.family) if load.bearers[word] == 1)
    asked = [
        f"{rare} ",
        f"{given} {rare} ",
        f"{given} ",
        f"{given} {family} ",
        f"{given} {load.given[1]} ",
        f"{given} {family[:3]}",
    ]
    found = timed(cast.sami, asked, times=30 if CASES_VARIABLE in os.environ else 3)
    assert all(each.found for each in (found[0], *found[2:4]))
    if CASES_VARIABLE in os.environ:
        REPORT.write_text(report(cases, len(opened), load.bearers[given], load.bearers[family], found))
        assert [each.sql <= 50 for each in found[:2]] == [True] * 2
        assert all(each.sql <= 150 for each in found)
    assert Case.objects.count() == cases + 1


KINDS = (
    "a rare name",
    "a common and a rare one",
    "the commonest given name",
    "the commonest given and family name",
    "the two commonest given names",
    "the commonest given name and three letters",
)


def report(cases: int, known: int, given: int, family: int, found: list[Timing]) -> str:
    rows = "\n".join(
        f"| {kind} | {each.found} | {each.sql:.1f} | {each.sql_worst:.1f} | {each.whole:.1f} |"
        for kind, each in zip(KINDS, found, strict=True)
    )
    return f"""# A search over many files

`SEARCH_CASES={cases} SHARED_DATA=FOLDER python -m pytest tests/cases/test_search_speed.py`, part of `make trials`.
{cases:,} files of one agency, all of which the searching supervisor sees, and {known:,} words. The commonest given name
has {given:,} bearers, the commonest family name {family:,}. Milliseconds, medians of 30 after warm-up on two cores that
other work shared; *whole* is with finding the like words in memory.

| asked | found | SQL | SQL, worst | whole |
|---|---|---|---|---|
{rows}
"""
