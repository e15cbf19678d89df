"""A report, and a file at the two places where most tests begin."""

from accounts.access import Role
from accounts.models import User
from cases.models import Case, Report
from cases.services.steps import take_step
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.kept import kept


@kept
def report(cast: Cast) -> Report:
    """Waits at the desk of ana's agency."""
    return files.reported(cast)


@kept
def case(cast: Cast) -> Case:
    """Taken by ana, in screening."""
    return files.screened(cast)


@kept
def registered(cast: Cast, case: Case) -> Case:
    files.satisfy_registration(case, cast.ana)
    return take_step(case.pk, "register", actor=cast.ana)


@kept
def nora(cast: Cast) -> User:
    """A supervisor, of another agency: the right role in the wrong place."""
    return User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )
