"""Documents: one in the legal part of the file, and one there that was reported."""

from collections.abc import Mapping

from django.urls import reverse

from accounts.access import Section
from cases.models import Case
from cases.services.documents import report_document
from tests.cases import papers
from tests.cast import Cast
from tests.permissions.base import (
    GIVEN_LEGAL,
    GROUNDED,
    KNOWS_LEGAL,
    NOT_HERE,
    READS_CASE,
    TEAM,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
)

WRITES_LEGAL = WORKERS | GIVEN_LEGAL

ROWS: Mapping[str, Row] = {
    "documents": READS_CASE,
    # The team's supervisor writes the plan, and may not choose the legal part that is sent here.
    "document_new": Row(
        cells(404, s200=WORK_ON_IT | GIVEN_LEGAL, s403=GROUNDED),
        cells(404, s302=WRITES_LEGAL, s422=[TEAM], s403=GROUNDED),
    ),
    "document_open": Row(cells(404, s200=KNOWS_LEGAL), NOT_HERE),
    "document_open reported": Row(cells(404), NOT_HERE),
    # A partner that may write removes what its own agency added; this paper is another's.
    "document_remove": Row(
        cells(404, s200=WORKERS, s403=KNOWS_LEGAL), cells(404, s302=WORKERS, s403=KNOWS_LEGAL)
    ),
    "document_report": Row(cells(404, s200=KNOWS_LEGAL), cells(404, s302=KNOWS_LEGAL)),
    "document_police": Row(
        cells(404, s200=[TEAM], s403=KNOWS_LEGAL), cells(404, s302=[TEAM], s403=KNOWS_LEGAL)
    ),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    document = papers.added(case, cast.ana, section=Section.LEGAL)
    reported = papers.added(case, cast.ana, section=Section.LEGAL)
    report_document(case.pk, reported.pk, actor=cast.ana)

    def of(name: str, *more: object, **data: object) -> Address:
        return Address(reverse(name, args=[case.pk, *more]), data)

    return {
        "documents": of("documents"),
        "document_new": of(
            "document_new", file=papers.upload(), title="Paper", kind="letter", section="legal"
        ),
        "document_open": of("document_open", document.pk),
        "document_open reported": of("document_open", reported.pk),
        "document_remove": of("document_remove", document.pk, reason="Wrong page."),
        "document_report": of("document_report", document.pk),
        "document_police": of("document_police", reported.pk, reference="AZ 7"),
    }
