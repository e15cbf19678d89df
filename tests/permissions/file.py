"""Rows of the case itself: from the report to its end, identity, consent, risk, duplicates, access."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

import clock
from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import (
    ALL_MAY,
    ASSIGNED,
    AT_THE_DESK,
    CONSUL,
    EMERGENCY,
    FOCAL,
    GIVEN_LEGAL,
    GROUNDED,
    KNOWS_IDENTITY,
    KNOWS_LEGAL,
    KNOWS_RISK,
    NOT_HERE,
    OFFICERS,
    PANEL,
    PARTNER,
    POST,
    READS_CASE,
    READS_IDENTITY,
    REFERRED,
    SUPERVISES,
    SUPERVISES_ON_A_PAGE,
    SUPERVISOR,
    TEAM,
    WORK_ON_IT,
    WORKER,
    WORKERS,
    WRITES_IDENTITY,
    Address,
    Row,
    cells,
    parts,
    roles,
)

# One row for every address; a second line of the same name tries the same address with other values.
ROWS: Mapping[str, Row] = {
    "healthz": Row(cells(503), cells(405), anonymous=(503, 405)),  # no job worker runs beside these tests
    "account_login": Row(cells(302), cells(302), anonymous=(200, 200)),
    "account_logout": Row(cells(200), cells(302)),
    "account_signup": Row(cells(404), cells(404), anonymous=(404, 404)),
    "account_change_password": Row(cells(200), cells(200)),
    "set_language": Row(cells(302), cells(302)),
    "today": ALL_MAY,
    "notices_read": Row(cells(302), cells(302)),
    "notices_put_back": Row(cells(302), cells(302)),
    "desk": Row(cells(403, s200=roles(WORKER, SUPERVISOR)), NOT_HERE),
    "desk_report": Row(cells(404, s200=AT_THE_DESK), NOT_HERE),
    "desk_take": Row(cells(404, s302=AT_THE_DESK), cells(404, s302=AT_THE_DESK)),
    "receipt": Row(cells(404), NOT_HERE),
    "case_list": Row(
        cells(403, s200=roles(WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL, "escort")), NOT_HERE
    ),
    "case_search": Row(
        cells(403, s200=roles(WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL, "escort")),
        cells(403, s302=roles(WORKER, SUPERVISOR, PARTNER, CONSUL, PANEL, FOCAL, "escort")),
    ),
    "report_new": Row(
        cells(403, s200=roles(WORKER, SUPERVISOR, "intake")),
        cells(403, s302=roles(WORKER, SUPERVISOR, "intake")),
    ),
    "case": READS_CASE,
    "case_history": Row(cells(404, s200=GROUNDED - {POST} - EMERGENCY), NOT_HERE),
    "case_report": READS_IDENTITY,  # or any other part of what was told; whoever has one of them has identity
    "case_access": Row(cells(404, s200=WORK_ON_IT | OFFICERS), NOT_HERE),
    "access_grant": SUPERVISES,
    "access_end": SUPERVISES,
    "case_assign": SUPERVISES_ON_A_PAGE,
    "case_step": Row(cells(404, s200=[ASSIGNED], s403=GROUNDED), cells(404, s409=[ASSIGNED], s403=GROUNDED)),
    "case_step suspend": Row(
        cells(404, s200=WORKERS | {TEAM} | REFERRED, s403=GROUNDED),
        cells(404, s302=WORKERS | {TEAM} | REFERRED, s403=GROUNDED),
    ),
    "case_step find_not_eligible": SUPERVISES_ON_A_PAGE,
    # Does not leave this state: whoever could take it is led back to see where the case stands.
    "case_step resume": Row(
        cells(404, s302=[ASSIGNED], s403=GROUNDED), cells(404, s302=[ASSIGNED], s403=GROUNDED)
    ),
    # The child is not missing here: whoever works on the case is led back, as above.
    "case_police": Row(
        cells(404, s302=WORK_ON_IT, s403=GROUNDED), cells(404, s302=WORK_ON_IT, s403=GROUNDED)
    ),
    "case_step unknown": Row(cells(404), cells(404)),
    "case_step mark_duplicate": Row(  # without the code that it asks for
        cells(404, s200=[TEAM], s403=GROUNDED), cells(404, s422=[TEAM], s403=GROUNDED)
    ),
    "case_override": SUPERVISES_ON_A_PAGE,
    "case_override unmarked": Row(cells(404), cells(404)),
    "case_propose_end": SUPERVISES_ON_A_PAGE,
    "case_identity": Row(cells(404, s200=KNOWS_IDENTITY), cells(404, s302=WORKERS, s403=KNOWS_IDENTITY)),
    "name_add": WRITES_IDENTITY,
    "name_remove": WRITES_IDENTITY,
    "number_add": WRITES_IDENTITY,
    "number_remove": WRITES_IDENTITY,
    "consents": Row(cells(404, s200=KNOWS_LEGAL), NOT_HERE),
    "consent_new": Row(
        cells(404, s200=WORKERS | GIVEN_LEGAL, s403=KNOWS_LEGAL),
        cells(404, s302=WORKERS | GIVEN_LEGAL, s403=KNOWS_LEGAL),
    ),
    "case_risk": Row(cells(404, s200=KNOWS_RISK), cells(404, s302=WORKERS, s403=KNOWS_RISK)),
    "case_duplicates": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "duplicates_run": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=WORKERS, s403=WORK_ON_IT)),
    # The other file is closed to the worker, so the question is the supervisor's.
    "duplicate_decide": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=[TEAM], s403=WORK_ON_IT)),
}


def addresses(
    cast: Cast, case: Case, report: UUID, name: UUID, number: UUID, candidate: UUID, granted: UUID
) -> dict[str, Address]:
    day = clock.today("Europe/Vienna")
    why = "The father is in hospital and was asked by telephone."

    def of_case(url_name: str, *more: object, **data: Any) -> Address:
        return Address(reverse(url_name, args=[case.pk, *more]), data)

    return {
        "desk_report": Address(reverse("desk_report", args=[report]), {}),
        "desk_take": Address(reverse("desk_take", args=[report]), {}),
        "receipt": Address(reverse("receipt", args=[report]), {}),
        "report_new": Address(reverse("report_new"), {"words": "w", "place": "p", "danger": "no"}),
        "set_language": Address(reverse("set_language"), {"language": "en"}),
        "access_grant": of_case(
            "access_grant",
            account="omar",
            sections=["risk"],
            reason=why,
            **parts("until", day + timedelta(days=2)),
        ),
        "access_end": of_case("access_end", granted),
        "case_assign": of_case("case_assign", worker=cast.ben.pk),
        "case_step": of_case("case_step", "register"),
        "case_step suspend": of_case("case_step", "suspend"),
        "case_step find_not_eligible": of_case(
            "case_step", "find_not_eligible", code="adult", signpost="The adults’ centre"
        ),
        "case_step resume": of_case("case_step", "resume"),
        "case_step unknown": of_case("case_step", "vanish"),
        "case_step mark_duplicate": of_case("case_step", "mark_duplicate", surviving_case=""),
        "case_override": of_case("case_override", "register", "consent_data", reason=why),
        "case_override unmarked": of_case("case_override", "register", "is_a_child", reason=why),
        "case_propose_end": of_case("case_propose_end", why="declined"),
        "case_identity": of_case("case_identity", gender="Feminine", birth_certainty="unknown"),
        "name_add": of_case("name_add", kind="alias", given="Li", family=""),
        "name_remove": of_case("name_remove", name),
        "number_add": of_case("number_add", kind="passport", country="XB", number="1"),
        "number_remove": of_case("number_remove", number),
        "consent_new": of_case(
            "consent_new", purpose="data", answer="assent", given_by="child", **parts("given_on", day)
        ),
        "case_risk": of_case("case_risk", level="low", safety="safe"),
        "duplicate_decide": of_case("duplicate_decide", candidate, **{f"{candidate}-verdict": "different"}),
    }
