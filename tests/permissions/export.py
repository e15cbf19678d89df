"""Who may open the whole file, on the screen and on paper: everybody for whom the case exists."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import READS_CASE, Address, Row

ROWS: Mapping[str, Row] = {"case_file": READS_CASE, "case_file_pdf": READS_CASE}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    return {name: Address(reverse(name, args=[case.pk]), {}) for name in ROWS}
