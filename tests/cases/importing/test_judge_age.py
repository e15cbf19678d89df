from datetime import date

import pytest

from cases.importing.age import AgeFinding, Birth, Certainty, judge_age


@pytest.mark.parametrize(
    ("birth", "on", "finding"),
    [
        (Birth(day=date(2001, 9, 9)), date(2019, 9, 8), AgeFinding.CHILD),
        (Birth(day=date(2001, 9, 8)), date(2019, 9, 8), AgeFinding.ADULT),
        (Birth(day=date(2004, 2, 29)), date(2022, 2, 28), AgeFinding.CHILD),
        (Birth(day=date(2004, 2, 29)), date(2022, 3, 1), AgeFinding.ADULT),
        # Eighteen some time this year: in doubt a child.
        (Birth(year=2001), date(2019, 9, 8), AgeFinding.PRESUMED_CHILD),
        (Birth(year=1995), date(2013, 3, 14), AgeFinding.PRESUMED_CHILD),
        (Birth(year=2000), date(2018, 4, 21), AgeFinding.PRESUMED_CHILD),
        (Birth(year=2001), date(2019, 1, 1), AgeFinding.PRESUMED_CHILD),
        (Birth(year=2001), date(2018, 12, 31), AgeFinding.CHILD),
        (Birth(year=2001), date(2019, 12, 30), AgeFinding.PRESUMED_CHILD),
        (Birth(year=2001), date(2019, 12, 31), AgeFinding.ADULT),
        (Birth(year=1990), date(2019, 1, 1), AgeFinding.ADULT),
        (Birth(year=2010), date(2019, 1, 1), AgeFinding.CHILD),
        (Birth(), date(2019, 1, 1), AgeFinding.PRESUMED_CHILD),
    ],
)
def test_it_counts_on_the_day_and_in_doubt_says_child(birth: Birth, on: date, finding: AgeFinding) -> None:
    assert judge_age(birth, on) is finding


def test_it_says_how_certain_the_birth_date_is() -> None:
    assert Birth(day=date(2001, 1, 1)).certainty is Certainty.EXACT
    assert Birth(year=2001).certainty is Certainty.YEAR
    assert Birth().certainty is Certainty.UNKNOWN
