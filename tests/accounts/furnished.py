"""A house with a few rows in every list, and how the rows of each are found in its page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import clock
from accounts.access import Role, Section
from accounts.models import AgencyKind, ServiceType, User
from cases.models import Case
from cases.models.choices import Danger, Risk
from cases.models.people import Contact, PersonRole
from cases.services.duty import plan_duty
from cases.services.emergency import open_in_emergency
from cases.services.notes import write_note
from cases.services.people import Particulars, add_person
from tests.accounts.entries import say
from tests.cases import files, papers
from tests.cast import Cast
from tests.referrals import offers
from tests.repatriation import ways

Ids = Callable[[Mapping[str, Any]], list[Any]]


@dataclass(frozen=True)
class Place:
    """Where one list stands: whose it is, whether it is of a case, and the rows in what its page was given."""

    reader: str
    page: str
    ids: Ids
    of_case: bool = False
    query: Mapping[str, str] | None = None
    # What shows the most that this reader can see there.
    widest: Mapping[str, str] | None = None

    def args(self, case: Case) -> list[Any]:
        return [case.pk] if self.of_case else []


def _pks(name: str) -> Ids:
    return lambda context: [row.pk for row in context[name]]


PLACES: Mapping[str, Place] = {
    "agencies": Place("ana", "agency_list", lambda page: [row.agency.pk for row in page["rows"]]),
    "cases": Place(
        "sami", "case_list", lambda page: [row.case.pk for row in page["rows"]], widest={"state": "all"}
    ),
    "today": Place("ana", "today", lambda page: [(row.case.pk, row.title) for row in page["rows"]]),
    "desk": Place("ana", "desk", _pks("reports")),
    "documents": Place("ana", "documents", _pks("page"), of_case=True),
    "notes": Place("ana", "notes", lambda page: [row["note"].pk for row in page["rows"]], of_case=True),
    "people": Place("ana", "people", lambda page: [card.person.pk for card in page["around"]], of_case=True),
    "history": Place(
        "ana", "case_history", lambda page: [(each.at, each.text) for each in page["events"]], of_case=True
    ),
    "emergencies": Place("sami", "emergency_reviews", lambda page: [row.opening.pk for row in page["rows"]]),
    "readers": Place("aida", "people_access", lambda page: [row["account"].pk for row in page["rows"]]),
    "loads": Place("sami", "team", lambda page: [load.worker_id for load in page["loads"]]),
    "duties": Place("sami", "duty", _pks("shifts")),
    "referrals": Place(
        "ana",
        "referrals",
        lambda page: [row.referral.pk for row in page["rows"]],
        query={"box": "out"},
        widest={"box": "out", "show": "all"},
    ),
    "case-referrals": Place("ana", "case_referrals", _pks("rows"), of_case=True),
    "register": Place(
        "sami", "referral_register", lambda page: [row.line.referral.pk for row in page["rows"]]
    ),
    "response-times": Place(
        "sami",
        "referral_board",
        lambda page: [row.name for row in page["tables"][0][2]],
        widest={"days": "365"},
    ),
    "returns": Place(
        "sami", "returns", lambda page: [row.way.pk for row in page["rows"]], widest={"show": "all"}
    ),
    "departures": Place("sami", "departures", lambda page: [row.way.pk for row in page["planned"]]),
    "verifications": Place(
        "sami", "verifications", lambda page: [row["name"] for row in page["tables"][0][1]["rows"]]
    ),
    "alerts": Place("fokus", "return_alerts", lambda page: [row["way"].pk for row in page["rows"]]),
}
# Has rows only once a case was taken over; `tests/referrals/test_transfer_case.py` has one.
ELSEWHERE = frozenset({"handed-over"})


def furnish(cast: Cast) -> Case:
    """A team's caseload; the case that is answered has something in each of its lists."""
    case = _file(cast)
    _caseload(cast)
    _team(cast, case)
    _directory(cast)
    _returns(cast)
    return case


def _file(cast: Cast) -> Case:
    case = ways.active_case(cast)
    for section in (Section.LEGAL, Section.RISK, Section.LEGAL):
        papers.added(case, cast.ana, section=section)
        write_note(case.pk, actor=cast.ana, section=section, words="Seen today.")
    for role, contact in (
        (PersonRole.MOTHER, Contact.UNSAFE),
        (PersonRole.FATHER, Contact.SAFE),
        (PersonRole.MOTHER, Contact.SAFE),
    ):
        add_person(case.pk, actor=cast.ana, told=Particulars(role=role, name="Somebody", contact=contact))
    offers.sent(cast, case)
    other = cast.hotline.agency
    other.kind = AgencyKind.SHELTER
    other.save()
    User.objects.create_account("paloma", None, name="Paloma", role=Role.SERVICE_PROVIDER, agency=other)
    offers.step(offers.drafted(cast, case, recipient=other, service=ServiceType.HEALTH), "send", cast.ana)
    return case


def _caseload(cast: Cast) -> None:
    for worker, level in ((cast.ana, Risk.HIGH), (cast.ben, Risk.LOW), (cast.ben, Risk.HIGH)):
        files.look_at_safety(files.screened(cast, worker=worker), worker, level)
    files.in_state("registered", cast.ana.agency)
    files.in_state("closed", cast.ana.agency, worker=cast.ana)
    files.in_state("active", cast.omar.agency, worker=cast.omar)
    for danger in (Danger.YES, Danger.NO, Danger.YES):
        files.reported(cast, danger=danger)


def _team(cast: Cast, case: Case) -> None:
    now = clock.now()
    plan_duty(actor=cast.sami, worker=cast.ben, starts_at=now, ends_at=now + timedelta(days=2))
    plan_duty(
        actor=cast.sami, worker=cast.ana, starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=4)
    )
    for opener in (cast.omar, cast.ben):
        open_in_emergency(
            case.code, actor=opener, reason="A child alone in the street at night, nobody else."
        )


def _directory(cast: Cast) -> None:
    say(cast.petra, places=10, places_free=4)
    say(cast.sami, places=3, places_free=1)


def _returns(cast: Cast) -> None:
    people = ways.company(cast)
    ways.considered(cast, ways.active_case(cast))
    for _each in range(2):
        ways.at(people, ways.active_case(cast), "travel_planned")


def reader_of(cast: Cast, place: Place) -> User:
    user: User = getattr(cast, place.reader)
    return user
