"""Every list: sorted both ways by each of its keys, filtered by whatever an address says, and never widened."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clock
from accounts import lists
from accounts.lists import Choice, List, Sort
from accounts.models import Agency
from accounts.saving import save_view
from cases.models import Case
from cases.models.choices import Basis, Risk
from tests.accounts.furnished import ELSEWHERE, PLACES, furnish, reader_of
from tests.cases import files
from tests.cases.asking import get
from tests.cast import Cast
from tests.kept import kept
from tests.test_budgets import QUERIES, visit

# Of these every row of the house has the same.
ALL_ALIKE = {
    *(("departures", name) for name in ("day", "country", "blocks")),
    *(("documents", name) for name in ("kind", "by")),
    *(("emergencies", name) for name in ("file", "pages")),
    *(("loads", name) for name in ("high", "medium", "late")),
    *(("readers", name) for name in ("agency", "files")),
    # In the outbox every sender is oneself.
    *(("referrals", name) for name in ("sender", "urgency")),
    *(("response-times", name) for name in ("confirms", "answers", "declined", "expired")),
    *(("agencies", "said"), ("case-referrals", "state"), ("desk", "from")),
    *(("notes", "by"), ("returns", "country")),
}


@kept
def house(cast: Cast) -> Case:
    return furnish(cast)


def asked(cast: Cast, case: Case, name: str, **query: str) -> tuple[int, list[Any]]:
    place = PLACES[name]
    answer = get(reader_of(cast, place), place.page, *place.args(case), **{**(place.query or {}), **query})
    return answer.status_code, place.ids(answer.context) if answer.status_code == 200 else []


def widest(cast: Cast, case: Case, name: str) -> Counter[Any]:
    return Counter(asked(cast, case, name, **(PLACES[name].widest or {}))[1])


def test_no_list_is_without_a_place_here() -> None:
    assert set(lists.known()) == set(PLACES) | ELSEWHERE


def test_each_has_its_tools_and_rows_in_the_house(cast: Cast, house: Case) -> None:
    for name, place in PLACES.items():
        page = get(reader_of(cast, place), place.page, *place.args(house), **(place.query or {}))
        assert page.status_code == 200, name
        assert page.context["tools"].of is lists.known()[name], name
        if name not in ("alerts", "verifications"):
            assert len(place.ids(page.context)) > 1, name
            assert '<details class="more tools' in page.content.decode(), name


@pytest.mark.parametrize("name", sorted(PLACES))
def test_it_is_sorted_both_ways_and_stays_as_it_is(cast: Cast, house: Case, name: str) -> None:
    by_itself = asked(cast, house, name)[1]
    alike = set()
    for key in (sort.name for sort in lists.known()[name].sorts):
        up, down = (asked(cast, house, name, sort=f"{sign}{key}")[1] for sign in ("", "-"))
        assert Counter(up) == Counter(down) == Counter(by_itself), key
        assert [asked(cast, house, name, sort=f"{sign}{key}")[1] for sign in ("", "-")] == [up, down], key
        alike |= {(name, key)} if up == down and len(up) > 1 else set()
    assert alike == {pair for pair in ALL_ALIKE if pair[0] == name}


def codes(cast: Cast, user: str, **query: str) -> list[str]:
    return [row.case.code for row in get(getattr(cast, user), "case_list", **query).context["rows"]]


def test_cases_are_ordered_by_what_people_mean(cast: Cast, house: Case) -> None:
    def column(sort: str, of: Any) -> list[Any]:
        return [of(row) for row in get(cast.sami, "case_list", sort=sort).context["rows"]]

    assert column("code", lambda row: row.case.code) == sorted(codes(cast, "sami"))
    assert column("-code", lambda row: row.case.code) == sorted(codes(cast, "sami"), reverse=True)
    risks = column("risk", lambda row: row.risk)
    assert risks == sorted(risks, key=[Risk.HIGH, "", Risk.MEDIUM, Risk.LOW].index)
    workers = column("worker", lambda row: row.worker)
    named = [name for name in workers if name]
    assert workers[: len(named)] == sorted(named)
    assert len(named) < len(workers)
    assert not column("-worker", lambda row: row.worker)[-1]


def test_a_risk_that_one_may_not_know_is_in_no_order(cast: Cast, house: Case) -> None:
    """By its place in a list it would be told all the same."""
    foreign = [files.in_state("active", cast.omar.agency, risk=risk) for risk in (Risk.LOW, Risk.HIGH)]
    for case in foreign:
        files.ground(
            case,
            Basis.PERSONAL,
            account=cast.ana,
            until=case.reported_at.replace(year=2100),
            sections=["plan"],
        )
    expected = [case.code for case in sorted(foreign, key=lambda case: case.pk)]
    for sort in ("risk", "-risk"):
        assert [code for code in codes(cast, "ana", sort=sort) if code in expected] == expected
    assert not set(codes(cast, "ana", risk="high")) & set(expected)
    tools = get(cast.petra, "case_list").context["tools"]
    assert "risk" not in tools.sorts
    assert [name for name, *_rest in tools.fields] == ["state"]


def _said(name: str) -> st.SearchStrategy[dict[str, str]]:
    known = lists.known()[name]
    words = st.text(max_size=12) | st.sampled_from(["all", "1", "-", "--code", "\x00", "9" * 30, "nobody"])
    values = {
        choice.name: st.sampled_from([code for code, _words in choice.options()] or [""])
        | st.uuids().map(str)
        for choice in known.choices
    }
    sorts = [f"{sign}{sort.name}" for sort in known.sorts for sign in ("", "-", "--")]
    values |= {"sort": st.sampled_from([*sorts, "pk", "password", "name_sealed"]), "page": words}
    return st.fixed_dictionaries(
        {}, optional={key: value | words for key, value in values.items()} | {"q": words, "id__gt": words}
    )


ADDRESSES = st.sampled_from(sorted(PLACES)).flatmap(lambda name: st.tuples(st.just(name), _said(name)))


def test_any_address_is_answered_and_shows_nothing_more(cast: Cast, house: Case) -> None:
    most = {name: widest(cast, house, name) for name in PLACES}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(ADDRESSES)
    def look(address: tuple[str, Mapping[str, str]]) -> None:
        name, query = address
        status, ids = asked(cast, house, name, **query)
        # Who looks for an agency is told which answer does not fit.
        assert status == 200 or (name, status) == ("agencies", 422), query
        assert Counter(ids) <= most[name] if name != "register" else set(ids) <= set(most[name]), query

    look()


@pytest.mark.parametrize("name", sorted(PLACES))
def test_it_keeps_to_its_queries_with_views(cast: Cast, house: Case, name: str) -> None:
    place, of = PLACES[name], lists.known()[name]
    user = reader_of(cast, place)
    address = reverse(place.page, args=place.args(house))
    costs = []
    for number in range(2 if of.is_kept else 0):
        for _each in range(3):
            state = {"sort": of.sorts[0].name} if of.sorts else {"section": "risk"}
            state = {"sort": f"-{of.sorts[0].name}"} if state.get("sort") == of.first else state
            save_view(of, actor=user, name=f"{number} {_each}", state=state)
        costs.append(visit(user, address)[0])
    assert len(set(costs)) <= 1
    assert max([*costs, visit(user, address)[0]]) <= QUERIES


# The mechanism itself.

KNOWN = List(
    name="test",
    title="Test",
    may=lambda user: True,
    first="name",
    sorts=(
        Sort("name", "Name", "name"),
        Sort("country", "Country", "country"),
        Sort("free", "Free", "places_free"),
    ),
    choices=(
        Choice("kind", "Kind", (("shelter", "Shelter"), ("clinic", "Clinic"))),
        Choice("days", "Days", (("30", "30"), ("90", "90")), default="90", apart=True),
        Choice("by", "By"),
    ),
)


def tools_for(cast: Cast, query: str = "", **more: Any) -> lists.Asked:
    request = Client().get(f"/x/?{query}").wsgi_request
    request.user = cast.ana
    return KNOWN.asked(request, **more)


def test_what_is_so_by_itself_stands_in_no_address(cast: Cast) -> None:
    tools = tools_for(cast, "sort=name&days=90&kind=&kind=nothing&x=1&page=4")
    assert (tools.state, tools.address(), tools.query, tools.count) == ({}, "/x/", "", 0)
    assert tools.chosen("days") == "90"


def test_an_address_changes_one_thing_and_begins_at_the_first_page(cast: Cast) -> None:
    tools = tools_for(cast, "kind=shelter&days=30&page=3")
    assert tools.address(sort="-free") == "/x/?kind=shelter&days=30&sort=-free"
    assert tools.address(kind="") == "/x/?days=30"
    assert tools.cleared == "/x/?days=30"
    assert tools.only(kind="clinic") == "/x/?kind=clinic"
    assert (tools.count, tools.hidden) == (1, [("days", "30")])


def test_a_head_leads_to_its_order_and_then_to_the_other(cast: Cast) -> None:
    name, country = (tools_for(cast).head(each) for each in ("name", "country"))
    assert name is not None
    assert country is not None
    assert (name.direction, name.url) == ("ascending", "/x/?sort=-name")
    assert (country.direction, country.url) == ("", "/x/?sort=country")
    turned = tools_for(cast, "sort=-name").head("name")
    assert turned is not None
    assert (turned.direction, turned.url) == ("descending", "/x/")
    assert tools_for(cast, without=("country",)).head("country") is None


def test_equal_rows_keep_one_order_and_what_has_no_value_comes_last(cast: Cast) -> None:
    rows = Agency.objects.order_by("pk")
    Agency.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(
        places=9, places_free=3, places_said_on=clock.today("UTC")
    )
    for sort in ("free", "-free"):
        found = list(tools_for(cast, f"sort={sort}").ordered(Agency.objects.all(), "name"))
        assert found == [*rows[:2], *rows[2:]], sort
        arranged = tools_for(cast, f"sort={sort}").arranged(rows, tie=lambda row: row.pk)
        assert arranged == found


def test_what_was_not_offered_fits_no_row_and_what_is_not_there_is_ignored(cast: Cast) -> None:
    someone = "00000000-0000-4000-8000-000000000000"
    assert tools_for(cast, f"by={someone}").state == {}
    assert tools_for(cast, f"by={someone}", offered={"by": []}).chosen("by") == someone
    assert tools_for(cast, "by=maria", offered={"by": [("maria", "Maria")]}).state == {}
