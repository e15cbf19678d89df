"""Handovers and what follows, at the places where tests of them begin."""

from typing import Any

from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from repatriation.models import CareArrangement, Handover, Return
from repatriation.models.choices import SeenPaper
from repatriation.services import handing
from tests.cases.asking import post
from tests.cast import PASSWORD
from tests.entering import proof_of
from tests.repatriation import ways
from tests.repatriation.ways import Company


def arrived(people: Company, case: Case) -> Return:
    return ways.at(people, case, "arrived")


def begun(people: Company, case: Case) -> Return:
    way = arrived(people, case)
    handing.begin_handover(way.pk, actor=people.eskort)
    return ways.fresh_row(way)


def gone_through(people: Company, way: Return) -> None:
    """Everything but the signatures."""
    handing.match_receiver(way.pk, actor=people.eskort, matches=True, paper=SeenPaper.PASSPORT)
    for place in (1, 2):
        handing.tick_line(way.pk, actor=people.tomas, place=place, there=True)


def standing(way: Return) -> Handover:
    found = ways.fresh_row(way).facts.handover
    assert found is not None
    return found


def send(user: User, way: Return, name: str, **data: Any) -> Any:
    return post(user, f"handover_{name}", way.pk, **data)


def sign(user: User, way: Return, **data: Any) -> Any:
    said = {**proof_of(user), "seen": str(standing(way).history.latest("history_id").history_id)}
    return send(user, way, "sign", **(said | data))


def with_alternate(people: Company, way: Return, *, approved: bool = True) -> CareArrangement:
    """An agency that takes the child where the one named does not."""
    return CareArrangement.objects.create(
        way=way,
        case=way.case,
        country=way.country,
        kind="agency",
        agency=people.tomas.agency,
        is_able=True,
        agreed_on=ways.today(way),
        alternate=True,
        approved_by=way.panel if approved else None,
        made_by=people.ana,
    )


def monitored(people: Company, case: Case) -> Return:
    return ways.at(people, case, "monitoring")


def focal_point_here(people: Company) -> User:
    """Of the country in which the case is worked; `fokus` is the other one's."""
    agency = Agency.objects.create(
        code="arvania-focal",
        name="Arvania focal",
        country="XA",
        kind=AgencyKind.FOCAL_POINT,
        time_zone="Europe/Vienna",
    )
    return User.objects.create_account("fanni", PASSWORD, name="Fanni", role=Role.FOCAL_POINT, agency=agency)
