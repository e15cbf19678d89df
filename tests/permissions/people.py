"""Who gets what at the addresses of people and of links between files."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from cases.models.people import LinkKind, PersonRole
from cases.services.links import add_link
from cases.services.people import Particulars, add_person
from tests.cases import files
from tests.cast import Cast
from tests.permissions.base import (
    ASSIGNED,
    EMERGENCY,
    NOT_HERE,
    SEAT,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
)

# Those around the child; a panel sees those suspected as well.
KNOWS_PEOPLE = WORKERS | {TEAM, SEAT} | EMERGENCY
WRITES_PEOPLE = Row(cells(404, s200=WORKERS, s403=KNOWS_PEOPLE), cells(404, s302=WORKERS, s403=KNOWS_PEOPLE))
KNOWS_SUSPECTS = WORKERS | {TEAM, SEAT}

# Opened by itself, the address of a form leads to the page of the people.
LEADS_THERE = cells(404, s302=KNOWS_PEOPLE | KNOWS_SUSPECTS)
ROWS: Mapping[str, Row] = {
    "people": Row(cells(404, s200=KNOWS_PEOPLE), NOT_HERE),
    "person_new": WRITES_PEOPLE,
    "person_edit": WRITES_PEOPLE,
    "person_edit suspect": Row(
        cells(404, s200=WORKERS, s403=KNOWS_SUSPECTS), cells(404, s302=WORKERS, s403=KNOWS_SUSPECTS)
    ),
    "person_remove": Row(LEADS_THERE, cells(404, s302=WORKERS, s403=KNOWS_PEOPLE)),
    "person_remove suspect": Row(LEADS_THERE, cells(404, s302=WORKERS, s403=KNOWS_SUSPECTS)),
    "links": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    # The file that is named is one that only the team sees.
    "link_add": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=[TEAM], s422=[ASSIGNED], s403=WORK_ON_IT)),
    "link_remove": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=[ASSIGNED, TEAM], s403=WORK_ON_IT)),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    mother = _person(case, cast, PersonRole.MOTHER)
    suspect = _person(case, cast, PersonRole.SUSPECT)
    other = files.in_state("active", cast.ana.agency)
    link = add_link(case.pk, actor=cast.sami, code=other.code, kind=LinkKind.SIBLING)
    someone = {"role": "mother", "name": "Mira", "contact": "safe", "conflict": "none"}

    def of_case(url_name: str, *more: object, **data: object) -> Address:
        return Address(reverse(url_name, args=[case.pk, *more]), data)

    return {
        "people": of_case("people"),
        "person_new": of_case("person_new", **someone),
        "person_edit": of_case("person_edit", mother, **someone),
        "person_edit suspect": of_case("person_edit", suspect, **someone | {"role": "suspect"}),
        "person_remove": of_case("person_remove", mother),
        "person_remove suspect": of_case("person_remove", suspect),
        "links": of_case("links"),
        "link_add": of_case("link_add", code=other.code, kind="co_victim"),
        "link_remove": of_case("link_remove", link.pk),
    }


def _person(case: Case, cast: Cast, role: PersonRole) -> object:
    told = Particulars(role=role, name="Somebody")
    return add_person(case.pk, actor=cast.ana, told=told).pk
