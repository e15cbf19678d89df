"""A report, and a file at the two places where most tests begin."""

import pytest

from cases.models import Case, Report
from cases.services.steps import take_step
from tests.cases import files
from tests.cast import Cast


@pytest.fixture
def report(cast: Cast) -> Report:
    """Waits at the desk of ana's agency."""
    return files.reported(cast)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Taken by ana, in screening."""
    return files.screened(cast)


@pytest.fixture
def registered(cast: Cast, case: Case) -> Case:
    files.satisfy_registration(case, cast.ana)
    return take_step(case.pk, "register", actor=cast.ana)
