"""What the rows of the permission matrix are made of: who somebody is to a case, and what they are answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Role
from cases.models.choices import Basis

Viewer = tuple[str, str]

RELATIONS = (
    "none",
    "assigned",
    "assigned_then_moved",
    "agency",
    "referred",
    "consular",
    "escort",
    "panel",
    "duty",
    "duty_then_moved",
    "emergency",
    "personal_identity",
    "personal_legal_write",
)
BASES: Mapping[str, Basis] = {
    "assigned": Basis.ASSIGNMENT,
    "assigned_then_moved": Basis.ASSIGNMENT,
    "referred": Basis.REFERRAL,
    "consular": Basis.REQUEST,
    "escort": Basis.ESCORT,
    "panel": Basis.PANEL,
    "duty": Basis.DUTY,
    "duty_then_moved": Basis.DUTY,
    "emergency": Basis.EMERGENCY,
}
# These people belong to the agency that owns the case and keeps the desk; all others to another one. A supervisor
# there is `agency` to every case, so one that is to hold another relation alone has to come from elsewhere.
AT_HOME = frozenset({"assigned", "agency", "duty"})

SUPERVISORS_FROM_ELSEWHERE = frozenset({("supervisor", "assigned"), ("supervisor", "duty")})

ROLES = tuple(role.value for role in Role)
WORKER, SUPERVISOR, PARTNER, CONSUL = "case_worker", "supervisor", "service_provider", "consular_officer"
PANEL, FOCAL, OFFICER = "panel_member", "focal_point", "data_protection_officer"
EVERYBODY = frozenset((role, relation) for role in ROLES for relation in RELATIONS)


def roles(*names: str) -> frozenset[Viewer]:
    return frozenset((role, relation) for role in names for relation in RELATIONS)


ASSIGNED, DUTY, TEAM = (WORKER, "assigned"), (WORKER, "duty"), (SUPERVISOR, "agency")
REFERRED = frozenset({(PARTNER, "referred"), (FOCAL, "referred")})
EMERGENCY = frozenset({(WORKER, "emergency"), (SUPERVISOR, "emergency")})
HOLDERS = (WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL)
GIVEN_IDENTITY = frozenset((role, "personal_identity") for role in HOLDERS)
GIVEN_LEGAL = frozenset((role, "personal_legal_write") for role in HOLDERS)
POST, SEAT = (CONSUL, "consular"), (PANEL, "panel")

WORKERS = frozenset({ASSIGNED, DUTY})
WORK_ON_IT = WORKERS | {TEAM}
# An escort holds a ground too, but one that opens no section and gives nothing to do: no file exists for it.
GROUNDED = WORK_ON_IT | {POST, SEAT} | REFERRED | EMERGENCY | GIVEN_IDENTITY | GIVEN_LEGAL
KNOWS_IDENTITY = WORKERS | {TEAM, POST, SEAT} | EMERGENCY | GIVEN_IDENTITY
KNOWS_LEGAL = WORKERS | {TEAM, SEAT} | GIVEN_LEGAL
KNOWS_RISK = WORKERS | {TEAM, SEAT} | EMERGENCY
AT_THE_DESK = frozenset((WORKER, relation) for relation in AT_HOME) | {TEAM}
OFFICERS = frozenset((OFFICER, relation) for relation in AT_HOME)


@dataclass(frozen=True)
class Cells:
    """Statuses of one method. Whoever stands in no set gets `others`."""

    others: int
    by_status: Mapping[int, frozenset[Viewer]]

    def expected(self, viewer: Viewer) -> int:
        """The sets are read in their order, so a narrow one stands before the wide one that holds it."""
        return next((status for status, who in self.by_status.items() if viewer in who), self.others)


def cells(others: int, **by_status: Iterable[Viewer]) -> Cells:
    """`cells(404, s200=..., s403=...)`"""
    return Cells(others, {int(status[1:]): frozenset(who) for status, who in by_status.items()})


NOT_HERE = cells(405)


@dataclass(frozen=True)
class Row:
    get: Cells
    post: Cells
    anonymous: tuple[int, int] = (302, 302)


ALL_MAY = Row(cells(200), cells(405))
# Opened by itself, the address of a form leads to the page where the form stands: there for whom that page is.
WRITES_IDENTITY = Row(cells(404, s302=KNOWS_IDENTITY), cells(404, s302=WORKERS, s403=KNOWS_IDENTITY))
READS_IDENTITY = Row(cells(404, s200=KNOWS_IDENTITY), NOT_HERE)
READS_CASE = Row(cells(404, s200=GROUNDED), NOT_HERE)
SUPERVISES = Row(cells(404, s302=WORK_ON_IT | OFFICERS), cells(404, s302=[TEAM], s403=GROUNDED))
SUPERVISES_ON_A_PAGE = Row(cells(404, s200=[TEAM], s403=GROUNDED), cells(404, s302=[TEAM], s403=GROUNDED))


@dataclass(frozen=True)
class Address:
    url: str
    data: Mapping[str, Any]


def parts(name: str, day: date) -> dict[str, int]:
    """A day as its three boxes send it."""
    return {f"{name}_{part}": getattr(day, part) for part in ("year", "month", "day")}
