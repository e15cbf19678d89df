"""The directory and the seal of the audit. They name no case, so only role and agency can matter."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import (
    AT_HOME,
    CONSUL,
    FOCAL,
    NOT_HERE,
    OFFICER,
    PANEL,
    PARTNER,
    SUPERVISOR,
    SUPERVISORS_FROM_ELSEWHERE,
    WORKER,
    Address,
    Row,
    cells,
    roles,
)

READERS = roles(WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL, "intake", "administrator")
# The entry is the home agency's: whoever has the role elsewhere reads it like everybody.
KEEPERS = frozenset(
    (role, relation)
    for role in (SUPERVISOR, PARTNER, CONSUL, FOCAL)
    for relation in AT_HOME
    if (role, relation) not in SUPERVISORS_FROM_ELSEWHERE
)

ROWS: Mapping[str, Row] = {
    "agency_list": Row(cells(403, s200=READERS), NOT_HERE),
    "agency": Row(cells(403, s200=READERS), NOT_HERE),
    "agency_edit": Row(cells(403, s200=KEEPERS), cells(403, s302=KEEPERS)),
    "audit": Row(cells(403, s200=roles(OFFICER)), NOT_HERE),
    # Nothing is sealed in the middle of a test's transaction.
    "audit_head": Row(cells(403, s404=roles(OFFICER)), NOT_HERE),
    "agency_places": Row(cells(403, s302=READERS), cells(403, s302=KEEPERS)),
}

# What somebody is to the case cannot matter; tried at home and abroad.
NAMES_NOTHING = frozenset(ROWS)


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    home = [cast.ana.agency_id]
    return {
        "agency": Address(reverse("agency", args=home), {}),
        "agency_edit": Address(reverse("agency_edit", args=home), {"telephone": "+00 100 210"}),
        "agency_places": Address(reverse("agency_places", args=home), {"places_free": ""}),
    }
