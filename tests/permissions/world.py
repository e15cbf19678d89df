"""What the matrix is asked of: one row for every address, and a case with everything that addresses can name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import NoReverseMatch, reverse

import clock
from accounts.access import Section
from accounts.models import Agency, AgencyKind, User
from cases.models import Case, DuplicateCandidate
from cases.models.choices import Basis
from cases.services.identity import add_id_number, add_name
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.kept import kept
from tests.permissions import (
    assessing,
    care,
    closing,
    directory,
    documents,
    entrance,
    exceptional,
    export,
    file,
    lists,
    meetings,
    people,
    plan,
    referrals,
    returns,
    returns_consulate,
    returns_finding,
    returns_handover,
    returns_journey,
    returns_panel,
    team,
    voices,
)
from tests.permissions.base import (
    AT_HOME,
    BASES,
    SUPERVISORS_FROM_ELSEWHERE,
    Address,
    Row,
    Viewer,
)

AREAS = (
    people,
    assessing,
    care,
    plan,
    voices,
    documents,
    closing,
    export,
    team,
    referrals,
    # The first completes its return, so that those after it can open another one in the same case.
    returns_handover,
    returns,
    returns_consulate,
    returns_finding,
    returns_journey,
    returns_panel,
    directory,
    meetings,
    entrance,
    exceptional,
    lists,
)


# One row for every address; a second line of the same name tries the same address with other values.
TABLE: Mapping[str, Row] = {**file.ROWS, **{name: row for area in AREAS for name, row in area.ROWS.items()}}


# These name neither a case nor a report, so what somebody is to a case cannot matter: tried at home and abroad.
NAMES_NOTHING = frozenset(
    {
        "healthz",
        "set_language",
        "today",
        "notices_read",
        "notices_put_back",
        "desk",
        "case_list",
        "case_search",
        "report_new",
    }
    | referrals.NAMES_NOTHING
    | returns.NAMES_NOTHING
    | returns_consulate.NAMES_NOTHING
    | returns_handover.NAMES_NOTHING
    | returns_journey.NAMES_NOTHING
    | directory.NAMES_NOTHING
    | export.NAMES_NOTHING
    | {"calendar"}
    | entrance.NAMES_NOTHING
    | exceptional.NAMES_NOTHING
    | lists.NAMES_NOTHING
    | {name for name in TABLE if name.startswith("account_")}
)


@dataclass(frozen=True)
class World:
    """One case with everything that addresses can name, and the agency that has nothing to do with it."""

    case: Case
    home: Agency
    foreign: Agency
    addresses: Mapping[str, Address]


@kept
def world(cast: Cast) -> World:
    return build(cast)


def build(cast: Cast) -> World:
    waiting = files.reported(cast)
    case = files.screened(cast)
    name = add_name(case.pk, actor=cast.ana, kind="alias", given="Lira", family="")
    number = add_id_number(case.pk, actor=cast.ana, kind="passport", country="XB", number="B7712345")
    other = files.in_state("active", cast.ana.agency)
    candidate = DuplicateCandidate.objects.create(
        case=case, other=other, other_agency=other.agency, reasons=["name"]
    )
    granted = files.ground(
        case,
        Basis.PERSONAL,
        account=cast.petra,
        until=clock.now() + timedelta(days=1),
        sections=[Section.RISK],
    )
    foreign = Agency.objects.create(
        code="foreign",
        name="Foreign",
        country="XA",
        kind=AgencyKind.SOCIAL_SERVICE,
        time_zone="Europe/Vienna",
    )
    return World(
        case,
        cast.ana.agency,
        foreign,
        file.addresses(cast, case, waiting.pk, name.pk, number.pk, candidate.pk, granted.pk)
        | {name: place for area in AREAS for name, place in area.addresses(cast, case).items()},
    )


def address(world: World, row_name: str) -> Address:
    known = world.addresses.get(row_name)
    if known:
        return known
    try:
        return Address(reverse(row_name, args=[world.case.pk]), {})
    except NoReverseMatch:
        return Address(reverse(row_name), {})


def at_home(viewer: Viewer) -> bool:
    return viewer[1] in AT_HOME and viewer not in SUPERVISORS_FROM_ELSEWHERE


def enter(world: World, role: str, relations: Iterable[str]) -> Client:
    """Signs in somebody of this role who is all this to the case."""
    agency = world.home if all(at_home((role, relation)) for relation in relations) else world.foreign
    name = f"{role}-{uuid4().hex}"[:40].replace("_", "-")
    viewer = User.objects.create_account(name, PASSWORD, name="Viewer", role=role, agency=agency)
    for relation in relations:
        hold(world.case, relation, viewer)
    client = Client()
    client.force_login(viewer)
    return client


def hold(case: Case, relation: str, viewer: User) -> None:
    if relation in BASES:
        files.ground(case, BASES[relation], account=viewer)
    elif relation.startswith("personal"):
        legal = relation == "personal_legal_write"
        files.ground(
            case,
            Basis.PERSONAL,
            account=viewer,
            until=clock.now() + timedelta(days=1),
            sections=[Section.LEGAL if legal else Section.IDENTITY],
            may_write=legal,
        )
