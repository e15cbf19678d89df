"""Who may open the whole file, on the screen and on paper: everybody for whom the case exists."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from cases.services.papers import new_code
from tests.cast import Cast
from tests.permissions.base import EMERGENCY, GROUNDED, NOT_HERE, READS_CASE, Address, Row, cells

ROWS: Mapping[str, Row] = {
    "case_file": READS_CASE,
    "case_file_pdf": Row(cells(404, s200=GROUNDED - EMERGENCY), NOT_HERE),
    # Anybody may ask whether a paper is genuine, signed in or not.
    "verify": Row(cells(200), cells(200), anonymous=(200, 200)),
}
NAMES_NOTHING = frozenset({"verify"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    of_the_case = {
        name: Address(reverse(name, args=[case.pk]), {}) for name in ("case_file", "case_file_pdf")
    }
    return of_the_case | {"verify": Address(reverse("verify"), {"code": new_code()})}
