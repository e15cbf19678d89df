"""The consular part of a return. Nobody here works at a post that was asked: tests/repatriation has what it opens."""

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from cases.models import Case
from repatriation.models import Return, TravelPermit
from repatriation.models.choices import OPEN
from repatriation.services.opening import consider_return
from tests.cast import Cast
from tests.permissions.base import (
    EMERGENCY,
    FOCAL,
    NOT_HERE,
    SUPERVISOR,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
    roles,
)

# A panel reads a return by its own ground, which names the panel; nobody here sits on one.
READS_JOURNEY = WORK_ON_IT | EMERGENCY
READS_ONLY = EMERGENCY | {TEAM}
WRITES_PAPERS = Row(cells(404, s200=WORKERS, s403=READS_ONLY), cells(404, s302=WORKERS, s403=READS_ONLY))
# As the return stands there is no document to replace, and no permit to note: who may is led back and told.
NOT_NOW = Row(cells(404, s302=WORKERS, s403=READS_ONLY), cells(404, s302=WORKERS, s403=READS_ONLY))

ROWS: Mapping[str, Row] = {
    "return_request": Row(cells(404, s200=READS_JOURNEY), cells(404, s302=WORKERS, s403=READS_ONLY)),
    "consular": Row(cells(404), cells(404)),
    # Nothing was sent, so nothing leaves on paper.
    "request_paper": Row(cells(404), NOT_HERE),
    "return_documents": Row(cells(404, s200=READS_JOURNEY), NOT_HERE),
    "return_document_new": NOT_NOW,
    "permit_new": NOT_NOW,
    "permit_granted": WRITES_PAPERS,
    "permit_remove": Row(cells(404, s302=READS_JOURNEY), cells(404, s302=WORKERS, s403=READS_ONLY)),
    "verifications": Row(cells(403, s200=roles(SUPERVISOR, FOCAL)), NOT_HERE),
}
NAMES_NOTHING = frozenset({"verifications"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    way = Return.objects.filter(case=case, state__in=OPEN).first()
    way = way or consider_return(case.pk, actor=cast.ana, country="XB")
    permit = TravelPermit.objects.create(way=way, case=case, kind="exit", country="XA", made_by=cast.ana)
    today = clock.today(case.agency.time_zone)
    days = parts("issued_on", today) | parts("expires_on", today + timedelta(days=60))

    def of(name: str, *args: object, **data: object) -> Address:
        return Address(reverse(name, args=args), data)

    return {
        "return_request": of("return_request", way.pk, post=cast.konsul.agency_id),
        "request_paper": of("request_paper", way.pk),
        "consular": of("consular", way.pk, act="begin"),
        "return_documents": of("return_documents", way.pk),
        "return_document_new": of("return_document_new", way.pk, code="emergency", number="N1", **days),
        "permit_new": of("permit_new", way.pk, kind="visa", country="XB"),
        "permit_granted": of("permit_granted", way.pk, permit.pk, **parts("granted_on", today)),
        "permit_remove": of("permit_remove", way.pk, permit.pk),
    }
