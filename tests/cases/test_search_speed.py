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
from tests.trials.search_speed import Timing, clear, fill, timed

CASES_VARIABLE, DATA_VARIABLE = "SEARCH_CASES", "SHARED_DATA"
FEW = 1_000
# Milliseconds of SQL, without what it waits for a processor: of one word, or a common and a rare one; of two common.
MOST, MOST_FOR_TWO = 50, 150
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
    times = 30 if CASES_VARIABLE in os.environ else 1
    found = timed(cast.sami, asked, times=times)
    assert all(each.found for each in (found[0], *found[2:4]))
    strangers = timed(cast.ana, asked, times=times)
    assert not any(each.found for each in strangers)
    assert Case.objects.count() == cases + 1
    if CASES_VARIABLE in os.environ:
        REPORT.write_text(
            report(cases, len(opened), [load.bearers[each] for each in (given, family)], found, strangers)
        )
        clear()
        assert [each.reported <= MOST for each in (*found[:3], *strangers[:3])] == [True] * 6
        assert all(each.reported <= MOST_FOR_TWO for each in (*found, *strangers))


KINDS = (
    "a rare name",
    "a common and a rare one",
    "the commonest given name",
    "the commonest given and family name",
    "the two commonest given names",
    "the commonest given name and three letters",
)


def report(cases: int, known: int, bearers: list[int], found: list[Timing], strangers: list[Timing]) -> str:
    rows = "\n".join(
        f"| {kind} | {whose} | {each.found} | {each.computed:.1f} | {each.reported:.1f} | {each.reported_worst:.1f} |"
        f" {each.waited:.1f} | {each.whole:.1f} |"
        for whose, timings in (("all", found), ("none", strangers))
        for kind, each in zip(KINDS, timings, strict=True)
    )
    one, five, fifteen = os.getloadavg()
    return f"""# A search over many files

`SEARCH_CASES={cases} SHARED_DATA=FOLDER python -m pytest tests/cases/test_search_speed.py`, part of `make trials`.
{cases:,} files of one agency, and {known:,} words. *Sees* is how many of these files the account sees: a supervisor
all, a worker of the agency none. The commonest given name has {bearers[0]:,} bearers, the commonest family name
{bearers[1]:,}. Milliseconds, medians of 30 after warm-up, over all statements of a search:

- *computed*: for which the database's process had a processor (`schedstat` of Linux), however busy the machine is;
- *reported*: planning and execution as `EXPLAIN (ANALYZE, TIMING OFF)` says, with what it waited for a processor;
- *waited*: what the application waits for its statements;
- *whole*: all of that, and finding the like words in memory.

Load of the {os.cpu_count()} cores at the end: {one:.1f}, {five:.1f} and {fifteen:.1f} (1, 5 and 15 minutes).

| asked | sees | found | computed | reported | reported, worst | waited | whole |
|---|---|---|---|---|---|---|---|
{rows}
"""
