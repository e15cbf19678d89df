"""Two people of two countries speak of one return on the telephone: it has a name that opens nothing."""

import pytest

from cases.models import Case
from repatriation.models import Return
from tests.cases.asking import get
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company

ABROAD = ("tomas", "eskort")


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    found = ways.at(people, case, "travel_planned")
    ways.plan_accepted(people, found)
    return found


def page(people: Company, name: str, address: str, *args: object) -> str:
    return str(get(getattr(people, name), address, *args).content.decode())


def test_a_reference_is_one_return_s_and_says_nothing(way: Return) -> None:
    assert way.reference == Return.objects.get().reference
    assert way.reference != Return(case=way.case).reference
    assert way.case.code not in way.reference
    assert len(way.reference) == 8


@pytest.mark.parametrize("name", ABROAD)
def test_whoever_has_a_part_reads_which_it_is_and_not_the_code(
    people: Company, way: Return, name: str
) -> None:
    for shown in (page(people, name, "returns"), page(people, name, "departures")):
        assert way.reference in shown
        assert way.case.code not in shown
    assert "From Arvania to Belmora" in page(people, name, "returns")


def test_both_sides_read_the_same_reference_on_the_return(people: Company, way: Return) -> None:
    for name in ("ana", "sami", *ABROAD):
        assert f"Reference {way.reference}" in page(people, name, "return", way.pk)
    assert way.case.code in page(people, "ana", "returns")


def test_a_list_that_is_cut_says_so(people: Company, way: Return) -> None:
    cut, whole = "Whoever works on the case reads more.", "Whoever has only a part in this return reads"
    assert (
        cut in page(people, "tomas", "return", way.pk),
        whole in page(people, "ana", "return", way.pk),
    ) == (
        True,
        True,
    )
    assert cut not in page(people, "ana", "return", way.pk)
